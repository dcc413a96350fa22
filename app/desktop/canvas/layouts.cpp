// Layered, ring, radial and force layouts.
#include "app/desktop/canvas/layouts.h"

#include <QRectF>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <queue>

#include "app/desktop/canvas/canvasmetrics.h"

namespace tributary::desktop {

namespace {

constexpr double kColumnGap = 220;
constexpr double kRowGap = 56;
constexpr int kForceRounds = 220;

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

std::vector<QPointF> layered(const Boxes& boxes, const Edges& edges) {
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
    const auto rowsMax = std::max<std::size_t>(4, static_cast<std::size_t>(std::sqrt(boxes.size()) * 1.2));
    std::vector<std::vector<std::size_t>> columns;
    for (auto& column : ranks) wrapColumn(column, columns, rowsMax);
    std::vector<QPointF> out(boxes.size());
    double x = 0;
    for (const auto& column : columns) {
        double height = -kRowGap;
        double width = 0;
        for (const std::size_t each : column) {
            height += boxes[each].size.height() + kRowGap;
            width = std::max(width, boxes[each].size.width());
        }
        double y = -height / 2;
        for (const std::size_t each : column) {
            out[each] = {x + (width - boxes[each].size.width()) / 2, y};
            y += boxes[each].size.height() + kRowGap;
        }
        x += width + kColumnGap;
    }
    return out;
}

double largestSide(const Boxes& boxes) {
    double side = 0;
    for (const LayoutBox& each : boxes) side = std::max({side, each.size.width(), each.size.height()});
    return side;
}

std::vector<QPointF> onCircle(const Boxes& boxes, const std::vector<std::size_t>& order, double radius) {
    std::vector<QPointF> out(boxes.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(order.size()) - std::numbers::pi / 2;
        const QSizeF& size = boxes[order[i]].size;
        out[order[i]] =
            QPointF(std::cos(angle) * radius * 1.25 - size.width() / 2, std::sin(angle) * radius - size.height() / 2);
    }
    return out;
}

/// Follows the links, so that a ring of clusters becomes a ring on the canvas.
std::vector<QPointF> ring(const Boxes& boxes, const Edges& edges) {
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
    const double radius = std::max(1.0, static_cast<double>(boxes.size())) * (largestSide(boxes) + 70) / 5.2;
    return onCircle(boxes, order, std::max(radius, largestSide(boxes) * 0.9));
}

/// The box with the most links in the middle, the others around it by distance in links.
std::vector<QPointF> radial(const Boxes& boxes, const Edges& edges) {
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
        const std::vector<QPointF> places = onCircle(boxes, shells[shell], radius);
        for (const std::size_t each : shells[shell]) out[each] = places[each];
    }
    return out;
}

/// Spring embedder over box centres; starts from a ring, so that it needs no chance.
std::vector<QPointF> force(const Boxes& boxes, const Edges& edges) {
    std::vector<QPointF> at = ring(boxes, edges);
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

}  // namespace

std::vector<QPointF> layoutBoxes(LayoutKind kind, const std::vector<LayoutBox>& boxes,
                                 const std::vector<LayoutEdge>& edges) {
    if (boxes.empty()) return {};
    std::vector<QPointF> at = kind == LayoutKind::Layered  ? layered(boxes, edges)
                              : kind == LayoutKind::Ring   ? ring(boxes, edges)
                              : kind == LayoutKind::Radial ? radial(boxes, edges)
                                                           : force(boxes, edges);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].fixed) at[i] = boxes[i].place;
    }
    separate(boxes, at);
    return at;
}

}  // namespace tributary::desktop
