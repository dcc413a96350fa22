// Joins the running workspace to the window: docks, what was observed, the lock while a run is live, jumps.
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <vector>

#include "app/desktop/canvas/observed.h"
#include "app/desktop/live/liveworkspace.h"
#include "app/desktop/shell/mainwindow.h"

namespace tributary::desktop {

class ReplayBar;

/// What the canvas shows of a look at the clusters. `lag` gives the sparklines; `highlights` are a running step's.
[[nodiscard]] ObservedState observedOf(const LiveSnapshot& snapshot, const LagHistory& lag,
                                       const std::set<std::string>& highlights);

/// What is wrong with what runs: silent clusters, links that fail or may not write, alarms, faults in force. The same
/// sentences as long as nothing changes; figures that move are the charts' matter.
[[nodiscard]] std::vector<Finding> problemsOf(const LiveSnapshot& snapshot);

/// Makes a LiveWorkspace for the open folder and lets go of it when another is opened.
class LiveBridge final : public QObject {
    Q_OBJECT
public:
    explicit LiveBridge(MainWindow& window);
    /// Stops an engine that this window runs.
    ~LiveBridge() override;

    /// nullptr while no folder is open.
    [[nodiscard]] LiveWorkspace* live() const { return live_.get(); }
    [[nodiscard]] const ObservedState& observed() const { return observed_; }
    /// Saves what is unsaved, starts the engine where it is off, and opens the plan: nothing is changed before a person
    /// has seen it.
    void makeReal() { planOnly({}); }
    /// The same for some elements, as a person names them (runbooks::parseElement); empty: for all.
    void planOnly(std::vector<std::string> elements);
    /// Opens the time line of the last run under the canvas: canvas, problems, inspector, steps, chart and log show
    /// the moment on it, until it is closed or another run begins. Nothing when no run is over.
    void startReplay();
    void endReplay();
    /// Lists the runs of the workspace; the chosen one is read and shown as startReplay() does.
    void askReplay();
    void replayRun(const QString& runId);
    /// Unpacks a support bundle into a folder of its own, opens that, and lists its runs.
    void openBundle(const QString& file);
    [[nodiscard]] ReplayBar* replay() const { return replay_; }

signals:
    /// The workspace came or went, its engine's state or a run changed: commands look anew.
    void changed();

private:
    void follow();
    void attach(const QString& folder);
    void detach();
    void connectLive();
    void showEngine();
    void showUnfinished();
    void refresh();
    void openPlan();
    void showMoment(Millis atMs);
    void leave(const std::function<void()>& then);
    void stopThen(const std::function<void()>& then);

    MainWindow& window_;
    std::unique_ptr<LiveWorkspace> live_;
    std::vector<QDockWidget*> docks_;
    ObservedState observed_;
    std::set<std::string> highlights_;
    bool wantsPlan_ = false;
    bool wantsRuns_ = false;                      ///< a bundle was opened: its runs are listed when it is there
    std::vector<std::string> planOnly_;           ///< what the wanted plan is limited to
    ReplayBar* replay_ = nullptr;                 ///< nullptr: what runs is on show
    std::shared_ptr<const LiveSnapshot> moment_;  ///< the look on show while replaying; may be none
    std::set<std::string> momentHighlights_;
    bool faulty_ = false;  ///< the last look found faults in force
};

}  // namespace tributary::desktop
