// up and down: the clusters of a workspace started and stopped, whoever runs them.
#include "app/terminal/upverbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "app/daemon/daemon.h"
#include "app/daemon/hostedstate.h"
#include "app/daemon/workspaceengine.h"
#include "app/observe/audit.h"
#include "app/observe/faultcalls.h"
#include "app/observe/metricstext.h"
#include "app/terminal/terminaltext.h"
#include "app/terminal/upmembers.h"
#include "core/base/text.h"
#include "core/workspace/settings.h"
#include "runbooks/runner/exitcodes.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;

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

// The wanted clusters: those that have a process, those that need one, and those that are none of the daemon's.
struct Wanted {
    std::string user;
    Topology topology;
    std::vector<std::string> names;
    std::vector<std::string> running;
    std::vector<std::string> missing;
    std::vector<std::string> moved;  ///< run, in a process that knows the folder by an earlier name
    std::optional<Error> untold;     ///< of a cluster that may run or not
    PartedClusters parted;

    /// Clusters of the daemon are wanted, or there is nothing at all: then that is what is said.
    [[nodiscard]] bool anyHosted() const { return !names.empty() || !parted.anyMembers(); }
};

Result<Wanted> wantedClusters(const VerbContext& context, const std::vector<std::string>& names) {
    auto session = sessionOf(context);
    if (!session) return session.error();
    WorkspaceDirectory& directory = (*session)->directory();
    Wanted wanted;
    wanted.user = (*session)->user();
    wanted.topology = (*session)->topology();
    auto parted = partClusters(**session, names, directory.clusters());
    if (!parted) return parted.error();
    wanted.names = parted.value().hosted;
    wanted.parted = std::move(parted).value();
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

/// What up did, to be told.
struct UpDone {
    MembersStarted members;
    std::vector<std::string> started;
    std::vector<std::string> revived;
    std::vector<std::string> changed;
    std::vector<std::string> held;
    int holder = 0;
};

/// Clusters of the daemon. False: it ran in this process, and has ended.
Result<bool> upHosted(const ClusterWords& words, const Wanted& wanted, const VerbContext& context, UpDone& done) {
    const bool nothingToDo = wanted.missing.empty() && !wanted.running.empty();
    if (!nothingToDo) {
        const Status started = up({context.workspaceDir, context.user, wanted.missing, words.foreground, words.wan(),
                                   words.durability, metricsOfWorkspace});
        if (auto session = sessionOf(context); session && !words.foreground)
            audit(**session, std::string(trim("tributary up " + join(wanted.missing, " "))),
                  started ? std::string() : started.error().text());
        if (!started) return started.error();
    }
    if (words.foreground && !nothingToDo) return false;
    done.started = wanted.missing;
    auto revived = reviveKilled(wanted, context);
    if (!revived) return revived.error();
    done.revived = std::move(revived).value();
    auto changed = followNetwork(wanted, words.wan(), context);
    if (!changed) return changed.error();
    done.changed = std::move(changed).value();
    done.held = heldByRun(context, wanted.running, done.holder);
    return true;
}

Json upJson(const ClusterWords& words, const Wanted& wanted, const UpDone& done) {
    Json out{{"started", done.started},
             {"alreadyUp", wanted.running},
             {"startedAgain", done.revived},
             {"heldByRun", done.held},
             {"wan", words.noWan ? "left-out" : "as-drawn"},
             {"networkChanged", done.changed}};
    if (wanted.parted.anyMembers()) {
        out["instances"] = {
            {"started", done.members.started}, {"alreadyUp", done.members.running}, {"notes", done.members.notes}};
    }
    return out;
}

void tellMembers(const MembersStarted& members) {
    for (const std::string& name : members.running) fmt::print("{} was up already\n", name);
    for (const std::string& name : members.started) fmt::print("{} is up\n", name);
    std::fflush(stdout);
    for (const std::string& note : members.notes) fmt::print(stderr, "{}\n", note);
}

bool isOfMembers(const Topology& topology, const std::string& name) {
    const Cluster* cluster = topology.cluster(name);
    return cluster != nullptr && memberSystem(cluster->system) != nullptr;
}

/// Wan lines that nothing puts in force.
void tellUncarried(const Topology& topology) {
    for (const Wan& line : topology.wan) {
        if (!isOfMembers(topology, line.a) && !isOfMembers(topology, line.b)) continue;
        fmt::print(stderr,
                   "the drawn network between {} and {} is not in force: members that are processes send undelayed\n",
                   line.a, line.b);
    }
}

void tellHosted(const ClusterWords& words, const Wanted& wanted, const VerbContext& context, const UpDone& done) {
    for (const std::string& name : wanted.running) {
        const bool byRun = std::find(done.held.begin(), done.held.end(), name) != done.held.end();
        const bool again = std::find(done.revived.begin(), done.revived.end(), name) != done.revived.end();
        fmt::print("{} {}\n", name,
                   byRun   ? "is held by a run"
                   : again ? "is up again (a fault had killed it)"
                           : "was up already");
    }
    for (const std::string& name : wanted.missing) fmt::print("{} is up\n", name);
    const char* network = words.noWan ? "leaves the drawn latency and bandwidth out" : "is as drawn";
    for (const std::string& name : done.changed) fmt::print("the network from {} now {}\n", name, network);
    std::fflush(stdout);
    const auto& wan = wanted.topology.wan;
    const bool isDrawn = std::any_of(wan.begin(), wan.end(), [&](const Wan& line) {
        return !isOfMembers(wanted.topology, line.a) && !isOfMembers(wanted.topology, line.b);
    });
    if (!words.noWan && isDrawn && !wanted.missing.empty()) {
        fmt::print(stderr, "the network between clusters is as drawn (tributary up --no-wan leaves it out)\n");
    }
    for (const std::string& text : wanted.moved)
        fmt::print(stderr, "{}\n  try: tributary down && tributary up\n", text);
    const auto paths = findWorkspace(context.workspaceDir);
    const auto settings = paths ? loadSettings(*paths) : Result<WorkspaceSettings>(WorkspaceSettings{});
    if (settings && !settings->alarmHook.empty() && !wanted.missing.empty())
        fmt::print(stderr, "alarms run {} (settings.yaml)\n", settings->alarmHook.front());
}

int runUp(const ClusterWords& words, const VerbContext& context) {
    const auto wanted = wantedClusters(context, words.clusters);
    if (!wanted) return context.fail(wanted.error());
    if (wanted->untold) return context.fail(*wanted->untold);  // a second engine beside one that may be there
    if (Status may = requireDrawnUser(*wanted); !may) return context.fail(may.error());
    UpDone done;
    if (wanted->parted.anyMembers()) {  // first: with --foreground the daemon's clusters keep this process
        auto session = sessionOf(context);
        if (!session) return context.fail(session.error());
        auto members = startMembers(**session, wanted->parted);
        if (!members) return context.fail(members.error());
        done.members = std::move(members).value();
        if (!context.json && !context.quiet) {
            tellMembers(done.members);
            if (!words.noWan) tellUncarried(wanted->topology);
        }
        if (done.members.problem) return context.fail(*done.members.problem);
    }
    if (wanted->anyHosted()) {
        const auto hosted = upHosted(words, *wanted, context, done);
        if (!hosted) return context.fail(hosted.error());
        if (!hosted.value()) return 0;
    }
    const int code = done.held.empty() ? 0 : static_cast<int>(runbooks::ExitCode::LockHeld);
    if (!done.held.empty()) {
        fmt::print(stderr,
                   "tributary: a run (process {}) holds {} in its own process: down again when the run ends\n"
                   "  try: tributary up after its end\n",
                   done.holder, join(done.held, ", "));
    }
    if (context.json) {
        printJson(upJson(words, *wanted, done));
    } else if (!context.quiet && wanted->anyHosted()) {
        tellHosted(words, *wanted, context, done);
    }
    return code;
}

/// Why something still runs, and what; the last word of down.
int failNotStopped(const VerbContext& context, const std::vector<std::pair<std::string, Error>>& notStopped) {
    std::fflush(stdout);
    std::vector<std::string> names;
    names.reserve(notStopped.size());
    for (const auto& [name, error] : notStopped) names.push_back(name);
    Error told = notStopped.front().second;
    told.what = fmt::format("{}: {}: {}", join(names, ", "), isUnknown(told) ? "may be up" : "not stopped", told.what);
    return context.fail(told);
}

int runDown(const ClusterWords& words, const VerbContext& context) {
    auto session = Session::openToStop(context.workspaceDir, context.user);
    if (!session) return context.fail(session.error());
    // What runs can be stopped, whether it is drawn any more or not.
    std::vector<std::string> known = (*session)->directory().clusters();
    for (const std::string& name : (*session)->directory().undrawn()) known.push_back(name);
    const auto parted = partClusters(**session, words.clusters, known);
    if (!parted) return context.fail(parted.error());
    if (const Status& problem = (*session)->drawingProblem(); !problem && !context.quiet) {
        fmt::print(stderr, "tributary: {}\n  what ran in this workspace is stopped without it\n",
                   problem.error().text());
    }
    const MembersStopped members = stopMembers(**session, parted.value());
    DownReport report;
    if (!parted.value().hosted.empty()) {
        auto stopped = down({context.workspaceDir, context.user, parted.value().hosted});
        if (!stopped) return context.fail(stopped.error());
        report = std::move(stopped).value();
    }
    const std::optional<Error> trouble =
        report.notStopped.empty() ? std::nullopt : std::optional(report.notStopped.front().second);
    if (!report.stopped.empty() || trouble) {
        audit(**session,
              std::string(trim("tributary down " + join(trouble ? parted.value().hosted : report.stopped, " "))),
              trouble ? trouble->text() : std::string());
    }
    auto notStopped = members.notStopped;
    notStopped.insert(notStopped.end(), report.notStopped.begin(), report.notStopped.end());
    if (context.json && notStopped.empty()) {
        Json out{{"stopped", report.stopped}, {"alreadyDown", report.alreadyDown}};
        if (parted.value().anyMembers())
            out["instances"] = {{"stopped", members.stopped}, {"alreadyDown", members.alreadyDown}};
        printJson(out);
    } else if (!context.json && !context.quiet) {
        for (const auto* names : {&members.stopped, &std::as_const(report.stopped)}) {
            for (const std::string& name : *names) fmt::print("{} is down\n", name);
        }
        for (const auto* names : {&members.alreadyDown, &std::as_const(report.alreadyDown)}) {
            for (const std::string& name : *names) fmt::print("{} was down already\n", name);
        }
    }
    return notStopped.empty() ? 0 : failNotStopped(context, notStopped);
}

}  // namespace

std::function<int(VerbContext&)> describeUp(CLI::App& app) {
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

std::function<int(VerbContext&)> describeDown(CLI::App& app) {
    auto words = std::make_shared<ClusterWords>();
    app.add_option("--cluster", words->clusters,
                   "Only this cluster; others that share its process go on; may be given again")
        ->type_name("NAME");
    return [words](VerbContext& context) { return runDown(*words, context); };
}

}  // namespace tributary::app
