// Drawing lag with QCustomPlot.
#include "app/desktop/live/lagcanvas.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/desktop/live/lagstrokes.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr int kMarkReach = 5;
constexpr int kTimeLabelWidth = 90;
constexpr double kHeadroom = 1.15;
constexpr double kFaded = 0.35;
/// Points of all curves of a chart that are still drawn smooth and with their wash.
constexpr std::size_t kPrettyPointsMax = 10'000;
constexpr std::size_t kBoxesMax = 5'000;  ///< above that: each some pixels wide, so that 20 links take 10 ms

/// Shows ticks that were worked out elsewhere.
class FixedTicker final : public QCPAxisTicker {
public:
    void set(QVector<double> places, QVector<QString> labels) {
        places_ = std::move(places);
        labels_ = std::move(labels);
    }

protected:
    QVector<double> createTickVector(double, const QCPRange&) override { return places_; }
    QVector<double> createSubTickVector(int, const QVector<double>&) override { return {}; }
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int) override {
        return ticks.size() == labels_.size() ? labels_ : QVector<QString>(ticks.size());
    }
    // The caller never hands in ticks outside its range, so trimming would only unpair them from their labels.
    double getTickStep(const QCPRange&) override { return 1; }

private:
    QVector<double> places_;
    QVector<QString> labels_;
};

bool areMembers(const LagHistory& history, const std::vector<LagCurve>& curves) {
    return !curves.empty() && std::all_of(curves.begin(), curves.end(), [&](const LagCurve& curve) {
        const LinkTrack* track = history.link(curve.id);
        return track != nullptr && track->last.ofMembers;
    });
}

QString paneTitle(LagFigure figure, bool ofMembers) {
    if (ofMembers && figure == LagFigure::Lag) return LagPlot::tr("Time behind; dotted: idle");
    if (ofMembers && figure == LagFigure::OperationsPending) return LagPlot::tr("Rows behind");
    switch (figure) {
        case LagFigure::Lag: return LagPlot::tr("Time behind");
        case LagFigure::TransportLag: return LagPlot::tr("Time behind: transport");
        case LagFigure::ApplyLag: return LagPlot::tr("Time behind: apply");
        case LagFigure::BytesPending: return LagPlot::tr("Bytes waiting");
        case LagFigure::OperationsPending: return LagPlot::tr("Operations waiting");
        case LagFigure::BytesPerS: return LagPlot::tr("Bytes per second");
        case LagFigure::OperationsPerS: return LagPlot::tr("Operations per second");
        case LagFigure::Idle: return LagPlot::tr("Idle: since the last row or heartbeat");
        case LagFigure::PartsBehind: return LagPlot::tr("Offsets behind, by partition");
    }
    return {};
}

}  // namespace

LagPlot::Canvas::Canvas(LagPlot& owner, std::function<void()> userMoved)
    : owner_(owner), userMoved_(std::move(userMoved)), plot_(new QCustomPlot(&owner)) {
    plot_->plotLayout()->clear();
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->setNoAntialiasingOnDrag(true);
    // In the layout before any item is made: items look for an axis rectangle when they are born.
    for (LagPane* pane : {&behind_, &backlog_}) {
        pane->rect = new QCPAxisRect(plot_);
        plot_->plotLayout()->addElement(plot_->plotLayout()->rowCount(), 0, pane->rect);
    }
    makePane(behind_);
    makePane(backlog_);
    plot_->plotLayout()->setRowSpacing(2);
    plot_->plotLayout()->setColumnSpacing(6);
    auto* margins = new QCPMarginGroup(plot_);
    behind_.rect->setMarginGroup(QCP::msLeft, margins);
    backlog_.rect->setMarginGroup(QCP::msLeft, margins);
    syncAxes();
    applyPalette();
}

void LagPlot::Canvas::makePane(LagPane& pane) {
    pane.rect->setupFullAxesBox(false);
    pane.rect->setRangeDrag(Qt::Horizontal);
    pane.rect->setRangeZoom(Qt::Horizontal);
    pane.rect->setMinimumMargins(QMargins(4, 4, 8, 2));
    for (QCPAxis* axis : pane.rect->axes()) axis->setLayer(u"axes"_s);
    QCPAxis* keys = pane.rect->axis(QCPAxis::atBottom);
    const QSharedPointer<QCPAxisTickerDateTime> time(new QCPAxisTickerDateTime);
    time->setDateTimeFormat(u"HH:mm:ss"_s);
    time->setTickCount(4);
    keys->setTicker(time);
    pane.rect->axis(QCPAxis::atLeft)->setTicker(QSharedPointer<QCPAxisTicker>(new FixedTicker));
    pane.strokes = new LagStrokes(*plot_, *pane.rect);
    pane.title = new QCPItemText(plot_);
    pane.title->setLayer(u"overlay"_s);
    pane.title->position->setType(QCPItemPosition::ptAxisRectRatio);
    pane.title->position->setAxisRect(pane.rect);
    pane.title->position->setCoords(0.008, 0.02);
    pane.title->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    pane.title->setClipAxisRect(pane.rect);
    pane.title->setPadding(QMargins(3, 1, 3, 1));
    pane.cross = new QCPItemLine(plot_);
    pane.cross->setLayer(u"overlay"_s);
    pane.cross->setVisible(false);
    pane.cross->setClipAxisRect(pane.rect);
    for (QCPItemPosition* end : {pane.cross->start, pane.cross->end}) {
        end->setTypeX(QCPItemPosition::ptPlotCoords);
        end->setTypeY(QCPItemPosition::ptAxisRectRatio);
        end->setAxes(keys, pane.rect->axis(QCPAxis::atLeft));
        end->setAxisRect(pane.rect);
    }
    pane.values = new QCPItemText(plot_);
    pane.values->setLayer(u"overlay"_s);
    pane.values->setVisible(false);
    pane.values->setTextAlignment(Qt::AlignLeft);
    pane.values->setPadding(QMargins(6, 3, 6, 3));
    pane.values->setClipAxisRect(pane.rect);
    pane.values->position->setType(QCPItemPosition::ptAxisRectRatio);
    pane.values->position->setAxisRect(pane.rect);
}

void LagPlot::Canvas::syncAxes() {
    QCPAxis* a = behind_.rect->axis(QCPAxis::atBottom);
    QCPAxis* b = backlog_.rect->axis(QCPAxis::atBottom);
    const auto follow = [this](QCPAxis* leader, QCPAxis* other) {
        QObject::connect(leader, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &owner_,
                         [this, other](const QCPRange& range) {
                             if (setting_) return;
                             setting_ = true;
                             other->setRange(range);
                             setting_ = false;
                             userMoved_();
                         });
    };
    follow(a, b);
    follow(b, a);
}

void LagPlot::Canvas::arrange() {
    const bool wide = owner_.width() > 480 && owner_.width() > owner_.height() * 2;
    if (wide == wide_) return;
    wide_ = wide;
    QCPLayoutGrid* grid = plot_->plotLayout();
    grid->take(backlog_.rect);
    grid->simplify();
    grid->addElement(wide ? 0 : 1, wide ? 1 : 0, backlog_.rect);
}

void LagPlot::Canvas::applyPalette() {
    const QPalette palette = owner_.palette();
    const QColor text = palette.color(QPalette::Text);
    QColor quiet = text;
    quiet.setAlphaF(0.55);
    QColor grid = text;
    grid.setAlphaF(0.12);
    QColor veil = palette.color(QPalette::Base);
    plot_->setBackground(palette.brush(QPalette::Base));
    QFont small = owner_.font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    for (LagPane* pane : {&behind_, &backlog_}) {
        for (QCPAxis* axis : pane->rect->axes()) {
            axis->setBasePen(quiet);
            axis->setTickPen(quiet);
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelColor(text);
            axis->setTickLabelFont(small);
            axis->grid()->setPen(QPen(grid, 1));
            axis->grid()->setZeroLinePen(QPen(quiet, 1));
        }
        for (QCPAxis::AxisType side : {QCPAxis::atTop, QCPAxis::atRight}) pane->rect->axis(side)->setVisible(false);
        pane->rect->axis(QCPAxis::atBottom)->grid()->setZeroLinePen(Qt::NoPen);
        QFont bold = small;
        bold.setBold(true);
        pane->title->setFont(bold);
        pane->title->setColor(text);
        veil.setAlphaF(0.75);
        pane->title->setBrush(veil);
        pane->title->setPen(Qt::NoPen);
        pane->cross->setPen(QPen(quiet, 1, Qt::DotLine));
        pane->values->setFont(small);
        pane->values->setColor(palette.color(QPalette::ToolTipText));
        pane->values->setBrush(palette.color(QPalette::ToolTipBase));
        pane->values->setPen(QPen(quiet, 1));
    }
}

void LagPlot::Canvas::setRange(Millis fromMs, Millis toMs) {
    setting_ = true;
    for (LagPane* pane : {&behind_, &backlog_}) {
        pane->rect->axis(QCPAxis::atBottom)->setRange(secondsOf(fromMs), secondsOf(toMs));
    }
    setting_ = false;
}

std::pair<Millis, Millis> LagPlot::Canvas::range() const {
    const QCPRange range = behind_.rect->axis(QCPAxis::atBottom)->range();
    return {millisOf(range.lower), millisOf(range.upper)};
}

int LagPlot::Canvas::columns() const {
    return std::clamp(behind_.rect->width(), 50, 4'000);
}

void LagPlot::Canvas::draw(const LagHistory& history, const LagView& view, const std::vector<LagCurve>& curves) {
    history_ = &history;
    curves_ = curves;
    scale_.symLog = view.symLog;
    behind_.figure = view.behind;
    backlog_.figure = view.backlog;
    plot_->clearGraphs();
    for (QCPAbstractItem* item : passing_) plot_->removeItem(item);
    passing_.clear();
    placeLabels(history);
    drawPane(behind_, history, curves);
    drawPane(backlog_, history, curves);
    drawThresholds(behind_, view.thresholds);
    drawThresholds(backlog_, view.thresholds);
    drawFaults();
    drawMarks();
    drawCross();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LagPlot::Canvas::drawPane(LagPane& pane, const LagHistory& history, const std::vector<LagCurve>& curves) {
    pane.highest = scale_.place(countsOperations(pane.figure) ? 10 : 1000);
    pane.lowest = 0;
    pane.title->setText(paneTitle(pane.figure, areMembers(history, curves)));
    pane.strokes->clear();
    for (const LagCurve& curve : curves) {
        drawCurve(pane, history, curve);
        if (pane.figure == LagFigure::Lag) drawIdle(pane, history, curve);
    }
    const double span = pane.highest - pane.lowest;
    // Curves stay below the lanes of labels.
    const double lanes = std::min(0.6, laneHeight() * pane.lanes / std::max(1, pane.rect->height()));
    const double top = std::max(span * kHeadroom, span * 1.04 / (1 - lanes));
    pane.rect->axis(QCPAxis::atLeft)
        ->setRange(pane.lowest < 0 ? pane.lowest - span * 0.05 : -span * 0.03, pane.lowest + top);
    // Times stand apart in a narrow dock too.
    pane.rect->axis(QCPAxis::atBottom)->ticker()->setTickCount(std::clamp(pane.rect->width() / kTimeLabelWidth, 1, 8));
    setTicks(pane);
}

void LagPlot::Canvas::drawCurve(LagPane& pane, const LagHistory& history, const LagCurve& curve) {
    const LinkTrack* track = history.link(curve.id);
    if (track == nullptr) return;
    const auto [fromMs, toMs] = range();
    const auto width = static_cast<std::size_t>(this->columns());
    const bool many = curves_.size() * width > kPrettyPointsMax;
    const std::size_t coarse = std::clamp(kBoxesMax / std::max<std::size_t>(1, curves_.size()), width / 4, width / 2);
    const auto columns = columnsOf(*track, pane.figure, fromMs, toMs, many ? coarse : width);
    QVector<double> keys;
    QVector<double> low;
    QVector<double> high;
    keys.reserve(static_cast<qsizetype>(columns.size()));
    for (const LagColumn& column : columns) {
        keys.push_back(secondsOf((column.fromMs + column.toMs) / 2));
        if (!column.max || column.fromMs > history.latestMs()) {
            low.push_back(std::numeric_limits<double>::quiet_NaN());  // unknown is a gap, never 0
            high.push_back(std::numeric_limits<double>::quiet_NaN());
            continue;
        }
        low.push_back(scale_.place(static_cast<double>(*column.min)));
        high.push_back(scale_.place(static_cast<double>(*column.max)));
        pane.highest = std::max(pane.highest, high.back());
        pane.lowest = std::min(pane.lowest, low.back());
    }
    QPen pen = linkPen(curve.pen, owner_.palette());
    QColor colour = pen.color();
    if (curve.stale) colour.setAlphaF(kFaded);
    pen.setColor(colour);
    if (many) {
        pane.strokes->add({pen, std::move(keys), std::move(low), std::move(high)});
    } else {
        addBand(pane, pen, keys, low, high);
    }
    if (const auto drain = drainForecast(*track, pane.figure, history.latestMs())) drawForecast(pane, pen, *drain);
}

void LagPlot::Canvas::drawIdle(LagPane& pane, const LagHistory& history, const LagCurve& curve) {
    const LinkTrack* track = history.link(curve.id);
    if (track == nullptr || !track->last.ofMembers) return;
    const auto [fromMs, toMs] = range();
    QVector<double> keys;
    QVector<double> values;
    for (const LagColumn& column :
         columnsOf(*track, LagFigure::Idle, fromMs, toMs, static_cast<std::size_t>(columns() / 2))) {
        keys.push_back(secondsOf((column.fromMs + column.toMs) / 2));
        const bool known = column.max && column.fromMs <= history.latestMs();
        values.push_back(known ? scale_.place(static_cast<double>(*column.max))
                               : std::numeric_limits<double>::quiet_NaN());
        if (known) pane.highest = std::max(pane.highest, values.back());
    }
    QPen pen = linkPen(curve.pen, owner_.palette());
    pen.setStyle(Qt::DotLine);
    pen.setWidthF(1);
    QCPGraph* line = plot_->addGraph(pane.rect->axis(QCPAxis::atBottom), pane.rect->axis(QCPAxis::atLeft));
    line->setPen(pen);
    line->setData(keys, values, true);
}

void LagPlot::Canvas::drawForecast(LagPane& pane, QPen pen, const DrainForecast& drain) {
    pen.setStyle(Qt::DotLine);
    QCPGraph* line = plot_->addGraph(pane.rect->axis(QCPAxis::atBottom), pane.rect->axis(QCPAxis::atLeft));
    line->setPen(pen);
    // Straight in values, so not on a logarithmic axis: a few points between.
    constexpr int kPieces = 24;
    for (int i = 0; i <= kPieces; ++i) {
        const double part = static_cast<double>(i) / kPieces;
        const double value = static_cast<double>(drain.fromValue) * (1 - part);
        line->addData(secondsOf(drain.fromMs) + part * secondsOf(drain.forMs), scale_.place(value));
    }
}

void LagPlot::Canvas::addBand(LagPane& pane, const QPen& pen, const QVector<double>& keys, const QVector<double>& low,
                              const QVector<double>& high) {
    QCPAxis* keyAxis = pane.rect->axis(QCPAxis::atBottom);
    QCPAxis* valueAxis = pane.rect->axis(QCPAxis::atLeft);
    QCPGraph* floor = plot_->addGraph(keyAxis, valueAxis);
    floor->setPen(Qt::NoPen);
    floor->setData(keys, low, true);
    QCPGraph* line = plot_->addGraph(keyAxis, valueAxis);
    line->setPen(pen);
    QColor band = pen.color();
    band.setAlphaF(0.18);
    line->setBrush(band);
    line->setChannelFillGraph(floor);
    line->setData(keys, high, true);
}

void LagPlot::Canvas::setTicks(LagPane& pane) {
    QCPAxis* axis = pane.rect->axis(QCPAxis::atLeft);
    const int most = std::clamp(pane.rect->height() / 36, 2, 8);
    QVector<double> places;
    QVector<QString> labels;
    for (const double value : scale_.ticks(axis->range().lower, axis->range().upper, most, pane.figure)) {
        places.push_back(scale_.place(value));
        labels.push_back(tickText(pane.figure, value));
    }
    static_cast<FixedTicker*>(axis->ticker().data())->set(places, labels);
}

void LagPlot::Canvas::setCross(Millis atMs) {
    crossMs_ = atMs;
    drawCross();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void LagPlot::Canvas::drawCross() {
    const auto [fromMs, toMs] = range();
    const bool shown = crossMs_ >= fromMs && crossMs_ <= toMs && history_ != nullptr;
    for (LagPane* pane : {&behind_, &backlog_}) {
        pane->cross->setVisible(shown);
        pane->values->setVisible(shown);
        if (!shown) continue;
        pane->cross->start->setCoords(secondsOf(crossMs_), 0);
        pane->cross->end->setCoords(secondsOf(crossMs_), 1);
        QStringList lines{QDateTime::fromMSecsSinceEpoch(crossMs_).toString(u"HH:mm:ss"_s)};
        const Millis width = std::max<Millis>(1, (toMs - fromMs) / columns());
        for (const LagCurve& curve : curves_) {
            const LinkTrack* track = history_->link(curve.id);
            if (track == nullptr || lines.size() > 8) continue;
            const bool isOther = !track->part.empty() && pane->figure != LagFigure::PartsBehind;
            if (isOther) continue;  // nobody measures that of a part
            const auto there = columnsOf(*track, pane->figure, crossMs_, crossMs_ + width, 1);
            const auto value = there.empty() || crossMs_ > history_->latestMs() ? std::nullopt : there.front().max;
            const QString text = value ? toQt(figureText(pane->figure, value)) : LagPlot::tr("unknown");
            const QString name = track->part.empty() ? linkTitle(track->from, track->to) : toQt(track->part);
            lines << u"%1: %2"_s.arg(name, text);
        }
        const bool leftHalf = crossMs_ < (fromMs + toMs) / 2;
        const double ratio = static_cast<double>(crossMs_ - fromMs) / static_cast<double>(toMs - fromMs);
        pane->values->setPositionAlignment((leftHalf ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignTop);
        pane->values->position->setCoords(ratio + (leftHalf ? 0.01 : -0.01), 0.1);
        // On its side of the crosshair it must fit: the ends of its lines are what tells them apart.
        const auto room = static_cast<int>(pane->rect->width() * std::max(ratio, 1 - ratio)) - 24;
        const QFontMetrics metrics(pane->values->font());
        for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideMiddle, std::max(60, room));
        pane->values->setText(lines.join(u'\n'));
    }
}

Millis LagPlot::Canvas::timeAt(const QPoint& pos) const {
    const LagPane& pane = wide_ && pos.x() > backlog_.rect->left() ? backlog_ : behind_;
    return millisOf(pane.rect->axis(QCPAxis::atBottom)->pixelToCoord(pos.x()));
}

const TimeMark* LagPlot::Canvas::markAt(const QPoint& pos, const std::vector<TimeMark>& marks) const {
    const LagPane& pane = wide_ && pos.x() > backlog_.rect->left() ? backlog_ : behind_;
    const QCPAxis* axis = pane.rect->axis(QCPAxis::atBottom);
    const TimeMark* nearest = nullptr;
    double best = kMarkReach;
    for (const TimeMark& mark : marks) {
        const double away = std::abs(axis->coordToPixel(secondsOf(mark.atMs)) - pos.x());
        if (away > best) continue;
        best = away;
        nearest = &mark;
    }
    return nearest;
}

}  // namespace tributary::desktop
