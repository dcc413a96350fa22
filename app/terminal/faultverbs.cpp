// fault: inject, list and clear what goes wrong in networks, clusters and disks.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/daemon/hostedstate.h"
#include "app/observe/audit.h"
#include "app/observe/faultcalls.h"
#include "app/systems/membersystem.h"
#include "app/terminal/verb.h"
#include "core/base/text.h"
#include "core/topology/measures.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using Work = std::function<int(VerbContext&)>;

constexpr Millis kGatewayTimeoutMs = 10'000;
constexpr int kUnknown = static_cast<int>(runbooks::ExitCode::Unknown);

/// The words of all sub-commands, and which of them was given.
struct FaultWords {
    std::function<int(Session&, const FaultWords&, VerbContext&)> act;
    std::string a;
    std::string b;
    std::string amount;
    bool oneWay = false;
    std::string name;  ///< of the sub-command
};

int report(Session& session, const VerbContext& context, const std::string& done, const std::string& undo) {
    if (context.json) {
        nlohmann::ordered_json document{{"done", done}, {"undo", undo}, {"faults", Json::array()}};
        for (const FaultRow& row : listFaults(session).faults) document["faults"].push_back(row.json());
        printJson(document);
        return 0;
    }
    if (!context.quiet) fmt::print("{}\n", done);
    std::fflush(stdout);  // what was done stands above how to undo it, also where both streams are one file
    if (!context.quiet && !undo.empty()) fmt::print(stderr, "  undo: {}\n", undo);
    return 0;
}

/// A cluster of the workspace's daemon: only in those faults are made.
Status requireCluster(const Topology& topology, const std::string& name) {
    const Cluster* drawn = topology.cluster(name.substr(0, name.find('/')));
    if (drawn != nullptr && memberSystem(drawn->system) != nullptr) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("no faults are made in {}: each member of a cluster of {} is a process of its own",
                                 drawn->name, drawn->system),
                     {},
                     "kill -9, kill -STOP or kill -CONT what `tributary status` shows as its PID"};
    }
    if (topology.cluster(name) != nullptr) return okStatus();
    std::vector<std::string> names;
    for (const Cluster& cluster : topology.clusters) names.push_back(cluster.name);
    const std::string near = nearest(name, names);
    return Error{ErrorCode::InvalidInput,
                 fmt::format("the drawing has no cluster '{}'", name),
                 {},
                 near.empty() ? "one of: " + join(names, ", ") : fmt::format("did you mean '{}'?", near)};
}

// ---- the network -------------------------------------------------------------------------------------------------

Status sendBothWays(Session& session, const FaultWords& words, Json request) {
    for (const std::string& name : {words.a, words.b}) {
        if (Status known = requireCluster(session.topology(), name); !known) return known;
    }
    if (words.a == words.b) {
        return Error{
            ErrorCode::InvalidInput, "a network lies between two different clusters", {}, "tributary fault --help"};
    }
    request["peer"] = words.b;
    if (Status sent = sendFault(session, words.a, request); !sent) return sent;
    if (words.oneWay) return okStatus();
    request["peer"] = words.a;
    return sendFault(session, words.b, request);
}

int networkFault(Session& session, const FaultWords& words, const VerbContext& context, const Json& request,
                 const std::string& said) {
    if (Status sent = sendBothWays(session, words, request); !sent) return context.fail(sent.error());
    const std::string way = fmt::format("{} {} {}", words.a, words.oneWay ? "->" : "<->", words.b);
    const bool heals = request["what"] == "heal";
    return report(
        session, context, fmt::format("{}: {}", way, said),
        heals ? std::string()
              : fmt::format("tributary fault heal {} {}{}", words.a, words.b, words.oneWay ? " --one-way" : ""));
}

int cut(Session& session, const FaultWords& words, VerbContext& context) {
    return networkFault(session, words, context, Json{{"what", "cut"}}, "cut");
}

int heal(Session& session, const FaultWords& words, VerbContext& context) {
    return networkFault(session, words, context, Json{{"what", "heal"}}, "healed");
}

bool isNumber(const std::string& text) {
    return !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
}

int delay(Session& session, const FaultWords& words, VerbContext& context) {
    const Result<Micros> parsed = parseLatency(isNumber(words.amount) ? words.amount + "ms" : words.amount);
    if (!parsed) return context.fail(parsed.error());
    const Millis delayMs = *parsed / 1000;
    if (delayMs == 0) {
        return context.fail({ErrorCode::InvalidInput,
                             "a delay of 0 is none",
                             {},
                             fmt::format("tributary fault heal {} {}", words.a, words.b)});
    }
    return networkFault(session, words, context, Json{{"what", "delay"}, {"ms", delayMs}},
                        fmt::format("delayed by {}", formatDuration(delayMs * 1000)));
}

int bandwidth(Session& session, const FaultWords& words, VerbContext& context) {
    const Result<std::uint64_t> parsed = parseBandwidth(isNumber(words.amount) ? words.amount + "B/s" : words.amount);
    if (!parsed) return context.fail(parsed.error());
    return networkFault(session, words, context, Json{{"what", "bandwidth"}, {"bytes", *parsed}},
                        fmt::format("limited to {}", formatBandwidth(*parsed)));
}

// ---- clusters, disks, gateways -----------------------------------------------------------------------------------

/// What a fault of this kind finds: empty when it changes something; else what holds already. Errors: where it cannot
/// be.
Result<std::string> heldAlready(Session& session, const std::string& cluster, const std::string& what) {
    auto door = session.directory().door(cluster);
    if (!door) return door.error();
    const auto state = hostedStateAt(**door, cluster);
    if (!state) return state.error();
    using Kind = HostedState::Kind;
    const bool dead = state->kind == Kind::Killed || state->kind == Kind::Stopped;
    if (what == "kill" && dead) return std::string("was killed already");
    if (what == "start" && !dead) return std::string("was not killed");
    if (what == "thaw" && state->kind != Kind::Frozen) return std::string("was not frozen");
    if (what != "freeze") return std::string();
    if (state->kind == Kind::Frozen) return std::string("was frozen already");
    if (!dead) return std::string();
    return Error{ErrorCode::Conflict,
                 fmt::format("cluster {} is {}: there is nothing to freeze", cluster,
                             state->kind == Kind::Killed ? "killed" : "stopped"),
                 {},
                 "tributary fault start " + cluster};
}

int lifeFault(Session& session, const FaultWords& words, VerbContext& context, const Json& request,
              const std::string& done, const std::string& undo) {
    if (Status known = requireCluster(session.topology(), words.a); !known) return context.fail(known.error());
    const auto held = heldAlready(session, words.a, request.value("what", ""));
    if (!held) return context.fail(held.error());
    if (!held->empty()) {
        return report(session, context, fmt::format("{} {}", words.a, *held), {});
    }
    if (Status sent = sendFault(session, words.a, request); !sent) return context.fail(sent.error());
    session.directory().forget();
    return report(session, context, fmt::format("{} {}", words.a, done),
                  undo.empty() ? undo : fmt::format("tributary fault {}", undo));
}

int killCluster(Session& session, const FaultWords& words, VerbContext& context) {
    return lifeFault(session, words, context, Json{{"what", "kill"}}, "is killed", "start " + words.a);
}
int freezeCluster(Session& session, const FaultWords& words, VerbContext& context) {
    return lifeFault(session, words, context, Json{{"what", "freeze"}}, "is frozen", "thaw " + words.a);
}
int thawCluster(Session& session, const FaultWords& words, VerbContext& context) {
    return lifeFault(session, words, context, Json{{"what", "thaw"}}, "is thawed", {});
}
int startCluster(Session& session, const FaultWords& words, VerbContext& context) {
    return lifeFault(session, words, context, Json{{"what", "start"}}, "is started", {});
}

int disk(Session& session, const FaultWords& words, VerbContext& context) {
    if (words.b != "full" && words.b != "slow" && words.b != "ok") {
        return context.fail({ErrorCode::InvalidInput,
                             fmt::format("a disk is full, slow or ok, not '{}'", words.b),
                             {},
                             "tributary fault disk full " + words.a});
    }
    Json request{{"what", "disk"}, {"mode", words.b}};
    if (words.b == "slow" && !words.amount.empty()) {
        const Result<Micros> parsed = parseDuration(isNumber(words.amount) ? words.amount + "ms" : words.amount);
        if (!parsed) return context.fail(parsed.error());
        request["ms"] = *parsed / 1000;
    }
    return lifeFault(session, words, context, request, "has a disk that is " + words.b,
                     words.b == "ok" ? std::string() : "disk ok " + words.a);
}

int gateway(Session& session, const FaultWords& words, VerbContext& context) {
    if (words.b != "stop" && words.b != "start") {
        return context.fail({ErrorCode::InvalidInput,
                             fmt::format("a gateway can stop or start, not '{}'", words.b),
                             {},
                             "tributary fault gateway stop " + words.a});
    }
    const Result<std::string> cluster = clusterOfGateway(session.topology(), words.a);
    if (!cluster) return context.fail(cluster.error());
    auto client = session.directory().client(*cluster);
    if (!client) return context.fail(client.error());
    const auto done = client.value()->callJson(Method::GatewayService, Json{{"name", words.a}, {"action", words.b}},
                                               kGatewayTimeoutMs);
    if (!done) return context.fail(done.error());
    const bool stops = words.b == "stop";
    return report(session, context,
                  fmt::format("gateway {} of {} is {}", words.a, *cluster, stops ? "stopped" : "open"),
                  stops ? "tributary fault gateway start " + words.a : std::string());
}

// ---- list and clear ----------------------------------------------------------------------------------------------

void printList(const FaultList& list, const VerbContext& context, const std::vector<std::string>& problems) {
    if (context.json) {
        nlohmann::ordered_json document{{"faults", Json::array()}, {"down", list.down}, {"unknown", list.unknown}};
        if (!list.ofMembers.empty()) document["ofMembers"] = list.ofMembers;
        for (const FaultRow& row : list.faults) document["faults"].push_back(row.json());
        if (!problems.empty()) document["problems"] = problems;
        printJson(document);
        return;
    }
    for (const FaultRow& row : list.faults) fmt::print("{}\n", row.text);
    for (const std::string& problem : problems) fmt::print(stderr, "tributary: {}\n", problem);
    for (const std::string& unknown : list.unknown) fmt::print(stderr, "tributary: could not tell: {}\n", unknown);
    if (list.faults.empty() && list.unknown.empty() && !context.quiet) fmt::print("no faults\n");
    if (!list.down.empty() && !context.quiet) fmt::print(stderr, "not running: {}\n", join(list.down, ", "));
    if (!list.ofMembers.empty() && !context.quiet) {
        fmt::print(stderr, "no faults are made in: {} (processes of their own)\n", join(list.ofMembers, ", "));
    }
}

int list(Session& session, const FaultWords&, VerbContext& context) {
    const FaultList found = listFaults(session);
    printList(found, context, {});
    return found.unknown.empty() ? 0 : kUnknown;
}

int clear(Session& session, const FaultWords&, VerbContext& context) {
    const std::vector<std::string> problems = clearFaults(session);
    const FaultList left = listFaults(session);  // the proof: asked anew, not believed
    printList(left, context, problems);
    if (left.faults.empty() && left.unknown.empty() && problems.empty()) return 0;
    if (!context.json) fmt::print(stderr, "  try: tributary fault list\n");
    // A cluster that could not be asked may have no fault at all.
    return left.faults.empty() && !left.unknown.empty() ? kUnknown : 1;
}

// ---- the command line --------------------------------------------------------------------------------------------

using Words = std::shared_ptr<FaultWords>;
using Act = int (*)(Session&, const FaultWords&, VerbContext&);

CLI::App* command(CLI::App& app, const Words& words, const char* name, const char* description, Act act) {
    CLI::App* sub = app.add_subcommand(name, description);
    sub->callback([words, act, name] {
        words->act = act;
        words->name = name;
    });
    return sub;
}

void addNetworkCommands(CLI::App& app, const Words& words) {
    const auto between = [&](CLI::App* sub, const char* amount, const char* amountHelp) {
        sub->add_option("a", words->a, "The one cluster")->required();
        sub->add_option("b", words->b, "The other cluster")->required();
        if (amount != nullptr) sub->add_option(amount, words->amount, amountHelp)->required();
        sub->add_flag("--one-way", words->oneWay, "Only what A sends to B");
    };
    between(command(app, words, "cut", "Nothing passes between A and B", cut), nullptr, nullptr);
    between(command(app, words, "delay", "What is sent between A and B arrives later", delay), "delay",
            "Milliseconds, or a duration: 35ms, 2s");
    between(command(app, words, "bandwidth", "Limit what passes between A and B", bandwidth), "rate",
            "Bytes per second, or a bandwidth: 200kbit/s, 5MB/s");
    between(command(app, words, "heal", "End cut, delay and limit between A and B", heal), nullptr, nullptr);
}

void addClusterCommands(CLI::App& app, const Words& words) {
    const auto of = [&](CLI::App* sub) { sub->add_option("cluster", words->a, "The cluster")->required(); };
    of(command(app, words, "kill", "End a cluster at once, as kill -9 does", killCluster));
    of(command(app, words, "start", "Start a killed cluster from its disk", startCluster));
    of(command(app, words, "freeze", "Make a cluster stand still: it neither works nor dies", freezeCluster));
    of(command(app, words, "thaw", "Let a frozen cluster go on", thawCluster));
    CLI::App* sub = command(app, words, "disk", "Make a cluster's disk full or slow, or good again", disk);
    sub->add_option("state", words->b, "full, slow or ok")->required();
    sub->add_option("cluster", words->a, "The cluster")->required();
    sub->add_option("--delay", words->amount, "What each sync of a slow disk takes (50ms)")->type_name("MS");
    sub = command(app, words, "gateway", "Stop a gateway, or start it again", gateway);
    sub->add_option("action", words->b, "stop or start")->required();
    sub->add_option("gateway", words->a, "The gateway's name")->required();
}

/// The words as they are typed.
std::string faultLine(const FaultWords& words) {
    const bool whatFirst = words.name == "disk" || words.name == "gateway";
    std::string line = "tributary fault " + words.name;
    for (const std::string& word : {whatFirst ? words.b : words.a, whatFirst ? words.a : words.b, words.amount}) {
        if (!word.empty()) line += " " + word;
    }
    return line + (words.oneWay ? " --one-way" : "");
}

Work describeFault(CLI::App& app) {
    auto words = std::make_shared<FaultWords>();
    app.require_subcommand(1);
    addNetworkCommands(app, words);
    addClusterCommands(app, words);
    command(app, words, "list", "Show what is in force", list);
    command(app, words, "clear", "End every fault, restart killed clusters, and prove that none is left", clear);
    return [words](VerbContext& context) {
        auto session = Session::open({context.workspaceDir, context.user, false});
        if (!session) return context.fail(session.error());
        const int code = words->act(**session, *words, context);
        if (words->name != "list") {
            audit(**session, faultLine(*words), code == 0 ? std::string() : fmt::format("exit {}", code));
        }
        return code;
    };
}

}  // namespace

std::vector<Verb> faultVerbs() {
    return {{"fault", "faults", "Make networks, clusters, disks and gateways fail, and good again",
             "tributary fault cut sanfrancisco newyork\n"
             "tributary fault cut sanfrancisco newyork --one-way\n"
             "tributary fault delay sanfrancisco newyork 120ms\n"
             "tributary fault bandwidth sanfrancisco newyork 1MB/s\n"
             "tributary fault heal sanfrancisco newyork\n"
             "tributary fault kill newyork\n"
             "tributary fault start newyork\n"
             "tributary fault freeze newyork\n"
             "tributary fault thaw newyork\n"
             "tributary fault gateway stop gw-ny-1\n"
             "tributary fault disk full newyork\n"
             "tributary fault list\n"
             "tributary fault clear",
             describeFault}};
}

}  // namespace tributary::app
