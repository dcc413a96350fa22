// Painting the legend.
#include "app/desktop/canvas/canvaslegend.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kRowHeight = 22;
constexpr double kSign = 54;
constexpr double kInset = 12;
constexpr double kTitle = 26;

struct LegendRow {
    QString words;
    std::function<void(QPainter&, const QRectF&, const Theme&)> sign;
};

std::function<void(QPainter&, const QRectF&, const Theme&)> line(QColor Theme::*colour,
                                                                 Qt::PenStyle style = Qt::SolidLine,
                                                                 double width = 1.8) {
    return [=](QPainter& painter, const QRectF& box, const Theme& theme) {
        painter.setPen(QPen(theme.*colour, width, style));
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right() - 4, box.center().y()));
    };
}

std::function<void(QPainter&, const QRectF&, const Theme&)> icon(const QString& name, QColor Theme::*colour) {
    return [=](QPainter& painter, const QRectF& box, const Theme& theme) {
        paintIcon(painter, name, {box.center().x() - 8, box.center().y() - 8, 16, 16}, theme.*colour);
    };
}

void wholeLink(QPainter& painter, const QRectF& box, const Theme& theme) {
    line (&Theme::link)(painter, box, theme);
    painter.setBrush(theme.link);
    painter.drawEllipse(QPointF(box.left(), box.center().y()), 3, 3);
    const QPointF tip(box.right() - 2, box.center().y());
    painter.drawPolygon(QPolygonF({tip, tip + QPointF(-8, -4), tip + QPointF(-8, 4)}));
    painter.setBrush(Qt::NoBrush);
}

void brokenLink(QPainter& painter, const QRectF& box, const Theme& theme) {
    painter.setPen(QPen(theme.bad, 1.8));
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.center().x() - 4, box.center().y()));
    painter.setPen(QPen(theme.bad, 1.4, Qt::DashLine));
    painter.drawLine(QPointF(box.center().x() + 4, box.center().y()), QPointF(box.right() - 4, box.center().y()));
}

void bundle(QPainter& painter, const QRectF& box, const Theme& theme) {
    line(&Theme::link, Qt::SolidLine, 4)(painter, box, theme);
    painter.setPen(QPen(theme.link, 1));
    painter.setBrush(theme.raised);
    const QRectF pill(box.center().x() - 13, box.center().y() - 8, 24, 16);
    painter.drawRoundedRect(pill, 8, 8);
    painter.setBrush(Qt::NoBrush);
    paintText(painter, pill, u"12"_s, canvasFont(10), theme.link, Qt::AlignCenter);
}

std::vector<LegendRow> legendRows() {
    return {{CanvasLegend::tr("whole link: record at the source, record at the replica"), wholeLink},
            {CanvasLegend::tr("one record is missing: nothing flows"), brokenLink},
            {CanvasLegend::tr("links between two clusters or regions, and how many"), bundle},
            {CanvasLegend::tr("does what it is meant to; the wider, the more passes"), line(&Theme::good)},
            {CanvasLegend::tr("held: paused, copying, connecting"), line(&Theme::warn)},
            {CanvasLegend::tr("failing, or a fault on the way"), line(&Theme::bad)},
            {CanvasLegend::tr("the network between two clusters"), line(&Theme::grid, Qt::SolidLine, 7)},
            {CanvasLegend::tr("dashed card: to be made"), line(&Theme::borderStrong, Qt::DashLine, 1)},
            {CanvasLegend::tr("runs, and is not drawn"), icon(u"ghost"_s, &Theme::muted)},
            {CanvasLegend::tr("could not be observed"), icon(u"unknown"_s, &Theme::muted)}};
}

}  // namespace

CanvasLegend::CanvasLegend(const ThemeHolder& themes, QWidget* parent) : QWidget(parent), themes_(themes) {
    setObjectName(u"canvasLegend"_s);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    QStringList words;
    for (const LegendRow& each : legendRows()) words << each.words;
    setAccessibleName(tr("Legend"));
    setAccessibleDescription(words.join(u"; "_s));
    resize(sizeHint());
}

QSize CanvasLegend::sizeHint() const {
    double width = 0;
    const QFontMetricsF metrics(canvasFont(11));
    const std::vector<LegendRow> rows = legendRows();
    for (const LegendRow& each : rows) width = std::max(width, metrics.horizontalAdvance(each.words));
    return QSizeF(width + kSign + 2 * kInset + 8, static_cast<double>(rows.size()) * kRowHeight + kTitle + kInset)
        .toSize();
}

void CanvasLegend::paintEvent(QPaintEvent* /*event*/) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = theme.raised;
    ground.setAlphaF(0.96F);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    painter.setBrush(Qt::NoBrush);
    paintText(painter, {kInset, 4, width() - 2 * kInset, kTitle - 4}, tr("Legend"), canvasFont(12, QFont::DemiBold),
              theme.text);
    double y = kTitle;
    for (const LegendRow& each : legendRows()) {
        each.sign(painter, {kInset, y, kSign - 8, kRowHeight}, theme);
        paintText(painter, {kInset + kSign, y, width() - kSign - 2 * kInset + 8, kRowHeight}, each.words,
                  canvasFont(11), theme.text);
        y += kRowHeight;
    }
}

}  // namespace tributary::desktop
