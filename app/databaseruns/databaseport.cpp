// Lines to operations, and what is seen of links.
#include "app/databaseruns/databaseport.h"

#include <algorithm>

#include "app/databaseruns/databasechecks.h"
#include "app/databaseruns/databasewords.h"
#include "app/databaseruns/livedatabases.h"
#include "app/instanceruns/toolchild.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
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
    std::map<std::string, std::string> clusterOfId;
    for (const HostPlace& place : *hosts) {
        const auto setup = world_.setup(place);
        if (setup && setup->cluster.id) clusterOfId[std::to_string(*setup->cluster.id)] = place.cluster;
    }
    for (const HostPlace& place : *hosts) {
        const auto rows = askRows(world_, {place}, "@Statistics", {"DRROLE", "0"});
        if (!rows) continue;
        for (std::size_t row = 0; row < rows->size(); ++row) {
            const std::string id = rows->at(row, "REMOTE_CLUSTER_ID");
            if (rows->at(row, "ROLE") == "MASTER" || id.empty() || id == "-1") continue;
            runbooks::LinkObservation link;
            const auto name = clusterOfId.find(id);
            link.from = name == clusterOfId.end() ? "cluster " + id : name->second;
            link.to = place.cluster;
            link.state = toLower(rows->at(row, "STATE"));
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
