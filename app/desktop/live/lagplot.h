// Two charts over one time axis: how far links are behind, and how much waits. Wraps QCustomPlot.
#pragma once

#include <QString>
#include <QWidget>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/live/laghistory.h"
#include "app/desktop/live/lagthresholds.h"

namespace tributary::desktop {

/// What is drawn.
struct LagView {
    LagFigure behind = LagFigure::Lag;
    LagFigure backlog = LagFigure::BytesPending;
    bool symLog = false;
    Millis windowMs = 300'000;  ///< of the live view
    LagThresholds thresholds;
};

/// One link to draw.
struct LagCurve {
    std::string id;
    int pen = 0;
    bool stale = false;  ///< drawn faded
};

/// Draws from the history's tiers, one column per pixel, when told to. Scrolling or zooming leaves the live view; data
/// keeps coming behind it. Left and Right move the crosshair, + and - zoom, End returns to live.
class LagPlot final : public QWidget {
    Q_OBJECT
public:
    explicit LagPlot(const LagHistory& history, QWidget* parent = nullptr);
    ~LagPlot() override;

    void setView(const LagView& view);
    [[nodiscard]] const LagView& view() const { return view_; }
    void setCurves(std::vector<LagCurve> curves);
    /// The picture ends at the newest sample and moves with it.
    void setLive(bool live);
    [[nodiscard]] bool isLive() const { return live_; }
    /// Leaves the live view and shows [fromMs, toMs) with the values of one moment in it.
    void showMoment(Millis fromMs, Millis toMs, Millis atMs);
    /// Goes back to the live view.
    void clearMoment();
    /// Draws now. `nowMs` is the right end of the live view.
    void redraw(Millis nowMs);
    /// The time on show, UTC.
    [[nodiscard]] std::pair<Millis, Millis> range() const;
    /// Errors: Io.
    Status savePng(const QString& file);
    Status savePdf(const QString& file);
    Status saveSvg(const QString& file);

signals:
    void liveChanged(bool live);
    /// A step marker was clicked.
    void markClicked(const QString& stepId, qint64 atMs);
    /// Somebody zoomed or scrolled: the columns do not fit the time on show any more.
    void redrawWanted();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Canvas;  // all that touches QCustomPlot
    void userMoved();
    /// So much of the time to come is on show: until the backlogs on show are empty, a third of what was at most.
    [[nodiscard]] Millis forecastMs(Millis spanMs) const;

    const LagHistory& history_;
    LagView view_;
    std::vector<LagCurve> curves_;
    bool live_ = true;
    Millis nowMs_ = 0;
    std::unique_ptr<Canvas> canvas_;
};

/// The samples of `ids` over [fromMs, toMs) as CSV: UTC time, link, and each figure with its unit in the header.
/// Unknown values are empty fields.
[[nodiscard]] std::string lagCsv(const LagHistory& history, const std::vector<std::string>& ids, Millis fromMs,
                                 Millis toMs);

}  // namespace tributary::desktop
