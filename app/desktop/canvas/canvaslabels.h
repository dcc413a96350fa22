// Names and counts that are as large on the screen at every zoom, placed so that none hides another.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <vector>

namespace tributary::desktop {

/// What wants to be read when the drawing is small. Sizes are those on the screen.
struct CanvasLabel {
    QString text;
    QPointF at;  ///< in the scene: its middle
    int pixels = 11;
    bool bold = false;
    QColor ink;
    QColor fill;
    QColor border;        ///< invalid: none
    double widthMax = 0;  ///< on the screen; 0: unlimited. What is wider is cut short, below a few letters left out.
    double faded = 1;     ///< opacity
    friend bool operator==(const CanvasLabel&, const CanvasLabel&) = default;
};

struct PlacedLabel {
    CanvasLabel label;
    QRectF box;  ///< on the screen, counted from the scene's origin at this zoom
};

/// Takes the labels in their order, the most important first; one that would lie on another is left out.
[[nodiscard]] std::vector<PlacedLabel> placeLabels(const std::vector<CanvasLabel>& labels, double zoom);
/// Paints them with a painter that is set to the scene's coordinates.
void paintLabels(QPainter& painter, const std::vector<PlacedLabel>& labels, double zoom, const QRectF& exposed);

}  // namespace tributary::desktop
