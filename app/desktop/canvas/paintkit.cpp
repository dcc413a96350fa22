// Text, pills and the level of detail.
#include "app/desktop/canvas/paintkit.h"

#include <QApplication>
#include <QFontMetricsF>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/style/icons.h"

namespace tributary::desktop {

namespace {
constexpr double kPillHeight = 22;
constexpr double kPillIcon = 13;
constexpr int kPillText = 11;
}  // namespace

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

void paintText(QPainter& painter, const QRectF& where, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(where, static_cast<int>(alignment | Qt::TextSingleLine),
                     QFontMetricsF(font).elidedText(text, Qt::ElideRight, where.width()));
}

QSizeF pillSize(const Pill& pill) {
    const QFontMetricsF metrics(canvasFont(kPillText, QFont::Medium));
    return {metrics.horizontalAdvance(pill.text) + 18 + (pill.icon.isEmpty() ? 0 : kPillIcon + 5), kPillHeight};
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
    painter.setFont(canvasFont(kPillText, QFont::Medium));
    painter.setPen(pill.ink);
    painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine), pill.text);
}

}  // namespace tributary::desktop
