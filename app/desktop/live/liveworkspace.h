// A workspace's engine, its observed state and its runs, as the window sees them. All engine work is done elsewhere.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>

#include "app/desktop/live/eventlog.h"
#include "app/desktop/live/faultorders.h"
#include "app/desktop/live/laghistory.h"
#include "app/desktop/live/livevalues.h"
#include "app/desktop/live/runcontrol.h"
#include "app/desktop/live/worklane.h"

namespace tributary::desktop {

class EngineService;
class PlanControl;
struct EngineStarted;
class StatusPoller;

struct LiveOptions {
    QString user;              ///< who acts; empty = the operating system's
    Millis pollEveryMs = 300;  ///< between two looks at the clusters
};

/// The GUI-thread facade of one workspace folder. Nothing here blocks; destruction waits for calls under way and stops
/// an engine that this process runs (call stopEngine() and wait for Off before, to keep the window alive meanwhile).
///
/// A daemon that already runs the workspace is attached to as soon as it is seen: same screens, same calls.
class LiveWorkspace final : public QObject {
    Q_OBJECT
public:
    explicit LiveWorkspace(const QString& workspaceDir, const LiveOptions& options = {}, QObject* parent = nullptr);
    ~LiveWorkspace() override;

    [[nodiscard]] const QString& root() const { return root_; }
    [[nodiscard]] const EngineStatus& engine() const { return engine_; }
    /// The newest look at the clusters.
    [[nodiscard]] const LiveSnapshot& snapshot() const { return snapshot_; }
    [[nodiscard]] const LagHistory& lag() const { return lag_; }
    [[nodiscard]] RunControl& run() { return *run_; }
    [[nodiscard]] PlanControl& plan() { return *plan_; }
    [[nodiscard]] EventLog& log() { return log_; }

    /// The drawing on the canvas, saved or not: differences, completion and parameters are checked against it. Until
    /// it is given, the saved drawing counts.
    void setDrawing(const Topology& drawing);
    [[nodiscard]] const Topology& drawing() const { return drawing_; }

    /// While somebody holds what this returns, looks ask for LiveSnapshot::parts; a run that is taped has them too.
    [[nodiscard]] std::shared_ptr<const void> wantParts();

    /// A lane of its own for a panel: its slow calls hold up nobody else. Dies with the workspace or before.
    [[nodiscard]] std::unique_ptr<WorkLane> makeLane();
    [[nodiscard]] const WorkspaceAccess& access() const { return access_; }
    /// Delivers to the GUI thread; for objects that speak with threads of their own (see WorkLane).
    [[nodiscard]] QObject& relay() { return relay_; }

public slots:
    /// Starts the clusters that nobody runs, in this process. engineChanged() tells how it went.
    void startEngine();
    /// Stops what this process runs; a daemon that the window is attached to goes on.
    void stopEngine();
    /// The workspace's files were saved or changed: everybody reads them anew; a running engine starts new clusters.
    void workspaceSaved();
    /// Sends a fault; faultDone() follows.
    void sendFault(const tributary::desktop::FaultOrder& order);
    /// Clears every fault and proves it; faultsCleared() follows.
    void clearFaults();
    /// Runs a command line as the console does, with a line in the audit log; commandDone() follows.
    void runCommand(const QString& line);
    /// Clears one alarm (empty name: all) at its cluster. A condition that still holds raises it again.
    void clearAlarm(const QString& cluster, const QString& name, const QString& entity);

signals:
    void engineChanged(const tributary::desktop::EngineStatus& status);
    void observed(const tributary::desktop::LiveSnapshot& snapshot);
    void drawingChanged();
    /// `problem` is empty when it was done.
    void commandDone(const QString& line, const QString& problem);
    void faultDone(const QString& what, const QString& problem);
    /// `text` says what is proved or what is left.
    void faultsCleared(bool clean, const QString& text);
    /// The same as the run control's.
    void runActive(bool active);
    void stepChanged(const QString& stepId, const QString& state, const QStringList& paths);
    /// A panel asks the window to show a dataset, a cluster or an edge ("from -> to") on the canvas.
    void jumpRequested(const QString& path);
    /// A panel asks the window to show the last run again.
    void replayRequested();
    /// A panel asks the window to show the log near this time.
    void logRequested(qint64 atMs);

private:
    void setEngine(EngineStatus status);
    void engineStarted(const Result<EngineStarted>& started);
    void onSnapshot(LiveSnapshot snapshot);
    void followDaemon();
    void logSnapshot(const LiveSnapshot& fresh);
    void connectRun();
    void note(LogEntry::Kind kind, LogEntry::Level level, const QString& text, const QString& detail = {},
              const QString& path = {});

    // Order matters: what delivers to this thread dies before what it delivers to.
    QString root_;
    WorkspaceAccess access_;
    QObject relay_;
    EngineStatus engine_;
    Millis stoppedMs_ = 0;  ///< when our own engine had stopped last; 0 = never
    LiveSnapshot snapshot_;
    LagHistory lag_;
    EventLog log_;
    Topology drawing_;
    bool drawingGiven_ = false;
    std::weak_ptr<const void> partsWanted_;
    std::unique_ptr<EngineService> service_;
    std::unique_ptr<WorkLane> filesLane_;  // short work on files
    std::unique_ptr<WorkLane> faultLane_;
    std::unique_ptr<StatusPoller> poller_;
    std::unique_ptr<RunControl> run_;
    std::unique_ptr<PlanControl> plan_;
};

}  // namespace tributary::desktop

Q_DECLARE_METATYPE(tributary::desktop::FaultOrder)
