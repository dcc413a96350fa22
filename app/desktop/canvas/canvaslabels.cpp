// Placing and painting labels of a small drawing.
#include "app/desktop/canvas/canvaslabels.h"

#include <QFontMetricsF>
#include <algorithm>

#include "app/desktop/canvas/paintkit.h"

namespace tributary::desktop {

namespace {

constexpr double kAcross = 5;
constexpr double kDown = 2;
constexpr double kApart = 2;
constexpr int kLettersFewest = 4;

QFont fontOf(const CanvasLabel& label) {
    return canvasFont(label.pixels, label.bold ? QFont::DemiBold : QFont::Medium);
}

}  // namespace

std::vector<PlacedLabel> placeLabels(const std::vector<CanvasLabel>& labels, double zoom) {
    std::vector<PlacedLabel> out;
    out.reserve(labels.size());
    for (const CanvasLabel& each : labels) {
        PlacedLabel placed{each, {}};
        const QFontMetricsF metrics(fontOf(each));
        if (each.widthMax > 0) {
            placed.label.text = metrics.elidedText(each.text, Qt::ElideRight, each.widthMax - 2 * kAcross);
            const bool isCut = placed.label.text != each.text;
            if (isCut && placed.label.text.size() <= kLettersFewest) continue;
        }
        const QSizeF size(metrics.horizontalAdvance(placed.label.text) + 2 * kAcross, metrics.height() + 2 * kDown);
        placed.box = QRectF(each.at * zoom - QPointF(size.width(), size.height()) / 2, size);
        const QRectF room = placed.box.adjusted(-kApart, -kApart, kApart, kApart);
        const bool hides =
            std::any_of(out.begin(), out.end(), [&](const PlacedLabel& other) { return other.box.intersects(room); });
        if (!hides) out.push_back(std::move(placed));
    }
    return out;
}

void paintLabels(QPainter& painter, const std::vector<PlacedLabel>& labels, double zoom, const QRectF& exposed) {
    if (labels.empty()) return;
    painter.save();
    painter.scale(1 / zoom, 1 / zoom);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF seen(exposed.topLeft() * zoom, exposed.size() * zoom);
    for (const PlacedLabel& each : labels) {
        if (!seen.intersects(each.box)) continue;
        painter.setOpacity(each.label.faded);
        painter.setPen(each.label.border.isValid() ? QPen(each.label.border, 1) : QPen(Qt::NoPen));
        painter.setBrush(each.label.fill);
        const double round = each.label.border.isValid() ? each.box.height() / 2 : 3;
        painter.drawRoundedRect(each.box, round, round);
        painter.setFont(fontOf(each.label));
        painter.setPen(each.label.ink);
        painter.drawText(each.box, static_cast<int>(Qt::AlignCenter | Qt::TextSingleLine), each.label.text);
    }
    painter.restore();
}

}  // namespace tributary::desktop
