// Painting and grabbing regions.
#include "app/desktop/canvas/regionitem.h"

#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <algorithm>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kUnderAll = -30;  ///< under networks and frames
constexpr double kCardZ = 16;      ///< a collapsed one is a card, and links to others pass under it
constexpr double kRegionMargin = 28;
constexpr double kRegionHead = 36;
constexpr double kRegionRound = 14;
const QSizeF kRegionCard(272, 112);
constexpr double kCardShare = 0.75;  ///< of the room of its clusters
constexpr double kCardScaleMost = 12;

}  // namespace

HealthInk healthInk(LinkHealth health, const Theme& theme) {
    switch (health) {
        case LinkHealth::Good: return {theme.good, theme.goodSoft, u"check"_s};
        case LinkHealth::Held: return {theme.warn, theme.warnSoft, u"warning"_s};
        case LinkHealth::Bad: return {theme.bad, theme.badSoft, u"error"_s};
        case LinkHealth::Unknown: break;
    }
    return {theme.muted, theme.raised, u"unknown"_s};
}

RegionItem::RegionItem(const ThemeHolder& themes, ItemRef ref) : themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setZValue(kUnderAll);
}

QRectF RegionItem::headRect() const {
    return {0, 0, size_.width(), look_.collapsed ? size_.height() : kRegionHead};
}

QRectF RegionItem::foldRect() const {
    return {10 * scale_, (kRegionHead - 20) / 2 * scale_, 20 * scale_, 20 * scale_};
}

QRectF RegionItem::boundingRect() const {
    return QRectF(QPointF(), size_).adjusted(-4, -4, 4, 6);
}

QPainterPath RegionItem::shape() const {
    QPainterPath path;
    path.addRect(headRect());
    return path;
}

void RegionItem::setLook(const RegionLook& look) {
    if (look == look_) return;
    prepareGeometryChange();
    look_ = look;
    setZValue(look_.collapsed ? kCardZ : kUnderAll);
    setToolTip(description());
    update();
}

void RegionItem::fitAround(const QRectF& clusters) {
    const double share = std::min(clusters.width() / kRegionCard.width(), clusters.height() / kRegionCard.height());
    const double scale = look_.collapsed ? std::clamp(share * kCardShare, 1.0, kCardScaleMost) : 1;
    const QSizeF card = kRegionCard * scale;
    const QRectF wanted =
        look_.collapsed ? QRectF(clusters.center() - QPointF(card.width(), card.height()) / 2, card)
                        : clusters.adjusted(-kRegionMargin, -kRegionMargin - kRegionHead, kRegionMargin, kRegionMargin);
    scale_ = scale;
    if (wanted == frameRect()) return;
    prepareGeometryChange();
    fitting_ = true;
    size_ = wanted.size();
    setPos(wanted.topLeft());
    fitting_ = false;
}

QString RegionItem::description() const {
    QString out = tr("region %1: %2, %3, %4")
                      .arg(look_.name, tr("%n cluster(s)", nullptr, look_.clusters),
                           tr("%n dataset(s)", nullptr, look_.datasets), tr("%n link(s)", nullptr, look_.links));
    if (!look_.state.isEmpty()) out += u'\n' + look_.state;
    if (look_.problems > 0) out += u'\n' + tr("%n problem(s) of the drawing", nullptr, look_.problems);
    return out;
}

QVariant RegionItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemPositionChange && !fitting_) {
        const QPointF by = value.toPointF() - pos();
        if (!by.isNull()) emit dragged(by);
    }
    return QGraphicsObject::itemChange(change, value);
}

void RegionItem::mousePressEvent(QGraphicsSceneMouseEvent* event) {
    if (foldRect().contains(event->pos()) && event->button() == Qt::LeftButton) {
        emit collapseRequested(!look_.collapsed);
        event->accept();
        return;
    }
    QGraphicsObject::mousePressEvent(event);
}

void RegionItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    if (look_.collapsed) {
        emit collapseRequested(false);
    } else {
        emit renameRequested();
    }
    event->accept();
}

void RegionItem::paintHead(QPainter& painter, Detail detail) const {
    const Theme& theme = themes_.theme();
    const QRectF head(0, 0, size_.width() / scale_, kRegionHead);
    paintIcon(painter, look_.collapsed ? u"chevron-right"_s : u"chevron-down"_s,
              QRectF(13, (kRegionHead - 14) / 2, 14, 14), theme.muted);
    double right = head.right() - 12;
    if (look_.worst && detail == Detail::Full) {  // from afar its colour says so, and the name needs the room
        paintIcon(painter, severityIcon(*look_.worst), {right - 16, head.center().y() - 8, 16, 16},
                  severityColour(*look_.worst, theme));
        right -= 24;
        if (look_.problems > 1) {
            paintText(painter, {right - 26, 0, 24, kRegionHead}, QString::number(look_.problems),
                      canvasFont(11, QFont::Medium), theme.muted, Qt::AlignRight | Qt::AlignVCenter);
            right -= 30;
        }
    }
    const QFont font = readableFont(painter, look_.collapsed ? 18 : 15, QFont::DemiBold);
    const double nameWidth = std::min(right - 36, QFontMetricsF(font).horizontalAdvance(look_.name) + 2);
    paintText(painter, {36, 0, nameWidth, kRegionHead}, look_.name, font, theme.text);
    if (detail != Detail::Full || look_.collapsed) return;
    const QString counts = tr("%n cluster(s)", nullptr, look_.clusters);
    paintText(painter, {36 + nameWidth + 12, 1, right - 48 - nameWidth, kRegionHead}, counts, canvasFont(12),
              theme.muted);
}

void RegionItem::paintCard(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    // Larger than other cards' text: it is looked at from afar.
    const QFont counted = readableFont(painter, 14);
    const double width = size_.width() / scale_ - 48;
    paintText(
        painter, {36, kRegionHead - 2, width, 20},
        tr("%n cluster(s)", nullptr, look_.clusters) + u" \u00b7 "_s + tr("%n dataset(s)", nullptr, look_.datasets),
        counted, theme.muted);
    const int outside = look_.links - look_.inside;
    paintText(painter, {36, kRegionHead + 18, width, 20},
              tr("%n link(s) inside", nullptr, look_.inside) + u" \u00b7 "_s + tr("%n out", nullptr, outside), counted,
              theme.muted);
    if (!look_.health) return;
    const HealthInk shown = healthInk(*look_.health, theme);
    paintIcon(painter, shown.icon, {36, kRegionHead + 43, 14, 14}, shown.ink);
    paintText(painter, {56, kRegionHead + 40, width - 20, 20}, look_.state, canvasFont(12, QFont::Medium), shown.ink);
}

void RegionItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    painter->scale(scale_, scale_);
    const Detail detail = detailOf(*painter);
    const QRectF box(QPointF(), size_ / scale_);
    QPen edge(isSelected() ? theme.accent : theme.borderStrong, isSelected() ? 2 : 1.2);
    if (look_.highlighted) edge = QPen(theme.info, 2.5, Qt::DashLine);
    edge.setCosmetic(detail == Detail::Dots);
    painter->setPen(edge);
    QColor ground = theme.infoSoft;
    ground.setAlphaF(0.4F);
    QColor card = look_.worst == Severity::Error ? theme.badSoft : theme.clusterHead;
    if (look_.health && *look_.health == LinkHealth::Bad) card = theme.badSoft;
    painter->setBrush(look_.collapsed ? card : ground);
    painter->drawRoundedRect(box, kRegionRound, kRegionRound);
    if (look_.collapsed && detail != Detail::Dots) {
        // Two edges behind it: there is more than one under this card.
        painter->setPen(QPen(theme.border, 1));
        painter->drawLine(box.bottomLeft() + QPointF(kRegionRound, 3), box.bottomRight() + QPointF(-kRegionRound, 3));
    }
    if (detail == Detail::Dots) return;  // its name stands over everything (canvaslabels)
    paintHead(*painter, detail);
    if (look_.collapsed) paintCard(*painter);
}

}  // namespace tributary::desktop
