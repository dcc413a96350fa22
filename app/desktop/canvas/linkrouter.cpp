// Choosing sides and spreading ends.
#include "app/desktop/canvas/linkrouter.h"

#include <QLineF>
#include <algorithm>
#include <array>
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

QPointF outward(CardSide side) {
    switch (side) {
        case CardSide::Left: return {-1, 0};
        case CardSide::Right: return {1, 0};
        case CardSide::Top: return {0, -1};
        case CardSide::Bottom: return {0, 1};
    }
    return {1, 0};
}

QPointF cubic(const std::array<QPointF, 4>& p, double t) {
    const double u = 1 - t;
    return p[0] * (u * u * u) + p[1] * (3 * u * u * t) + p[2] * (3 * u * t * t) + p[3] * (t * t * t);
}

/// Through all places, smoothly, leaving and reaching the cards at a right angle; evenly spaced along its length.
QPolygonF curveThrough(const LinkRoute& route, const QPointF& end) {
    constexpr int kFine = 24;  // per stretch, before the even spacing
    std::vector<QPointF> places{route.from.at};
    places.insert(places.end(), route.via.begin(), route.via.end());
    places.push_back(end);
    std::vector<QPointF> tangents(places.size());
    for (std::size_t i = 1; i + 1 < places.size(); ++i) tangents[i] = (places[i + 1] - places[i - 1]) * 0.5;
    const double first = QLineF(places[0], places[1]).length();
    const double last = QLineF(places[places.size() - 2], end).length();
    tangents.front() = outward(route.from.side) * first;
    tangents.back() = outward(route.to.side) * -last;
    QPolygonF fine;
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        // No tangent longer than its stretch: the curve must not swing out.
        const double length = QLineF(places[i], places[i + 1]).length();
        const auto fitted = [&](const QPointF& tangent) {
            const double own = std::hypot(tangent.x(), tangent.y());
            return own > length ? tangent * (length / own) : tangent;
        };
        const std::array<QPointF, 4> piece{places[i], places[i] + fitted(tangents[i]) / 3,
                                           places[i + 1] - fitted(tangents[i + 1]) / 3, places[i + 1]};
        for (int k = i == 0 ? 0 : 1; k <= kFine; ++k) fine << cubic(piece, static_cast<double>(k) / kFine);
    }
    double whole = 0;
    for (qsizetype i = 1; i < fine.size(); ++i) whole += QLineF(fine[i - 1], fine[i]).length();
    QPolygonF out{fine.front()};
    double walked = 0;
    for (qsizetype i = 1; i < fine.size() && out.size() < kCurvePieces; ++i) {
        const QLineF piece(fine[i - 1], fine[i]);
        const double after = walked + piece.length();
        while (out.size() < kCurvePieces && static_cast<double>(out.size()) * whole / kCurvePieces <= after) {
            out << piece.pointAt((static_cast<double>(out.size()) * whole / kCurvePieces - walked) / piece.length());
        }
        walked = after;
    }
    while (out.size() < kCurvePieces) out << fine.back();
    return out << fine.back();
}

bool crosses(const QLineF& piece, const QRectF& box) {
    if (std::max(piece.x1(), piece.x2()) < box.left() || std::min(piece.x1(), piece.x2()) > box.right() ||
        std::max(piece.y1(), piece.y2()) < box.top() || std::min(piece.y1(), piece.y2()) > box.bottom()) {
        return false;
    }
    if (box.contains(piece.p1()) || box.contains(piece.p2())) return true;
    const QLineF falling(box.topLeft(), box.bottomRight());
    const QLineF rising(box.bottomLeft(), box.topRight());
    return piece.intersects(falling, nullptr) == QLineF::BoundedIntersection ||
           piece.intersects(rising, nullptr) == QLineF::BoundedIntersection;
}

/// The boxes a curve crosses, as one; empty when it crosses none.
QRectF crossed(const QPolygonF& curve, const std::vector<QRectF>& boxes) {
    QRectF out;
    const QRectF around = curve.boundingRect();
    for (const QRectF& box : boxes) {
        if (!around.intersects(box)) continue;
        for (qsizetype i = 1; i < curve.size(); ++i) {
            if (!crosses({curve[i - 1], curve[i]}, box)) continue;
            out = out.united(box);
            break;
        }
    }
    return out;
}

double lengthOf(const QPolygonF& curve) {
    double out = 0;
    for (qsizetype i = 1; i < curve.size(); ++i) out += QLineF(curve[i - 1], curve[i]).length();
    return out;
}

}  // namespace

QPolygonF curveOf(const LinkRoute& route) {
    const QPointF end = route.to.at + outward(route.to.side) * 2;
    if (!route.via.empty()) return curveThrough(route, end);
    const QLineF straight(route.from.at, route.to.at);
    const bool around = route.from.side == route.to.side;
    const double reach = around ? 46 + straight.length() * 0.12 : std::clamp(straight.length() * 0.42, 28.0, 260.0);
    const std::array<QPointF, 4> piece{route.from.at, route.from.at + outward(route.from.side) * reach,
                                       route.to.at + outward(route.to.side) * reach, end};
    QPolygonF out;
    out.reserve(kCurvePieces + 1);
    for (int i = 0; i <= kCurvePieces; ++i) out << cubic(piece, static_cast<double>(i) / kCurvePieces);
    return out;
}

void routeAround(LinkRoute& route, const std::vector<QRectF>& boxes) {
    constexpr double kMargin = 22;
    constexpr int kWidenMax = 3;
    QRectF wall = crossed(curveOf(route), boxes);
    for (int attempt = 0; attempt < kWidenMax && !wall.isEmpty(); ++attempt) {
        const QRectF room = wall.adjusted(-kMargin, -kMargin, kMargin, kMargin);
        const bool flat = std::abs(route.to.at.x() - route.from.at.x()) > std::abs(route.to.at.y() - route.from.at.y());
        const std::array<std::vector<QPointF>, 2> ways =
            flat ? std::array<std::vector<QPointF>, 2>{std::vector{room.topLeft(), room.topRight()},
                                                       std::vector{room.bottomLeft(), room.bottomRight()}}
                 : std::array<std::vector<QPointF>, 2>{std::vector{room.topLeft(), room.bottomLeft()},
                                                       std::vector{room.topRight(), room.bottomRight()}};
        const bool turned = flat ? route.to.at.x() < route.from.at.x() : route.to.at.y() < route.from.at.y();
        const LinkRoute* best = nullptr;
        std::array<LinkRoute, 2> tried{route, route};
        double shortest = 0;
        QRectF wider = wall;
        for (std::size_t i = 0; i < ways.size(); ++i) {
            tried[i].via = ways[i];
            if (turned) std::reverse(tried[i].via.begin(), tried[i].via.end());
            const QPolygonF curve = curveOf(tried[i]);
            const QRectF hit = crossed(curve, boxes);
            if (!hit.isEmpty()) {
                wider = wider.united(hit);
            } else if (best == nullptr || lengthOf(curve) < shortest) {
                best = &tried[i];
                shortest = lengthOf(curve);
            }
        }
        if (best != nullptr) {
            route = *best;
            return;
        }
        if (wider == wall) return;
        wall = wider;
    }
}

std::vector<LinkRoute> routeLinks(const std::vector<RoutedLink>& links) {
    std::vector<LinkRoute> out(links.size());
    std::vector<EndOnSide> ends;
    ends.reserve(links.size() * 2);
    for (std::size_t i = 0; i < links.size(); ++i) {
        const auto& [ref, from, to, via] = links[i];
        const QRectF next = via.empty() ? to : QRectF(via.front(), QSizeF(1, 1));
        const QRectF before = via.empty() ? from : QRectF(via.back(), QSizeF(1, 1));
        const CardSide fromSide = sidesOf(from, next).first;
        const CardSide toSide = sidesOf(before, to).second;
        out[i].via = via;
        out[i].from.side = fromSide;
        out[i].to.side = toSide;
        const auto along = [](const QRectF& card, CardSide side) {
            return vertical(side) ? card.center().y() : card.center().x();
        };
        ends.push_back({{from.left(), from.top(), static_cast<int>(fromSide)}, along(next, fromSide), ref, i, true});
        ends.push_back({{to.left(), to.top(), static_cast<int>(toSide)}, along(before, toSide), ref, i, false});
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
