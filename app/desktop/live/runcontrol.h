// Runs of runbooks as the window sees them: choosing, parameters, control, questions, the end. Knows no widget.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "app/desktop/live/recordedruns.h"
#include "app/desktop/live/runjob.h"
#include "app/desktop/live/runsteps.h"
#include "app/desktop/live/runtape.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/runstore.h"

namespace tributary::desktop {

/// Idle: nothing runs (a runbook may be chosen). Running; Asking: a question waits; Pausing: stops at the next safe
/// point; Ended: the last session is over and its report is there.
enum class RunPhase { Idle, Running, Asking, Pausing, Ended };

/// A run whose journal is not at its end: it can be resumed or undone.
struct UnfinishedRun {
    std::string runId;
    std::string runbookId;
    Millis startedAtMs = 0;
    bool crashed = false;  ///< its last session has no end: the process died
    bool undoing = false;  ///< its undo is what is not finished: it can only be undone
    std::string system;    ///< what it acts on; empty when its journal does not tell
};

/// One run at a time. GUI thread; files and the run itself are on threads of their own.
class RunControl final : public QObject {
    Q_OBJECT
public:
    /// `relay` and `lane` outlive the control.
    RunControl(QObject& relay, WorkLane& lane, WorkspaceAccess access, QObject* parent = nullptr);
    ~RunControl() override;

    // ---- choosing
    [[nodiscard]] const std::vector<runbooks::LibraryEntry>& library() const { return library_; }
    /// Reads the lists of runbooks and of runs again; libraryChanged() and unfinishedChanged() follow.
    void refresh();
    /// By name or by the path of a .yaml file. runbookChanged() follows, or refused().
    void choose(const QString& nameOrPath);
    /// A runbook that was made and lies in no file: a plan. runbookChanged() follows. Not while a run is live.
    void take(runbooks::Runbook runbook);
    [[nodiscard]] const runbooks::Runbook* runbook() const { return runbook_ ? &*runbook_ : nullptr; }

    // ---- parameters
    [[nodiscard]] const runbooks::ParameterValues& parameters() const { return given_; }
    /// Takes a value; empty = not given. parametersChanged() follows when the steps' texts changed.
    void setParameter(const std::string& name, const std::string& value);
    /// Takes several values that somebody else chose; runbookChanged() follows, so that the form shows them.
    void setParameters(const std::vector<std::pair<std::string, std::string>>& values);
    /// What is wrong with one value, or with what is missing; empty when nothing is. `topology` as drawn.
    [[nodiscard]] QString parameterProblem(const std::string& name, const Topology& topology) const;
    /// The value that a parameter takes when none is given; empty when it has no default.
    [[nodiscard]] QString defaultOf(const std::string& name) const;
    [[nodiscard]] bool parametersComplete() const { return complete_; }

    // ---- the run
    [[nodiscard]] RunPhase phase() const { return phase_; }
    [[nodiscard]] bool isActive() const { return job_ != nullptr; }
    [[nodiscard]] RunSteps& steps() { return steps_; }
    [[nodiscard]] const std::optional<RunQuestion>& question() const { return question_; }
    [[nodiscard]] const std::optional<RunEnding>& ending() const { return ending_; }
    [[nodiscard]] const std::optional<UnfinishedRun>& unfinished() const { return unfinished_; }
    [[nodiscard]] QString progress() const { return progress_; }
    /// The last run of this window, to be shown again.
    [[nodiscard]] RunTape& tape() { return tape_; }
    /// Shows the steps as they were at a moment of the tape; 0: as they are. Not while a run is live.
    void showMoment(Millis atMs);
    [[nodiscard]] bool isReplaying() const { return isReplaying_; }
    /// Puts a run of which only the record is there in place of the last one: to be looked at, not to go on with. What
    /// the clusters were meanwhile is in no journal and stays unknown. Not while a run is live.
    void showRecorded(const runbooks::RecordedRun& run);
    /// Reads one of this workspace's runs and shows it; recordedShown() or refused() follows.
    void loadRecorded(const QString& runId);
    [[nodiscard]] bool isRecorded() const { return isRecorded_; }
    /// The run on show can go on with resume().
    [[nodiscard]] bool canResume() const;
    /// The last resume was refused because the system is not what the run left: only a person may say to go on.
    [[nodiscard]] bool isStale() const;
    /// The run on show did something that undo() may take back.
    [[nodiscard]] bool canUndo() const;
    /// The step that a person must decide about before resume(): empty when none.
    [[nodiscard]] QString stepInDoubt() const;

    /// Whether a start of the chosen runbook needs the workspace's engine, and whether going on with the run on show
    /// does: instances that are processes of their own do without.
    [[nodiscard]] bool startNeedsEngine() const;
    [[nodiscard]] bool goingOnNeedsEngine() const;

    /// Starts the chosen runbook; false (and refused()) when it cannot be started now.
    bool start(bool stepwise);
    /// Goes on with the run on show, or with the unfinished one.
    bool resume(bool stepwise = false, bool acceptDrift = false);
    /// Decides the step in doubt and goes on.
    bool resolve(bool done);
    /// Asks for the plan of the undo: it comes as a question (RunQuestion::Kind::UndoPlan), and names to type after it.
    /// Nothing is touched before all are answered.
    bool undo();
    /// Answers the plan of an undo.
    void approveUndo(bool yes);
    /// At the next safe point; a second time: now.
    void pause();
    /// While steps wait: let this one go and wait at the next (step), or go on without waiting (runOn).
    void step();
    void runOn();
    void retry();
    void skip(const QString& reason);
    void abort();
    void approve(bool yes, const QString& typedName, const QString& reason);
    void instructed(bool yes, const QString& reason);

signals:
    void libraryChanged();
    void unfinishedChanged();
    void runbookChanged();
    void parametersChanged();
    void phaseChanged();
    void progressChanged();
    void refused(const QString& reason, const QString& action);
    /// While a run is live the drawing is locked for structure.
    void runActive(bool active);
    /// `state` is the phase's name ("started", "done", "failed", ...); `paths` are the datasets that the step names.
    void stepChanged(const QString& stepId, const QString& state, const QStringList& paths);
    void ended();
    void recordedShown();
    void eventCame(const runbooks::RunEvent& event);

private:
    void renderSteps();
    bool launch(RunOrder order);
    RunHooks hooks();
    void onEvent(const runbooks::RunEvent& event);
    void onEnded(const RunEnding& ending);
    void setPhase(RunPhase phase);
    void answer(RunAnswer answer);
    [[nodiscard]] std::string runOnShow() const;

    QObject& relay_;
    WorkLane& lane_;
    const WorkspaceAccess access_;
    std::vector<runbooks::LibraryEntry> library_;
    std::optional<runbooks::Runbook> runbook_;
    runbooks::ParameterValues given_;
    bool complete_ = false;
    RunSteps steps_;
    RunTape tape_;
    bool isReplaying_ = false;
    bool isRecorded_ = false;  ///< the run on show is only a record
    RunPhase phase_ = RunPhase::Idle;
    std::optional<RunQuestion> question_;
    std::optional<RunEnding> ending_;
    std::optional<UnfinishedRun> unfinished_;
    QString progress_;
    std::unique_ptr<RunJob> job_;
};

}  // namespace tributary::desktop
