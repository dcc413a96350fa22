// Where links leave and reach the cards, so that parallel links, both directions and rings stay apart.
#pragma once

#include <QPointF>
#include <QRectF>
#include <map>
#include <vector>

#include "app/desktop/document/itemref.h"

namespace tributary::desktop {

enum class CardSide { Left, Right, Top, Bottom };

/// One end of a link on a card's side.
struct LinkEnd {
    CardSide side = CardSide::Right;
    QPointF at;
};
struct LinkRoute {
    LinkEnd from;
    LinkEnd to;
    friend bool operator==(const LinkRoute& a, const LinkRoute& b) {
        return a.from.at == b.from.at && a.to.at == b.to.at && a.from.side == b.from.side && a.to.side == b.to.side;
    }
};

struct RoutedLink {
    ItemRef ref;
    QRectF from;  ///< the card, or the collapsed cluster, in the scene
    QRectF to;
};

/// Routes all links at once: on each side of a card the ends are spread in the order of where they lead, so that two
/// links cross only where they must. The result has the order of `links`.
[[nodiscard]] std::vector<LinkRoute> routeLinks(const std::vector<RoutedLink>& links);

}  // namespace tributary::desktop
