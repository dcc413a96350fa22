// Painting bundles of links.
#include "app/desktop/canvas/bundleitem.h"

#include <QCoreApplication>
#include <QLineF>
#include <QPainter>
#include <QPainterPathStroker>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/regionitem.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kBundleZ = 14;       ///< where links are
constexpr double kReachOnScreen = 7;  ///< how near a click must come
constexpr double kWidthMax = 6;

QString trBundle(const char* text, int n = -1) {
    return QCoreApplication::translate("BundleItem", text, nullptr, n);
}

/// Where the line from the box's middle to a point leaves the box.
QPointF edgeToward(const QRectF& box, const QPointF& to) {
    const QPointF from = box.center();
    const QPointF d = to - from;
    if (d.isNull()) return from;
    const double byX = d.x() == 0 ? 2 : box.width() / 2 / std::abs(d.x());
    const double byY = d.y() == 0 ? 2 : box.height() / 2 / std::abs(d.y());
    return from + d * std::min({byX, byY, 0.5});
}

}  // namespace

BundleItem::BundleItem(const ThemeHolder& themes, ItemRef ref, const double& zoom)
    : themes_(themes), ref_(std::move(ref)), zoom_(zoom) {
    setFlags(ItemIsSelectable);
    setZValue(kBundleZ);
}

void BundleItem::setLook(const BundleLook& look) {
    if (look == look_) return;
    prepareGeometryChange();
    look_ = look;
    setToolTip(description());
    update();
}

void BundleItem::setEnds(const QRectF& a, const QRectF& b) {
    const QPointF from = edgeToward(a, b.center());
    const QPointF to = edgeToward(b, a.center());
    if (from == a_ && to == b_) return;
    prepareGeometryChange();
    a_ = from;
    b_ = to;
}

void BundleItem::setOpen(bool open) {
    if (open == open_) return;
    prepareGeometryChange();
    open_ = open;
    update();
}

double BundleItem::length() const {
    return QLineF(a_, b_).length();
}

double BundleItem::widthOnScreen() const {
    return std::min(kWidthMax, 1.4 + std::log2(std::max(1, look_.links())) * 0.9);
}

QRectF BundleItem::boundingRect() const {
    const double reach = 2 * kReachOnScreen / zoom_;  // the zoom may change a little before rescale() is called
    return QRectF(a_, b_).normalized().adjusted(-reach, -reach, reach, reach);
}

QPainterPath BundleItem::shape() const {
    if (open_) return {};
    QPainterPath line(a_);
    line.lineTo(b_);
    QPainterPathStroker stroker;
    stroker.setWidth(2 * kReachOnScreen / zoom_);
    return stroker.createStroke(line);
}

QColor BundleItem::colour() const {
    const Theme& theme = themes_.theme();
    if (isSelected()) return theme.accent;
    if (look_.broken > 0) return theme.bad;
    if (look_.health && *look_.health != LinkHealth::Unknown) return healthInk(*look_.health, theme).ink;
    return theme.link;
}

QString BundleItem::count() const {
    const bool isUnwell = look_.health && (*look_.health == LinkHealth::Bad || *look_.health == LinkHealth::Held);
    const int wrong = look_.broken > 0 ? look_.broken : isUnwell ? look_.unwell : 0;
    const QString all = QString::number(look_.links());
    return wrong == 0 || wrong == look_.links() ? all : trBundle("%1 of %2").arg(wrong).arg(all);
}

QString BundleItem::description() const {
    const QString a = QString::fromStdString(refOfEnd(ref_.a).a);
    const QString b = QString::fromStdString(refOfEnd(ref_.b).a);
    QString out = trBundle("%n link(s)", look_.links()) + u'\n';
    out += trBundle("%1 \u2192 %2: %3").arg(a, b).arg(look_.there) + u'\n';
    out += trBundle("%1 \u2192 %2: %3").arg(b, a).arg(look_.back);
    if (look_.broken > 0) out += u'\n' + trBundle("%n of them lack(s) one of two records", look_.broken);
    if (look_.health) {
        switch (*look_.health) {
            case LinkHealth::Good: out += u'\n' + trBundle("observed: all do what they are meant to"); break;
            case LinkHealth::Held: out += u'\n' + trBundle("observed: %n held", look_.unwell); break;
            case LinkHealth::Bad: out += u'\n' + trBundle("observed: %n failing", look_.unwell); break;
            case LinkHealth::Unknown: out += u'\n' + trBundle("observed: %n unknown", look_.unwell); break;
        }
    }
    return out + u'\n' + trBundle("A click shows them one by one; Enter goes there");
}

void BundleItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    if (open_) return;
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    QPen pen(colour(), widthOnScreen() / std::max(zoom, 0.01), Qt::SolidLine, Qt::FlatCap);
    if (look_.broken == look_.links() && look_.broken > 0) pen.setDashPattern({3, 3});
    if (look_.highlighted) {
        QColor halo = themes_.theme().info;
        halo.setAlphaF(0.3F);
        painter->setPen(QPen(halo, (widthOnScreen() + 6) / std::max(zoom, 0.01)));
        painter->drawLine(a_, b_);
    }
    painter->setPen(pen);
    painter->drawLine(a_, b_);
}

}  // namespace tributary::desktop
