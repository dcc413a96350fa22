// The QCustomPlot side of the lag plot. Included by its own sources only: the plotting header is heavy.
#pragma once

#include <qcustomplot.h>

#include <cmath>
#include <functional>

#include "app/desktop/live/laglanes.h"
#include "app/desktop/live/lagplot.h"
#include "app/desktop/live/lagscale.h"

namespace tributary::desktop {

class LagStrokes;

/// The chart's axes count seconds.
inline double secondsOf(Millis ms) {
    return static_cast<double>(ms) / 1000.0;
}
inline Millis millisOf(double seconds) {
    return static_cast<Millis>(std::llround(seconds * 1000.0));
}

/// One of the two stacked charts.
struct LagPane {
    QCPAxisRect* rect = nullptr;  // owned by the plot's layout
    QCPLayer* layer = nullptr;
    LagFigure figure = LagFigure::Lag;
    LagStrokes* strokes = nullptr;  // owned by the plot
    QCPItemText* title = nullptr;
    QCPItemLine* cross = nullptr;
    QCPItemText* values = nullptr;
    int lanes = 1;       // of labels at its top, the title's with them
    double highest = 0;  // place of the largest value on show
    double lowest = 0;
};

/// Owns nothing but items of the plot, which is a child of the widget.
class LagPlot::Canvas {
public:
    Canvas(LagPlot& owner, std::function<void()> userMoved);

    void draw(const LagHistory& history, const LagView& view, const std::vector<LagCurve>& curves);
    void setRange(Millis fromMs, Millis toMs);
    [[nodiscard]] std::pair<Millis, Millis> range() const;
    [[nodiscard]] int columns() const;
    void applyPalette();
    void arrange();
    /// Shows the values at a time; 0 hides them.
    void setCross(Millis atMs);
    [[nodiscard]] Millis cross() const { return crossMs_; }
    [[nodiscard]] Millis timeAt(const QPoint& pos) const;
    /// The marker near a place; nullptr when there is none.
    [[nodiscard]] const TimeMark* markAt(const QPoint& pos, const std::vector<TimeMark>& marks) const;
    [[nodiscard]] QCustomPlot& plot() { return *plot_; }
    void drawCross();

private:
    void makePane(LagPane& pane);
    void drawPane(LagPane& pane, const LagHistory& history, const std::vector<LagCurve>& curves);
    void drawCurve(LagPane& pane, const LagHistory& history, const LagCurve& curve);
    /// Of instances, dotted beside the time behind: how long nothing has come.
    void drawIdle(LagPane& pane, const LagHistory& history, const LagCurve& curve);
    /// The line of the highest values over a wash down to the lowest ones.
    void addBand(LagPane& pane, const QPen& pen, const QVector<double>& keys, const QVector<double>& low,
                 const QVector<double>& high);
    /// The dotted line from what waits now to nothing.
    void drawForecast(LagPane& pane, QPen pen, const DrainForecast& drain);
    void drawThresholds(LagPane& pane, const LagThresholds& thresholds);
    /// Finds lanes for the labels of what happened in the time on show: faults under steps.
    void placeLabels(const LagHistory& history);
    void drawFaults();
    void drawMarks();
    void drawLabel(const QString& text, const LanePlace& place, int laneBase, const QColor& colour);
    [[nodiscard]] double laneHeight() const;
    void setTicks(LagPane& pane);
    void syncAxes();

    LagPlot& owner_;
    std::function<void()> userMoved_;
    QCustomPlot* plot_;  // child of owner_
    LagPane behind_;
    LagPane backlog_;
    LagScale scale_;
    const LagHistory* history_ = nullptr;
    std::vector<LagCurve> curves_;
    struct Happened {
        const TimeMark* mark = nullptr;  // of the history; nullptr: a fault
        const FaultInterval* fault = nullptr;
        QString text;
        LanePlace place;
    };
    std::vector<Happened> marks_;
    std::vector<Happened> faults_;
    int faultLane_ = 0;                      // the first of the faults' lanes
    std::vector<QCPAbstractItem*> passing_;  // marks, faults and thresholds: made anew for each picture
    bool setting_ = false;                   // the range is being set by us
    bool wide_ = false;
    Millis crossMs_ = 0;
};

}  // namespace tributary::desktop
