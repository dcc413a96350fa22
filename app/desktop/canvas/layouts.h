// Automatic layouts: where boxes go so that what is linked can be followed. Pure geometry, deterministic.
#pragma once

#include <QPointF>
#include <QSizeF>
#include <utility>
#include <vector>

namespace tributary::desktop {

enum class LayoutKind { Layered, Ring, Radial, Force };

struct LayoutBox {
    QSizeF size;
    QPointF place;       ///< where it is now: its upper left corner
    bool fixed = false;  ///< pinned: it stays
    int group = -1;      ///< boxes of one group (a region) stand together, and nobody else among them; -1: of none
};
/// From box, to box, by index.
using LayoutEdge = std::pair<std::size_t, std::size_t>;

/// What is put around a group's boxes: its frame and head.
inline constexpr double kGroupMargin = 40;
inline constexpr double kGroupHead = 40;

/// New upper left corners, in the order of `boxes`, on the canvas' grid. Fixed boxes keep theirs and nobody is put on
/// them; a group with a fixed box stays whole. `aspect` is width by height of the room that is to be filled.
[[nodiscard]] std::vector<QPointF> layoutBoxes(LayoutKind kind, const std::vector<LayoutBox>& boxes,
                                               const std::vector<LayoutEdge>& edges, double aspect = 1.6);

}  // namespace tributary::desktop
