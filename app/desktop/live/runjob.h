// One session of a run on a thread of its own: from the lock to the report.
#pragma once

#include <QObject>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "app/desktop/live/runquestions.h"
#include "app/desktop/live/worklane.h"
#include "runbooks/model/parameters.h"
#include "runbooks/runner/runner.h"

namespace tributary::desktop {

/// What a session shall do.
struct RunOrder {
    enum class What { Begin, Resume, Undo };
    What what = What::Begin;
    runbooks::Runbook runbook;        ///< Begin: as loaded, with its placeholders
    runbooks::ParameterValues given;  ///< Begin
    std::string runId;                ///< Resume, Undo
    std::string undoDownTo;           ///< Undo: the step that stays done; empty = everything
    std::string resolveStep;          ///< Resume: a person decided the doubt about this step ...
    bool resolvedDone = false;        ///< ... as done or not done
    bool acceptDrift = false;         ///< Resume although the system changed meanwhile
    bool stepwise = false;
};

/// How the session ended. `begun` is false when nothing was written: no run exists then.
struct RunEnding {
    runbooks::RunResult result;
    bool begun = false;
    std::string runId;
    runbooks::RunState state;  ///< as the journal has it
    std::string report;        ///< Markdown; empty when nothing was begun
};

/// What the window is told; all on the GUI thread.
struct RunHooks {
    std::function<void(std::string runId, runbooks::Runbook rendered, runbooks::RunState state)> begun;
    std::function<void(runbooks::RunEvent)> event;
    std::function<void(RunQuestion)> question;
    std::function<void(QString)> progress;  ///< of a copy under way
    std::function<void(RunEnding)> ended;
};

/// Made and destroyed on the GUI thread. Destruction stops the session at once (the step under way is journalled as in
/// doubt) and joins.
class RunJob {
public:
    /// `relay` lives on the GUI thread and outlives the job; hooks are called through it and die with the job's owner.
    RunJob(QObject& relay, WorkspaceAccess access, RunOrder order, RunHooks hooks);
    ~RunJob();
    RunJob(const RunJob&) = delete;
    RunJob& operator=(const RunJob&) = delete;

    /// First: stop at the next safe point. Again: now, the step under way stays in doubt.
    void requestPause();
    void setStepwise(bool stepwise) { questions_.setStepwise(stepwise); }
    void answer(RunAnswer answer) { questions_.answer(std::move(answer)); }

private:
    class Listener;
    void run();
    RunEnding carryOut();
    Result<RunEnding> runIn(app::Session& session);
    runbooks::RunResult drive(app::Session& session, const runbooks::Runbook& book, runbooks::RunJournal& journal);
    template <typename T>
    void tell(const std::function<void(T)>& hook, T value);

    QObject& relay_;
    const WorkspaceAccess access_;
    const RunOrder order_;
    const RunHooks hooks_;
    RunQuestions questions_;
    runbooks::SystemRunnerClock clock_;
    std::atomic<int> stopRequests_{0};
    std::atomic<runbooks::Runner*> runner_{nullptr};
    std::mutex runnerMutex_;  // keeps the runner alive while requestPause() speaks to it
    std::thread thread_;
};

}  // namespace tributary::desktop
