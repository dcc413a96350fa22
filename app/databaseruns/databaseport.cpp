// Lines to operations, and what is seen of links.
#include "app/databaseruns/databaseport.h"

#include <algorithm>

#include "app/databaseruns/databasechecks.h"
#include "app/databaseruns/databasewords.h"
#include "app/databaseruns/livedatabases.h"
#include "app/databases/databaseedges.h"
#include "app/instanceruns/toolchild.h"
#include "app/systems/dialects.h"
#include "runbooks/port/forwardedport.h"

namespace tributary::app {
namespace {

struct DatabaseGround {
    DatabaseGround(std::string environment, std::string program, std::function<bool()> stopped)
        : world(std::move(environment), std::move(program), std::move(stopped)), port(world) {}
    LiveDatabases world;
    DatabasePort port;
};

/// A port with the world that it stands on.
class OwnedDatabasePort final : private DatabaseGround, public runbooks::ForwardedPort {
public:
    OwnedDatabasePort(std::string environment, std::string program, std::function<bool()> stopped)
        : DatabaseGround(std::move(environment), std::move(program), std::move(stopped)), ForwardedPort(port) {}
};

}  // namespace

DatabasePort::DatabasePort(DatabaseWorld& world) : MemberPort(dialects().of("voltdb")), world_(world) {}

Result<Outcome> DatabasePort::carryOut(const Operation& op, Millis timeoutMs) {
    return executeOnDatabases(world_, op, timeoutMs);
}

runbooks::CheckOutcome DatabasePort::check(const std::string& name, const std::vector<std::string>& arguments) {
    return evaluateDatabaseCheck(world_, name, arguments);
}

std::vector<runbooks::LinkObservation> DatabasePort::links() {
    std::vector<runbooks::LinkObservation> links;
    const auto hosts = world_.hosts({});
    if (!hosts) return links;
    std::map<std::int64_t, std::string> names;
    for (const HostPlace& place : *hosts) {
        const auto setup = world_.setup(place);
        if (setup && setup->cluster.id) names[*setup->cluster.id] = place.cluster;
    }
    const auto queuesOf = [&](std::int64_t id) -> std::optional<NamedRows> {
        for (const HostPlace& place : *hosts) {
            const auto name = names.find(id);
            if (name == names.end() || name->second != place.cluster) continue;
            if (auto rows = askRows(world_, {place}, "@Statistics", {"DRPRODUCERPARTITION", "0"})) return *rows;
        }
        return std::nullopt;
    };
    for (const HostPlace& place : *hosts) {
        const auto rows = askRows(world_, {place}, "@Statistics", {"DRROLE", "0"});
        if (!rows) continue;
        const auto own =
            std::find_if(names.begin(), names.end(), [&](const auto& each) { return each.second == place.cluster; });
        const EdgeOwner owner{own == names.end() ? std::string() : std::to_string(own->first), place.cluster};
        for (const EdgeLook& each : edgesOf(*rows, owner, names, queuesOf)) {
            runbooks::LinkObservation link;
            link.from = each.from;
            link.to = each.to;
            link.state = each.state;
            link.lagMs = each.lagMs.value_or(-1);
            link.operationsPending = each.rowsBehind.value_or(-1);
            links.push_back(std::move(link));
        }
    }
    return links;
}

std::vector<std::string> DatabasePort::describe() {
    std::vector<std::string> facts;
    const auto hosts = world_.hosts({});
    if (!hosts) return facts;
    facts.reserve(hosts->size());
    for (const HostPlace& place : *hosts) facts.push_back("host " + place.title());
    std::sort(facts.begin(), facts.end());
    return facts;
}

runbooks::LineEffect DatabasePort::effectOf(const std::string& line, const runbooks::LookAround&) {
    runbooks::LineEffect effect;
    const auto parsed = spoken().parseLine(line);
    if (!parsed) return effect;
    const Operation& op = parsed->op;
    if (op.verb == Verb::VoltInit && op.flag("force")) {
        const HostPlace place = hostAt(world_.folder(op.text("dir")));
        const auto seen = world_.seen(place);
        effect.destroysData = true;
        effect.target = place.name;
        effect.text = "the root folder of " + place.title() + " is deleted, with its data";
        effect.present = !seen || seen->life != HostLife::NotMade;
        effect.problem = "how many rows exist only there can be seen while it runs: same-data";
    } else if (op.verb == Verb::VoltDrReset) {
        effect.text = "logs kept for a cluster that has not fetched them are deleted";
    }
    return effect;
}

Result<std::unique_ptr<runbooks::SystemPort>> databasePort(const std::string& root, std::string program,
                                                           std::function<bool()> stopped) {
    if (program.empty()) {
        auto own = terminalProgram();
        if (!own) return own.error();
        program = std::move(own).value();
    }
    // A folder without clusters is one where a runbook makes the first.
    const auto environment = findDatabases(root);
    return std::unique_ptr<runbooks::SystemPort>(
        std::make_unique<OwnedDatabasePort>(environment ? *environment : root, std::move(program), std::move(stopped)));
}

}  // namespace tributary::app
