// Choosing sides and spreading ends.
#include "app/desktop/canvas/linkrouter.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace tributary::desktop {

namespace {

constexpr double kSpread = 24;
constexpr double kEdgeMargin = 9;

std::pair<CardSide, CardSide> sidesOf(const QRectF& from, const QRectF& to) {
    const double dx = to.center().x() - from.center().x();
    const double dy = to.center().y() - from.center().y();
    const double gapX = std::max(to.left() - from.right(), from.left() - to.right());
    const double gapY = std::max(to.top() - from.bottom(), from.top() - to.bottom());
    if (gapX > 12 && gapX >= gapY * 0.7) {
        return dx > 0 ? std::pair(CardSide::Right, CardSide::Left) : std::pair(CardSide::Left, CardSide::Right);
    }
    // One above the other: near neighbours bend around the right side, clusters far apart go straight.
    if (std::abs(dy) < 190 && gapX < 0) return {CardSide::Right, CardSide::Right};
    return dy > 0 ? std::pair(CardSide::Bottom, CardSide::Top) : std::pair(CardSide::Top, CardSide::Bottom);
}

bool vertical(CardSide side) {
    return side == CardSide::Left || side == CardSide::Right;
}

QPointF pointOn(const QRectF& card, CardSide side, double offset) {
    switch (side) {
        case CardSide::Left: return {card.left(), card.center().y() + offset};
        case CardSide::Right: return {card.right(), card.center().y() + offset};
        case CardSide::Top: return {card.center().x() + offset, card.top()};
        case CardSide::Bottom: return {card.center().x() + offset, card.bottom()};
    }
    return card.center();
}

struct EndOnSide {
    std::tuple<double, double, int> card;  ///< place and side: what ends are gathered by
    double toward;                         ///< where the other end lies along the side
    ItemRef ref;                           ///< settles ties the same way at both ends
    std::size_t link;
    bool source;
};

}  // namespace

std::vector<LinkRoute> routeLinks(const std::vector<RoutedLink>& links) {
    std::vector<LinkRoute> out(links.size());
    std::vector<EndOnSide> ends;
    ends.reserve(links.size() * 2);
    for (std::size_t i = 0; i < links.size(); ++i) {
        const auto& [ref, from, to] = links[i];
        const auto [fromSide, toSide] = sidesOf(from, to);
        out[i].from.side = fromSide;
        out[i].to.side = toSide;
        const auto along = [](const QRectF& card, CardSide side) {
            return vertical(side) ? card.center().y() : card.center().x();
        };
        ends.push_back({{from.left(), from.top(), static_cast<int>(fromSide)}, along(to, fromSide), ref, i, true});
        ends.push_back({{to.left(), to.top(), static_cast<int>(toSide)}, along(from, toSide), ref, i, false});
    }
    std::sort(ends.begin(), ends.end(), [](const EndOnSide& a, const EndOnSide& b) {
        return std::tie(a.card, a.toward, a.ref, a.source) < std::tie(b.card, b.toward, b.ref, b.source);
    });
    for (std::size_t first = 0; first < ends.size();) {
        std::size_t last = first;
        while (last < ends.size() && ends[last].card == ends[first].card) ++last;
        const auto count = static_cast<double>(last - first);
        for (std::size_t i = first; i < last; ++i) {
            const EndOnSide& end = ends[i];
            LinkEnd& mine = end.source ? out[end.link].from : out[end.link].to;
            const QRectF& card = end.source ? links[end.link].from : links[end.link].to;
            const double room = (vertical(mine.side) ? card.height() : card.width()) - 2 * kEdgeMargin;
            const double step = count > 1 ? std::min(kSpread, room / (count - 1)) : 0;
            mine.at = pointOn(card, mine.side, (static_cast<double>(i - first) - (count - 1) / 2) * step);
        }
        first = last;
    }
    return out;
}

}  // namespace tributary::desktop
