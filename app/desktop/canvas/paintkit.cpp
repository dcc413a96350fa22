// Text, pills and the level of detail.
#include "app/desktop/canvas/paintkit.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/style/icons.h"

namespace tributary::desktop {

namespace {
constexpr double kPillHeight = 22;
constexpr double kPillIcon = 13;
constexpr int kPillText = 11;
constexpr double kCurveWidth = 40;
constexpr double kCurveHeight = 12;
constexpr double kCurveGap = 7;

/// The highest value touches the top; a flat 0 lies on the ground.
void paintCurve(QPainter& painter, const QRectF& box, const std::vector<double>& values, const QColor& colour) {
    double top = 1;
    for (const double each : values) {
        if (!std::isnan(each)) top = std::max(top, each);
    }
    painter.setPen(QPen(colour, 1.2));
    painter.setBrush(Qt::NoBrush);
    const double step = box.width() / static_cast<double>(values.size() - 1);
    QPolygonF run;
    for (std::size_t i = 0; i <= values.size(); ++i) {
        if (i < values.size() && !std::isnan(values[i])) {
            run << QPointF(box.left() + step * static_cast<double>(i),
                           box.bottom() - box.height() * std::max(0.0, values[i]) / top);
        } else {
            painter.drawPolyline(run);  // unknown is a gap
            run.clear();
        }
    }
}
}  // namespace

QPen ghostPen(const Theme& theme) {
    QPen pen(theme.muted, 1.2, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({5, 4});
    return pen;
}

QColor paled(QColor colour) {
    colour.setAlphaF(colour.alphaF() * 0.45F);
    return colour;
}

QString ghostTip(const ItemRef& ref, const QString& words) {
    return QString::fromStdString(longName(ref)) + u' ' + words + u'\n' +
           QCoreApplication::translate("Ghost", "Adopt takes it into the drawing; Remove plans how to take it away.");
}

Detail detailOf(const QPainter& painter) {
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform());
    if (zoom >= metrics::kFullDetailZoom) return Detail::Full;
    return zoom >= metrics::kCardDetailZoom ? Detail::Cards : Detail::Dots;
}

QFont canvasFont(int pixels, QFont::Weight weight) {
    QFont font = QApplication::font();
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

QFont readableFont(const QPainter& painter, int pixels, QFont::Weight weight) {
    constexpr double kLeastOnScreen = 9.5;
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform());
    return canvasFont(std::max(pixels, static_cast<int>(std::lround(kLeastOnScreen / std::max(zoom, 0.01)))), weight);
}

void paintText(QPainter& painter, const QRectF& where, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(where, static_cast<int>(alignment | Qt::TextSingleLine),
                     QFontMetricsF(font).elidedText(text, Qt::ElideRight, where.width()));
}

QSizeF pillSize(const Pill& pill) {
    const QFontMetricsF metrics(canvasFont(kPillText, QFont::Medium));
    const double icon = pill.icon.isEmpty() ? 0 : kPillIcon + 5;
    const double curve = pill.curve.size() < 2 ? 0 : kCurveWidth + kCurveGap;
    return {metrics.horizontalAdvance(pill.text) + 18 + icon + curve, kPillHeight};
}

void paintPill(QPainter& painter, const QPointF& centre, const Pill& pill) {
    const QSizeF size = pillSize(pill);
    QRectF box(centre.x() - size.width() / 2, centre.y() - size.height() / 2, size.width(), size.height());
    painter.setPen(QPen(pill.border, 1));
    painter.setBrush(pill.fill);
    painter.drawRoundedRect(box, kPillHeight / 2, kPillHeight / 2);
    box.adjust(9, 0, -9, 0);
    if (!pill.icon.isEmpty()) {
        paintIcon(painter, pill.icon, {box.left(), centre.y() - kPillIcon / 2, kPillIcon, kPillIcon}, pill.ink);
        box.setLeft(box.left() + kPillIcon + 5);
    }
    if (pill.curve.size() > 1) {
        paintCurve(painter, {box.right() - kCurveWidth, centre.y() - kCurveHeight / 2, kCurveWidth, kCurveHeight},
                   pill.curve, pill.ink);
        box.setRight(box.right() - kCurveWidth - kCurveGap);
    }
    painter.setFont(canvasFont(kPillText, QFont::Medium));
    painter.setPen(pill.ink);
    painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine), pill.text);
}

}  // namespace tributary::desktop
