// A session of a run, as `tributary run` does it, with the window in the place of the terminal.
#include "app/desktop/live/runjob.h"

#include <fmt/format.h>

#include <ctime>
#include <filesystem>

#include "app/adapters/drawnvalues.h"
#include "app/desktop/live/engineservice.h"
#include "app/desktop/live/livetext.h"
#include "app/instanceruns/systemport.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"
#include "app/observe/stoppableport.h"
#include "app/systems/dialects.h"
#include "core/telemetry/humanunits.h"
#include "engine/machine/realfileops.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/report.h"
#include "runbooks/runner/runstore.h"

namespace tributary::desktop {
namespace {

int minutesEastOfGreenwich() {
    const std::time_t now = app::wallNowMs() / 1000;
    std::tm local{};
    return ::localtime_r(&now, &local) == nullptr ? 0 : static_cast<int>(local.tm_gmtoff / 60);
}

/// What names clusters that are not drawn is refused before anything begins, as in a terminal.
Status asDrawn(const RunOrder& order, const Topology& topology) {
    const auto values = runbooks::resolveParameters(order.runbook, order.given);
    if (!values) return values.error();
    if (Status drawn = app::checkDrawnValues(order.runbook, *values, topology); !drawn) return drawn;
    const auto rendered = runbooks::renderRunbook(order.runbook, *values);
    return rendered ? app::checkDrawnChecks(*rendered, topology) : Status(rendered.error());
}

}  // namespace

class RunJob::Listener final : public runbooks::RunListener {
public:
    explicit Listener(RunJob& job) : job_(job) {}
    void onEvent(const runbooks::RunEvent& event) override { job_.tell(job_.hooks_.event, event); }

private:
    RunJob& job_;
};

RunJob::RunJob(QObject& relay, WorkspaceAccess access, RunOrder order, RunHooks hooks)
    : relay_(relay),
      access_(std::move(access)),
      order_(std::move(order)),
      hooks_(std::move(hooks)),
      questions_(access_.user.empty() ? app::systemUser() : access_.user, order_.stepwise,
                 [this](RunQuestion question) { tell(hooks_.question, std::move(question)); }),
      thread_([this] { run(); }) {}

RunJob::~RunJob() {
    requestPause();
    requestPause();
    questions_.close();
    thread_.join();
}

template <typename T>
void RunJob::tell(const std::function<void(T)>& hook, T value) {
    QMetaObject::invokeMethod(
        &relay_, [hook, value = std::move(value)] { hook(value); }, Qt::QueuedConnection);
}

void RunJob::requestPause() {
    stopRequests_.fetch_add(1);
    const std::lock_guard lock(runnerMutex_);
    if (runbooks::Runner* runner = runner_.load()) runner->requestPause();
}

void RunJob::run() {
    tell(hooks_.ended, carryOut());
}

RunEnding RunJob::carryOut() {
    const auto refused = [](const Error& error) {
        RunEnding ending;
        ending.result.outcome =
            error.code == ErrorCode::Conflict ? runbooks::RunOutcome::LockHeld : runbooks::RunOutcome::Usage;
        ending.result.reason = error.text();
        ending.result.fix = error.fix;
        return ending;
    };
    auto session = app::Session::open({access_.dir, access_.user, false});
    if (!session) return refused(session.error());
    auto ending = runIn(**session);
    return ending ? std::move(ending).value() : refused(ending.error());
}

Result<RunEnding> RunJob::runIn(app::Session& session) {
    const runbooks::RunStore store(session.workspace().paths.state() + "/runs");
    auto lock = store.lock();
    if (!lock) return lock.error();
    const bool begins = order_.what == RunOrder::What::Begin;
    if (begins) {
        if (Status drawn = asDrawn(order_, session.topology()); !drawn) return drawn.error();
    }
    auto opened = begins ? store.create(order_.runbook.id, clock_) : store.open(order_.runId, clock_);
    if (!opened) return opened.error();
    runbooks::RunJournal& journal = *opened.value();
    lock.value()->holds(journal.state().runId);
    auto book =
        begins ? Result<runbooks::Runbook>(order_.runbook) : runbooks::storedRunbook(journal.state(), app::dialects());
    if (!book) return book.error();
    const auto values = runbooks::resolveParameters(*book, begins ? order_.given : journal.state().parameters);
    if (!values) return values.error();
    auto rendered = runbooks::renderRunbook(*book, *values);
    if (!rendered) return rendered.error();
    RunEnding ending;
    ending.runId = journal.state().runId;
    QMetaObject::invokeMethod(
        &relay_,
        [hook = hooks_.begun, id = ending.runId, shown = std::move(rendered).value(), state = journal.state()] {
            hook(id, shown, state);
        },
        Qt::QueuedConnection);
    ending.result = drive(session, *book, journal);
    ending.begun = journal.recordCount() > 0;
    if (!ending.begun) {
        // Nothing was begun: an empty journal would only be taken for the newest run.
        std::error_code ignored;
        std::filesystem::remove_all(std::filesystem::path(store.journalPath(ending.runId)).parent_path(), ignored);
        return ending;
    }
    ending.state = journal.state();
    ending.report = runbooks::markdownReport(ending.state);
    return ending;
}

runbooks::RunResult RunJob::drive(app::Session& session, const runbooks::Runbook& book, runbooks::RunJournal& journal) {
    engine::RealFileOps files;
    app::EnginePortOptions options;
    options.tzOffsetMinutes = minutesEastOfGreenwich();
    options.admin.files = &files;
    options.admin.pause = app::pauseFor;
    options.admin.onCopyProgress = [this](const engine::maprdb::CopyProgress& progress) {
        const std::string of = progress.rowsExpected > 0 ? fmt::format(" of about {}", progress.rowsExpected) : "";
        tell(hooks_.progress, toQt(fmt::format("{}{} rows copied, {}", progress.rows, of, humanBytes(progress.bytes))));
        return stopRequests_.load() < 2;
    };
    const auto stopped = [this] { return stopRequests_.load() >= 2; };
    auto systemPort = app::portFor(book.system, session.workspace().paths.root, session.directory(), session.user(),
                                   app::wallNowMs, options, {toStd(terminalProgram()), stopped});
    if (!systemPort) {
        return {runbooks::RunOutcome::Usage, {}, systemPort.error().text(), systemPort.error().fix};
    }
    app::AuditLog log(app::auditPath(session));
    app::AuditedPort audited(**systemPort, log, app::auditEntry(session, book.id, book.hash), app::wallNowMs);
    app::StoppablePort port(audited, stopRequests_);
    Listener listener(*this);
    runbooks::Runner runner(port, clock_, questions_, listener, app::dialects());
    {
        const std::lock_guard lock(runnerMutex_);
        runner_.store(&runner);
        for (int i = stopRequests_.load(); i > 0; --i) runner.requestPause();  // asked before there was a runner
    }
    // Always stepwise for the runner: that is what makes every failure a question. Whether steps wait is decided by
    // the questions, and may change while the run goes.
    runbooks::RunOptions run;
    run.mode = runbooks::RunMode::Stepwise;
    run.user = session.user();
    run.acceptDrift = order_.acceptDrift;
    if (!order_.resolveStep.empty()) run.resolutions[order_.resolveStep] = order_.resolvedDone ? "done" : "not-done";
    runbooks::RunResult result;
    switch (order_.what) {
        case RunOrder::What::Begin: result = runner.run(book, order_.given, journal, run); break;
        case RunOrder::What::Resume: result = runner.resume(book, journal, run); break;
        case RunOrder::What::Undo:
            result = runner.undo(journal, {run.mode, order_.undoDownTo, run.lagIntervalMs, run.user, {}, false, {}});
            break;
    }
    const std::lock_guard lock(runnerMutex_);
    runner_.store(nullptr);
    return result;
}

}  // namespace tributary::desktop
