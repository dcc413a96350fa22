// Running, resuming and undoing runbooks from a terminal.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <thread>

#include "app/adapters/drawnvalues.h"
#include "app/adapters/engineport.h"
#include "app/daemon/daemon.h"
#include "app/instanceruns/systemport.h"
#include "app/observe/audit.h"
#include "app/observe/stoppableport.h"
#include "app/systems/dialects.h"
#include "app/terminal/askparameters.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "app/terminal/runchoice.h"
#include "app/terminal/rundryrun.h"
#include "app/terminal/runfiles.h"
#include "app/terminal/runviewapprover.h"
#include "app/terminal/runviewlive.h"
#include "app/terminal/stopsignals.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "core/workspace/atomicfile.h"
#include "engine/machine/realfileops.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/report.h"
#include "runbooks/runner/runner.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {
namespace {

using engine::Json;
using runbooks::ExitCode;
using runbooks::Runbook;
using runbooks::RunOutcome;
using runbooks::RunResult;

constexpr int kSignalPollMs = 200;
constexpr Millis kPlainSampleMs = 1'000;

int exitOf(ExitCode code) {
    return static_cast<int>(code);
}

bool speaksUtf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string text = toLower(value);
        return text.find("utf-8") != std::string::npos || text.find("utf8") != std::string::npos;
    }
    return false;
}

int tzOffsetMinutes() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    if (::localtime_r(&now, &local) == nullptr) return 0;
    return static_cast<int>(local.tm_gmtoff / 60);
}

/// One run of the verb, from the open workspace to the exit code.
class RunCommand {
public:
    RunCommand(const VerbContext& context, const RunWords& words, StopSignals& stop)
        : context_(context), words_(words), signals_(stop) {}

    int execute(bool ownEngine) {
        auto session = Session::open({context_.workspaceDir, context_.user, ownEngine});
        if (!session) return context_.fail(session.error());
        session_ = std::move(session).value();
        const runbooks::RunStore store(session_->workspace().paths.state() + "/runs");
        auto lock = store.lock();
        if (!lock) {
            if (lock.error().code != ErrorCode::Conflict) return context_.fail(lock.error());
            return context_.fail(lock.error(), exitOf(ExitCode::LockHeld));
        }
        if (Status opened = openJournal(store); !opened) return context_.fail(opened.error());
        lock.value()->holds(runId_);
        const int code = runJournal();
        if (journal_->recordCount() == 0) {
            // Nothing was begun: an empty journal would only be taken for the newest run.
            std::error_code ignored;
            std::filesystem::remove_all(std::filesystem::path(store.journalPath(runId_)).parent_path(), ignored);
        }
        return code;
    }

private:
    Status openJournal(const runbooks::RunStore& store) {
        const std::string& root = session_->workspace().paths.root;
        if (!words_.resume && !words_.undo) {
            auto book = runbooks::findRunbook(words_.runbook, root, dialects());
            if (!book) return book.error();
            runbook_ = std::move(book).value();
            auto given = parametersOf(words_);
            if (!given) return given.error();
            given_ = std::move(given).value();
            auto journal = store.create(runbook_.id, clock_);
            if (!journal) return journal.error();
            journal_ = std::move(journal).value();
        } else {
            auto journal = store.open(words_.run, clock_);
            if (!journal) return journal.error();
            journal_ = std::move(journal).value();
            given_ = journal_->state().parameters;
            auto book = runbookOfRun(journal_->state(), words_, root);
            if (!book) return book.error();
            runbook_ = std::move(book->runbook);
            if (!book->note.empty() && !context_.quiet) fmt::print(stderr, "{}\n", book->note);
        }
        runId_ = journal_->state().runId;
        return okStatus();
    }

    Result<runbooks::RunOptions> runOptions() const {
        runbooks::RunOptions options;
        options.mode = words_.step ? runbooks::RunMode::Stepwise : runbooks::RunMode::Auto;
        options.startAt = words_.startAt;
        options.until = words_.until;
        options.approveAll = words_.yes;
        options.user = session_->user();
        options.acceptDrift = words_.acceptDrift;
        std::vector<std::string> approvals;
        for (const std::string& text : words_.approve) {
            if (text == "yes") {
                options.approveAll = true;
            } else {
                approvals.push_back(text);
            }
        }
        auto approve = pairsOf(approvals, "--approve");
        if (!approve) return approve.error();
        options.approvals = std::move(approve).value();
        auto resolve = pairsOf(words_.resolve, "--resolve");
        if (!resolve) return resolve.error();
        options.resolutions = std::move(resolve).value();
        return options;
    }

    int runJournal() {
        const auto options = runOptions();
        if (!options) return context_.fail(options.error());
        const auto values = runbooks::resolveParameters(runbook_, given_);
        if (!values) return context_.fail(values.error());
        // A run that began is resumed and undone with what it has, whatever was erased from the drawing since.
        if (!words_.resume && !words_.undo) {
            const Status drawn = checkDrawnValues(runbook_, values.value(), session_->topology());
            if (!drawn) return context_.fail(drawn.error());
        }
        auto rendered = runbooks::renderRunbook(runbook_, values.value());
        if (!rendered) return context_.fail(rendered.error());
        rendered_ = std::move(rendered).value();
        if (!words_.resume && !words_.undo) {
            const Status drawn = checkDrawnChecks(rendered_, session_->topology());
            if (!drawn) return context_.fail(drawn.error());
        }
        EventsFile events;
        if (Status opened = events.open(words_.events); !opened) return context_.fail(opened.error());
        const bool stdoutTaken = context_.json || words_.events == "-";
        RunDisplayOptions shown;
        shown.out = stdoutTaken ? stderr : stdout;
        const bool terminal = stdoutTaken ? context_.errIsTerminal : context_.outIsTerminal;
        shown.live = terminal && !words_.plain && !context_.quiet;
        shown.silent = context_.quiet || (context_.json && !shown.live);
        shown.colour = context_.colour && terminal;
        shown.unicode = speaksUtf8();
        shown.columns = static_cast<std::size_t>(context_.columns);
        shown.events = events.get();
        if (!shown.live) shown.sampleEveryMs = kPlainSampleMs;
        const bool fresh = !words_.resume && !words_.undo;
        RunDisplay display(RunViewModel(rendered_, runId_, fresh ? nullptr : &journal_->state()), shown, sampler());
        const RunResult result = runWith(display, options.value());
        display.finish();
        // Charts are for eyes: a pipe or a file gets the events' lines alone.
        if (shown.live) fmt::print(shown.out, "{}", display.charts());
        eventsProblem_ = display.eventsProblem();
        if (Status closed = events.close(); !closed && eventsProblem_.empty()) eventsProblem_ = closed.error().what;
        sawEnd_ = display.sawTheEnd();
        toldEnd_ = sawEnd_ && !shown.live && !shown.silent;
        return conclude(result, shown);
    }

    /// A look at the links on a connection of its own: the run's may be busy with a copy.
    RunDisplay::Sample sampler() const {
        struct Watch {
            WorkspaceDirectory directory;
            std::unique_ptr<runbooks::SystemPort> port;
            explicit Watch(const Session& session) : directory(session.engine(), session.topology(), session.user()) {}
        };
        auto watch = std::make_shared<Watch>(*session_);
        auto port =
            portFor(runbook_.system, session_->workspace().paths.root, watch->directory, session_->user(), wallNowMs);
        if (port) watch->port = std::move(port).value();  // else the run itself will say why
        return [watch] {
            return watch->port == nullptr ? std::vector<runbooks::LinkObservation>() : watch->port->links();
        };
    }

    RunResult runWith(RunDisplay& display, const runbooks::RunOptions& options) {
        engine::RealFileOps files;
        EnginePortOptions portOptions;
        portOptions.tzOffsetMinutes = tzOffsetMinutes();
        portOptions.admin.files = &files;
        portOptions.admin.pause = pauseFor;
        portOptions.admin.onCopyProgress = [&](const engine::maprdb::CopyProgress& progress) {
            const std::string of = progress.rowsExpected > 0 ? " of about " + groupedDigits(progress.rowsExpected) : "";
            display.setProgress(
                fmt::format("{}{} rows copied, {}", groupedDigits(progress.rows), of, humanBytes(progress.bytes)));
            return stopRequests_.load() < 2;
        };
        auto systemPort = portFor(runbook_.system, session_->workspace().paths.root, session_->directory(),
                                  session_->user(), wallNowMs, portOptions);
        if (!systemPort) {
            return {RunOutcome::Usage, {}, systemPort.error().text(), systemPort.error().fix};
        }
        AuditLog log(auditPath(*session_));
        AuditedPort audited(**systemPort, log, auditEntry(*session_, runbook_.id, runbook_.hash), wallNowMs);
        StoppablePort port(audited, stopRequests_);
        TerminalApprover person(display, stopRequests_, session_->user());
        runbooks::AbsentApprover nobody;
        const bool asked = !context_.noInput && ::isatty(STDIN_FILENO) != 0 && context_.errIsTerminal;
        runbooks::Approver& approver = asked ? static_cast<runbooks::Approver&>(person) : nobody;
        runbooks::Runner runner(port, clock_, approver, display, dialects());
        std::atomic<bool> over{false};
        std::thread watcher([&] { watchSignals(runner, display, over); });
        RunResult result;
        if (words_.undo) {
            result = runner.undo(*journal_, {options.mode, words_.downTo, options.lagIntervalMs, options.user,
                                             options.approvals, options.approveAll, options.resolutions});
        } else if (words_.resume) {
            result = runner.resume(runbook_, *journal_, options);
        } else {
            result = runner.run(runbook_, given_, *journal_, options);
        }
        over.store(true);
        watcher.join();
        return result;
    }

    void watchSignals(runbooks::Runner& runner, RunDisplay& display, const std::atomic<bool>& over) {
        while (!over.load()) {
            const int signal = signals_.wait(kSignalPollMs);
            if (signal == 0 || (signal != SIGINT && stopRequests_.load() > 0)) continue;
            const int requests = stopRequests_.fetch_add(1) + 1;
            // What a command did until now is in the journal: leaving at once loses nothing but the wait.
            if (requests >= 3) std::_Exit(exitOf(ExitCode::Interrupted));
            runner.requestPause();
            const std::string step = display.stepUnderWay();
            if (requests == 1) {
                display.setNotice(
                    fmt::format("stopping{}; Ctrl-C again stops at once and leaves the step in doubt",
                                step.empty() ? std::string() : ": a command of \"" + step + "\" is waited for"));
            } else {
                display.setNotice("stopping now: the step under way is left in doubt");
            }
        }
    }

    /// The command that makes the refused one possible, or goes on; never the one that was just refused.
    [[nodiscard]] std::string nextCommand(const RunResult& result) const {
        if (result.outcome == RunOutcome::Success || result.outcome == RunOutcome::Undone) return {};
        std::string options = join(result.options, " ");
        if (!sawEnd_ && result.outcome == RunOutcome::Cancelled) return {};  // somebody said no
        if (journal_->recordCount() == 0)
            return options.empty() ? std::string() : runCommand(result.options) + " " + options;
        const bool needsApproval = result.outcome == RunOutcome::ApprovalNeeded;
        if (words_.undo) return needsApproval && options.empty() ? std::string() : nextUndo(result, options);
        if (result.outcome == RunOutcome::Usage) return {};
        // A compensation that left something BY HAND: only an undo can confirm it.
        if (result.outcome == RunOutcome::Incomplete && !options.empty()) return nextUndo(result, options);
        if (journal_->state().compensated) return {};
        const runbooks::Step* step = rendered_.findStep(result.stepId);
        if (needsApproval && options.empty() && step != nullptr) {
            const std::string& name = step->approval.typeTheName;
            options = fmt::format("--approve {}={}", step->id,
                                  name.empty() ? runbooks::stepHash(*step) : engine::maprdb::shellWord(name));
        }
        if (result.outcome == RunOutcome::StalePlan) {
            options = result.reason.find("was changed since this run began") == std::string::npos ? "--accept-drift"
                                                                                                  : "--stored";
            // Nothing was written of this session: what it was given is to be given again.
            options += givenWords({});
        }
        if (words_.stored && options != "--stored") options += options.empty() ? "--stored" : " --stored";
        return resumeCommand(context_, runId_, options);
    }

    [[nodiscard]] std::string nextUndo(const RunResult& result, std::string options) const {
        if (result.outcome == RunOutcome::Usage) {
            if (options.empty()) return {};
        } else if (!words_.downTo.empty()) {
            options = "--down-to " + words_.downTo + (options.empty() ? "" : " " + options);
        }
        for (const std::string& pair : words_.resolve) {
            if (result.outcome == RunOutcome::ApprovalNeeded)
                options += (options.empty() ? "--resolve " : " --resolve ") + engine::maprdb::shellWord(pair);
        }
        std::string command = resumeCommand(context_, runId_, options);
        return command.replace(command.find("--resume"), 8, "--undo");
    }

    /// One of the options approves the same step: a wrong approval is not repeated beside the right one.
    static bool givenAnew(const std::string& pair, const std::vector<std::string>& options) {
        const std::string step = pair.substr(0, pair.find('=') + 1);
        return std::any_of(options.begin(), options.end(), [&](const std::string& option) {
            return option.starts_with("--approve " + step) || option.starts_with("--approve '" + step) ||
                   option.starts_with("--approve \"" + step);
        });
    }

    /// The command that was given, as far as it names what to run, but for what the options say anew.
    [[nodiscard]] std::string runCommand(const std::vector<std::string>& options) const {
        using engine::maprdb::shellWord;
        std::string command = words_.typedAs.empty() ? "tributary run " + shellWord(words_.runbook) : words_.typedAs;
        command += context_.hereOptions();
        if (!words_.paramsFile.empty()) command += " --params " + shellWord(words_.paramsFile);
        for (const std::string& pair : words_.set) command += " --set " + shellWord(pair);
        if (!words_.startAt.empty()) command += " --start-at " + words_.startAt;
        return command + givenWords(options);
    }

    /// How far the run was to go, and the approvals it was given, but for those that the options give anew.
    [[nodiscard]] std::string givenWords(const std::vector<std::string>& options) const {
        std::string words;
        if (!words_.until.empty()) words += " --until " + words_.until;
        if (words_.yes) words += " --yes";
        for (const std::string& pair : words_.approve) {
            if (!givenAnew(pair, options)) words += " --approve " + engine::maprdb::shellWord(pair);
        }
        return words;
    }

    Status writeReports() const {
        if (journal_->recordCount() == 0) return okStatus();
        if (!words_.junit.empty()) {
            if (Status saved =
                    saveFileAtomically(words_.junit, runbooks::junitReport(journal_->state()), NewFile::Private);
                !saved)
                return saved;
        }
        if (words_.report.empty()) return okStatus();
        return saveFileAtomically(words_.report, runbooks::markdownReport(journal_->state()), NewFile::Private);
    }

    int conclude(const RunResult& result, const RunDisplayOptions& shown) {
        int code = static_cast<int>(result.exitCode());
        if (stopRequests_.load() >= 2 && result.outcome != RunOutcome::Success) code = exitOf(ExitCode::Interrupted);
        if (Status written = writeReports(); !written) {
            fmt::print(stderr, "tributary: {}\n", written.error().full());
            if (code == 0) code = exitOf(ExitCode::Internal);
        }
        if (!eventsProblem_.empty()) {
            fmt::print(stderr, "tributary: not every event was written to {}: {}\n", words_.events, eventsProblem_);
            fmt::print(stderr, "  the journal has them all: tributary report {}\n", runId_);
            if (code == 0) code = exitOf(ExitCode::Internal);
        }
        const std::string next = nextCommand(result);
        if (context_.json && words_.events != "-") {
            Json json{{"run", journal_->recordCount() == 0 ? Json(nullptr) : Json(runId_)},
                      {"runbook", runbook_.id},
                      {"outcome", runbooks::outcomeName(result.outcome)},
                      {"exit", code},
                      {"step", result.stepId.empty() ? Json(nullptr) : Json(result.stepId)},
                      {"reason", result.reason},
                      {"fix", result.fix},
                      {"next", next.empty() ? Json(nullptr) : Json(next)}};
            printJson(json);
            return code;
        }
        if (!toldEnd_ && !result.reason.empty()) {
            const std::string step = result.stepId.empty() ? std::string() : "step " + result.stepId;
            const bool named = step.empty() || result.reason.starts_with(step + " ");
            fmt::print(stderr, "tributary: {}{}\n", named ? std::string() : step + ": ", result.reason);
            if (!result.fix.empty()) fmt::print(stderr, "  try: {}\n", result.fix);
        }
        const bool well = result.outcome == RunOutcome::Success || result.outcome == RunOutcome::Undone;
        if (shown.live && well) fmt::print(shown.out, "\n{}\n", words_.undo ? "undone" : "done");
        if (!next.empty()) fmt::print(stderr, "\nNext:\n  {}\n", next);
        return code;
    }

    const VerbContext& context_;
    const RunWords& words_;
    StopSignals& signals_;
    std::unique_ptr<Session> session_;
    runbooks::SystemRunnerClock clock_;
    std::unique_ptr<runbooks::RunJournal> journal_;
    std::string runId_;
    Runbook runbook_;
    Runbook rendered_;
    runbooks::ParameterValues given_;
    std::string eventsProblem_;
    bool sawEnd_ = false;   ///< this session has an end in the journal: it was not refused
    bool toldEnd_ = false;  ///< the display told how the run ended, by its last event
    std::atomic<int> stopRequests_{0};
};

Status checkWords(const VerbContext& context, const RunWords& words) {
    const auto wrong = [](std::string what, std::string fix) {
        return Error{ErrorCode::InvalidInput, std::move(what), "run", std::move(fix)};
    };
    if (words.resume && words.undo) return wrong("a run is either resumed or undone", "leave one of them out");
    if (words.runbook.empty() && !words.resume && !words.undo) {
        return wrong("no runbook is named", "tributary runbook list");
    }
    if (words.dryRun && words.resume) {
        return wrong("a dry run is for a new run or an undo", "tributary run RUNBOOK --dry-run");
    }
    if (!words.downTo.empty() && !words.undo)
        return wrong("--down-to belongs to --undo", "tributary run --undo --help");
    if (words.resume && (!words.set.empty() || !words.paramsFile.empty())) {
        return wrong("a run keeps the parameters it began with", "leave --set and --params out, or start a new run");
    }
    if (words.step && (context.noInput || ::isatty(STDIN_FILENO) == 0)) {
        return wrong("--step asks before every step, and nobody is there to answer",
                     "run it in a terminal, or leave --step out");
    }
    return okStatus();
}

/// Of the runbook that is meant; empty when it cannot be read, which the run will say.
std::string systemOf(const RunWords& words, Session& session) {
    const WorkspacePaths& paths = session.workspace().paths;
    if (!words.resume && !words.undo) {
        const auto book = runbooks::findRunbook(words.runbook, paths.root, dialects());
        return book ? book->system : std::string();
    }
    const auto state = runbooks::RunStore(paths.state() + "/runs").read(words.run);
    return state ? state->system : std::string();
}

}  // namespace

int runRunbook(const VerbContext& context, const RunWords& given) {
    for (const Status& good : {checkWords(context, given), checkRunFiles(given)}) {
        if (!good) return context.fail(good.error());
    }
    RunWords words = given;
    StopSignals stop;
    bool ownEngine = false;
    {
        auto session = Session::open({context.workspaceDir, context.user, false});
        if (!session) return context.fail(session.error());
        if (!words.resume && !words.undo) {
            const Status asked = askParameters(context, session.value()->workspace().paths.root, words, stop);
            if (!asked) return context.fail(asked.error());
        }
        if (words.resume || words.undo) {
            const std::string& root = session.value()->workspace().paths.root;
            const runbooks::RunStore store(session.value()->workspace().paths.state() + "/runs");
            const auto chosen = chooseRun(context, store, words, root, stop);
            if (!chosen) {
                const int code = context.fail(chosen.error());
                return chosen.error().code == ErrorCode::Cancelled ? exitOf(ExitCode::Interrupted) : code;
            }
            words.run = chosen.value();
        }
        if (words.dryRun) {
            return words.undo ? showUndoPlan(context, words, *session.value())
                              : showDryRun(context, words, *session.value());
        }
        std::vector<std::string> down;
        const bool onInstances = runsOnInstances(systemOf(words, *session.value()));
        for (const std::string& cluster : session.value()->directory().clusters()) {
            if (!onInstances && !session.value()->directory().isUp(cluster)) down.push_back(cluster);
        }
        ownEngine = !down.empty();
        if (ownEngine && !context.quiet) {
            fmt::print(stderr,
                       "{} not up: this run holds {} in its own process ({}) until it ends; `tributary up` first keeps "
                       "them up\n",
                       join(down, ", ") + (down.size() == 1 ? " is" : " are"), down.size() == 1 ? "it" : "them",
                       ::getpid());
        }
    }
    const auto work = [&] {
        RunCommand command(context, words, stop);
        return command.execute(ownEngine);
    };
    return ownEngine ? withEventLoop(work) : work();
}

}  // namespace tributary::app
