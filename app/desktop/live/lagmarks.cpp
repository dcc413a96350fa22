// What the lag chart shows beside its curves: limits, faults, steps, and their words in lanes.
#include <algorithm>

#include "app/desktop/live/lagcanvas.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr std::size_t kMarksDrawnMax = 80;
constexpr int kLanesMax = 6;
constexpr double kLanesShareMax = 0.5;  ///< of the chart's height
constexpr int kLabelWidthMax = 150;

Qt::BrushStyle hatchOf(const QString& kind) {
    if (kind == u"cut") return Qt::BDiagPattern;
    if (kind == u"delay" || kind == u"bandwidth") return Qt::FDiagPattern;
    if (kind == u"kill" || kind == u"freeze") return Qt::DiagCrossPattern;
    return Qt::Dense7Pattern;
}

Millis endOf(const FaultInterval& fault, const LagHistory& history) {
    return fault.toMs == 0 ? std::max(history.latestMs(), fault.fromMs) : fault.toMs;
}

}  // namespace

double LagPlot::Canvas::laneHeight() const {
    return QFontMetricsF(behind_.values->font()).height() + 2;
}

void LagPlot::Canvas::placeLabels(const LagHistory& history) {
    const Millis fromMs = range().first;
    const Millis toMs = range().second;
    const QCPAxis* keys = behind_.rect->axis(QCPAxis::atBottom);
    const QFontMetricsF metrics(behind_.values->font());
    const double left = behind_.rect->left();
    const double right = behind_.rect->right();
    const auto sized = [&](Happened& each, Millis atMs) {
        each.text = metrics.elidedText(each.text, Qt::ElideRight, kLabelWidthMax);
        return LaneLabel{keys->coordToPixel(secondsOf(std::max(atMs, fromMs))) + 3,
                         metrics.horizontalAdvance(each.text) + 4};
    };
    marks_.clear();
    faults_.clear();
    // The title has the beginning of the first lane.
    std::vector<LaneLabel> steps{
        {left, QFontMetricsF(behind_.title->font()).horizontalAdvance(behind_.title->text()) + 12}};
    std::vector<LaneLabel> faults;
    for (const TimeMark& mark : history.marks()) {
        if (mark.atMs < fromMs || mark.atMs > toMs || marks_.size() == kMarksDrawnMax) continue;
        const bool bad = mark.state != u"started";
        marks_.push_back({&mark, nullptr, bad ? u"%1: %2"_s.arg(mark.id, mark.state) : mark.id, {}});
    }
    // What went wrong is said whatever else there is no room for.
    std::stable_partition(marks_.begin(), marks_.end(),
                          [](const Happened& each) { return each.mark->state != u"started"; });
    for (Happened& each : marks_) steps.push_back(sized(each, each.mark->atMs));
    for (const FaultInterval& fault : history.faults()) {
        if (endOf(fault, history) < fromMs || fault.fromMs > toMs) continue;
        faults_.push_back({nullptr, &fault, fault.text.simplified(), {}});
        faults.push_back(sized(faults_.back(), fault.fromMs));
    }
    const int room = std::clamp(static_cast<int>(behind_.rect->height() * kLanesShareMax / laneHeight()), 1, kLanesMax);
    const int kept = faults.empty() ? 0 : room > 3 ? 2 : room > 1 ? 1 : 0;  // for faults, however many steps there are
    const std::vector<LanePlace> above = placeInLanes(steps, room - kept, left, right);
    faultLane_ = std::max(1, lanesUsed(above));
    const std::vector<LanePlace> below = placeInLanes(faults, room - faultLane_, left, right);
    for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i].place = above[i + 1];
    for (std::size_t i = 0; i < faults_.size(); ++i) faults_[i].place = below[i];
    behind_.lanes = faultLane_ + lanesUsed(below);
}

void LagPlot::Canvas::drawLabel(const QString& text, const LanePlace& place, int laneBase, const QColor& colour) {
    if (place.lane < 0) return;
    auto* label = new QCPItemText(plot_);
    label->setClipAxisRect(behind_.rect);
    label->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    label->position->setAxisRect(behind_.rect);
    label->position->setCoords((place.x - behind_.rect->left()) / std::max(1, behind_.rect->width()),
                               (laneBase + place.lane) * laneHeight() / std::max(1, behind_.rect->height()));
    label->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setPadding(QMargins(2, 1, 2, 0));
    QColor veil = owner_.palette().color(QPalette::Base);
    veil.setAlphaF(0.85F);
    label->setBrush(veil);
    label->setPen(Qt::NoPen);
    label->setFont(behind_.values->font());
    label->setColor(colour);
    label->setText(text);
    passing_.push_back(label);
}

/// A wash from each limit up to the next, with a line and words at it: never by colour alone. A limit that lies above
/// the picture does not make the curves smaller.
void LagPlot::Canvas::drawThresholds(LagPane& pane, const LagThresholds& thresholds) {
    const LagLimits& limits = thresholds.of(pane.figure);
    QCPAxis* keys = pane.rect->axis(QCPAxis::atBottom);
    QCPAxis* values = pane.rect->axis(QCPAxis::atLeft);
    const auto draw = [&](std::int64_t limit, std::int64_t next, const QString& word, double shade,
                          Qt::PenStyle style) {
        const double from = scale_.place(static_cast<double>(limit));
        if (limit <= 0 || from >= values->range().upper) return;
        const double top = values->range().upper;
        const double to = next > limit ? std::min(top, scale_.place(static_cast<double>(next))) : top;
        const auto anchor = [&](QCPItemPosition* corner, double x, double y) {
            corner->setTypeX(QCPItemPosition::ptAxisRectRatio);
            corner->setTypeY(QCPItemPosition::ptPlotCoords);
            corner->setAxes(keys, values);
            corner->setAxisRect(pane.rect);
            corner->setCoords(x, y);
        };
        QColor colour = alertColour(owner_.palette());
        auto* band = new QCPItemRect(plot_);
        band->setClipAxisRect(pane.rect);
        anchor(band->topLeft, 0, to);
        anchor(band->bottomRight, 1, from);
        QColor wash = colour;
        wash.setAlphaF(static_cast<float>(shade));
        band->setPen(Qt::NoPen);
        band->setBrush(wash);
        band->setLayer(u"grid"_s);
        auto* line = new QCPItemLine(plot_);
        line->setClipAxisRect(pane.rect);
        anchor(line->start, 0, from);
        anchor(line->end, 1, from);
        line->setPen(QPen(colour, 1, style));
        line->setLayer(u"grid"_s);
        auto* label = new QCPItemText(plot_);
        label->setClipAxisRect(pane.rect);
        anchor(label->position, 0.995, from);
        label->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
        label->setFont(pane.values->font());
        label->setColor(colour);
        label->setPadding(QMargins(3, 0, 3, 1));
        label->setText(u"%1 %2"_s.arg(word, tickText(pane.figure, static_cast<double>(limit))));
        passing_.insert(passing_.end(), {band, line, label});
    };
    draw(limits.warning, limits.critical, LagPlot::tr("warning"), 0.06, Qt::DashLine);
    draw(limits.critical, 0, LagPlot::tr("critical"), 0.13, Qt::SolidLine);
}

void LagPlot::Canvas::drawFaults() {
    for (const Happened& each : faults_) {
        const FaultInterval& fault = *each.fault;
        const Millis endMs = endOf(fault, *history_);
        for (LagPane* pane : {&behind_, &backlog_}) {
            auto* band = new QCPItemRect(plot_);
            band->setClipAxisRect(pane->rect);
            for (QCPItemPosition* corner : {band->topLeft, band->bottomRight}) {
                corner->setTypeX(QCPItemPosition::ptPlotCoords);
                corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
                corner->setAxes(pane->rect->axis(QCPAxis::atBottom), pane->rect->axis(QCPAxis::atLeft));
                corner->setAxisRect(pane->rect);
            }
            band->topLeft->setCoords(secondsOf(fault.fromMs), 0);
            band->bottomRight->setCoords(secondsOf(endMs), 1);
            QColor shade = alertColour(owner_.palette());
            shade.setAlphaF(0.28);
            band->setPen(QPen(shade, 1));
            band->setBrush(QBrush(shade, hatchOf(fault.kind)));
            band->setLayer(u"grid"_s);
            passing_.push_back(band);
        }
        drawLabel(each.text, each.place, faultLane_, alertColour(owner_.palette()));
    }
}

void LagPlot::Canvas::drawMarks() {
    QColor colour = owner_.palette().color(QPalette::Text);
    colour.setAlphaF(0.5);
    for (const Happened& each : marks_) {
        const TimeMark* it = each.mark;
        const bool bad = it->state != u"started";
        const QColor shown = bad ? alertColour(owner_.palette()) : colour;
        for (LagPane* pane : {&behind_, &backlog_}) {
            auto* line = new QCPItemStraightLine(plot_);
            line->setClipAxisRect(pane->rect);
            for (QCPItemPosition* point : {line->point1, line->point2}) {
                point->setAxes(pane->rect->axis(QCPAxis::atBottom), pane->rect->axis(QCPAxis::atLeft));
                point->setAxisRect(pane->rect);
            }
            line->point1->setCoords(secondsOf(it->atMs), 0);
            line->point2->setCoords(secondsOf(it->atMs), 1);
            line->setPen(QPen(shown, 1, bad ? Qt::SolidLine : Qt::DashLine));
            line->setLayer(u"grid"_s);
            passing_.push_back(line);
        }
        drawLabel(each.text, each.place, 0, bad ? shown : owner_.palette().color(QPalette::Text));
    }
}

}  // namespace tributary::desktop
