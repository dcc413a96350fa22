// Layered, ring, radial and force layouts.
#include "app/desktop/canvas/layouts.h"

#include <QRectF>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <numeric>
#include <queue>

#include "app/desktop/canvas/canvasmetrics.h"

namespace tributary::desktop {

namespace {

constexpr double kColumnGap = 220;
constexpr double kRowGap = 56;
constexpr int kForceRounds = 220;
constexpr double kBandGap = 120;
constexpr std::size_t kBandsMax = 16;
constexpr std::size_t kColumnsToBreak = 5;  ///< a shorter flow is not broken
constexpr double kWorthBreaking = 1.15;
constexpr std::size_t kTries = 24;
constexpr int kApartRounds = 120;

using Boxes = std::vector<LayoutBox>;
using Edges = std::vector<LayoutEdge>;

QPointF onGrid(const QPointF& at) {
    return {std::round(at.x() / metrics::kGrid) * metrics::kGrid, std::round(at.y() / metrics::kGrid) * metrics::kGrid};
}

/// Edges that would close a loop, found by depth-first search, are turned around.
std::vector<std::vector<std::size_t>> acyclic(std::size_t count, const Edges& edges) {
    std::vector<std::vector<std::size_t>> next(count);
    for (const auto& [from, to] : edges) {
        if (from != to) next[from].push_back(to);
    }
    std::vector<std::vector<std::size_t>> out(count);
    std::vector<int> state(count, 0);
    for (std::size_t root = 0; root < count; ++root) {
        if (state[root] != 0) continue;
        std::vector<std::pair<std::size_t, std::size_t>> stack{{root, 0}};
        state[root] = 1;
        while (!stack.empty()) {
            auto& [node, index] = stack.back();
            if (index == next[node].size()) {
                state[node] = 2;
                stack.pop_back();
                continue;
            }
            const std::size_t to = next[node][index++];
            if (state[to] == 1) continue;  // closes a loop: both ends are placed by the rest of it
            out[node].push_back(to);
            if (state[to] == 0) {
                state[to] = 1;
                stack.emplace_back(to, 0);
            }
        }
    }
    return out;
}

std::vector<int> ranksOf(const std::vector<std::vector<std::size_t>>& next) {
    std::vector<int> waiting(next.size(), 0);
    for (const auto& each : next) {
        for (const std::size_t to : each) ++waiting[to];
    }
    std::vector<int> rank(next.size(), 0);
    std::queue<std::size_t> ready;
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (waiting[i] == 0) ready.push(i);
    }
    while (!ready.empty()) {
        const std::size_t at = ready.front();
        ready.pop();
        for (const std::size_t to : next[at]) {
            rank[to] = std::max(rank[to], rank[at] + 1);
            if (--waiting[to] == 0) ready.push(to);
        }
    }
    return rank;
}

/// Rows of unlinked boxes beside each other, so that a large drawing is no tower.
void wrapColumn(std::vector<std::size_t>& column, std::vector<std::vector<std::size_t>>& columns, std::size_t rowsMax) {
    while (column.size() > rowsMax) {
        columns.emplace_back(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(rowsMax));
        column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(rowsMax));
    }
    columns.push_back(column);
}

/// Columns side by side, in as many bands below each other as fill the room; reading goes along a band, then to the
/// next.
std::vector<QPointF> inBands(const Boxes& boxes, const std::vector<std::vector<std::size_t>>& columns,
                             std::size_t bands, QSizeF& size) {
    std::vector<QPointF> out(boxes.size());
    const std::size_t each = (columns.size() + bands - 1) / bands;
    double top = 0;
    size = {};
    for (std::size_t first = 0; first < columns.size(); first += each) {
        const std::size_t last = std::min(columns.size(), first + each);
        const auto heightOf = [&](const std::vector<std::size_t>& column) {
            double height = -kRowGap;
            for (const std::size_t one : column) height += boxes[one].size.height() + kRowGap;
            return height;
        };
        double tallest = 0;
        for (std::size_t i = first; i < last; ++i) tallest = std::max(tallest, heightOf(columns[i]));
        double x = 0;
        for (std::size_t i = first; i < last; ++i) {
            double width = 0;
            for (const std::size_t one : columns[i]) width = std::max(width, boxes[one].size.width());
            double y = top + (tallest - heightOf(columns[i])) / 2;
            for (const std::size_t one : columns[i]) {
                out[one] = {x + (width - boxes[one].size.width()) / 2, y};
                y += boxes[one].size.height() + kRowGap;
            }
            x += width + kColumnGap;
        }
        size = {std::max(size.width(), x - kColumnGap), top + tallest};
        top += tallest + kBandGap;
    }
    return out;
}

/// How far a shape is from the one wanted, and how much room it takes: the smallest scale at which it is seen whole.
double shownScale(const QSizeF& size, double aspect) {
    return std::min(aspect / std::max(1.0, size.width()), 1 / std::max(1.0, size.height()));
}

/// The height of columns and the number of bands with which the whole is seen largest.
std::vector<QPointF> inColumns(const Boxes& boxes, const std::vector<std::vector<std::size_t>>& ranks, double aspect) {
    std::size_t tallest = 1;
    for (const auto& each : ranks) tallest = std::max(tallest, each.size());
    std::vector<QPointF> best;
    double bestScale = 0;
    const std::size_t step = std::max<std::size_t>(1, tallest / kTries);
    for (std::size_t rowsMax = 1; rowsMax < tallest + step; rowsMax += step) {
        std::vector<std::vector<std::size_t>> columns;
        for (const auto& each : ranks) {
            std::vector<std::size_t> column = each;
            wrapColumn(column, columns, rowsMax);
        }
        const std::size_t bandsMax = columns.size() < kColumnsToBreak ? 1 : std::min(kBandsMax, columns.size() / 2);
        for (std::size_t bands = 1; bands <= bandsMax; ++bands) {
            QSizeF size;
            std::vector<QPointF> at = inBands(boxes, columns, bands, size);
            const double scale = shownScale(size, aspect);
            // An unbroken flow, and lower columns, read better: what is seen must be so much larger.
            if (scale <= bestScale * (bands == 1 ? 1.02 : kWorthBreaking)) continue;
            best = std::move(at);
            bestScale = scale;
        }
    }
    return best;
}

std::vector<QPointF> layered(const Boxes& boxes, const Edges& edges, double aspect) {
    const auto next = acyclic(boxes.size(), edges);
    const std::vector<int> rank = ranksOf(next);
    std::vector<std::vector<std::size_t>> ranks(boxes.empty() ? 0 : *std::max_element(rank.begin(), rank.end()) + 1U);
    for (std::size_t i = 0; i < boxes.size(); ++i) ranks[static_cast<std::size_t>(rank[i])].push_back(i);
    // Each column in the order of the middle of what its boxes are linked with, a few times to and fro.
    std::vector<double> order(boxes.size());
    std::iota(order.begin(), order.end(), 0.0);
    for (int round = 0; round < 4; ++round) {
        for (auto& column : ranks) {
            std::vector<double> wanted(order);
            for (const std::size_t each : column) {
                double sum = order[each];
                int count = 1;
                for (const auto& [from, to] : edges) {
                    if (from != each && to != each) continue;
                    sum += order[from == each ? to : from];
                    ++count;
                }
                wanted[each] = sum / count;
            }
            std::stable_sort(column.begin(), column.end(),
                             [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
            for (std::size_t i = 0; i < column.size(); ++i) order[column[i]] = static_cast<double>(i);
        }
    }
    return inColumns(boxes, ranks, aspect);
}

double largestSide(const Boxes& boxes) {
    double side = 0;
    for (const LayoutBox& each : boxes) side = std::max({side, each.size.width(), each.size.height()});
    return side;
}

std::vector<QPointF> onCircle(const Boxes& boxes, const std::vector<std::size_t>& order, double radius, double aspect) {
    std::vector<QPointF> out(boxes.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(order.size()) - std::numbers::pi / 2;
        const QSizeF& size = boxes[order[i]].size;
        out[order[i]] = QPointF(std::cos(angle) * radius * std::clamp(aspect, 0.7, 2.2) - size.width() / 2,
                                std::sin(angle) * radius - size.height() / 2);
    }
    return out;
}

/// Follows the links, so that a ring of clusters becomes a ring on the canvas.
std::vector<QPointF> ring(const Boxes& boxes, const Edges& edges, double aspect) {
    std::vector<std::size_t> order;
    std::vector<bool> seen(boxes.size(), false);
    for (std::size_t root = 0; root < boxes.size(); ++root) {
        for (std::size_t at = root; !seen[at];) {
            seen[at] = true;
            order.push_back(at);
            for (const auto& [from, to] : edges) {
                if (from == at && !seen[to]) {
                    at = to;
                    break;
                }
            }
        }
    }
    // A wide ring has more room along its sides.
    const double wider = std::sqrt((1 + aspect * aspect) / 2);
    const double radius =
        std::max(1.0, static_cast<double>(boxes.size())) * (largestSide(boxes) + 70) / (5.2 * wider) * 1.13;
    return onCircle(boxes, order, std::max(radius, largestSide(boxes) * 0.9), aspect);
}

/// The box with the most links in the middle, the others around it by distance in links.
std::vector<QPointF> radial(const Boxes& boxes, const Edges& edges, double aspect) {
    std::vector<std::size_t> degree(boxes.size(), 0);
    for (const auto& [from, to] : edges) {
        ++degree[from];
        ++degree[to];
    }
    const auto hub = static_cast<std::size_t>(std::max_element(degree.begin(), degree.end()) - degree.begin());
    std::vector<int> distance(boxes.size(), -1);
    std::vector<std::vector<std::size_t>> shells(1, {hub});
    distance[hub] = 0;
    for (std::size_t shell = 0; shell < shells.size(); ++shell) {
        std::vector<std::size_t> outer;
        for (const std::size_t each : shells[shell]) {
            for (const auto& [from, to] : edges) {
                const std::size_t other = from == each ? to : to == each ? from : each;
                if (distance[other] >= 0) continue;
                distance[other] = static_cast<int>(shell) + 1;
                outer.push_back(other);
            }
        }
        if (!outer.empty()) shells.push_back(outer);
    }
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (distance[i] < 0) rest.push_back(i);
    }
    if (!rest.empty()) shells.push_back(rest);
    std::vector<QPointF> out(boxes.size());
    double radius = 0;
    for (std::size_t shell = 0; shell < shells.size(); ++shell) {
        const double needed = static_cast<double>(shells[shell].size()) * (largestSide(boxes) + 70) / 6.5;
        radius = shell == 0 ? 0 : std::max(radius + largestSide(boxes) + 60, needed);
        const std::vector<QPointF> places = onCircle(boxes, shells[shell], radius, aspect);
        for (const std::size_t each : shells[shell]) out[each] = places[each];
    }
    return out;
}

/// Spring embedder over box centres; starts from a ring, so that it needs no chance.
std::vector<QPointF> force(const Boxes& boxes, const Edges& edges, double aspect) {
    std::vector<QPointF> at = ring(boxes, edges, aspect);
    const double ideal = largestSide(boxes) + 150;
    double heat = ideal;
    for (int round = 0; round < kForceRounds; ++round, heat *= 0.98) {
        std::vector<QPointF> push(boxes.size());
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t j = i + 1; j < boxes.size(); ++j) {
                QPointF d = at[i] - at[j];
                if (d.isNull()) d = {1.0 + static_cast<double>(i), 1};
                const double squared = std::max(1.0, QPointF::dotProduct(d, d));
                const QPointF away = d * (ideal * ideal / squared);
                push[i] += away;
                push[j] -= away;
            }
        }
        for (const auto& [from, to] : edges) {
            if (from == to) continue;
            const QPointF d = at[to] - at[from];
            const QPointF pull = d * (std::sqrt(QPointF::dotProduct(d, d)) / ideal / 2);
            push[from] += pull;
            push[to] -= pull;
        }
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            const double length = std::sqrt(QPointF::dotProduct(push[i], push[i]));
            if (!boxes[i].fixed && length > 0) at[i] += push[i] * (std::min(length, heat) / length);
        }
    }
    return at;
}

/// Pushes boxes apart along the shorter way, so that a crowd grows in both directions.
void pushApart(const Boxes& boxes, std::vector<QPointF>& at) {
    constexpr double kRoom = 36;
    for (int round = 0; round < kApartRounds; ++round) {
        bool moved = false;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (std::size_t j = i + 1; j < boxes.size(); ++j) {
                const QRectF a = QRectF(at[i], boxes[i].size).adjusted(-kRoom, -kRoom, kRoom, kRoom);
                const QRectF both = a.intersected(QRectF(at[j], boxes[j].size));
                if (both.isEmpty() || (boxes[i].fixed && boxes[j].fixed)) continue;
                moved = true;
                const bool across = both.width() < both.height();
                const double by = (across ? both.width() : both.height()) + 1;
                const QPointF d = QRectF(at[j], boxes[j].size).center() - a.center();
                const QPointF way = across ? QPointF(d.x() < 0 ? -by : by, 0) : QPointF(0, d.y() < 0 ? -by : by);
                const double share = boxes[i].fixed ? 1 : boxes[j].fixed ? 0 : 0.5;
                at[j] += way * share;
                at[i] -= way * (1 - share);
            }
        }
        if (!moved) return;
    }
}

/// Stretches free boxes to the wanted shape, as close together as they can stand.
void fillShape(const Boxes& boxes, std::vector<QPointF>& at, double aspect) {
    QRectF whole;
    double area = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        whole = whole.united(QRectF(at[i], boxes[i].size));
        area += (boxes[i].size.width() + 110) * (boxes[i].size.height() + 90);
        if (boxes[i].fixed) return;  // they say how large the whole is
    }
    if (boxes.size() < 3 || whole.width() < 1 || whole.height() < 1) return;
    const double height = std::sqrt(area * 1.25 / aspect);
    const QPointF scale(height * aspect / whole.width(), height / whole.height());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const QPointF middle = at[i] + QPointF(boxes[i].size.width(), boxes[i].size.height()) / 2 - whole.center();
        at[i] = QPointF(middle.x() * scale.x(), middle.y() * scale.y()) -
                QPointF(boxes[i].size.width(), boxes[i].size.height()) / 2;
    }
    pushApart(boxes, at);
}

/// Moves free boxes down until they stand on nobody.
void separate(const Boxes& boxes, std::vector<QPointF>& at) {
    std::vector<QRectF> taken;
    std::vector<std::size_t> order(boxes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(!boxes[a].fixed, at[a].y()) < std::pair(!boxes[b].fixed, at[b].y());
    });
    for (const std::size_t each : order) {
        QRectF box(at[each], boxes[each].size);
        for (bool moved = !boxes[each].fixed; moved;) {
            moved = false;
            for (const QRectF& other : taken) {
                if (!box.adjusted(-20, -20, 20, 20).intersects(other)) continue;
                box.moveTop(other.bottom() + 40);
                moved = true;
            }
        }
        if (!boxes[each].fixed) at[each] = onGrid(box.topLeft());
        taken.push_back(box);
    }
}

std::vector<QPointF> ungrouped(LayoutKind kind, const Boxes& boxes, const Edges& edges, double aspect) {
    std::vector<QPointF> at = kind == LayoutKind::Layered  ? layered(boxes, edges, aspect)
                              : kind == LayoutKind::Ring   ? ring(boxes, edges, aspect)
                              : kind == LayoutKind::Radial ? radial(boxes, edges, aspect)
                                                           : force(boxes, edges, aspect);
    if (kind == LayoutKind::Force) fillShape(boxes, at, aspect);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].fixed) at[i] = boxes[i].place;
    }
    separate(boxes, at);
    return at;
}

/// The boxes of one group as if alone, counted from the upper left corner of the group's frame.
struct GroupPlaces {
    std::vector<std::size_t> members;
    std::vector<QPointF> at;
    LayoutBox frame;
};

GroupPlaces placesOf(const Boxes& boxes, const Edges& edges, const std::vector<std::size_t>& members, double aspect) {
    GroupPlaces out{members, {}, {}};
    Boxes own;
    std::map<std::size_t, std::size_t> index;
    QRectF there;
    for (const std::size_t each : members) {
        index[each] = own.size();
        own.push_back({boxes[each].size, boxes[each].place, false, -1});
        there = there.united(QRectF(boxes[each].place, boxes[each].size));
        out.frame.fixed = out.frame.fixed || boxes[each].fixed;
    }
    Edges inside;
    for (const auto& [from, to] : edges) {
        if (index.contains(from) && index.contains(to)) inside.emplace_back(index[from], index[to]);
    }
    if (out.frame.fixed) {
        for (const LayoutBox& each : own) out.at.push_back(each.place);
    } else {
        out.at = ungrouped(LayoutKind::Layered, own, inside, aspect);
    }
    QRectF whole;
    for (std::size_t i = 0; i < own.size(); ++i) whole = whole.united(QRectF(out.at[i], own[i].size));
    const QPointF corner = whole.topLeft() - QPointF(kGroupMargin, kGroupMargin + kGroupHead);
    for (QPointF& each : out.at) each -= corner;
    out.frame.size = whole.size() + QSizeF(2 * kGroupMargin, 2 * kGroupMargin + kGroupHead);
    out.frame.place = corner;
    return out;
}

}  // namespace

std::vector<QPointF> layoutBoxes(LayoutKind kind, const std::vector<LayoutBox>& boxes,
                                 const std::vector<LayoutEdge>& edges, double aspect) {
    if (boxes.empty()) return {};
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].group >= 0) groups[boxes[i].group].push_back(i);
    }
    if (groups.empty()) return ungrouped(kind, boxes, edges, aspect);
    // Groups first, each by itself; then what is left with the groups as boxes.
    std::vector<GroupPlaces> placed;
    std::vector<std::size_t> outer(boxes.size());
    Boxes frames;
    for (const auto& [group, members] : groups) {
        placed.push_back(placesOf(boxes, edges, members, aspect));
        for (const std::size_t each : members) outer[each] = frames.size();
        frames.push_back(placed.back().frame);
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].group >= 0) continue;
        outer[i] = frames.size();
        frames.push_back(boxes[i]);
    }
    Edges between;
    for (const auto& [from, to] : edges) {
        if (outer[from] != outer[to]) between.emplace_back(outer[from], outer[to]);
    }
    std::sort(between.begin(), between.end());
    between.erase(std::unique(between.begin(), between.end()), between.end());
    const std::vector<QPointF> at = ungrouped(kind, frames, between, aspect);
    std::vector<QPointF> out(boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) out[i] = at[outer[i]];
    for (std::size_t group = 0; group < placed.size(); ++group) {
        for (std::size_t i = 0; i < placed[group].members.size(); ++i) {
            const std::size_t member = placed[group].members[i];
            out[member] = placed[group].frame.fixed ? boxes[member].place : onGrid(at[group] + placed[group].at[i]);
        }
    }
    return out;
}

}  // namespace tributary::desktop
