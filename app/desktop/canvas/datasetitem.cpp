// Painting a dataset and telling a move from the drawing of a link.
#include "app/desktop/canvas/datasetitem.h"

#include <QGraphicsSceneMouseEvent>
#include <QPainter>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/canvasscene.h"
#include "app/desktop/canvas/clusteritem.h"
#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr double kCardRadius = 7;
}  // namespace

DatasetItem::DatasetItem(const ThemeHolder& themes, ItemRef ref) : themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setAcceptHoverEvents(true);
}

QRectF DatasetItem::cardRect() const {
    return {0, 0, metrics::kCardWidth, metrics::kCardHeight};
}

QRectF DatasetItem::boundingRect() const {
    return cardRect().adjusted(-6, -4, metrics::kHandleRadius + 4, 5);
}

QPainterPath DatasetItem::shape() const {
    QPainterPath path;
    path.addRect(cardRect());
    path.addEllipse(QPointF(metrics::kCardWidth, metrics::kCardHeight / 2), metrics::kHandleRadius + 2,
                    metrics::kHandleRadius + 2);
    path.setFillRule(Qt::WindingFill);
    return path;
}

QPointF DatasetItem::handle() const {
    return mapToScene(metrics::kCardWidth, metrics::kCardHeight / 2);
}

bool DatasetItem::onHandle(const QPointF& pos) const {
    if (look_.ghost) return false;
    const QPointF away = pos - QPointF(metrics::kCardWidth, metrics::kCardHeight / 2);
    return QPointF::dotProduct(away, away) <= (metrics::kHandleRadius + 3) * (metrics::kHandleRadius + 3);
}

void DatasetItem::setLook(const DatasetLook& look) {
    if (look == look_) return;
    look_ = look;
    setFlag(ItemIsMovable, !look_.ghost);
    if (look_.ghost) {
        setToolTip(ghostTip(ref_, look_.words));
        update();
        return;
    }
    setToolTip(QString::fromStdString(ref_.a) + u"\n"_s +
               (look.exists ? tr("exists when the workspace starts") : tr("made by a command or runbook")));
    update();
}

void DatasetItem::setTarget(std::optional<LinkVerdict> verdict, bool under) {
    if (verdict == target_ && under == under_) return;
    target_ = verdict;
    under_ = under;
    update();
}

void DatasetItem::paintTarget(QPainter& painter, const QRectF& card) const {
    const Theme& theme = themes_.theme();
    const QColor ink = *target_ == LinkVerdict::Legal    ? theme.good
                       : *target_ == LinkVerdict::Warned ? theme.warn
                                                         : theme.bad;
    const QString icon = *target_ == LinkVerdict::Legal    ? u"check"_s
                         : *target_ == LinkVerdict::Warned ? u"warning"_s
                                                           : u"close"_s;
    QPen pen(ink, under_ ? 3 : 2);
    if (*target_ == LinkVerdict::Refused) pen.setStyle(Qt::DotLine);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(card.adjusted(-2, -2, 2, 2), kCardRadius + 2, kCardRadius + 2);
    const QRectF badge(card.right() - 26, card.center().y() - 9, 18, 18);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.raised);
    painter.drawEllipse(badge.adjusted(-3, -3, 3, 3));
    paintIcon(painter, icon, badge, ink);
}

void DatasetItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const QRectF card = cardRect();
    const Detail detail = detailOf(*painter);
    if (detail == Detail::Dots) {
        painter->fillRect(card, look_.worst == Severity::Error ? theme.bad : isSelected() ? theme.accent : theme.link);
        return;
    }
    QPen edge(hovered_ ? theme.muted : theme.borderStrong, 1);
    if (!look_.exists && look_.observedExists != true) edge.setStyle(Qt::DashLine);
    if (look_.ghost) edge = ghostPen(theme);
    if (look_.highlighted) edge = QPen(theme.info, 2.5, Qt::DashLine);
    if (isSelected()) edge = QPen(theme.accent, 2, look_.ghost ? Qt::DashLine : Qt::SolidLine);
    painter->setPen(edge);
    painter->setBrush(isSelected() ? theme.accentSoft : look_.ghost ? paled(theme.raised) : theme.raised);
    painter->drawRoundedRect(card, kCardRadius, kCardRadius);
    const bool full = detail == Detail::Full;
    paintIcon(*painter, QString::fromUtf8(datasetKindName(look_.kind).data()),
              {full ? 12.0 : 6.0, card.center().y() - 10, 20, 20}, look_.ghost ? theme.muted : theme.accent);
    const double left = full ? 42 : 30;
    paintText(*painter,
              {left, full ? 7.0 : 0.0, card.width() - left - (full || look_.worst ? 32 : 4), full ? 20 : card.height()},
              look_.name, full ? canvasFont(13, QFont::DemiBold) : readableFont(*painter, 13, QFont::DemiBold),
              look_.ghost ? theme.muted : theme.text);
    if (full) {
        paintText(*painter, {42, 26, card.width() - 60, 17}, look_.detail, canvasFont(11), theme.muted);
    }
    if (target_) {
        paintTarget(*painter, card);
    } else if (look_.worst) {
        paintIcon(*painter, severityIcon(*look_.worst), {card.right() - 26, 8, 15, 15},
                  severityColour(*look_.worst, theme));
    }
    if (look_.ghost) {
        paintIcon(*painter, u"ghost"_s, {card.right() - 26, 8, 15, 15}, theme.muted);
    } else if ((hovered_ || isSelected()) && !target_) {
        painter->setPen(QPen(theme.accent, 1.6));
        painter->setBrush(linking_ ? theme.accent : theme.raised);
        painter->drawEllipse(QPointF(card.right(), card.center().y()), metrics::kHandleRadius, metrics::kHandleRadius);
        painter->drawLine(QPointF(card.right() - 3, card.center().y()), QPointF(card.right() + 3, card.center().y()));
        painter->drawLine(QPointF(card.right(), card.center().y() - 3), QPointF(card.right(), card.center().y() + 3));
    }
}

QVariant DatasetItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemPositionChange) {
        if (auto* canvas = qobject_cast<CanvasScene*>(scene())) {
            // Inside its cluster, under the head.
            const QPointF to = canvas->snapped(*this, value.toPointF());
            const auto* cluster = dynamic_cast<const ClusterItem*>(parentItem());
            const double top = cluster == nullptr ? metrics::kHeader + metrics::kCardGap : cluster->datasetsTop();
            return QPointF(std::max(to.x(), metrics::kPadding), std::max(to.y(), top));
        }
    }
    if (change == ItemPositionHasChanged) emit moved();
    return QGraphicsObject::itemChange(change, value);
}

void DatasetItem::hoverEnterEvent(QGraphicsSceneHoverEvent* /*event*/) {
    hovered_ = true;
    update();
}

void DatasetItem::hoverLeaveEvent(QGraphicsSceneHoverEvent* /*event*/) {
    hovered_ = false;
    update();
}

void DatasetItem::mousePressEvent(QGraphicsSceneMouseEvent* event) {
    if (event->button() == Qt::LeftButton && onHandle(event->pos())) {
        linking_ = true;
        event->accept();
        emit linkStarted(event->scenePos());
        return;
    }
    QGraphicsObject::mousePressEvent(event);
}

void DatasetItem::mouseMoveEvent(QGraphicsSceneMouseEvent* event) {
    if (linking_) {
        emit linkMoved(event->scenePos());
        return;
    }
    QGraphicsObject::mouseMoveEvent(event);
}

void DatasetItem::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
    if (linking_) {
        linking_ = false;
        update();
        emit linkDropped(event->scenePos());
        return;
    }
    QGraphicsObject::mouseReleaseEvent(event);
}

void DatasetItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    if (!look_.ghost) emit renameRequested();
    event->accept();
}

}  // namespace tributary::desktop
