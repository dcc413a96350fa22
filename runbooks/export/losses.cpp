// What an export cannot do: one table for all targets.
#include <algorithm>

#include "runbooks/export/exporter.h"
#include "runbooks/export/targets.h"

namespace tributary::runbooks {
namespace {

void addGeneral(ExportTarget target, const Dialects& dialects, std::vector<Loss>& out) {
    if (target == ExportTarget::Markdown) {
        out.push_back({"every check is asked by the program, and waited for", "a person runs the command and judges"});
        out.push_back({"a journal knows after a crash which command is in doubt",
                       "note each step when it is done; after an interruption look at its check before repeating it"});
        return;
    }
    const ExportWords words = dialects.empty() ? ExportWords{} : dialects.all().front()->words().exports;
    out.push_back({"lag of every link is drawn while the run lasts", std::string(words.lag)});
    out.push_back({"each journal record carries a checksum of all before it",
                   "the journal is plain text, on the disk before the script goes on; nothing proves that nobody "
                   "edited it"});
    out.push_back({"a resumed run is refused when somebody changed the system meanwhile",
                   "only the runbook and its parameters are compared; what others changed is seen by the checks of "
                   "the steps still to come"});
    out.push_back({"failures are told apart by the engine", std::string(words.failures)});
}

void addSteps(const Runbook& runbook, ExportTarget target, std::vector<Loss>& out) {
    const auto any = [&](auto test) { return std::any_of(runbook.steps.begin(), runbook.steps.end(), test); };
    const bool stays = any([](const Step& step) {
        return std::any_of(step.verify.begin(), step.verify.end(),
                           [](const VerifyClause& clause) { return clause.kind == VerifyClause::Kind::Stays; });
    });
    const bool bash = target == ExportTarget::Bash;
    if (stays && bash) {
        out.push_back({"`stays` is watched from the start of the step", "it is watched from the end of the command"});
    }
    if (!runbook.invariants.empty()) {
        out.push_back({"invariants are watched while the run lasts",
                       bash ? "they are asked before each step" : "look at them before each step"});
    }
    if (any([](const Step& step) { return step.onFailure == OnFailure::Pause; }) && bash) {
        out.push_back({"`on-failure: pause` asks a person whether to go on",
                       "the script stops; started again it goes on at that step"});
    }
    if (any([](const Step& step) { return step.approval.needed; }) && bash) {
        out.push_back({"an approval is bound to the hash of what would run",
                       "it is bound to the step's name, or to the name that it wants typed"});
    }
    if (any([](const Step& step) { return !step.undo.empty(); }) && bash) {
        out.push_back({"an undo counts the rows that exist nowhere else before it deletes them",
                       "rows are counted, not compared: whatever is deleted with rows in it wants its name"});
    }
    if (any([](const Step& step) { return !step.enabled; })) {
        out.push_back({"disabled steps are shown in reports", "they are left out"});
    }
}

}  // namespace

std::vector<Loss> lossesOf(const Runbook& runbook, ExportTarget target) {
    std::vector<Loss> out;
    addGeneral(target, runbook.dialects, out);
    addSteps(runbook, target, out);
    const std::vector<std::string> asked = detail::checkNamesOf(runbook);
    for (const Dialect* dialect : runbook.dialects.all()) {
        for (const CheckLoss& loss : dialect->words().exports.losses) {
            if (target == ExportTarget::Bash && std::find(asked.begin(), asked.end(), loss.check) != asked.end()) {
                out.push_back({std::string(loss.what), std::string(loss.here)});
            }
        }
    }
    const auto& parameters = runbook.parameters;
    const bool secret = std::any_of(parameters.begin(), parameters.end(),
                                    [](const Parameter& parameter) { return parameter.type == ParameterType::Secret; });
    if (secret) out.push_back({"secrets", "only the file that holds one is named; it must exist where this is used"});
    return out;
}

}  // namespace tributary::runbooks
