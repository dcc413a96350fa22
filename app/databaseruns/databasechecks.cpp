// One function per check.
#include "app/databaseruns/databasechecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "app/databaseruns/databaserows.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

using runbooks::CheckOutcome;
using runbooks::CheckVerdict;
using Found = Result<CheckOutcome>;

Found verdictOf(bool isTrue, std::string evidence) {
    return CheckOutcome{isTrue ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

Error notTold(std::string what) {
    return {ErrorCode::Unavailable, std::move(what), {}, {}};
}

class DatabaseChecks {
public:
    DatabaseChecks(DatabaseWorld& world, const std::vector<std::string>& arguments)
        : world_(world), arguments_(arguments) {}

    Found rootMade() {
        const HostPlace place = hostAt(world_.folder(arguments_[0]));
        const auto seen = world_.seen(place);
        if (!seen) return seen.error();
        return verdictOf(seen->life != HostLife::NotMade, place.root());
    }
    Found hostRuns(bool wanted) {
        const auto seen = world_.seen(hostAt(world_.folder(arguments_[0])));
        if (!seen) return seen.error();
        const bool runs = seen->life == HostLife::Running;
        return verdictOf(runs == wanted, runs ? fmt::format("process {}", seen->pid) : "no process");
    }
    /// What it says when it answers; a cluster without a process is known not to be up.
    Found state(const std::function<bool(const std::string&)>& isIt) {
        const auto down = isDown();
        if (down && *down) return verdictOf(false, arguments_[0] + " has no process");
        const auto told = valueOf("OVERVIEW", "CLUSTERSTATE");
        if (!told) return told.error();
        return verdictOf(isIt(*told), "CLUSTERSTATE is " + *told);
    }
    Found databaseDown() {
        const auto down = isDown();
        if (!down) return down.error();
        return verdictOf(*down, *down ? "no process" : "a process runs");
    }
    Found overviewIs(const std::string& key, const std::string& wanted) {
        const auto told = valueOf("OVERVIEW", key);
        if (!told) return told.error();
        return verdictOf(toLower(*told) == toLower(wanted), key + " is " + *told);
    }
    Found kSafe() {
        const auto told = valueOf("DEPLOYMENT", "kfactor");
        if (!told) return told.error();
        return verdictOf(*told != "0", "kfactor is " + *told +
                                           (*told == "0" ? ": its partitions come back only with their own host" : ""));
    }
    Found synchronous() {
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        const auto setup = world_.setup(places->front());
        if (!setup) return setup.error();
        const std::string mode = setup->cluster.commandLog.empty() ? "asynchronous" : setup->cluster.commandLog;
        return verdictOf(mode == "synchronous", "the command log is " + mode);
    }
    Found role() {
        const auto rows = statistic(0, "DRROLE");
        if (!rows) return rows.error();
        if (rows->size() == 0) return notTold("DRROLE has no row");
        std::string told;
        bool isIt = true;
        for (std::size_t row = 0; row < rows->size(); ++row) {
            const std::string role = rows->at(row, "ROLE");
            isIt = isIt && toLower(role) == toLower(arguments_[1]);
            if (told.find(role) == std::string::npos) told += (told.empty() ? "" : ", ") + role;
        }
        return verdictOf(isIt, "ROLE is " + told);
    }
    Found drState(const std::string& wanted) {
        const auto id = idOf(world_, arguments_[1]);
        if (!id) return id.error();
        const auto rows = statistic(0, "DRROLE");
        if (!rows) return rows.error();
        for (std::size_t row = 0; row < rows->size(); ++row) {
            if (rows->numberAt(row, "REMOTE_CLUSTER_ID") != *id) continue;
            const std::string state = rows->at(row, "STATE");
            return verdictOf(toLower(state) == toLower(wanted), fmt::format("cluster {} is {}", *id, state));
        }
        return verdictOf(false, fmt::format("DRROLE has no row of cluster {}", *id));
    }
    Found synced() {
        return everyRow("DRPRODUCERPARTITION", "sends a snapshot still", [](const NamedRows& rows, std::size_t row) {
            return rows.at(row, "STREAMTYPE") == "TRANSACTIONS" && toLower(rows.at(row, "ISSYNCED")) == "true";
        });
    }
    Found covered() {
        return everyRow("DRCONSUMERPARTITION", "waits", [](const NamedRows& rows, std::size_t row) {
            return toLower(rows.at(row, "IS_COVERED")) == "true" && toLower(rows.at(row, "IS_PAUSED")) != "true";
        });
    }
    Found drained() {
        const auto id = idOf(world_, arguments_[1]);
        if (!id) return id.error();
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        const auto found = undrained(world_, *places, *id);
        if (!found) return found.error();
        if (!found->hasRemote) return notTold(fmt::format("{} shows no partition for cluster {}", arguments_[0], *id));
        const bool isDrained = found->open.empty();
        return verdictOf(isDrained, isDrained ? "every partition is acknowledged" : found->open.front());
    }
    Found forgotten() {
        const auto rows = statistic(0, "DRPRODUCERPARTITION");
        if (!rows) return rows.error();
        std::size_t kept = 0;
        for (std::size_t row = 0; row < rows->size(); ++row) {
            kept += rows->at(row, "REMOTE_CLUSTER_ID") == arguments_[1] ? 1U : 0U;
        }
        return verdictOf(kept == 0, fmt::format("{} partitions are kept for cluster {}", kept, arguments_[1]));
    }
    Found tablesEmpty() {
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        const auto tables = replicatedTables(world_, *places);
        if (!tables) return tables.error();
        for (const std::string& table : *tables) {
            const auto rows = askRows(world_, *places, "@AdHoc", {"SELECT COUNT(*) AS N FROM " + table});
            if (!rows) return rows.error();
            const auto count = rows->numberAt(0, "N");
            if (!count) return notTold("the rows of " + table + " are not told");
            if (*count > 0) return verdictOf(false, fmt::format("{} has {} rows", table, *count));
        }
        return verdictOf(true, fmt::format("{} tables without a row", tables->size()));
    }
    Found compared(const std::function<Result<std::string>(const std::vector<HostPlace>&,
                                                           const std::vector<HostPlace>&)>& difference,
                   const char* equal) {
        const auto here = world_.meant(arguments_[0]);
        if (!here) return here.error();
        const auto there = world_.meant(arguments_[1]);
        if (!there) return there.error();
        const auto found = difference(*here, *there);
        if (!found) return found.error();
        return verdictOf(found->empty(), found->empty() ? equal : *found);
    }
    Found sameSchema() {
        return compared([&](const auto& here, const auto& there) { return schemaDifference(world_, here, there); },
                        "columns, types and indexes are equal");
    }
    Found sameData() {
        return compared([&](const auto& here, const auto& there) { return rowsDifference(world_, here, there); },
                        "every row is equal");
    }
    Found catalogHas(const std::string& selector, bool isColumn) {
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        const auto rows = askRows(world_, *places, "@SystemCatalog", {selector});
        if (!rows) return rows.error();
        for (std::size_t row = 0; row < rows->size(); ++row) {
            const bool isTable = toLower(rows->at(row, "TABLE_NAME")) == toLower(arguments_[1]);
            const bool isIt = isTable && (!isColumn || toLower(rows->at(row, "COLUMN_NAME")) == toLower(arguments_[2]));
            if (isIt) return verdictOf(true, "the catalog names it");
        }
        return verdictOf(false, "the catalog does not name it");
    }

private:
    Result<bool> isDown() {
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        for (const HostPlace& place : *places) {
            const auto seen = world_.seen(place);
            if (!seen) return seen.error();
            if (seen->life == HostLife::Running) return false;
        }
        return true;
    }
    Result<std::string> valueOf(const std::string& section, const std::string& key) {
        const auto places = world_.meant(arguments_[0]);
        if (!places) return places.error();
        const auto rows = askRows(world_, *places, "@SystemInformation", {section});
        if (!rows) return rows.error();
        std::string told = toldValue(*rows, key);
        if (told.empty()) return notTold(arguments_[0] + " does not tell " + key);
        return told;
    }
    Result<NamedRows> statistic(std::size_t at, const std::string& selector) {
        const auto places = world_.meant(arguments_[at]);
        if (!places) return places.error();
        return askRows(world_, *places, "@Statistics", {selector, "0"});
    }
    /// No row at all is no answer: nobody has been asked.
    Found everyRow(const std::string& selector, const char* trouble,
                   const std::function<bool(const NamedRows&, std::size_t)>& isRight) {
        const auto id = idOf(world_, arguments_[1]);
        if (!id) return id.error();
        const auto rows = statistic(0, selector);
        if (!rows) return rows.error();
        std::size_t count = 0;
        for (std::size_t row = 0; row < rows->size(); ++row) {
            if (rows->numberAt(row, "REMOTE_CLUSTER_ID") != *id) continue;
            ++count;
            if (isRight(*rows, row)) continue;
            return verdictOf(false, fmt::format("partition {} {}", rows->at(row, "PARTITION_ID"), trouble));
        }
        if (count == 0) return notTold(fmt::format("{} shows no partition for cluster {}", arguments_[0], *id));
        return verdictOf(true, fmt::format("all {} partitions", count));
    }

    DatabaseWorld& world_;
    const std::vector<std::string>& arguments_;
};

using Function = std::function<Found(DatabaseChecks&)>;

const std::map<std::string, Function>& databaseFunctions() {
    static const std::map<std::string, Function> kFunctions{
        {"root-made", [](DatabaseChecks& c) { return c.rootMade(); }},
        {"host-runs", [](DatabaseChecks& c) { return c.hostRuns(true); }},
        {"host-stopped", [](DatabaseChecks& c) { return c.hostRuns(false); }},
        {"database-up",
         [](DatabaseChecks& c) {
             return c.state(
                 [](const std::string& told) { return toLower(told) == "running" || toLower(told) == "paused"; });
         }},
        {"database-down", [](DatabaseChecks& c) { return c.databaseDown(); }},
        {"paused",
         [](DatabaseChecks& c) { return c.state([](const std::string& told) { return toLower(told) == "paused"; }); }},
        {"not-paused",
         [](DatabaseChecks& c) { return c.state([](const std::string& told) { return toLower(told) == "running"; }); }},
        {"k-safe", [](DatabaseChecks& c) { return c.kSafe(); }},
        {"full-safety", [](DatabaseChecks& c) { return c.overviewIs("CLUSTERSAFETY", "FULL"); }},
        {"command-log-synchronous", [](DatabaseChecks& c) { return c.synchronous(); }},
        {"dr-role", [](DatabaseChecks& c) { return c.role(); }},
        {"dr-active", [](DatabaseChecks& c) { return c.drState("active"); }},
        {"dr-synced", [](DatabaseChecks& c) { return c.synced(); }},
        {"dr-drained", [](DatabaseChecks& c) { return c.drained(); }},
        {"dr-forgotten", [](DatabaseChecks& c) { return c.forgotten(); }},
        {"dr-covered", [](DatabaseChecks& c) { return c.covered(); }},
        {"dr-tables-empty", [](DatabaseChecks& c) { return c.tablesEmpty(); }},
        {"same-dr-schema", [](DatabaseChecks& c) { return c.sameSchema(); }},
        {"same-data", [](DatabaseChecks& c) { return c.sameData(); }},
        {"table-exists", [](DatabaseChecks& c) { return c.catalogHas("TABLES", false); }},
        {"has-column", [](DatabaseChecks& c) { return c.catalogHas("COLUMNS", true); }},
    };
    return kFunctions;
}

}  // namespace

CheckOutcome evaluateDatabaseCheck(DatabaseWorld& world, const std::string& name,
                                   const std::vector<std::string>& arguments) {
    const runbooks::Dialects spoken = dialects().of("voltdb");
    const runbooks::CheckSpec* spec = spoken.findCheck(name);
    if (spec == nullptr) return {CheckVerdict::Unknown, fmt::format("there is no check {} of VoltDB", name)};
    if (arguments.size() != spec->arguments.size()) {
        return {CheckVerdict::Unknown,
                fmt::format("{} takes {} arguments, not {}", name, spec->arguments.size(), arguments.size())};
    }
    DatabaseChecks checks(world, arguments);
    const auto function = databaseFunctions().find(name);
    Found found = notTold("there is no such check");
    if (name == "dr-state") {
        found = checks.drState(arguments[2]);
    } else if (function != databaseFunctions().end()) {
        found = function->second(checks);
    }
    return found ? *found : CheckOutcome{CheckVerdict::Unknown, found.error().text()};
}

}  // namespace tributary::app
