// Painting and fitting clusters.
#include "app/desktop/canvas/clusteritem.h"

#include <QGraphicsScene>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/canvasscene.h"
#include "app/desktop/canvas/datasetitem.h"
#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr double kRadius = 10;
constexpr double kFrameZ = -10;
constexpr double kHeadZ = 10;
}  // namespace

ClusterFrame::ClusterFrame(const ThemeHolder& themes, ItemRef ref) : themes_(themes), ref_(std::move(ref)) {
    setZValue(kFrameZ);
    setAcceptedMouseButtons(Qt::NoButton);
}

QRectF ClusterFrame::boundingRect() const {
    return QRectF(QPointF(), size_).adjusted(-6, -6, 6, 8);
}

void ClusterFrame::update(const ClusterLook& look, const QSizeF& size, bool selected) {
    if (size == size_ && look == look_ && selected == selected_) return;
    if (size != size_) prepareGeometryChange();
    look_ = look;
    size_ = size;
    selected_ = selected;
    QGraphicsItem::update();
}

void ClusterFrame::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const QRectF box(QPointF(), size_);
    if (detailOf(*painter) == Detail::Dots) {
        painter->fillRect(box, look_.worst == Severity::Error ? theme.badSoft : theme.clusterHead);
        return;
    }
    if (!look_.ghost) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.shadow);
        painter->drawRoundedRect(box.translated(0, 2), kRadius, kRadius);
    }
    QPen edge(theme.borderStrong, 1);
    if (look_.ghost) edge = ghostPen(theme);
    if (look_.highlighted) edge = QPen(theme.info, 2.5, Qt::DashLine);
    if (selected_) edge = QPen(theme.accent, 2, look_.ghost ? Qt::DashLine : Qt::SolidLine);
    painter->setPen(edge);
    painter->setBrush(look_.ghost ? paled(theme.cluster) : theme.cluster);
    painter->drawRoundedRect(box, kRadius, kRadius);
}

ClusterItem::ClusterItem(const ThemeHolder& themes, ItemRef ref)
    : themes_(themes), ref_(std::move(ref)), frame_(new ClusterFrame(themes, ref_)) {
    setZValue(kHeadZ);
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setCursor(Qt::SizeAllCursor);
}

ClusterItem::~ClusterItem() {
    delete frame_;
}

QRectF ClusterItem::boundingRect() const {
    return {-2, -2, size_.width() + 4, metrics::kHeader + 4};
}

QPainterPath ClusterItem::shape() const {
    QPainterPath path;
    path.addRect(0, 0, size_.width(), look_.collapsed ? size_.height() : metrics::kHeader);
    return path;
}

QRectF ClusterItem::foldRect() const {
    return {8, (metrics::kHeader - 20) / 2, 20, 20};
}

/// In two columns, so that arrows in both directions, with their labels, have room between them.
QPointF ClusterItem::memberPlace(int index) {
    const int column = index % 2;
    const int row = index / 2;
    return {metrics::kPadding + column * (metrics::kCardWidth + metrics::kMemberGap),
            metrics::kHeader + metrics::kMemberTop + row * (metrics::kCardHeight + metrics::kMemberRow)};
}

double ClusterItem::datasetsTop() const {
    if (look_.members.empty()) return metrics::kHeader + metrics::kCardGap;
    const int rows = (static_cast<int>(look_.members.size()) + 1) / 2;
    return memberPlace(2 * (rows - 1)).y() + metrics::kCardHeight + metrics::kMemberTop;
}

QPointF ClusterItem::slot(int index) const {
    const int column = index / metrics::kCardsPerColumn;
    const int row = index % metrics::kCardsPerColumn;
    return {metrics::kPadding + column * (metrics::kCardWidth + metrics::kCardGap + 4),
            datasetsTop() + row * (metrics::kCardHeight + metrics::kCardGap)};
}

void ClusterItem::renewMembers() {
    const bool same = members_.size() == look_.members.size() &&
                      std::equal(members_.begin(), members_.end(), look_.members.begin(),
                                 [](const MemberItem* item, const MemberCard& look) {
                                     return QString::fromStdString(item->ref().b) == look.name;
                                 });
    if (!same) {
        qDeleteAll(members_);
        members_.clear();
        for (const MemberCard& each : look_.members) {
            members_.push_back(new MemberItem(themes_, memberRef(ref_.a, each.name.toStdString()), *this));
            members_.back()->setPos(memberPlace(static_cast<int>(members_.size()) - 1));
        }
    }
    for (std::size_t i = 0; i < members_.size(); ++i) members_[i]->setLook(look_.members[i]);
}

MemberItem* ClusterItem::member(const std::string& name) const {
    for (MemberItem* each : members_) {
        if (each->ref().b == name) return each;
    }
    return nullptr;
}

void ClusterItem::setLook(const ClusterLook& look) {
    if (look == look_) return;
    const bool sameGateways = look.gateways.size() == look_.gateways.size() &&
                              std::equal(look.gateways.begin(), look.gateways.end(), look_.gateways.begin(),
                                         [](const GatewayLook& a, const GatewayLook& b) { return a.name == b.name; });
    look_ = look;
    if (!sameGateways) {
        qDeleteAll(gateways_);
        gateways_.clear();
        for (const GatewayLook& each : look_.gateways) {
            auto* item = new GatewayItem(themes_, gatewayRef(ref_.a, each.name.toStdString()), *this);
            gateways_.push_back(item);
        }
    }
    for (std::size_t i = 0; i < gateways_.size(); ++i) gateways_[i]->setLook(look_.gateways[i]);
    renewMembers();
    // A ghost is no part of the drawing: it has no place there that a hand could change.
    setFlag(ItemIsMovable, !look_.ghost);
    setCursor(look_.ghost ? Qt::ArrowCursor : Qt::SizeAllCursor);
    setToolTip(look_.ghost                ? ghostTip(ref_, look_.words)
               : look_.observed.isEmpty() ? look_.name
                                          : tr("%1: %2").arg(look_.name, look_.observed));
    fitFrame();
    update();
}

GatewayItem* ClusterItem::gateway(const std::string& name) const {
    for (GatewayItem* each : gateways_) {
        if (each->ref().b == name) return each;
    }
    return nullptr;
}

void ClusterItem::fitFrame() {
    const QSizeF before = size_;
    double right = metrics::kFrameWidthMin;
    double bottom = datasetsTop();
    if (members_.size() > 1) right = memberPlace(1).x() + metrics::kCardWidth + metrics::kPadding;
    for (QGraphicsItem* child : childItems()) {
        child->setVisible(!look_.collapsed);
        if (child->type() != DatasetItem::Type) continue;
        right = std::max(right, child->pos().x() + metrics::kCardWidth + metrics::kPadding);
        bottom = std::max(bottom, child->pos().y() + metrics::kCardHeight + metrics::kCardGap);
    }
    if (look_.collapsed) {
        size_ = {metrics::kFrameWidthMin, metrics::kCollapsedHeight};
    } else {
        if (look_.datasets + look_.ghosts == 0 && members_.empty()) bottom += 28;
        const int columns = std::max(1, static_cast<int>((right - 2 * metrics::kPadding) / 104));
        const double cell = (right - 2 * metrics::kPadding) / columns;
        for (std::size_t i = 0; i < gateways_.size(); ++i) {
            const int index = static_cast<int>(i);
            gateways_[i]->setWidth(cell - 4);
            gateways_[i]->setPos(
                metrics::kPadding + (index % columns) * cell,
                bottom + (index / columns) * metrics::kGatewayRow);  // NOLINT(bugprone-integer-division)
        }
        const int rows = (static_cast<int>(gateways_.size()) + columns - 1) / columns;
        size_ = {right, bottom + rows * metrics::kGatewayRow + (rows > 0 ? 8 : 0)};
    }
    if (size_ != before) {
        const QSizeF now = std::exchange(size_, before);
        prepareGeometryChange();  // asks for the old bounds
        size_ = now;
    }
    frame_->update(look_, size_, isSelected());
    frame_->setPos(pos());
}

QVariant ClusterItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemSceneHasChanged && scene() != nullptr && frame_->scene() != scene()) {
        scene()->addItem(frame_);
    }
    if (change == ItemPositionChange) {
        if (auto* canvas = qobject_cast<CanvasScene*>(scene())) return canvas->snapped(*this, value.toPointF());
    }
    if (change == ItemPositionHasChanged) {
        frame_->setPos(pos());
        emit moved();
    }
    if (change == ItemSelectedHasChanged) frame_->update(look_, size_, isSelected());
    return QGraphicsObject::itemChange(change, value);
}

void ClusterItem::mousePressEvent(QGraphicsSceneMouseEvent* event) {
    if (!look_.ghost && foldRect().contains(event->pos()) && event->button() == Qt::LeftButton) {
        emit collapseRequested(!look_.collapsed);
        event->accept();
        return;
    }
    QGraphicsObject::mousePressEvent(event);
}

void ClusterItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    if (!look_.ghost) emit renameRequested();
    event->accept();
}

double ClusterItem::paintStatus(QPainter& painter, const QRectF& head) const {
    const Theme& theme = themes_.theme();
    double right = head.right() - 12;
    if (look_.worst) {
        const QRectF box(right - 16, head.center().y() - 8, 16, 16);
        paintIcon(painter, severityIcon(*look_.worst), box, severityColour(*look_.worst, theme));
        right -= 20;
        if (look_.problems > 1) {
            paintText(painter, {right - 22, head.top(), 20, head.height()}, QString::number(look_.problems),
                      canvasFont(11, QFont::Medium), theme.muted, Qt::AlignRight | Qt::AlignVCenter);
            right -= 24;
        }
    }
    if (look_.secure) {
        paintIcon(painter, u"lock"_s, {right - 14, head.center().y() - 7, 14, 14}, theme.muted);
        right -= 18;
    }
    if (look_.pinned) {
        paintIcon(painter, u"pin"_s, {right - 14, head.center().y() - 7, 14, 14}, theme.muted);
        right -= 18;
    }
    return right;
}

void ClusterItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const QRectF head(0, 0, size_.width(), metrics::kHeader);
    const Detail detail = detailOf(*painter);
    if (detail == Detail::Dots) {
        painter->fillRect(head, isSelected() ? theme.accent : theme.borderStrong);
        return;
    }
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    path.addRoundedRect(head.adjusted(1, 1, -1, 0), kRadius - 1, kRadius - 1);
    if (!look_.collapsed) path.addRect(head.adjusted(1, kRadius, -1, 0));
    painter->fillPath(path.simplified(), look_.ghost ? paled(theme.clusterHead) : theme.clusterHead);
    if (!look_.collapsed) {
        painter->setPen(QPen(theme.border, 1));
        painter->drawLine(head.bottomLeft() + QPointF(1, 0), head.bottomRight() - QPointF(1, 0));
    }
    const QString sign = look_.ghost ? u"ghost"_s : look_.collapsed ? u"chevron-right"_s : u"chevron-down"_s;
    paintIcon(*painter, sign, foldRect().adjusted(3, 3, -3, -3), theme.muted);
    const double room = paintStatus(*painter, head) - 32;
    const bool isAlone = detail != Detail::Full && !look_.trouble && !look_.ghost;  // no second line below it
    paintText(*painter, {32, isAlone ? 0.0 : 5.0, room, isAlone ? metrics::kHeader : 20}, look_.name,
              isAlone ? readableFont(*painter, 14, QFont::DemiBold) : canvasFont(14, QFont::DemiBold),
              look_.ghost ? theme.muted : theme.text);
    if (look_.ghost) {
        paintText(*painter, {32, 23, room, 16}, tr("not drawn") + u" \u00b7 "_s + look_.observed, canvasFont(11),
                  theme.muted);
    } else if (detail == Detail::Full || look_.trouble) {
        const QString second = look_.observed.isEmpty() ? look_.system : look_.system + u" \u00b7 "_s + look_.observed;
        paintText(*painter, {32, 23, room, 16}, second, canvasFont(11), look_.trouble ? theme.bad : theme.muted);
    }
    if (look_.collapsed) {
        paintText(*painter, {32, metrics::kHeader, size_.width() - 40, 24},
                  tr("%n dataset(s)", nullptr, look_.datasets) + u" \u00b7 "_s +
                      (look_.members.empty() ? tr("%n gateway(s)", nullptr, static_cast<int>(look_.gateways.size()))
                                             : tr("%n instance(s)", nullptr, static_cast<int>(look_.members.size()))) +
                      (look_.ghosts == 0 ? QString() : u" \u00b7 "_s + tr("%1 not drawn").arg(look_.ghosts)),
                  canvasFont(11), theme.muted);
    } else if (look_.datasets + look_.ghosts == 0 && look_.members.empty()) {
        paintText(*painter, {metrics::kPadding, metrics::kHeader + 8, size_.width() - 2 * metrics::kPadding, 24},
                  tr("No datasets yet"), canvasFont(11), theme.muted, Qt::AlignCenter);
    }
}

GatewayItem::GatewayItem(const ThemeHolder& themes, ItemRef ref, ClusterItem& cluster)
    : QGraphicsObject(&cluster), themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsSelectable);
}

void GatewayItem::setLook(const GatewayLook& look) {
    if (look == look_) return;
    look_ = look;
    setFlag(ItemIsSelectable, !look_.ghost);  // it comes with its cluster
    const QString state = !look.up ? QString() : *look.up ? tr(": up") : tr(": down");
    setToolTip(tr("Gateway %1%2").arg(look.name, state));
    update();
}

void GatewayItem::setWidth(double width) {
    if (qFuzzyCompare(width, width_)) return;
    prepareGeometryChange();
    width_ = width;
}

QRectF GatewayItem::boundingRect() const {
    return {0, 0, width_, metrics::kGatewayRow};
}

void GatewayItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const Detail detail = detailOf(*painter);
    if (detail == Detail::Dots) return;
    const QPointF centre(metrics::kGatewayRadius + 1, metrics::kGatewayRow / 2);
    const bool down = look_.up && !*look_.up;
    QPen pen(isSelected() ? theme.accent : down ? theme.bad : theme.link, isSelected() ? 2.2 : 1.6);
    if (down || look_.ghost) pen.setStyle(Qt::DashLine);
    if (look_.ghost) pen.setColor(theme.muted);
    painter->setPen(pen);
    painter->setBrush(isSelected() ? theme.accentSoft : theme.raised);
    painter->drawEllipse(centre, metrics::kGatewayRadius, metrics::kGatewayRadius);
    if (down) {
        painter->drawLine(centre - QPointF(3, 3), centre + QPointF(3, 3));
        painter->drawLine(centre - QPointF(3, -3), centre + QPointF(3, -3));
    } else {
        painter->setPen(QPen(pen.color(), 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(
            QPolygonF({centre + QPointF(-1.5, -3), centre + QPointF(1.7, 0), centre + QPointF(-1.5, 3)}));
    }
    if (detail == Detail::Full) {
        paintText(*painter,
                  {2 * metrics::kGatewayRadius + 7, 0, width_ - 2 * metrics::kGatewayRadius - 8, metrics::kGatewayRow},
                  look_.name, canvasFont(11), down ? theme.bad : theme.muted);
    }
}

void GatewayItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    if (!look_.ghost) emit renameRequested();
    event->accept();
}

}  // namespace tributary::desktop
