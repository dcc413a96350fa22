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
};
/// From box, to box, by index.
using LayoutEdge = std::pair<std::size_t, std::size_t>;

/// New upper left corners, in the order of `boxes`, on the canvas' grid. Fixed boxes keep theirs and nobody is put on
/// them.
[[nodiscard]] std::vector<QPointF> layoutBoxes(LayoutKind kind, const std::vector<LayoutBox>& boxes,
                                               const std::vector<LayoutEdge>& edges);

}  // namespace tributary::desktop
