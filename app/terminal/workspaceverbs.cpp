// new, check, up, down, status: a workspace's life.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/daemon/daemon.h"
#include "app/daemon/hostedstate.h"
#include "app/daemon/workspaceengine.h"
#include "app/observe/audit.h"
#include "app/observe/faultcalls.h"
#include "app/observe/metricstext.h"
#include "app/plans/livefindings.h"
#include "app/terminal/statusview.h"
#include "app/terminal/verb.h"
#include "app/terminal/watchverb.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/rules/findings.h"
#include "core/systems/catalogue.h"
#include "core/systems/maprdb/rules/writers.h"
#include "core/systems/registry.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/settings.h"
#include "core/workspace/topologyfile.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/machine/realfileops.h"
#include "runbooks/runner/exitcodes.h"
#include "runbooks/runner/runstore.h"

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

// ---- up and down -------------------------------------------------------------------------------------------------

struct ClusterWords {
    std::vector<std::string> clusters;
    bool foreground = false;
    bool noWan = false;
    std::string durability = "fsync";
    [[nodiscard]] WanUse wan() const { return noWan ? WanUse::LeftOut : WanUse::AsDrawn; }
};

bool isUnknown(const Error& error) {
    return error.code == ErrorCode::Timeout || error.code == ErrorCode::Unavailable;
}

Result<std::unique_ptr<Session>> sessionOf(const VerbContext& context) {
    return Session::open({context.workspaceDir, context.user, false});
}

// Splits the wanted clusters into those that have a process and those that need one.
struct Wanted {
    std::string user;
    Topology topology;
    std::vector<std::string> names;
    std::vector<std::string> running;
    std::vector<std::string> missing;
    std::vector<std::string> moved;  ///< run, in a process that knows the folder by an earlier name
    std::optional<Error> untold;     ///< of a cluster that may run or not
};

Result<std::vector<std::string>> knownClusters(const std::vector<std::string>& names,
                                               const std::vector<std::string>& known) {
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string near = nearest(name, known);
        return Error{ErrorCode::InvalidInput, fmt::format("the drawing has no cluster '{}'", name), "--cluster",
                     near.empty() ? "one of: " + join(known, ", ") : fmt::format("did you mean '{}'?", near)};
    }
    return names.empty() ? known : names;
}

Result<Wanted> wantedClusters(const VerbContext& context, const std::vector<std::string>& names) {
    auto session = sessionOf(context);
    if (!session) return session.error();
    WorkspaceDirectory& directory = (*session)->directory();
    Wanted wanted;
    wanted.user = (*session)->user();
    wanted.topology = (*session)->topology();
    auto drawn = knownClusters(names, directory.clusters());
    if (!drawn) return drawn.error();
    wanted.names = std::move(drawn).value();
    for (const std::string& name : wanted.names) {
        const ClusterPresence seen = directory.presence(name);
        switch (seen.kind) {
            case ClusterPresence::Kind::Up:
                wanted.running.push_back(name);
                if (!seen.movedFrom.empty()) wanted.moved.push_back(movedText(name, seen));
                break;
            case ClusterPresence::Kind::Down: wanted.missing.push_back(name); break;
            default:
                if (!wanted.untold) wanted.untold = seen.error;
        }
    }
    return wanted;
}

// Clusters that list their users refuse all others but the owner of the engine's files: say so before anything is
// started, and who may.
Status requireDrawnUser(const Wanted& wanted) {
    if (wanted.user == systemUser()) return okStatus();
    for (const std::string& name : wanted.missing) {
        const std::vector<std::string>& users = wanted.topology.cluster(name)->users;
        if (users.empty() || std::find(users.begin(), users.end(), wanted.user) != users.end()) continue;
        return Error{
            ErrorCode::PermissionDenied,
            fmt::format("user {} is not drawn in cluster {}, whose users are {}", wanted.user, name, join(users, ", ")),
            {},
            fmt::format("tributary up --as {}", users.front())};
    }
    return okStatus();
}

// Clusters that run already follow the drawing, or do without it, as those that are started now. Returns those that did
// not so before.
Result<std::vector<std::string>> followNetwork(const Wanted& wanted, WanUse wan, const VerbContext& context) {
    auto session = sessionOf(context);
    if (!session) return session.error();
    std::vector<std::string> changed;
    for (const std::string& name : wanted.running) {
        auto door = (*session)->directory().door(name);
        if (!door) return door.error();
        const engine::ClusterNetwork rules = drawnNetwork(wanted.topology, name, wan);
        const auto now = networkAtDoor(**door);
        if (now && *now == rules) continue;
        if (Status sent = sendNetwork(**door, rules); !sent) return sent.error();
        changed.push_back(name);
    }
    return changed;
}

// A process that answers may run a cluster that a fault has killed: it is started again. What is frozen, or was stopped
// for a reason, is not up, and is said.
Result<std::vector<std::string>> reviveKilled(const Wanted& wanted, const VerbContext& context) {
    auto session = sessionOf(context);
    if (!session) return session.error();
    std::vector<std::string> revived;
    for (const std::string& name : wanted.running) {
        auto door = (*session)->directory().door(name);
        if (!door) return door.error();
        const auto state = hostedStateAt(**door, name);
        if (!state) return state.error();
        using Kind = HostedState::Kind;
        if (state->kind == Kind::Frozen) {
            return Error{ErrorCode::Conflict,
                         fmt::format("cluster {} is frozen by a fault", name),
                         {},
                         "tributary fault thaw " + name};
        }
        if (state->kind == Kind::Stopped) {
            return Error{ErrorCode::Conflict,
                         fmt::format("cluster {} was stopped: {}", name, state->reason),
                         {},
                         "remove the reason, then tributary down && tributary up"};
        }
        if (state->kind != Kind::Killed) continue;
        if (Status sent = sendFault(**session, name, Json{{"what", "start"}}); !sent) return sent.error();
        revived.push_back(name);
    }
    return revived;
}

// A run that found clusters down holds them in its own process: they go down again with it.
std::vector<std::string> heldByRun(const VerbContext& context, const std::vector<std::string>& running, int& pid) {
    std::vector<std::string> held;
    auto session = sessionOf(context);
    if (!session || running.empty()) return held;
    const auto live = runbooks::RunStore((*session)->workspace().paths.state() + "/runs").live();
    if (!live) return held;
    pid = live->pid;
    for (const std::string& name : running) {
        const auto ports = (*session)->engine().readPorts(name);
        if (ports && ports->process.pid == pid) held.push_back(name);
    }
    return held;
}

int runUp(const ClusterWords& words, const VerbContext& context) {
    const auto wanted = wantedClusters(context, words.clusters);
    if (!wanted) return context.fail(wanted.error());
    if (wanted->untold) return context.fail(*wanted->untold);  // a second engine beside one that may be there
    if (Status may = requireDrawnUser(*wanted); !may) return context.fail(may.error());
    const bool nothingToDo = wanted->missing.empty() && !wanted->running.empty();
    if (!nothingToDo) {
        const Status started = up({context.workspaceDir, context.user, wanted->missing, words.foreground, words.wan(),
                                   words.durability, metricsOfWorkspace});
        if (auto session = sessionOf(context); session && !words.foreground)
            audit(**session, std::string(trim("tributary up " + join(wanted->missing, " "))),
                  started ? std::string() : started.error().text());
        if (!started) return context.fail(started.error());
    }
    if (words.foreground && !nothingToDo) return 0;
    const auto revived = reviveKilled(*wanted, context);
    if (!revived) return context.fail(revived.error());
    const auto changed = followNetwork(*wanted, words.wan(), context);
    if (!changed) return context.fail(changed.error());
    int holder = 0;
    const std::vector<std::string> held = heldByRun(context, wanted->running, holder);
    const int code = held.empty() ? 0 : static_cast<int>(runbooks::ExitCode::LockHeld);
    if (!held.empty()) {
        fmt::print(stderr,
                   "tributary: a run (process {}) holds {} in its own process: down again when the run ends\n"
                   "  try: tributary up after its end\n",
                   holder, join(held, ", "));
    }
    if (context.json) {
        printJson({{"started", wanted->missing},
                   {"alreadyUp", wanted->running},
                   {"startedAgain", *revived},
                   {"heldByRun", held},
                   {"wan", words.noWan ? "left-out" : "as-drawn"},
                   {"networkChanged", *changed}});
        return code;
    }
    if (context.quiet) return code;
    for (const std::string& name : wanted->running) {
        const bool byRun = std::find(held.begin(), held.end(), name) != held.end();
        const bool again = std::find(revived->begin(), revived->end(), name) != revived->end();
        fmt::print("{} {}\n", name,
                   byRun   ? "is held by a run"
                   : again ? "is up again (a fault had killed it)"
                           : "was up already");
    }
    for (const std::string& name : wanted->missing) fmt::print("{} is up\n", name);
    const char* network = words.noWan ? "leaves the drawn latency and bandwidth out" : "is as drawn";
    for (const std::string& name : *changed) fmt::print("the network from {} now {}\n", name, network);
    std::fflush(stdout);
    if (!words.noWan && !wanted->topology.wan.empty() && !wanted->missing.empty()) {
        fmt::print(stderr, "the network between clusters is as drawn (tributary up --no-wan leaves it out)\n");
    }
    for (const std::string& text : wanted->moved)
        fmt::print(stderr, "{}\n  try: tributary down && tributary up\n", text);
    const auto paths = findWorkspace(context.workspaceDir);
    const auto settings = paths ? loadSettings(*paths) : Result<WorkspaceSettings>(WorkspaceSettings{});
    if (settings && !settings->alarmHook.empty() && !wanted->missing.empty())
        fmt::print(stderr, "alarms run {} (settings.yaml)\n", settings->alarmHook.front());
    return code;
}

Work describeUp(CLI::App& app) {
    auto words = std::make_shared<ClusterWords>();
    app.add_option("--cluster", words->clusters, "Only this cluster; may be given again")->type_name("NAME");
    app.add_flag("--foreground", words->foreground, "Stay in this process until Ctrl-C or `tributary down`");
    app.add_flag("--no-wan", words->noWan,
                 "Leave out the drawn latency and bandwidth between clusters, also of those that run already");
    app.add_option("--durability", words->durability,
                   "What an acknowledgement promises: fsync = on the disk (default), write = handed to the system")
        ->check(CLI::IsMember(std::vector<std::string>{"fsync", "write"}))
        ->type_name("WHAT");
    return [words](VerbContext& context) { return runUp(*words, context); };
}

int runDown(const ClusterWords& words, const VerbContext& context) {
    auto session = Session::openToStop(context.workspaceDir, context.user);
    if (!session) return context.fail(session.error());
    // What runs can be stopped, whether it is drawn any more or not.
    std::vector<std::string> known = (*session)->directory().clusters();
    for (const std::string& name : (*session)->directory().undrawn()) known.push_back(name);
    const auto drawn = knownClusters(words.clusters, known);
    if (!drawn) return context.fail(drawn.error());
    if (const Status& problem = (*session)->drawingProblem(); !problem && !context.quiet) {
        fmt::print(stderr, "tributary: {}\n  what ran in this workspace is stopped without it\n",
                   problem.error().text());
    }
    const auto report = down({context.workspaceDir, context.user, *drawn});
    if (!report) return context.fail(report.error());
    const std::optional<Error> trouble =
        report->notStopped.empty() ? std::nullopt : std::optional(report->notStopped.front().second);
    if (!report->stopped.empty() || trouble) {
        audit(**session, std::string(trim("tributary down " + join(trouble ? *drawn : report->stopped, " "))),
              trouble ? trouble->text() : std::string());
    }
    if (context.json && !trouble) {
        printJson({{"stopped", report->stopped}, {"alreadyDown", report->alreadyDown}});
    } else if (!context.json && !context.quiet) {
        for (const std::string& name : report->stopped) fmt::print("{} is down\n", name);
        for (const std::string& name : report->alreadyDown) fmt::print("{} was down already\n", name);
    }
    if (!trouble) return 0;
    std::fflush(stdout);
    std::vector<std::string> names;
    for (const auto& [name, error] : report->notStopped) names.push_back(name);
    Error told = *trouble;
    told.what = fmt::format("{}: {}: {}", join(names, ", "), isUnknown(told) ? "may be up" : "not stopped", told.what);
    return context.fail(told);
}

Work describeDown(CLI::App& app) {
    auto words = std::make_shared<ClusterWords>();
    app.add_option("--cluster", words->clusters,
                   "Only this cluster; others that share its process go on; may be given again")
        ->type_name("NAME");
    return [words](VerbContext& context) { return runDown(*words, context); };
}

// ---- status ------------------------------------------------------------------------------------------------------

int runStatus(const VerbContext& context) {
    auto session = sessionOf(context);
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
