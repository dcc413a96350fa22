// What an export cannot do: one table for all targets.
#include <algorithm>

#include "runbooks/export/exporter.h"
#include "runbooks/export/targets.h"

namespace tributary::runbooks {
namespace {

struct CheckLoss {
    std::string_view check;
    std::string_view what;
    std::string_view here;
};

// In the order of the vocabulary. A check that is not named is asked in full.
constexpr CheckLoss kCheckLosses[] = {
    {"link-healthy", "link-healthy sees whether the link is connected",
     "replicaState, paused and errors are read: a link that has not tried yet counts as healthy until it reports an "
     "error"},
    {"caught-up", "caught-up asks source and replica for their positions",
     "bytesPending and putsPending of the source with -refreshnow true; what was pending when the wait began must go"},
    {"same-data", "same-data compares row by row and names the first difference",
     "the summary that DiffTables prints decides; where it prints none the script stops as undecided, and the rows "
     "that differ stand in its -outdir"},
    {"upstream-and-replica", "upstream-and-replica compares identities as they are stored",
     "the uuids are compared as printed, which the system does in two spellings"},
    {"readable", "readable reads a row", "no row is read: the table answers and a column family grants readperm"},
    {"writable", "writable asks the state of the cluster as well",
     "nothing is written: the table is not in bulk-load mode and a column family grants writeperm"},
    {"has-permission", "has-permission leaves an expression over groups and roles undecided",
     "groups are those of this machine; a role stops the script as undecided; the user is that of this shell unless "
     "--user names another"},
    {"only-here", "only-here compares the rows of a table with its copies",
     "rows are counted, not compared: where the count alone does not settle it, the script stops as undecided"},
    {"rows-at-most", "rows-at-most counts what can be read, and of a family only its own",
     "totalrows of the whole table is compared"},
    {"gateway-open", "gateway-open asks whether the gateway runs", "the gateway must be known to its cluster"},
    {"gateways-reachable", "gateways-reachable proves that a gateway answers the source's cluster",
     "a gateway must be known there; whether it answers shows only when the link runs"},
};

void addGeneral(ExportTarget target, std::vector<Loss>& out) {
    if (target == ExportTarget::Markdown) {
        out.push_back({"every check is asked by the program, and waited for", "a person runs the command and judges"});
        out.push_back({"a journal knows after a crash which command is in doubt",
                       "note each step when it is done; after an interruption look at its check before repeating it"});
        return;
    }
    out.push_back({"lag of every link is drawn while the run lasts",
                   "the checks print bytesPending and putsPending of the link that they wait for"});
    out.push_back({"each journal record carries a checksum of all before it",
                   "the journal is plain text, on the disk before the script goes on; nothing proves that nobody "
                   "edited it"});
    out.push_back({"a resumed run is refused when somebody changed the system meanwhile",
                   "only the runbook and its parameters are compared; what others changed is seen by the checks of "
                   "the steps still to come"});
    out.push_back({"failures are told apart by the engine",
                   "by exit code and ERROR (n) of the command; an unknown text counts as a plain failure"});
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
    addGeneral(target, out);
    addSteps(runbook, target, out);
    const std::vector<std::string> asked = detail::checkNamesOf(runbook);
    for (const CheckLoss& loss : kCheckLosses) {
        if (target == ExportTarget::Bash && std::find(asked.begin(), asked.end(), loss.check) != asked.end()) {
            out.push_back({std::string(loss.what), std::string(loss.here)});
        }
    }
    const auto& parameters = runbook.parameters;
    const bool secret = std::any_of(parameters.begin(), parameters.end(),
                                    [](const Parameter& parameter) { return parameter.type == ParameterType::Secret; });
    if (secret) out.push_back({"secrets", "only the file that holds one is named; it must exist where this is used"});
    return out;
}

}  // namespace tributary::runbooks
