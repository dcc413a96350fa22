// Dry runs.
#include "app/terminal/rundryrun.h"

#include <fmt/format.h>

#include "app/adapters/drawnvalues.h"
#include "app/adapters/engineport.h"
#include "app/adapters/impatientdirectory.h"
#include "app/instanceruns/systemport.h"
#include "app/systems/dialects.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runchoice.h"
#include "core/base/text.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/dryrun.h"
#include "runbooks/runner/runner.h"
#include "runbooks/runner/runstore.h"
#include "runbooks/runner/undoplan.h"

namespace tributary::app {
namespace {

using engine::Json;
using runbooks::ExitCode;

/// The clusters of a workspace for one look: those that do not answer are found out at once, side by side.
class Look {
public:
    /// Runbooks on processes of their own ask no cluster.
    Look(Session& session, std::string_view system)
        : clusters_(session.directory()), isAsked_(!runsOnInstances(system)) {
        if (!isAsked_) return;
        const auto probe = [&session](const std::string& cluster) -> Status {
            const WorkspaceDirectory own(session.engine(), session.topology(), session.user());
            const auto client = own.connect(cluster);
            return client ? okStatus() : Status(client.error());
        };
        for (const auto& [cluster, why] : findSilent(clusters_.clusters(), probe)) clusters_.giveUp(cluster, why);
    }
    /// Not one cluster can be asked.
    [[nodiscard]] bool blind() const { return isAsked_ && clusters_.silent().size() == clusters_.clusters().size(); }
    [[nodiscard]] ImpatientDirectory& clusters() { return clusters_; }
    /// Says on stderr which answers are missing, and why.
    void tell(const VerbContext& context) const {
        if (context.quiet) return;
        for (const auto& [cluster, why] : clusters_.silent()) {
            fmt::print(stderr, "cluster {} did not answer, what depends on it is not known: {}\n", cluster, why.what);
        }
    }
    [[nodiscard]] Json silentJson() const {
        Json out = Json::array();
        for (const auto& [cluster, why] : clusters_.silent())
            out.push_back(Json{{"cluster", cluster}, {"reason", why.what}});
        return out;
    }

private:
    ImpatientDirectory clusters_;
    bool isAsked_;
};

Json figure(std::int64_t value) {
    return value < 0 ? Json(nullptr) : Json(value);
}

Json stepJson(const runbooks::UndoPlanStep& step) {
    Json json{{"id", step.stepId}, {"number", step.number}, {"title", step.title}, {"commands", Json::array()}};
    for (std::size_t i = 0; i < step.lines.size(); ++i) {
        const runbooks::LineEffect& effect = step.effects[i];
        json["commands"].push_back(Json{{"text", step.lines[i]},
                                        {"takes_away", effect.text},
                                        {"destroys_data", effect.destroysData},
                                        {"target", effect.target},
                                        {"present", effect.present},
                                        {"rows", effect.destroysData ? figure(effect.rows) : Json(nullptr)},
                                        {"only_here", effect.destroysData ? figure(effect.onlyHere) : Json(nullptr)},
                                        {"keys", effect.keys},
                                        {"problem", effect.problem}});
    }
    json["by_hand"] = step.byHand;
    json["drift"] = step.drift;
    json["approval"] = Json{
        {"needed", step.approval.needed}, {"text", step.approval.text}, {"type_the_name", step.approval.typeTheName}};
    return json;
}

Json planJson(const runbooks::UndoPlan& plan) {
    Json json{{"run", plan.runId},
              {"runbook", plan.runbookId},
              {"title", plan.title},
              {"down_to", plan.downTo.empty() ? Json(nullptr) : Json(plan.downTo)},
              {"refused", plan.refusal.empty() ? Json(nullptr) : Json(plan.refusal)},
              {"fix", plan.refusalFix},
              {"drift", plan.drift},
              {"steps", Json::array()},
              {"approve_with", plan.refusal.empty() ? Json(runbooks::approvalOptions(plan)) : Json::array()}};
    for (const runbooks::UndoPlanStep& step : plan.steps) json["steps"].push_back(stepJson(step));
    json["staying"] = Json::array();
    for (const runbooks::StayingStep& step : plan.staying) {
        json["staying"].push_back(Json{{"id", step.stepId},
                                       {"number", step.number},
                                       {"title", step.title},
                                       {"commands", step.lines},
                                       {"note", step.note}});
    }
    return json;
}

}  // namespace

int showDryRun(const VerbContext& context, const RunWords& words, Session& session) {
    const auto book = runbooks::findRunbook(words.runbook, session.workspace().paths.root, dialects());
    if (!book) return context.fail(book.error());
    const auto given = parametersOf(words);
    if (!given) return context.fail(given.error());
    runbooks::RunOptions named;
    named.startAt = words.startAt;
    named.until = words.until;
    for (const std::string& text : words.approve) {
        if (text != "yes") named.approvals[text.substr(0, text.find('='))] = {};
    }
    if (Status known = checkStepNames(book.value(), named); !known) return context.fail(known.error());
    // Values that cannot be resolved are the dry run's own to report.
    if (const auto values = runbooks::resolveParameters(book.value(), given.value()); values) {
        const Status drawn = checkDrawnValues(book.value(), values.value(), session.topology());
        if (!drawn) return context.fail(drawn.error());
        if (const auto rendered = runbooks::renderRunbook(book.value(), values.value()); rendered) {
            const Status checks = checkDrawnChecks(rendered.value(), session.topology());
            if (!checks) return context.fail(checks.error());
        }
    }
    Look look(session, book.value().system);
    auto port =
        portFor(book.value().system, session.workspace().paths.root, look.clusters(), session.user(), wallNowMs);
    if (!port) return context.fail(port.error());
    const bool blind = look.blind();
    const auto shown = runbooks::dryRun(book.value(), given.value(), port.value().get(), words.until);
    if (!shown) return context.fail(shown.error());
    const runbooks::DryRun& dry = shown.value();
    Json approvals = Json::array();
    for (const runbooks::DryRunApproval& approval : dry.approvals)
        approvals.push_back(
            Json{{"step", approval.stepId}, {"option", "--approve " + approval.stepId + "=" + approval.value}});
    if (context.json) {
        printJson(Json{{"runbook", book.value().id},
                       {"text", dry.text},
                       {"previewed", dry.previewed},
                       {"not_previewed", dry.notPreviewed},
                       {"left_out", dry.leftOut},
                       {"invalid_lines", dry.invalidLines},
                       {"approvals", approvals},
                       {"looked_at_system", !blind},
                       {"silent_clusters", look.silentJson()},
                       {"fingerprint", dry.fingerprint}});
    } else {
        fmt::print("{}", dry.text);
        std::fflush(stdout);
        if (blind && !context.quiet)
            fmt::print(stderr, "no cluster answers: what the checks would say is not known (tributary up)\n");
        look.tell(context);
    }
    return dry.invalidLines == 0 ? 0 : static_cast<int>(ExitCode::VerifyFailed);
}

int showUndoPlan(const VerbContext& context, const RunWords& words, Session& session) {
    const runbooks::RunStore store(session.workspace().paths.state() + "/runs");
    const auto state = store.read(words.run);
    if (!state) return context.fail(state.error());
    Look look(session, state.value().system);
    auto port =
        portFor(state.value().system, session.workspace().paths.root, look.clusters(), session.user(), wallNowMs);
    if (!port) return context.fail(port.error());
    const auto plan = runbooks::planUndo(state.value(), dialects(), **port, words.downTo);
    if (!plan) return context.fail(plan.error());
    if (context.json) {
        Json json = planJson(plan.value());
        json["silent_clusters"] = look.silentJson();
        printJson(json);
    } else {
        fmt::print("{}", runbooks::undoPlanText(plan.value()));
        std::fflush(stdout);
        const auto book = runbookOfRun(state.value(), words, session.workspace().paths.root);
        if (book && !book->note.empty() && !context.quiet) fmt::print(stderr, "{}\n", book->note);
        look.tell(context);
    }
    if (!plan.value().refusal.empty()) return static_cast<int>(ExitCode::Usage);
    return plan.value().hasUnknown() ? static_cast<int>(ExitCode::Unknown) : 0;
}

}  // namespace tributary::app
