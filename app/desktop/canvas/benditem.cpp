// Dragging and removing bends.
#include "app/desktop/canvas/benditem.h"

#include <QCursor>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>

namespace tributary::desktop {

namespace {
constexpr double kBendRadius = 6;
constexpr double kBendZ = 30;  ///< over everything
}  // namespace

BendItem::BendItem(const ThemeHolder& themes, std::size_t index) : themes_(themes), index_(index) {
    setFlags(ItemIsMovable | ItemSendsGeometryChanges | ItemIgnoresTransformations);
    setZValue(kBendZ);
    setCursor(Qt::SizeAllCursor);
    setToolTip(tr("Drag the bend; a double click takes it out"));
}

void BendItem::put(const QPointF& at) {
    putting_ = true;
    setPos(at);
    putting_ = false;
}

QRectF BendItem::boundingRect() const {
    return {-kBendRadius - 2, -kBendRadius - 2, 2 * kBendRadius + 4, 2 * kBendRadius + 4};
}

void BendItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    painter->setPen(QPen(theme.accent, 2));
    painter->setBrush(theme.raised);
    painter->drawEllipse(QPointF(), kBendRadius, kBendRadius);
}

QVariant BendItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemPositionHasChanged && !putting_) {
        moved_ = true;
        emit dragged(index_, pos());
    }
    return QGraphicsObject::itemChange(change, value);
}

void BendItem::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
    QGraphicsObject::mouseReleaseEvent(event);
    if (!moved_) return;
    moved_ = false;
    // Whoever takes it makes new handles: this one must be out of its own event by then.
    QMetaObject::invokeMethod(this, &BendItem::dropped, Qt::QueuedConnection);
}

void BendItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    event->accept();
    QMetaObject::invokeMethod(
        this, [this] { emit removed(index_); }, Qt::QueuedConnection);
}

}  // namespace tributary::desktop
