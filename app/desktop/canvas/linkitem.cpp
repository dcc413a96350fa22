// Painting links: whole, broken, and what was observed of them.
#include "app/desktop/canvas/linkitem.h"

#include <QCoreApplication>
#include <QLineF>
#include <QPainterPath>
#include <QPainterPathStroker>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"
#include "core/systems/naming.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kSamples = kCurvePieces;
/// Nearer to the source than the middle: the labels of both directions stand apart.
constexpr int kLabelSample = 9;
constexpr double kLinkZ = 15;  ///< over clusters' heads and cards: what passes them stays in sight
constexpr double kArrow = 9;
constexpr double kFlowApart = 56;      ///< between two dots of what flows
constexpr double kDrainFromMs = 2e3;   ///< sooner than that nobody reads it
constexpr double kBehindFromMs = 1e3;  ///< less than that is no backlog, but what is always under way

QString trLink(const char* text) {
    return QCoreApplication::translate("LinkItem", text);
}

/// "12.3 k/s"; empty when nothing passes, or nothing is known to.
QString rateText(const ObservedLink& link) {
    if (link.operationsPerS < 0.5) return {};
    return QString::fromStdString(humanCount(static_cast<std::uint64_t>(link.operationsPerS))) + u"/s"_s;
}

/// So much wider is a line by what passes: from 1 kB/s on, and by as much for each ten times more.
double widthOfVolume(const ObservedLink& link) {
    constexpr double kFromBytesPerS = 1e3;
    constexpr double kEachTenTimes = 0.8;
    constexpr double kMost = 3.2;
    if (link.stale || link.bytesPerS <= kFromBytesPerS) return 0;
    return std::min(kMost, std::log10(link.bytesPerS / kFromBytesPerS) * kEachTenTimes);
}

/// "caught up in 12 s"; empty when nothing worth a word waits, or no end is in sight.
QString drainText(const ObservedLink& link) {
    const bool isNear = link.lagMs && *link.lagMs < kBehindFromMs;
    if (link.stale || isNear || !link.drainMs || *link.drainMs < kDrainFromMs) return {};
    return trLink("caught up in %1").arg(QString::fromStdString(humanDuration(static_cast<Millis>(*link.drainMs))));
}

/// "340 kB/s · caught up in 12 s": what passes, and how long what waits will take.
QString volumeText(const ObservedLink& link) {
    QStringList parts;
    if (!link.stale && link.bytesPerS >= 1) {
        parts << QString::fromStdString(humanBytes(static_cast<std::uint64_t>(link.bytesPerS))) + u"/s"_s;
    }
    if (const QString drain = drainText(link); !drain.isEmpty()) parts << drain;
    return parts.join(u" \u00b7 "_s);
}

QString stateText(const std::string& state) {
    return state == "?" ? trLink("not answering") : QString::fromStdString(state);
}

QString rowsBehindText(double rows) {
    return rows == 1 ? trLink("1 row behind") : trLink("%1 rows behind").arg(static_cast<qint64>(rows));
}

QString shortLag(double ms) {
    return ms >= 0 && ms < 1 ? trLink("< 1 ms") : lagText(ms);
}

/// "observed: follow, lag 12 ms, idle 420 ms, 0 rows behind".
QString memberWords(const ObservedLink& seen) {
    const QString rows = seen.rowsBehind ? rowsBehindText(*seen.rowsBehind) : trLink("? rows behind");
    return trLink("observed: %1, lag %2, idle %3, %4")
        .arg(stateText(seen.state), seen.lagMs ? shortLag(*seen.lagMs) : u"?"_s, lagText(seen.idleMs), rows);
}

/// What the label of such a link says: the state, and what keeps it from being all right.
QString memberPill(const ObservedLink& seen) {
    QString text = stateText(seen.state);
    if (seen.lagMs) text += u" \u00b7 "_s + shortLag(*seen.lagMs);
    if (seen.rowsBehind && *seen.rowsBehind > 0) {
        text += u" \u00b7 "_s + rowsBehindText(*seen.rowsBehind);
    }
    return text;
}

/// How a state of health looks: a tick is for links that do all they are meant to.
struct HealthLook {
    QColor ink;
    QColor fill;
    QString icon;
};

HealthLook lookOf(LinkHealth health, const std::string& state, const Theme& theme) {
    switch (health) {
        case LinkHealth::Good: return {theme.good, theme.goodSoft, u"check"_s};
        case LinkHealth::Held: return {theme.warn, theme.warnSoft, state == "paused" ? u"pause"_s : u"warning"_s};
        case LinkHealth::Bad: return {theme.bad, theme.badSoft, u"error"_s};
        case LinkHealth::Unknown: break;
    }
    return {theme.muted, theme.raised, u"unknown"_s};
}

}  // namespace

QString lagText(const std::optional<double>& lagMs) {
    if (!lagMs) return u"?"_s;
    const double ms = *lagMs;
    if (std::abs(ms) < 1000) return u"%1 ms"_s.arg(std::lround(ms));
    if (std::abs(ms) < 120'000) return u"%1 s"_s.arg(ms / 1000, 0, 'f', 1);
    return u"%1 min"_s.arg(ms / 60'000, 0, 'f', 1);
}

bool LinkLook::differs() const {
    if (!observedKnown) return false;
    const bool observedReplica = observed && observed->replicaListed;
    const bool observedUpstream = observed && observed->upstreamListed;
    return observedReplica != replica || observedUpstream != upstream;
}

LinkItem::LinkItem(const ThemeHolder& themes, ItemRef ref)
    : themes_(themes),
      ref_(std::move(ref)),
      fromCluster_(endpointOf(ref_.a).cluster),
      toCluster_(endpointOf(ref_.b).cluster) {
    setFlags(ItemIsSelectable | ItemUsesExtendedStyleOption);  // extended: paint() is told what is exposed
    setZValue(kLinkZ);
}

void LinkItem::setLook(const LinkLook& look) {
    if (look == look_) return;
    prepareGeometryChange();
    look_ = look;
    setToolTip(description());
    update();
}

void LinkItem::setRoute(const LinkRoute& route, Labels labels) {
    if (!points_.isEmpty() && route == route_ && labels == labels_) return;
    prepareGeometryChange();
    labels_ = labels;
    route_ = route;
    points_ = curveOf(route_);
}

QPointF LinkItem::middle() const {
    return points_.isEmpty() ? QPointF() : points_[kLabelSample];
}

QRectF LinkItem::boundingRect() const {
    const QRectF line = points_.boundingRect().adjusted(-12, -12, 12, 12);
    return line.united(labelRect());
}

QRectF LinkItem::labelRect() const {
    return {middle() - QPointF(130, 70), QSizeF(260, 140)};
}

QPainterPath LinkItem::shape() const {
    QPainterPath path;
    // Its ends belong to the cards: new links are drawn from there.
    path.addPolygon(points_.mid(2, kSamples - 3));
    QPainterPathStroker stroker;
    stroker.setWidth(12);
    QPainterPath out = stroker.createStroke(path);
    if (!look_.whole()) out.addRoundedRect(QRectF(middle() - QPointF(70, 12), QSizeF(140, 24)), 12, 12);
    out.setFillRule(Qt::WindingFill);
    return out;
}

QString LinkItem::description() const {
    QString out = QString::fromStdString(ref_.a + " \u2192 " + ref_.b) + u'\n';
    if (look_.ofMembers) out += trLink("the second follows the first");
    if (look_.whole() && !look_.ofMembers)
        out += trLink("drawn whole: replica record at the source, upstream record at the replica");
    if (look_.replica && !look_.upstream)
        out += trLink("broken: the upstream half is missing, the replica would refuse");
    if (!look_.replica && look_.upstream) out += trLink("broken: the replica half is missing, nothing is sent");
    if (!look_.drawn()) {
        out += trLink("not drawn, but it runs: Adopt takes it into the drawing; Remove plans how to take it away");
    }
    if (!look_.options.isEmpty()) out += u'\n' + look_.options;
    if (look_.observed && look_.ofMembers) {
        out += u'\n' + memberWords(*look_.observed);
    } else if (look_.observed) {
        out += u'\n' +
               trLink("observed: %1, %2 behind").arg(stateText(look_.observed->state), lagText(look_.observed->lagMs));
        if (const QString drain = drainText(*look_.observed); !drain.isEmpty()) out += u"; "_s + drain;
        if (const QString rate = rateText(*look_.observed); !rate.isEmpty()) {
            out += trLink("; %1 operations, %2/s arrive")
                       .arg(rate,
                            QString::fromStdString(humanBytes(static_cast<std::uint64_t>(look_.observed->bytesPerS))));
        }
    } else if (look_.observedKnown) {
        out += u'\n' + trLink("observed: not there yet");
    }
    if (look_.observed) {
        if (!look_.observed->note.empty()) out += u'\n' + QString::fromStdString(look_.observed->note);
        if (!look_.observed->fault.empty()) {
            out += u'\n' + trLink("fault on the way: %1").arg(QString::fromStdString(look_.observed->fault));
        }
        if (!look_.observed->error.empty()) out += u'\n' + QString::fromStdString(look_.observed->error);
    }
    return out;
}

bool LinkItem::isFlowing() const {
    if (!look_.observed || !look_.whole()) return false;
    const ObservedLink& seen = *look_.observed;
    return !seen.stale && !seen.cut && seen.error.empty() && (seen.bytesPerS > 0 || seen.operationsPerS > 0);
}

/// Dots at even distances along the curve, between the record at its source and its head.
QPolygonF LinkItem::flowDots(double place) const {
    QPolygonF dots;
    if (points_.isEmpty() || place < 0) return dots;
    double next = std::fmod(place, kFlowApart);
    double passed = 0;
    for (int i = 0; i + 2 < points_.size(); ++i) {
        const QLineF piece(points_[i], points_[i + 1]);
        while (next <= passed + piece.length()) {
            if (next > kArrow) dots << piece.pointAt(piece.length() > 0 ? (next - passed) / piece.length() : 0);
            next += kFlowApart;
        }
        passed += piece.length();
    }
    return dots;
}

void LinkItem::setFlow(double place) {
    if (place < 0 && flow_ < 0) return;
    // Only where dots were and will be: a long curve's box is most of the canvas.
    const auto refresh = [this] {
        for (const QPointF& dot : flowDots(flow_)) update(QRectF(dot, QSizeF()).adjusted(-5, -5, 5, 5));
    };
    refresh();
    flow_ = place;
    refresh();
}

void LinkItem::paintFlow(QPainter& painter, const QRectF& exposed) const {
    if (flow_ < 0 || !isFlowing()) return;
    painter.setPen(QPen(lineColour(), 1.2));
    painter.setBrush(themes_.theme().canvas);
    for (const QPointF& dot : flowDots(flow_)) {
        if (exposed.adjusted(-5, -5, 5, 5).contains(dot)) painter.drawEllipse(dot, 2.6, 2.6);
    }
}

QColor LinkItem::lineColour() const {
    const Theme& theme = themes_.theme();
    if (isSelected()) return theme.accent;
    if (look_.observed && (!look_.observed->error.empty() || !look_.observed->fault.empty())) return theme.bad;
    if (look_.observed && look_.whole()) {
        // What nobody can tell looks as what is only drawn.
        const LinkHealth health = look_.observed->health();
        if (health != LinkHealth::Unknown) return lookOf(health, look_.observed->state, theme).ink;
    }
    if (!look_.drawn()) return theme.muted;
    return look_.whole() ? theme.link : theme.bad;
}

std::vector<Pill> LinkItem::pills(Detail detail) const {
    const Theme& theme = themes_.theme();
    std::vector<Pill> out;
    if (!look_.drawn()) {
        Pill pill{u"ghost"_s, trLink("not drawn"), theme.muted, theme.canvas, theme.muted};
        if (look_.observed) {
            const HealthLook shown = lookOf(look_.observed->health(), look_.observed->state, theme);
            pill.text += u" \u00b7 "_s + stateText(look_.observed->state);
            if (look_.observed->health() == LinkHealth::Bad) pill.ink = pill.border = shown.ink;
        }
        return {pill};
    }
    if (!look_.whole()) {
        out.push_back({u"link-broken"_s, look_.replica ? trLink("upstream missing") : trLink("replica missing"),
                       theme.bad, theme.badSoft, theme.bad});
    } else if (detail == Detail::Full && !look_.options.isEmpty()) {
        out.push_back({{}, look_.options, theme.muted, theme.raised, theme.border});
    }
    if (!look_.observedKnown) return out;
    if (!look_.observed) {
        if (look_.whole())
            out.push_back({u"differs"_s, trLink("drawn only"), theme.muted, theme.raised, theme.borderStrong});
        return out;
    }
    const ObservedLink& seen = *look_.observed;
    if (look_.ofMembers) {
        const HealthLook shown = lookOf(seen.health(), seen.state, theme);
        out.push_back(
            {look_.isStopped() ? u"link-broken"_s : shown.icon, memberPill(seen), shown.ink, shown.fill, shown.ink});
        if (detail == Detail::Full) out.back().curve = seen.sparkline;
        return out;
    }
    QString text = seen.fault.empty() ? stateText(seen.state) : QString::fromStdString(seen.fault);
    if (seen.state != "?") text += u" \u00b7 "_s + lagText(seen.lagMs);
    if (const QString rate = rateText(seen); detail == Detail::Full && !rate.isEmpty()) {
        // That it replicates, the rate says; there is no room for both between two clusters.
        text = (seen.state == "replicating" && seen.fault.empty() ? lagText(seen.lagMs) : text) + u" \u00b7 "_s + rate;
    }
    HealthLook shown = lookOf(seen.health(), seen.state, theme);
    const bool faulty = !seen.fault.empty() && seen.health() != LinkHealth::Held;
    if (faulty) shown = lookOf(LinkHealth::Bad, seen.state, theme);
    if (look_.differs() && seen.health() == LinkHealth::Good && !faulty) {
        shown = {theme.warn, theme.warnSoft, u"differs"_s};
    }
    out.push_back({shown.icon, text, shown.ink, shown.fill, shown.ink});
    if (detail == Detail::Full) out.back().curve = seen.sparkline;
    if (const QString volume = volumeText(seen); detail == Detail::Full && !volume.isEmpty()) {
        out.push_back({{}, volume, theme.muted, theme.raised, theme.border});
    }
    return out;
}

void LinkItem::paintArrow(QPainter& painter, const QColor& colour, bool filled) const {
    const QPointF tip = points_.back();
    const QLineF last(points_[kSamples - 2], tip);
    const QPointF along(last.dx() / last.length(), last.dy() / last.length());
    const QPointF across(-along.y(), along.x());
    const QPolygonF head({tip, tip - along * kArrow + across * (kArrow * 0.5), tip - along * (kArrow * 0.72),
                          tip - along * kArrow - across * (kArrow * 0.5)});
    painter.setPen(QPen(colour, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(filled ? QBrush(colour) : QBrush(themes_.theme().canvas));
    painter.drawPolygon(head);
}

/// A long curve crosses many screens: stroking what nobody sees of it costs more than all the rest of a frame.
void LinkItem::paintRun(QPainter& painter, QPen pen, int first, int last, const QRectF& exposed) const {
    const double reach = pen.widthF() + 2;
    const QRectF seen = exposed.adjusted(-reach, -reach, reach, reach);
    const auto isSeen = [&](int i) {
        const QPointF& a = points_[i];
        const QPointF& b = points_[i + 1];
        return std::max(a.x(), b.x()) >= seen.left() && std::min(a.x(), b.x()) <= seen.right() &&
               std::max(a.y(), b.y()) >= seen.top() && std::min(a.y(), b.y()) <= seen.bottom();
    };
    double length = 0;  // up to the run: dashes must meet those of the neighbouring exposure
    for (int i = first; i < last;) {
        if (!isSeen(i)) {
            if (pen.style() != Qt::SolidLine) length += QLineF(points_[i], points_[i + 1]).length();
            ++i;
            continue;
        }
        int end = i + 1;
        while (end < last && isSeen(end)) ++end;
        if (pen.style() != Qt::SolidLine) pen.setDashOffset(length / pen.widthF());
        painter.setPen(pen);
        painter.drawPolyline(points_.constData() + i, end - i + 1);
        for (; i < end; ++i) length += QLineF(points_[i], points_[i + 1]).length();
    }
}

void LinkItem::paintLine(QPainter& painter, const QRectF& exposed) const {
    const Theme& theme = themes_.theme();
    const QColor colour = lineColour();
    QColor faded = colour;
    faded.setAlphaF(0.55F);
    const double width = (isSelected() ? 2.8 : 1.8) + (look_.observed ? widthOfVolume(*look_.observed) : 0);
    painter.setBrush(Qt::NoBrush);
    if (look_.highlighted) {
        QColor halo = theme.info;
        halo.setAlphaF(0.3F);
        paintRun(painter, QPen(halo, 9, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin), 0, kSamples, exposed);
    }
    QPen solid(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    QPen missing(faded, width * 0.8, Qt::CustomDashLine, Qt::FlatCap, Qt::RoundJoin);
    missing.setDashPattern({3, 4});
    const bool isUnknown = look_.observed && !look_.observed->lagMs && !look_.ofMembers;
    if (look_.observed && (look_.observed->stale || isUnknown)) solid.setColor(faded);
    if (!look_.drawn()) {
        solid.setWidthF(width * 0.8);
        solid.setCapStyle(Qt::FlatCap);
        solid.setColor(isSelected() ? colour : faded);
        solid.setDashPattern({5, 4});
    }
    const int middle = kLabelSample;
    if (look_.isStopped()) {
        paintRun(painter, missing, 0, middle - 2, exposed);
        paintRun(painter, missing, middle + 2, kSamples, exposed);
    } else if (look_.whole() || !look_.drawn()) {
        paintRun(painter, solid, 0, kSamples, exposed);
    } else {
        paintRun(painter, look_.replica ? solid : missing, 0, middle - 2, exposed);
        paintRun(painter, look_.upstream ? solid : missing, middle + 2, kSamples, exposed);
    }
    if (exposed.intersects(QRectF(points_.back(), QSizeF()).adjusted(-14, -14, 14, 14))) {
        const bool isHead = (look_.upstream || !look_.drawn()) && !look_.isStopped();
        paintArrow(painter, isHead || look_.isStopped() ? colour : faded, isHead);
    }
    if (!exposed.intersects(QRectF(points_.front(), QSizeF()).adjusted(-6, -6, 6, 6))) return;
    // The dot is the record at the source.
    painter.setPen(QPen(look_.replica ? colour : faded, 1.4));
    painter.setBrush(look_.replica ? colour : theme.canvas);
    painter.drawEllipse(points_.front(), 3.2, 3.2);
}

void LinkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* /*widget*/) {
    if (points_.isEmpty()) return;
    const Detail detail = detailOf(*painter);
    if (detail == Detail::Dots) {
        // Thousands of these are in sight at once: one straight line each, broken ones dashed.
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->setPen(QPen(lineColour(), 0, look_.whole() ? Qt::SolidLine : Qt::DashLine));
        painter->drawLine(points_.front(), points_.back());
        painter->setRenderHint(QPainter::Antialiasing, true);
        return;
    }
    paintLine(*painter, option->exposedRect);
    paintFlow(*painter, option->exposedRect);
    if (!option->exposedRect.intersects(labelRect())) return;
    const std::vector<Pill> labels = pills(detail);
    constexpr double kRow = 24;
    const double others = (static_cast<double>(labels.size()) - 1) * kRow;
    const double top = middle().y() - (labels_ == Labels::OnLine ? others / 2 : labels_ == Labels::Above ? others : 0);
    double y = top;
    for (const Pill& each : labels) {
        paintPill(*painter, {middle().x(), y}, each);
        y += kRow;
    }
}

}  // namespace tributary::desktop
