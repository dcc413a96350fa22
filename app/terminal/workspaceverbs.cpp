// new, check, status, and the table of a workspace's verbs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/daemon/workspaceengine.h"
#include "app/plans/livefindings.h"
#include "app/terminal/statusview.h"
#include "app/terminal/upverbs.h"
#include "app/terminal/verb.h"
#include "app/terminal/watchverb.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/rules/findings.h"
#include "core/systems/catalogue.h"
#include "core/systems/maprdb/rules/writers.h"
#include "core/systems/registry.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/topologyfile.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/machine/realfileops.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;
using Work = std::function<int(VerbContext&)>;

// ---- new ---------------------------------------------------------------------------------------------------------

struct NewWords {
    std::string dir;
    std::string example;
};

Result<std::vector<std::string>> makeWorkspace(const NewWords& words) {
    if (!words.example.empty()) return createExample(words.example, words.dir);
    engine::RealFileOps files;
    const std::string path = words.dir + "/topology.yaml";
    if (files.exists(path)) {
        return Error{ErrorCode::AlreadyExists, "this is a workspace already", path, "tributary check -w " + words.dir};
    }
    if (Status made = files.makeDirs(words.dir); !made) return made.error();
    const std::string text =
        "# What is drawn here is intent: `tributary check` proves it, `tributary up` runs its clusters.\n"
        "# Ready drawings: tributary new DIR --example NAME\n" +
        writeTopology(Topology{});
    if (Status saved = saveFileAtomically(path, text); !saved) return saved.error();
    return std::vector<std::string>{path};
}

/// Whether all that is drawn there is of systems that are configured and not run.
bool drawsOnlyConfigured(const std::string& dir) {
    const auto topology = loadTopology(dir + "/topology.yaml");
    return topology && !topology->clusters.empty() &&
           std::none_of(topology->clusters.begin(), topology->clusters.end(),
                        [](const Cluster& each) { return isBuiltSystem(each.system); });
}

int runNew(const NewWords& words, const VerbContext& context) {
    const Result<std::vector<std::string>> written = makeWorkspace(words);
    if (!written) return context.fail(written.error());
    if (context.json) {
        printJson({{"workspace", words.dir}, {"files", *written}});
        return 0;
    }
    for (const std::string& path : *written) fmt::print("{}\n", path);
    std::fflush(stdout);
    if (!context.quiet) {
        const std::string dir = engine::maprdb::shellWord(words.dir);
        fmt::print(stderr, "\nNext:\n  tributary check -w {0}\n  tributary {1} -w {0}\n", dir,
                   drawsOnlyConfigured(words.dir) ? "export --to config" : "up");
    }
    return 0;
}

Work describeNew(CLI::App& app) {
    auto words = std::make_shared<NewWords>();
    app.add_option("dir", words->dir, "The folder to make; it must be new or empty")->required();
    app.add_option("--example", words->example, "Begin with an example: " + join(exampleNames(), ", "))
        ->type_name("NAME");
    return [words](VerbContext& context) { return runNew(*words, context); };
}

// ---- check -------------------------------------------------------------------------------------------------------

// What the drawn users may do says nothing of whoever types the next command without --as.
void tellWhoMayNotWrite(const Topology& topology, const VerbContext& context) {
    if (!context.user.empty() || context.quiet || context.json) return;
    const std::string user = systemUser();
    const std::vector<std::string> closed = tablesClosedToWriter(topology, user);
    if (closed.empty()) return;
    fmt::print(
        stderr,
        "note: you, {}, may not write to {}{} as drawn: give --as USER (what else you may not do: tributary check "
        "--as {})\n",
        user, shownLine(closed.front()), closed.size() > 1 ? fmt::format(" and {} more", closed.size() - 1) : "", user);
}

struct CheckWords {
    std::string rule;
    bool live = false;
};

// What runs beside what is drawn; 3 when a cluster did not answer.
Result<int> addLive(const VerbContext& context, std::vector<Finding>& findings) {
    auto session = Session::open({context.workspaceDir, context.user, false});
    if (!session) return session.error();
    const WorkspaceStatus status = collectStatus(**session);
    for (Finding& each : liveFindings((*session)->topology(), status.differences)) findings.push_back(std::move(each));
    const bool told = std::none_of(status.differences.begin(), status.differences.end(),
                                   [](const Difference& each) { return each.kind == DifferenceKind::Unknown; });
    return static_cast<int>(told ? runbooks::ExitCode::Ok : runbooks::ExitCode::Unknown);
}

int runCheck(const CheckWords& words, const VerbContext& context) {
    const std::string& rule = words.rule;
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    const auto workspace = openWorkspace(*paths);
    if (!workspace) return context.fail(workspace.error());
    CheckOptions options;
    options.user = context.user;
    std::vector<Finding> findings;
    if (rule.empty()) {
        findings = checkTopology(workspace->topology, options);
    } else {
        auto found = checkRule(rule, workspace->topology, options);
        if (!found) return context.fail(found.error());
        findings = std::move(found).value();
    }
    int unknown = 0;
    if (words.live) {
        const auto told = addLive(context, findings);
        if (!told) return context.fail(told.error());
        unknown = *told;
    }
    const bool broken = countOf(findings, Severity::Error) > 0;
    if (context.json) {
        printRaw(stdout, shownJson(formatFindingsJson(findings, "topology.yaml")));
    } else if (!(context.quiet && findings.empty())) {
        fmt::print("{}", formatFindings(findings, "topology.yaml"));
        std::fflush(stdout);
    }
    if (rule.empty()) tellWhoMayNotWrite(workspace->topology, context);
    return broken ? 1 : unknown;
}

Work describeCheck(CLI::App& app) {
    auto words = std::make_shared<CheckWords>();
    app.add_option("--rule", words->rule, "Only this rule (tributary help rules)")->type_name("ID");
    app.add_flag("--live", words->live,
                 "Also compare with what runs: exit 1 when it differs, 3 when a cluster does not answer");
    return [words](VerbContext& context) { return runCheck(*words, context); };
}

// ---- status ------------------------------------------------------------------------------------------------------

int runStatus(const VerbContext& context) {
    auto session = Session::open({context.workspaceDir, context.user, false});
    if (!session) return context.fail(session.error());
    const WorkspaceStatus status = collectStatus(**session);
    if (context.json) {
        printJson(statusJson(status));
        return statusExit(status);
    }
    StatusStyle style;
    style.columns = context.columns;
    style.fit = context.outIsTerminal;
    style.colour = context.colour;
    style.hereOptions = context.hereOptions();
    style.nowMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    printRaw(stdout, statusText(shownStatus(status), style));
    return statusExit(status);
}

Work describeStatus(CLI::App&) {
    return [](VerbContext& context) { return runStatus(context); };
}

}  // namespace

std::vector<Verb> workspaceVerbs() {
    return {
        {"new", "workspace", "Make a workspace, empty or from an example",
         "tributary new demo --example multi-master\ntributary new site", describeNew},
        {"check", "workspace", "Prove the drawing against the documented restrictions",
         "tributary check -w demo\ntributary check -w demo --as ana\ntributary check -w demo --live\n"
         "tributary check -w demo --json",
         describeCheck},
        {"up", "workspace", "Start the clusters of the workspace",
         "tributary up -w demo\ntributary up -w demo --cluster newyork\ntributary up -w demo --no-wan\n"
         "tributary up -w demo --foreground",
         describeUp},
        {"down", "workspace", "Stop the clusters of the workspace cleanly",
         "tributary down -w demo\ntributary down -w demo --cluster newyork", describeDown},
        {"status", "workspace",
         "Show clusters, links with their lag, alarms and faults, and what differs from the drawing",
         "tributary status -w demo\ntributary status -w demo --json", describeStatus},
        watchVerb(),
    };
}

}  // namespace tributary::app
