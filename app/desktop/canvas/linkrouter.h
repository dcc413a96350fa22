// Where links leave and reach the cards, so that parallel links, both directions and rings stay apart.
#pragma once

#include <QPointF>
#include <QPolygonF>
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
    std::vector<QPointF> via;  ///< places on the way around what stands between; mostly empty
    friend bool operator==(const LinkRoute& a, const LinkRoute& b) {
        return a.from.at == b.from.at && a.to.at == b.to.at && a.from.side == b.from.side && a.to.side == b.to.side &&
               a.via == b.via;
    }
};

/// Pieces of the curve that a route is drawn as.
inline constexpr int kCurvePieces = 24;
/// The curve's kCurvePieces + 1 points, from the source to the replica.
[[nodiscard]] QPolygonF curveOf(const LinkRoute& route);
/// Leads the route around the boxes that its curve would cross, by the shorter side, where that leaves it free of them;
/// else the route stays as it is: a crossing is better than a maze.
void routeAround(LinkRoute& route, const std::vector<QRectF>& boxes);

struct RoutedLink {
    ItemRef ref;
    QRectF from;  ///< the card, or the collapsed cluster, in the scene
    QRectF to;
    std::vector<QPointF> via = {};  ///< bends by hand, from the source on
};

/// Routes all links at once: on each side of a card the ends are spread in the order of where they lead, so that two
/// links cross only where they must. The result has the order of `links`.
[[nodiscard]] std::vector<LinkRoute> routeLinks(const std::vector<RoutedLink>& links);

}  // namespace tributary::desktop
