// Runbook and events into rows.
#include "app/desktop/live/runsteps.h"

#include <QRegularExpression>

#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/checks.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

using runbooks::EventType;
using runbooks::StepPhase;

constexpr qsizetype kOutputCharsMax = 20'000;

/// "Create {{replica}}" while nothing is chosen: "Create ‹replica›".
QString inPrint(const std::string& text) {
    static const QRegularExpression kSlot(u"\\{\\{\\s*([^}|]*[^}|\\s])\\s*(\\|[^}]*)?\\}\\}"_s);
    QString out = toQt(text);
    return out.contains(u"{{"_s) ? out.replace(kSlot, u"‹\\1›"_s) : out;
}

void addPaths(QStringList& paths, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const QString path = toQt(text);
        if (path.startsWith(u"/mapr/") && !paths.contains(path)) paths << path;
    }
}

RunStepRow rowOfStep(const runbooks::Step& step) {
    RunStepRow row;
    row.id = toQt(step.id);
    row.title = inPrint(step.title);
    row.why = inPrint(step.why);
    row.expect = inPrint(step.expect);
    row.enabled = step.enabled;
    if (!step.enabled) row.reason = inPrint(step.disabledBecause);
    for (const auto& line : step.commands) row.commands << inPrint(line.text);
    if (!step.instruction.empty()) row.commands << inPrint(step.instruction);
    if (step.waitMs > 0) row.commands << RunSteps::tr("Wait %1").arg(inPrint(runbooks::millisText(step.waitMs)));
    addPaths(row.paths, step.targets);
    for (const auto& check : step.requirements) {
        row.checks << RunSteps::tr("Before: %1").arg(inPrint(runbooks::phraseCheck(check)));
        addPaths(row.paths, check.arguments);
    }
    for (const auto& clause : step.verify) {
        const QString phrase = inPrint(runbooks::phraseCheck(clause.check));
        row.checks << (clause.kind == runbooks::VerifyClause::Kind::Stays ? RunSteps::tr("Stays true: %1")
                                                                          : RunSteps::tr("After: %1"))
                          .arg(phrase);
        addPaths(row.paths, clause.check.arguments);
    }
    for (const auto& line : step.undo) row.undo << inPrint(line.text);
    row.irreversible = inPrint(step.irreversible);
    if (step.approval.needed) row.approval = inPrint(step.approval.text.empty() ? step.title : step.approval.text);
    return row;
}

void copyTexts(RunStepRow& row, RunStepRow fresh) {
    fresh.phase = row.phase;
    fresh.undoing = row.undoing;
    fresh.attempt = row.attempt;
    fresh.startedAtMs = row.startedAtMs;
    fresh.durationMs = row.durationMs;
    fresh.personMs = row.personMs;
    fresh.underWay = row.underWay;
    fresh.waitingFor = row.waitingFor;
    if (!row.reason.isEmpty()) fresh.reason = row.reason;
    fresh.fix = row.fix;
    fresh.output = row.output;
    row = std::move(fresh);
}

void takeState(RunStepRow& row, const runbooks::StepState& state) {
    row.phase = state.phase;
    row.reason = toQt(state.reason);
    row.fix = toQt(state.fix);
    row.attempt = state.attempts;
    row.durationMs = state.tookMs();
    row.personMs = state.personMs;
    for (const auto& line : state.lines) {
        const std::string& said = line.output.empty() ? line.error : line.output;
        if (!said.empty()) row.output += toQt(said).trimmed() + u'\n';
    }
}

}  // namespace

void RunSteps::show(const runbooks::Runbook& runbook, const runbooks::RunState* state) {
    beginResetModel();
    rows_.clear();
    current_ = -1;
    for (const runbooks::Step& step : runbook.steps) {
        rows_.push_back(rowOfStep(step));
        const runbooks::StepState* earlier = state == nullptr ? nullptr : state->find(step.id);
        if (earlier == nullptr) continue;
        takeState(rows_.back(), *earlier);
        if (earlier->phase != StepPhase::Pending) current_ = static_cast<int>(rows_.size()) - 1;
    }
    endResetModel();
}

void RunSteps::retext(const runbooks::Runbook& runbook) {
    if (runbook.steps.size() != rows_.size()) return show(runbook, nullptr);
    for (std::size_t i = 0; i < rows_.size(); ++i) copyTexts(rows_[i], rowOfStep(runbook.steps[i]));
    if (!rows_.empty()) emit dataChanged(index(0), index(static_cast<int>(rows_.size()) - 1));
}

int RunSteps::rowOf(const QString& id) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i].id == id) return static_cast<int>(i);
    }
    return -1;
}

const RunStepRow* RunSteps::find(const QString& id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &rows_[static_cast<std::size_t>(row)];
}

void RunSteps::apply(const runbooks::RunEvent& event) {
    if (event.stepId.empty() || event.type == EventType::RunFinished || event.type == EventType::LagSample) return;
    const int row = rowOf(toQt(event.stepId));
    if (row < 0) return;
    current_ = row;
    applyTo(rows_[static_cast<std::size_t>(row)], event);
    emit dataChanged(index(row), index(row));
}

void RunSteps::applyTo(RunStepRow& row, const runbooks::RunEvent& event) {
    switch (event.type) {
        case EventType::UndoStarted:
        case EventType::StepStarted:
            row.undoing = event.type == EventType::UndoStarted;
            row.phase = StepPhase::Started;
            row.attempt = event.attempt;
            row.startedAtMs = event.atMs;
            row.durationMs = -1;
            row.reason.clear();
            row.fix.clear();
            break;
        case EventType::CommandStarted:
            row.underWay = toQt(event.text);
            row.waitingFor.clear();
            break;
        case EventType::CommandFinished:
            row.underWay.clear();
            row.output += toQt(event.output.empty() ? event.reason : event.output).trimmed() + u'\n';
            row.output = row.output.right(kOutputCharsMax);
            break;
        case EventType::CheckSeen: row.waitingFor = event.verdict == "true" ? QString() : toQt(event.phrase); break;
        case EventType::Retrying: row.reason = toQt(event.reason); break;
        case EventType::UndoFinished:
        case EventType::StepFinished:
            row.phase = runbooks::phaseAfter(event);
            row.undoing = false;
            row.durationMs = event.durationMs >= 0 ? event.durationMs : event.atMs - row.startedAtMs;
            row.personMs = event.personMs;
            row.underWay.clear();
            row.waitingFor.clear();
            row.reason = toQt(event.reason);
            row.fix = toQt(event.fix);
            break;
        default: break;
    }
}

QString RunSteps::phaseText(const RunStepRow& row) {
    switch (row.phase) {
        case StepPhase::Pending: return tr("to do");
        case StepPhase::Intended: return tr("about to start");
        case StepPhase::Started: return row.undoing ? tr("being undone") : tr("under way");
        case StepPhase::Done: return tr("done");
        case StepPhase::AlreadyDone: return tr("held already");
        case StepPhase::NotNeeded: return tr("not needed");
        case StepPhase::Disabled: return tr("switched off");
        case StepPhase::Skipped: return tr("skipped");
        case StepPhase::Failed: return tr("failed");
        case StepPhase::InDoubt: return tr("in doubt");
        case StepPhase::Undone: return tr("undone");
        case StepPhase::Stopped: return tr("stopped while it waited");
    }
    return {};
}

QString RunSteps::phaseMark(const RunStepRow& row) {
    switch (row.phase) {
        case StepPhase::Pending: return u"○"_s;
        case StepPhase::Intended:
        case StepPhase::Started: return u"▶"_s;
        case StepPhase::Done: return u"✓"_s;
        case StepPhase::AlreadyDone: return u"="_s;
        case StepPhase::NotNeeded:
        case StepPhase::Disabled: return u"–"_s;
        case StepPhase::Skipped: return u"»"_s;
        case StepPhase::Failed: return u"✗"_s;
        case StepPhase::InDoubt: return u"?"_s;
        case StepPhase::Undone: return u"↩"_s;
        case StepPhase::Stopped: return u"‖"_s;
    }
    return {};
}

int RunSteps::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant RunSteps::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const RunStepRow& row = rows_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole: return row.title;
        case Qt::AccessibleTextRole: return tr("Step %1, %2: %3").arg(index.row() + 1).arg(row.title, phaseText(row));
        case Qt::ToolTipRole: return row.reason.isEmpty() ? row.why : row.reason;
        case StateRole: return static_cast<int>(row.phase);
        case StateTextRole: {
            const QString took = row.durationMs >= 1'000 ? u" · "_s + toQt(humanDuration(row.durationMs)) : QString();
            const QString asked =
                row.personMs >= 1'000 ? u" · "_s + tr("%1 asking").arg(toQt(humanDuration(row.personMs))) : QString();
            return QString(phaseText(row) + took + asked);
        }
        case NumberRole: return index.row() + 1;
        case IrreversibleRole: return row.irreversible;
        default: return {};
    }
}

}  // namespace tributary::desktop
