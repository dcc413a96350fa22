// run: its words; runbook and report join it here.
#include "app/terminal/runbookverbs.h"

#include <fmt/format.h>

#include "app/terminal/dataverbscommon.h"
#include "core/workspace/strictyaml.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {
namespace {

Verb runVerb() {
    Verb verb{"run",
              "runbooks",
              "Run a runbook, go on with a run, or undo one",
              "tributary run multi-master-setup --set source=/mapr/sanfrancisco/customers "
              "--set replica=/mapr/newyork/customers\n"
              "tributary run multi-master-setup --params setup.yaml --dry-run\n"
              "tributary run --resume\n"
              "tributary run --undo --dry-run\n"
              "tributary run --undo",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<RunWords>();
        struct Named {
            std::vector<std::string> resume, undo;
        };
        auto named = std::make_shared<Named>();
        app.add_option("RUNBOOK", words->runbook, "A name of `runbook list`, or a .yaml file");
        app.add_option("--set", words->set, "A parameter: NAME=VALUE; may be repeated")->expected(1)->take_all();
        app.add_option("--params", words->paramsFile, "Parameters out of a YAML or JSON file");
        app.add_flag("--dry-run,-n", words->dryRun, "Show what would be done, also by --undo; change nothing");
        app.add_flag("--step", words->step, "Ask before every step");
        app.add_flag("--yes", words->yes, "Approve every step, or an undo, that does not want a name typed");
        app.add_option("--start-at", words->startAt, "Begin with this step; earlier ones are checked");
        app.add_option("--until", words->until, "Stop after this step");
        auto* resume =
            app.add_option("--resume", named->resume, "Go on with a run; without a name the only one that can");
        resume->expected(0, 1);
        auto* undo =
            app.add_option("--undo", named->undo, "Undo what a run did, last first, after its plan is approved");
        undo->expected(0, 1);
        app.add_option("--down-to", words->downTo, "With --undo: this step and those before it stay");
        app.add_option("--approve", words->approve, "STEP=HASH (of --dry-run), the name to type, or yes")
            ->expected(1)
            ->take_all();
        app.add_option("--resolve", words->resolve,
                       "STEP=done or STEP=not-done: a step in doubt; with --undo, one left BY HAND")
            ->expected(1)
            ->take_all();
        app.add_flag("--accept-drift", words->acceptDrift, "Resume although somebody changed the system");
        app.add_flag("--stored", words->stored, "Resume with the runbook's text as the run began with it");
        app.add_option("--events", words->events, "Write events as JSON lines to a file, or - for stdout");
        app.add_option("--junit", words->junit, "Write a JUnit report at the end");
        app.add_option("--report", words->report, "Write a Markdown report at the end");
        app.add_flag("--plain", words->plain, "A line per change instead of the live display");
        return [words, named, resume, undo](VerbContext& context) {
            words->resume = resume->count() > 0;
            words->undo = undo->count() > 0;
            for (const auto& names : {named->resume, named->undo}) {
                if (!names.empty() && !names.front().empty()) words->run = names.front();
            }
            return runRunbook(context, *words);
        };
    };
    return verb;
}

}  // namespace

Result<std::map<std::string, std::string>> pairsOf(const std::vector<std::string>& texts, const std::string& option) {
    std::map<std::string, std::string> out;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no NAME=VALUE", text), option,
                         fmt::format("{} {}=VALUE", option, text)};
        }
        out[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return out;
}

Result<runbooks::ParameterValues> parametersOf(const RunWords& words) {
    runbooks::ParameterValues values;
    if (!words.paramsFile.empty()) {
        const auto root = loadStrictYaml(words.paramsFile);
        if (!root) return root.error();
        StrictReader reader(words.paramsFile);
        if (reader.namedMap(root.value(), "a file of parameters")) {
            for (const StrictNode& node : root.value().children) values[node.key] = reader.anyText(node, node.key);
        }
        if (!reader.ok()) return reader.error();
    }
    auto set = pairsOf(words.set, "--set");
    if (!set) return set.error();
    for (auto& [name, value] : set.value()) values[name] = value;
    return values;
}

Result<std::string> runsFolder(const VerbContext& context) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return paths.error();
    return paths.value().state() + "/runs";
}

std::string resumeCommand(const VerbContext& context, const std::string& runId, const std::string& more) {
    const std::string command = "tributary run --resume " + runId + context.hereOptions();
    return more.empty() ? command : command + " " + more;
}

std::vector<Verb> runbookVerbs() {
    return {runVerb(), runbookVerb(), reportVerb(), exportVerb(), importVerb()};
}

}  // namespace tributary::app
