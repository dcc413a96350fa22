// Controlling runs from the window.
#include "app/desktop/live/runcontrol.h"

#include "app/desktop/live/livetext.h"
#include "app/instanceruns/systemport.h"
#include "app/systems/dialects.h"
#include "runbooks/runner/report.h"

namespace tributary::desktop {
namespace {

using runbooks::RunOutcome;

/// A session that ended so leaves a run which can go on.
bool leavesWork(RunOutcome outcome) {
    switch (outcome) {
        case RunOutcome::Success:
        case RunOutcome::Undone:
        case RunOutcome::Compensated:
        case RunOutcome::Usage:
        case RunOutcome::LockHeld: return false;
        default: return true;
    }
}

std::optional<UnfinishedRun> newestUnfinished(const std::string& stateDir) {
    const runbooks::RunStore store(stateDir + "/runs");
    const auto runs = store.list();
    if (!runs || runs->empty()) return std::nullopt;
    const runbooks::RunSummary& newest = runs->front();
    if (!newest.problem.empty() || (newest.finished && !leavesWork(newest.outcome))) return std::nullopt;
    const auto state = store.read(newest.runId);
    return UnfinishedRun{newest.runId,     newest.runbookId, newest.startedAtMs,
                         !newest.finished, newest.undoing,   state ? state->system : std::string()};
}

struct RunLists {
    std::vector<runbooks::LibraryEntry> library;
    std::optional<UnfinishedRun> unfinished;
};

/// What the drawing says against a value that is well formed.
QString againstDrawing(const runbooks::Parameter& parameter, const std::string& value, const Topology& topology) {
    if (parameter.type == runbooks::ParameterType::Cluster && topology.cluster(value) == nullptr) {
        return RunControl::tr("The drawing has no cluster %1").arg(toQt(value));
    }
    const bool isPath =
        parameter.type == runbooks::ParameterType::Dataset || parameter.type == runbooks::ParameterType::Path;
    if (isPath && topology.clusterOfPath(value) == nullptr) {
        return RunControl::tr("%1 lies in no cluster of the drawing").arg(toQt(value));
    }
    if (parameter.type == runbooks::ParameterType::Dataset && topology.dataset(value) == nullptr) {
        return RunControl::tr("The drawing has no dataset %1").arg(toQt(value));
    }
    return {};
}

}  // namespace

RunControl::RunControl(QObject& relay, WorkLane& lane, WorkspaceAccess access, QObject* parent)
    : QObject(parent), relay_(relay), lane_(lane), access_(std::move(access)) {}

RunControl::~RunControl() = default;

void RunControl::refresh() {
    lane_.ask<RunLists>(
        this,
        [](app::Session& session) -> Result<RunLists> {
            const WorkspacePaths& paths = session.workspace().paths;
            return RunLists{runbooks::listRunbooks(paths.root, app::dialects()), newestUnfinished(paths.state())};
        },
        [this](Result<RunLists> lists) {
            library_ = lists ? lists->library : runbooks::listLibrary(app::dialects());
            unfinished_ = lists && job_ == nullptr ? lists->unfinished : std::nullopt;
            emit libraryChanged();
            emit unfinishedChanged();
        });
}

void RunControl::choose(const QString& nameOrPath) {
    lane_.ask<runbooks::Runbook>(
        this,
        [name = toStd(nameOrPath)](app::Session& session) {
            return runbooks::findRunbook(name, session.workspace().paths.root, app::dialects());
        },
        [this](Result<runbooks::Runbook> found) {
            if (!found) {
                emit refused(toQt(found.error().text()), toQt(found.error().fix));
            } else {
                take(std::move(found).value());
            }
        });
}

void RunControl::take(runbooks::Runbook runbook) {
    if (job_ != nullptr) return;
    runbooks::ParameterValues kept;
    for (const auto& parameter : runbook.parameters) {
        const auto known = given_.find(parameter.name);
        if (known != given_.end()) kept.insert(*known);
    }
    given_ = std::move(kept);
    runbook_ = std::move(runbook);
    isRecorded_ = false;
    ending_.reset();
    question_.reset();
    steps_.show(*runbook_, nullptr);
    setPhase(RunPhase::Idle);
    emit runbookChanged();
    renderSteps();
}

void RunControl::setParameters(const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : values) setParameter(name, value);
    emit runbookChanged();
}

void RunControl::setParameter(const std::string& name, const std::string& value) {
    if (job_ != nullptr) return;
    if (value.empty()) {
        given_.erase(name);
    } else {
        given_[name] = value;
    }
    renderSteps();
}

void RunControl::renderSteps() {
    if (!runbook_ || job_ != nullptr) return;
    const auto values = runbooks::resolveParameters(*runbook_, given_);
    auto rendered = values ? runbooks::renderRunbook(*runbook_, *values) : Result<runbooks::Runbook>(values.error());
    complete_ = rendered.ok();
    if (!ending_) steps_.retext(complete_ ? *rendered : *runbook_);
    emit parametersChanged();
}

QString RunControl::parameterProblem(const std::string& name, const Topology& topology) const {
    const runbooks::Parameter* parameter = runbook_ ? runbook_->findParameter(name) : nullptr;
    if (parameter == nullptr) return {};
    const auto given = given_.find(name);
    if (given == given_.end()) return parameter->required ? tr("A value is needed") : QString();
    const auto canonical = runbooks::canonicalValue(*parameter, given->second, runbook_->dialects);
    if (!canonical) return toQt(canonical.error().what);
    return againstDrawing(*parameter, *canonical, topology);
}

QString RunControl::defaultOf(const std::string& name) const {
    const runbooks::Parameter* parameter = runbook_ ? runbook_->findParameter(name) : nullptr;
    if (parameter == nullptr || parameter->required) return {};
    auto without = given_;
    without.erase(name);
    const auto values = runbooks::resolveParameters(*runbook_, without);
    return toQt(values && values->contains(name) ? values->at(name) : parameter->defaultText);
}

std::string RunControl::runOnShow() const {
    if (isRecorded_) return {};
    if (ending_ && ending_->begun) return ending_->runId;
    return unfinished_ ? unfinished_->runId : std::string();
}

bool RunControl::canResume() const {
    if (job_ != nullptr || isRecorded_) return false;
    if (ending_ && ending_->begun) {
        // The journal's word: what was refused a moment ago (an undo that nobody approved) changes nothing of it.
        const runbooks::RunState& state = ending_->state;
        return (!state.finished || leavesWork(state.outcome)) && !state.compensated;
    }
    return unfinished_.has_value() && !unfinished_->undoing;
}

bool RunControl::isStale() const {
    return job_ == nullptr && ending_ && ending_->result.outcome == RunOutcome::StalePlan;
}

bool RunControl::canUndo() const {
    if (job_ != nullptr || isRecorded_) return false;
    if (ending_ && ending_->begun) return ending_->state.leftChanges();
    return unfinished_.has_value();
}

QString RunControl::stepInDoubt() const {
    if (job_ != nullptr || isRecorded_ || !ending_ || !ending_->begun) return {};
    for (const auto& step : ending_->state.steps) {
        if (step.phase == runbooks::StepPhase::InDoubt) return toQt(step.id);
    }
    return {};
}

bool RunControl::startNeedsEngine() const {
    return !runbook_ || !app::runsOnInstances(runbook_->system);
}

bool RunControl::goingOnNeedsEngine() const {
    if (ending_ && ending_->begun) return !app::runsOnInstances(ending_->state.system);
    return !unfinished_ || !app::runsOnInstances(unfinished_->system);
}

bool RunControl::start(bool stepwise) {
    if (!runbook_ || !complete_) {
        emit refused(tr("The runbook cannot start: parameters are missing or wrong"),
                     tr("Fill in the marked parameters"));
        return false;
    }
    RunOrder order;
    order.runbook = *runbook_;
    order.given = given_;
    order.stepwise = stepwise;
    return launch(std::move(order));
}

bool RunControl::resume(bool stepwise, bool acceptDrift) {
    RunOrder order;
    order.what = RunOrder::What::Resume;
    order.runId = runOnShow();
    order.stepwise = stepwise;
    order.acceptDrift = acceptDrift;
    return !order.runId.empty() && launch(std::move(order));
}

bool RunControl::resolve(bool done) {
    RunOrder order;
    order.what = RunOrder::What::Resume;
    order.runId = runOnShow();
    order.resolveStep = toStd(stepInDoubt());
    order.resolvedDone = done;
    return !order.resolveStep.empty() && launch(std::move(order));
}

bool RunControl::undo() {
    RunOrder order;
    order.what = RunOrder::What::Undo;
    order.runId = runOnShow();
    return !order.runId.empty() && launch(std::move(order));
}

bool RunControl::launch(RunOrder order) {
    if (job_ != nullptr) {
        emit refused(tr("A run is live already"), tr("Wait for its end, or pause it"));
        return false;
    }
    question_.reset();
    ending_.reset();
    isRecorded_ = false;
    progress_.clear();
    job_ = std::make_unique<RunJob>(relay_, access_, std::move(order), hooks());
    setPhase(RunPhase::Running);
    emit runActive(true);
    return true;
}

RunHooks RunControl::hooks() {
    // The job dies before this control does, and with the relay nothing arrives after either.
    RunHooks hooks;
    const QPointer<RunControl> self(this);
    hooks.begun = [self](const std::string& runId, const runbooks::Runbook& rendered, const runbooks::RunState& state) {
        if (!self) return;
        self->tape_.begin(runId, rendered, state);
        self->steps_.show(rendered, &state);
        self->unfinished_.reset();
        emit self->unfinishedChanged();
    };
    hooks.event = [self](const runbooks::RunEvent& event) {
        if (self) self->onEvent(event);
    };
    hooks.question = [self](const RunQuestion& question) {
        if (!self || self->job_ == nullptr) return;
        self->question_ = question;
        self->setPhase(RunPhase::Asking);
    };
    hooks.progress = [self](const QString& text) {
        if (!self) return;
        self->progress_ = text;
        emit self->progressChanged();
    };
    hooks.ended = [self](const RunEnding& ending) {
        if (self) self->onEnded(ending);
    };
    return hooks;
}

void RunControl::onEvent(const runbooks::RunEvent& event) {
    steps_.apply(event);
    tape_.take(event);
    using runbooks::EventType;
    if (event.type == EventType::CommandFinished) progress_.clear();
    const bool moved = event.type == EventType::StepStarted || event.type == EventType::StepFinished ||
                       event.type == EventType::UndoStarted || event.type == EventType::UndoFinished;
    if (moved) {
        if (const RunStepRow* row = steps_.find(toQt(event.stepId))) {
            emit stepChanged(row->id, toQt(runbooks::stepPhaseName(row->phase)), row->paths);
        }
    }
    emit eventCame(event);
}

void RunControl::onEnded(const RunEnding& ending) {
    job_.reset();
    tape_.end();
    question_.reset();
    progress_.clear();
    ending_ = ending;
    setPhase(RunPhase::Ended);
    emit runActive(false);
    emit ended();
    if (!ending.begun) emit refused(toQt(ending.result.reason), toQt(ending.result.fix));
}

void RunControl::showMoment(Millis atMs) {
    isReplaying_ = false;
    if (isActive() || !tape_.isPlayable()) return;
    isReplaying_ = atMs != 0;
    tape_.show(steps_, atMs == 0 ? tape_.toMs() : atMs);
}

void RunControl::loadRecorded(const QString& runId) {
    lane_.ask<runbooks::RecordedRun>(
        this, [id = toStd(runId)](app::Session& session) { return recordedRun(session.workspace().paths.state(), id); },
        [this](Result<runbooks::RecordedRun> run) {
            if (!run) {
                emit refused(toQt(run.error().text()), toQt(run.error().fix));
            } else {
                showRecorded(*run);
            }
        });
}

void RunControl::showRecorded(const runbooks::RecordedRun& run) {
    if (isActive()) return;
    const runbooks::Runbook book = recordedRunbook(run.state);
    isReplaying_ = false;
    isRecorded_ = true;
    question_.reset();
    tape_ = RunTape();
    tape_.begin(run.state.runId, book, runbooks::RunState());
    for (const runbooks::RunEvent& each : run.events) tape_.take(each);
    tape_.seal();
    RunEnding ending;
    ending.begun = true;
    ending.runId = run.state.runId;
    ending.state = run.state;
    ending.result.outcome = run.state.outcome;
    ending.result.reason = run.problem.empty() ? run.state.reason : run.problem;
    ending.result.fix = run.state.fix;
    ending.report = runbooks::markdownReport(run.state);
    ending_ = std::move(ending);
    setPhase(RunPhase::Ended);
    tape_.show(steps_, tape_.toMs());
    emit ended();
    emit recordedShown();
}

void RunControl::setPhase(RunPhase phase) {
    phase_ = phase;
    emit phaseChanged();
}

void RunControl::answer(RunAnswer answer) {
    if (job_ == nullptr || !question_) return;
    question_.reset();
    setPhase(RunPhase::Running);
    job_->answer(std::move(answer));
}

void RunControl::pause() {
    if (job_ == nullptr) return;
    job_->requestPause();
    const bool asked = question_.has_value();
    if (asked) answer({});  // Stop: nothing is under way while a question waits
    setPhase(RunPhase::Pausing);
}

void RunControl::step() {
    if (job_ == nullptr) return;
    job_->setStepwise(true);
    if (question_ && question_->kind == RunQuestion::Kind::BeforeStep) answer({runbooks::StepChoice::Go, true, {}, {}});
}

void RunControl::runOn() {
    if (job_ == nullptr) return;
    job_->setStepwise(false);
    if (question_ && question_->kind == RunQuestion::Kind::BeforeStep) answer({runbooks::StepChoice::Go, true, {}, {}});
}

void RunControl::retry() {
    answer({runbooks::StepChoice::Retry, true, {}, {}});
}

void RunControl::skip(const QString& reason) {
    if (!reason.trimmed().isEmpty()) answer({runbooks::StepChoice::Skip, false, reason.trimmed(), {}});
}

void RunControl::abort() {
    if (question_) {
        answer({});
    } else {
        pause();
    }
}

void RunControl::approveUndo(bool yes) {
    answer({runbooks::StepChoice::Stop, yes, {}, {}});
}

void RunControl::approve(bool yes, const QString& typedName, const QString& reason) {
    answer({runbooks::StepChoice::Stop, yes, reason, typedName});
}

void RunControl::instructed(bool yes, const QString& reason) {
    answer({runbooks::StepChoice::Stop, yes, reason, {}});
}

}  // namespace tributary::desktop
