// Painting the network between clusters.
#include "app/desktop/canvas/wanitem.h"

#include <QCoreApplication>
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
    setToolTip(description());
    update();
}

void WanItem::setFaults(const ObservedFaults& faults) {
    if (faults == faults_) return;
    prepareGeometryChange();
    faults_ = faults;
    setToolTip(description());
    update();
}

QString WanItem::description() const {
    QString out = QString::fromStdString(longName(ref_)) + u'\n' + text_;
    for (const std::string& each : faults_.phrases) {
        out += u'\n' + QCoreApplication::translate("WanItem", "fault in force: %1").arg(QString::fromStdString(each));
    }
    return out;
}

Pill WanItem::pill() const {
    const Theme& theme = themes_.theme();
    Pill out{u"wan"_s, text_, theme.muted, theme.canvas, theme.border};
    if (!faults_.phrases.empty()) {
        out.icon = faults_.cut ? u"error"_s : u"warning"_s;
        out.ink = faults_.cut ? theme.bad : theme.warn;
        out.fill = faults_.cut ? theme.badSoft : theme.warnSoft;
        out.border = out.ink;
        const QString what = faults_.phrases.size() == 1
                                 ? QString::fromStdString(faults_.word)
                                 : QCoreApplication::translate("WanItem", "%1 faults").arg(faults_.phrases.size());
        out.text = text_.isEmpty() ? what : text_ + u" \u00b7 "_s + what;
    }
    if (isSelected()) out.ink = out.border = theme.accent;
    return out;
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
    const double half = pillSize(pill()).width() / 2 + 4;
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
    if ((detail != Detail::Full && faults_.phrases.empty()) || (text_.isEmpty() && faults_.phrases.empty())) return;
    paintPill(*painter, centre(), pill());
}

}  // namespace tributary::desktop
