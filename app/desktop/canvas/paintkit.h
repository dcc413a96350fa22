// Small painting helpers that the canvas' items share.
#pragma once

#include <QFont>
#include <QPainter>
#include <QString>
#include <QStyleOptionGraphicsItem>
#include <vector>

#include "app/desktop/document/itemref.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// How what runs and is not drawn is told from the drawing: dashed and pale.
[[nodiscard]] QPen ghostPen(const Theme& theme);
[[nodiscard]] QColor paled(QColor colour);
/// Its tooltip, which a screen reader hears too: what it is, what is known of it, what can be done.
[[nodiscard]] QString ghostTip(const ItemRef& ref, const QString& words);

enum class Detail { Dots, Cards, Full };
/// How much to paint at the painter's zoom.
[[nodiscard]] Detail detailOf(const QPainter& painter);

[[nodiscard]] QFont canvasFont(int pixels, QFont::Weight weight = QFont::Normal);
/// The same, larger where the painter's zoom would make it too small to read: for the one name that a card has then.
[[nodiscard]] QFont readableFont(const QPainter& painter, int pixels, QFont::Weight weight = QFont::Normal);
/// One line, elided at the end of `where`.
void paintText(QPainter& painter, const QRectF& where, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

struct Pill {
    QString icon;  ///< empty: none
    QString text;
    QColor ink;
    QColor fill;
    QColor border;
    /// A small curve after the text, oldest first, not below 0; NaN is a gap; fewer than two values: none.
    std::vector<double> curve = {};
};
/// The size a pill takes.
[[nodiscard]] QSizeF pillSize(const Pill& pill);
/// Paints it centred.
void paintPill(QPainter& painter, const QPointF& centre, const Pill& pill);

}  // namespace tributary::desktop
