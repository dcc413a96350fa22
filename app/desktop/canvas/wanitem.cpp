// Painting the network between clusters.
#include "app/desktop/canvas/wanitem.h"

#include <QPainterPathStroker>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr double kBehindAll = -20;
}

WanItem::WanItem(const ThemeHolder& themes, ItemRef ref) : themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsSelectable);
    setZValue(kBehindAll);
}

void WanItem::setText(const QString& text) {
    if (text == text_) return;
    prepareGeometryChange();
    text_ = text;
    setToolTip(QString::fromStdString(longName(ref_)) + u"\n"_s + text_);
    update();
}

void WanItem::setEnds(const QRectF& a, const QRectF& b) {
    QPointF from(a.center().x(), a.top() + metrics::kHeader / 2);
    QPointF to(b.center().x(), b.top() + metrics::kHeader / 2);
    const QPointF d = to - from;
    if (a.right() < b.left() || b.right() < a.left()) {
        from.setX(d.x() > 0 ? a.right() : a.left());
        to.setX(d.x() > 0 ? b.left() : b.right());
    } else {
        from.setY(d.y() > 0 ? a.bottom() : a.top());
        to.setY(d.y() > 0 ? b.top() : b.bottom());
    }
    if (from == a_ && to == b_) return;
    prepareGeometryChange();
    a_ = from;
    b_ = to;
}

QRectF WanItem::boundingRect() const {
    const double half = pillSize({u"wan"_s, text_, {}, {}, {}}).width() / 2 + 4;
    return QRectF(a_, b_)
        .normalized()
        .adjusted(-10, -10, 10, 10)
        .united(QRectF(centre() - QPointF(half, 14), QSizeF(2 * half, 28)));
}

QPainterPath WanItem::shape() const {
    QPainterPath line(a_);
    line.lineTo(b_);
    QPainterPathStroker stroker;
    stroker.setWidth(14);
    return stroker.createStroke(line);
}

void WanItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const Detail detail = detailOf(*painter);
    if (detail == Detail::Dots) {
        painter->setPen(QPen(theme.grid, 0));
        painter->drawLine(a_, b_);
        return;
    }
    painter->setPen(QPen(isSelected() ? theme.accentSoft : theme.grid, 7, Qt::SolidLine, Qt::FlatCap));
    painter->drawLine(a_, b_);
    if (detail != Detail::Full || text_.isEmpty()) return;
    paintPill(*painter, centre(),
              {u"wan"_s, text_, isSelected() ? theme.accent : theme.muted, theme.canvas,
               isSelected() ? theme.accent : theme.border});
}

}  // namespace tributary::desktop
