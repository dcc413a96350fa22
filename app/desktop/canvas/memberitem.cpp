// Painting a member.
#include "app/desktop/canvas/memberitem.h"

#include <QPainter>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kRounding = 7;
constexpr double kDot = 5;

QColor inkOf(LinkHealth health, const Theme& theme) {
    switch (health) {
        case LinkHealth::Good: return theme.good;
        case LinkHealth::Held: return theme.warn;
        case LinkHealth::Bad: return theme.bad;
        case LinkHealth::Unknown: break;
    }
    return theme.muted;
}

}  // namespace

MemberItem::MemberItem(const ThemeHolder& themes, ItemRef ref, QGraphicsItem& cluster)
    : QGraphicsItem(&cluster), themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsSelectable);
}

QRectF MemberItem::cardRect() const {
    return {0, 0, metrics::kCardWidth, metrics::kCardHeight};
}

QRectF MemberItem::boundingRect() const {
    return cardRect().adjusted(-4, -4, 4, 4);
}

void MemberItem::setLook(const MemberCard& look) {
    if (look == look_) return;
    look_ = look;
    QString tip = QString::fromStdString(ref_.a + "/" + ref_.b);
    for (const QString& line : {look.detail, look.state, look.reason}) {
        if (!line.isEmpty()) tip += u'\n' + line;
    }
    setToolTip(tip);
    update();
}

void MemberItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) {
    const Theme& theme = themes_.theme();
    const QRectF card = cardRect();
    const Detail detail = detailOf(*painter);
    const QColor ink = look_.health ? inkOf(*look_.health, theme) : theme.link;
    if (detail == Detail::Dots) {
        painter->fillRect(card, isSelected() ? theme.accent : ink);
        return;
    }
    QPen edge(theme.borderStrong, 1);
    if (look_.health && *look_.health != LinkHealth::Good) edge = QPen(ink, 1.4);
    if (look_.highlighted) edge = QPen(theme.info, 2.5, Qt::DashLine);
    if (isSelected()) edge = QPen(theme.accent, 2);
    painter->setPen(edge);
    painter->setBrush(isSelected() ? theme.accentSoft : theme.raised);
    painter->drawRoundedRect(card, kRounding, kRounding);
    paintIcon(*painter, u"instance"_s, {12, card.center().y() - 10, 20, 20}, theme.accent);
    const bool full = detail == Detail::Full;
    paintText(*painter, {42, full ? 7.0 : 0.0, card.width() - 56, full ? 20 : card.height()}, look_.name,
              canvasFont(13, QFont::DemiBold), theme.text);
    if (!full) return;
    double left = 40;
    if (look_.health) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawEllipse(QPointF(left + kDot - 1, 35), kDot - 1, kDot - 1);
        left += 2 * kDot + 3;
    }
    const QString second = look_.state.isEmpty() ? look_.detail : look_.state + u" \u00b7 "_s + look_.detail;
    const bool isBad = look_.health && *look_.health == LinkHealth::Bad;
    paintText(*painter, {left, 26, card.width() - left - 4, 17}, second, canvasFont(11),
              isBad ? theme.bad : theme.muted);
}

}  // namespace tributary::desktop
