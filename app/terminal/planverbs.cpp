// plan, apply, adopt: what is drawn and what runs, and the ways from one to the other.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/adapters/engineport.h"
#include "app/observe/audit.h"
#include "app/plans/workspaceplan.h"
#include "app/systems/dialects.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "runbooks/model/load.h"
#include "runbooks/planner/plantext.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;
using engine::maprdb::shellWord;
using runbooks::ExitCode;
using runbooks::Plan;
using Work = std::function<int(VerbContext&)>;

constexpr const char* kPlanId = "make-drawing-real";

struct PlanWords {
    PlanRequest request;
    bool noRemove = false;
    std::string file;
};

/// A command for the same workspace and user.
std::string commandHere(const VerbContext& context, const std::string& command) {
    return "tributary " + command + context.hereOptions();
}

std::string requestOptions(const PlanRequest& request) {
    std::string out;
    for (const std::string& each : request.only) out += " --only " + shellWord(each);
    return request.remove ? out : out + " --no-remove";
}

void addRequest(CLI::App& app, PlanWords& words) {
    app.add_option("--only", words.request.only,
                   "Only this element, and what it needs: a cluster (all in it), a path, \"FROM -> TO\" or \"AT <- "
                   "FROM\"; may be repeated")
        ->expected(1)
        ->take_all()
        ->type_name("ELEMENT");
    app.add_flag("--no-remove", words.noRemove, "Leave what runs and is not drawn as it is");
}

// ---- plan ---------------------------------------------------------------------------------------------------------

int planExit(const Plan& plan) {
    return plan.agrees() ? 0 : static_cast<int>(ExitCode::Usage);
}

Status savePlan(const Plan& plan, const std::string& file) {
    if (file.empty() || plan.steps.empty()) return okStatus();
    return saveFileAtomically(file, plan.runbook.text);
}

void tellNext(const VerbContext& context, const PlanWords& words, const Plan& plan) {
    if (context.quiet || plan.steps.empty()) return;
    const std::string what = words.file.empty() ? requestOptions(words.request) : " " + shellWord(words.file);
    fmt::print(stderr, "\nNext:\n  {}\n", commandHere(context, "apply" + what));
    const std::vector<std::string> approvals = runbooks::approvalOptions(plan);
    if (!approvals.empty()) fmt::print(stderr, "  (approved without a terminal by: {})\n", join(approvals, " "));
}

int runPlan(PlanWords words, const VerbContext& context) {
    words.request.remove = !words.noRemove;
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    const auto made = planWorkspace(**session, words.request);
    if (!made) return context.fail(made.error());
    const Plan& plan = made->plan;
    if (Status saved = savePlan(plan, words.file); !saved) return context.fail(saved.error());
    const bool written = !words.file.empty() && !plan.steps.empty();
    if (context.json) {
        Json document = runbooks::planJson(plan);
        document["workspace"] = (*session)->workspace().paths.root;
        document["file"] = written ? Json(words.file) : Json();
        printJson(document);
        return planExit(plan);
    }
    printRaw(stdout, shownText(runbooks::planText(plan)));
    std::fflush(stdout);
    if (!words.file.empty() && !written && !context.quiet) {
        fmt::print(stderr, "{} was not written: no step is needed\n", words.file);
    }
    tellNext(context, words, plan);
    return planExit(plan);
}

Work describePlan(CLI::App& app) {
    auto words = std::make_shared<PlanWords>();
    addRequest(app, *words);
    app.add_option("-o,--output", words->file, "Save the plan, a runbook, for `tributary apply FILE`")
        ->type_name("FILE");
    return [words](VerbContext& context) { return runPlan(*words, context); };
}

// ---- apply --------------------------------------------------------------------------------------------------------

struct ApplyWords {
    PlanWords plan;
    RunWords run;
};

/// Where the plan that is run lies; the run's journal has its text.
std::string lastPlanFile(Session& session) {
    return session.workspace().paths.state() + "/plan.yaml";
}

int refuseStale(const VerbContext& context, const BrokenGuards& broken) {
    const bool stale = !broken.changed.empty();
    const std::size_t count = broken.changed.size();
    const Error error =
        stale ? Error{ErrorCode::Conflict,
                      fmt::format("the plan does not hold any more: {} since it was made; nothing was done",
                                  count == 1 ? "something changed" : fmt::format("{} things changed", count)),
                      {},
                      commandHere(context, "plan") + " makes it anew"}
              : Error{ErrorCode::Unavailable,
                      "whether the plan still holds cannot be told; nothing was done",
                      {},
                      "tributary up; tributary status"};
    const int exit = static_cast<int>(stale ? ExitCode::StalePlan : ExitCode::Unknown);
    if (context.json) {
        printJson(
            {{"error", {{"code", errorCodeName(error.code)}, {"what", error.what}, {"fix", error.fix}, {"exit", exit}}},
             {"changed", broken.changed},
             {"unknown", broken.unknown}});
        return exit;
    }
    std::string text;
    for (const auto* list : {&broken.changed, &broken.unknown}) {
        for (const std::string& each : *list) text += "  " + each + "\n";
    }
    const int code = context.fail(error, exit);
    printRaw(stderr, shownText(text));
    return code;
}

/// The run itself, after its plan was written to the workspace's own file.
int runPlanFile(const VerbContext& context, Session& session, ApplyWords& words, const std::string& text) {
    const std::string file = lastPlanFile(session);
    if (Status saved = saveFileAtomically(file, text, NewFile::Private); !saved) return context.fail(saved.error());
    words.run.runbook = file;
    const std::string& given = words.plan.file;
    words.run.typedAs =
        "tributary apply" + (given.empty() ? requestOptions(words.plan.request) : " " + shellWord(given));
    return runRunbook(context, words.run);
}

int applyFile(const VerbContext& context, Session& session, ApplyWords& words) {
    const auto book = runbooks::loadRunbook(words.plan.file, dialects());
    if (!book) return context.fail(book.error());
    if (book->id != kPlanId) {
        return context.fail(Error{ErrorCode::InvalidInput,
                                  fmt::format("{} is a runbook, {}, and no plan", words.plan.file, book->id),
                                  {},
                                  "tributary run " + shellWord(words.plan.file)});
    }
    EnginePort port(session.directory(), session.user(), wallNowMs);
    if (const BrokenGuards broken = askGuards(*book, port); !broken.hold()) return refuseStale(context, broken);
    return runPlanFile(context, session, words, book->text);
}

/// The network as drawn, where that is what differs. False: it could not be done, and was said.
bool followNetwork(const VerbContext& context, Session& session, Plan& plan, int& code) {
    const auto ofNetwork = [&](const runbooks::LeftOver& each) {
        const Difference& difference = plan.differences[each.difference];
        return std::holds_alternative<WanId>(difference.element) && difference.kind == DifferenceKind::Different;
    };
    if (std::none_of(plan.left.begin(), plan.left.end(), ofNetwork)) return true;
    const auto changed = putNetworkInForce(session);
    audit(session, "tributary apply: network as drawn", changed ? std::string() : changed.error().text());
    if (!changed) {
        code = context.fail(changed.error());
        return false;
    }
    std::erase_if(plan.left, ofNetwork);
    if (!context.quiet) {
        for (const std::string& name : *changed) fmt::print(stderr, "the network from {} now is as drawn\n", name);
    }
    return true;
}

void tellLeft(const VerbContext& context, const Plan& plan) {
    if (plan.left.empty() || context.quiet) return;
    std::string text = "no step closes:\n";
    for (const runbooks::LeftOver& each : plan.left) {
        const Difference& difference = plan.differences[each.difference];
        text += fmt::format("  {} {} {} ({})\n", difference.what(), difference.where(), difference.detail, each.reason);
        if (!each.command.empty()) text += fmt::format("    try: {}\n", each.command);
    }
    printRaw(stderr, shownText(text));
}

int applyNow(const VerbContext& context, Session& session, ApplyWords& words) {
    auto made = planWorkspace(session, words.plan.request);
    if (!made) return context.fail(made.error());
    Plan& plan = made->plan;
    const bool agreed = plan.agrees();
    int code = 0;
    if (!words.run.dryRun && !followNetwork(context, session, plan, code)) return code;
    if (!plan.steps.empty()) {
        if (!context.quiet) fmt::print(stderr, "{}\n", runbooks::totalsText(plan));
        tellLeft(context, plan);
        return runPlanFile(context, session, words, plan.runbook.text);
    }
    tellLeft(context, plan);
    code = plan.left.empty() ? 0 : static_cast<int>(ExitCode::VerifyFailed);
    if (context.json) {
        Json document = runbooks::planJson(plan);
        document["exit"] = code;
        printJson(document);
    } else if (plan.left.empty() && !context.quiet) {
        fmt::print("{}\n",
                   agreed ? "What runs is what is drawn: there is nothing to do." : "What runs is what is drawn now.");
    }
    return code;
}

int runApply(ApplyWords words, const VerbContext& context) {
    words.plan.request.remove = !words.plan.noRemove;
    const bool chosen = !words.plan.request.only.empty() || words.plan.noRemove;
    if (!words.plan.file.empty() && chosen) {
        return context.fail(Error{ErrorCode::InvalidInput, "a saved plan is applied whole", "apply",
                                  "leave --only and --no-remove out, or leave the file out"});
    }
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    return words.plan.file.empty() ? applyNow(context, **session, words) : applyFile(context, **session, words);
}

Work describeApply(CLI::App& app) {
    auto words = std::make_shared<ApplyWords>();
    app.add_option("FILE", words->plan.file, "A plan that `tributary plan -o` saved; without it one is made now");
    addRequest(app, words->plan);
    RunWords& run = words->run;
    app.add_flag("--yes", run.yes, "Approve every step that does not want a name typed");
    app.add_option("--approve", run.approve, "STEP=NAME: the name of the data that a step deletes; may be repeated")
        ->expected(1)
        ->take_all();
    app.add_flag("--step", run.step, "Ask before every step");
    app.add_flag("--dry-run,-n", run.dryRun, "Show every command and what its checks answer now; change nothing");
    app.add_option("--events", run.events, "Write events as JSON lines to a file, or - for stdout");
    app.add_option("--junit", run.junit, "Write a JUnit report at the end");
    app.add_option("--report", run.report, "Write a Markdown report at the end");
    app.add_flag("--plain", run.plain, "A line per change instead of the live display");
    return [words](VerbContext& context) { return runApply(*words, context); };
}

// ---- adopt --------------------------------------------------------------------------------------------------------

struct AdoptWords {
    std::vector<std::string> elements;
    bool dryRun = false;
};

int runAdopt(const AdoptWords& words, const VerbContext& context) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    const auto adopted = adopt((*session)->topology(), observationOf(collectStatus(**session)), words.elements);
    if (!adopted) return context.fail(adopted.error());
    bool rewritten = false;
    if (!words.dryRun) {
        const auto saved = saveWorkspace((*session)->workspace(), adopted->drawing);
        if (!saved) return context.fail(saved.error());
        rewritten = saved->rewritten;
    }
    const std::string file = (*session)->workspace().paths.topology();
    if (context.json) {
        printJson(
            {{"adopted", adopted->titles}, {"file", words.dryRun ? Json() : Json(file)}, {"comments_lost", rewritten}});
        return 0;
    }
    for (const std::string& title : adopted->titles) fmt::print("{}\n", title);
    std::fflush(stdout);
    if (context.quiet) return 0;
    if (words.dryRun) fmt::print(stderr, "{} is as it was (--dry-run)\n", file);
    if (!words.dryRun) fmt::print(stderr, "{} is saved{}\n", file, rewritten ? "; comments inside it are lost" : "");
    return 0;
}

Work describeAdopt(CLI::App& app) {
    auto words = std::make_shared<AdoptWords>();
    app.add_option("ELEMENT", words->elements,
                   "A cluster, a path, \"FROM -> TO\", \"AT <- FROM\", as status names them")
        ->required();
    app.add_flag("--dry-run,-n", words->dryRun, "Say what would be drawn; save nothing");
    return [words](VerbContext& context) { return runAdopt(*words, context); };
}

}  // namespace

std::vector<Verb> planVerbs() {
    return {
        {"plan", "workspace",
         "Show the way from what runs to what is drawn: exit 0 nothing to do, 2 something, 3 could not tell",
         "tributary plan -w demo\ntributary plan -w demo -o monday.yaml\n"
         "tributary plan --only newyork --no-remove\ntributary plan --json",
         describePlan},
        {"apply", "workspace", "Make what runs as it is drawn: plan and run, or run a saved plan",
         "tributary apply -w demo\ntributary apply monday.yaml\n"
         "tributary apply --yes --approve delete-newyork-old=/mapr/newyork/old\ntributary apply --dry-run",
         describeApply},
        {"adopt", "workspace", "Take what runs into the drawing; comments stay",
         "tributary adopt /mapr/newyork/old\ntributary adopt \"/mapr/newyork/old -> /mapr/sanfrancisco/old\"\n"
         "tributary adopt newyork --dry-run",
         describeAdopt},
    };
}

}  // namespace tributary::app
