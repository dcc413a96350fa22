// Clusters in memory that replicate at once: what checks, words and runbooks are tried on.
#pragma once

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/databaseruns/databaseworld.h"
#include "core/base/text.h"

namespace tributary::test {

namespace volt = engine::voltdb;
/// A cell "~" is NULL.
inline volt::ResultTable table(const std::vector<std::string>& columns,
                               const std::vector<std::vector<std::string>>& rows) {
    volt::ResultTable out;
    for (const std::string& column : columns) out.columns.push_back({column, volt::ColumnType::Varchar});
    for (const auto& row : rows) {
        volt::RowImage image;
        for (const std::string& cell : row) {
            image.push_back(cell == "~" ? volt::ColumnValue() : volt::ColumnValue(cell));
        }
        out.rows.push_back(std::move(image));
    }
    return out;
}

struct FakeCluster {
    int id = 0;
    std::string role = "MASTER";
    std::string commandLog = "synchronous";
    bool isMade = true;
    bool isRunning = true;
    bool isPaused = false;
    bool hasLostItsLog = false;  ///< it cannot go on where it was
    std::vector<std::string> columns{"item"};
    std::vector<std::string> rows;
    std::set<int> keptFor;  ///< ids of clusters that it keeps logs for
    int behind = 0;         ///< ids that its consumers have not acknowledged
    bool sendsSnapshot = false;
};

class DatabaseGroup final : public app::DatabaseWorld {
public:
    std::map<std::string, FakeCluster> clusters;
    std::vector<std::string> done;  ///< what was asked that changes something
    bool isCut = false;             ///< nothing is fetched
    bool isMute = false;            ///< hosts run and answer nothing
    bool isMuteAfterAWait = false;  ///< the same as soon as somebody lets time pass
    bool tellsNoIds = false;        ///< producers do not say how far they are
    Millis nowMs = 0;

    FakeCluster& at(const std::string& name) { return clusters.at(name); }

    Result<std::vector<app::HostPlace>> hosts(const std::string& word) override {
        std::vector<app::HostPlace> out;
        for (const auto& [name, cluster] : clusters) {
            if (word.empty() || word == name || word == name + "1")
                out.push_back(app::hostAt("/w/voltdb/" + name + "/" + name + "1"));
        }
        if (out.empty()) return Error{ErrorCode::NotFound, "there is no cluster or host '" + word + "'", {}, {}};
        return out;
    }
    Result<std::vector<app::HostPlace>> meant(const std::string& word) override { return hosts(word); }
    std::string folder(const std::string& dir) override { return "/w/" + dir; }
    Result<app::HostSeen> seen(const app::HostPlace& place) override {
        if (!clusters.contains(place.cluster) || !at(place.cluster).isMade) return app::HostSeen{};
        return app::HostSeen{at(place.cluster).isRunning ? app::HostLife::Running : app::HostLife::NotRunning, 42};
    }
    Result<app::HostSetup> setup(const app::HostPlace& place) override {
        const FakeCluster& cluster = clusters.at(place.cluster);
        app::HostSetup setup;
        setup.cluster.id = cluster.id;
        setup.cluster.commandLog = cluster.commandLog;
        setup.takesPart = true;
        return setup;
    }
    Result<app::ResultTables> ask(const std::vector<app::HostPlace>& places, const std::string& procedure,
                                  const std::vector<std::string>& arguments) override {
        const std::string name = places.front().cluster;
        FakeCluster& cluster = clusters.at(name);
        if (!cluster.isRunning || isMute) {
            return Error{ErrorCode::Unavailable, "host " + name + " does not answer", {}, {}};
        }
        replicate();
        if (procedure == "@SystemInformation") return information(cluster, arguments.front());
        if (procedure == "@Statistics") return statistics(name, cluster, arguments.front());
        if (procedure == "@SystemCatalog") return catalog(cluster, arguments.front());
        if (procedure == "@AdHoc") return adHoc(name, cluster, arguments.front());
        done.push_back(name + " " + procedure + (arguments.empty() ? "" : " " + join(arguments, " ")));
        if (procedure == "@Pause" || procedure == "@Resume") cluster.isPaused = procedure == "@Pause";
        if (procedure == "@ResetDR") {
            if (arguments[2] == "1") cluster.keptFor.clear();
            cluster.keptFor.erase(std::stoi(arguments[0]));
        }
        if (procedure == "@Promote") {
            if (cluster.role != "REPLICA") {
                return Error{ErrorCode::Conflict, "@Promote issued on non-replica cluster. No action taken.", {}, {}};
            }
            cluster.role = "MASTER";
        }
        return app::ResultTables{};
    }
    Status stop(const app::HostPlace& place, bool isForced) override {
        done.push_back(place.cluster + (isForced ? " stop by force" : " stop"));
        clusters.at(place.cluster).isRunning = false;
        return okStatus();
    }
    Result<app::ToolAnswer> tool(const std::vector<std::string>& words, Millis) override {
        std::vector<std::string> said;
        std::string dir;
        for (const std::string& word : words) {
            if (word.starts_with("--dir=")) dir = word.substr(6);
            if (word != "--no-input" && word != "--no-color") said.push_back(word);
        }
        const std::string name = app::hostAt("/w/" + dir).cluster;
        FakeCluster& cluster = clusters.at(name);
        done.push_back(join(said, " "));
        const bool isInit = std::find(words.begin(), words.end(), "init") != words.end();
        const bool isForced = std::find(words.begin(), words.end(), "--force") != words.end();
        if (isInit && cluster.isMade && !isForced) return app::ToolAnswer{2, {}, "a root folder is there already"};
        if (isInit) {
            cluster.rows.clear();
            cluster.hasLostItsLog = false;
            cluster.keptFor.clear();
            cluster.isMade = true;
        } else {
            cluster.isRunning = true;
        }
        return app::ToolAnswer{0, "done\n", {}};
    }
    bool pass(Millis ms) override {
        nowMs += ms;
        isMute = isMute || isMuteAfterAWait;
        return true;
    }
    Millis steadyMs() override { return nowMs; }

private:
    [[nodiscard]] bool talk(const FakeCluster& one, const FakeCluster& other) const {
        const bool fits = (one.role == "XDCR" && other.role == "XDCR") ||
                          (one.role == "MASTER" && other.role == "REPLICA") ||
                          (one.role == "REPLICA" && other.role == "MASTER");
        return fits && one.isRunning && other.isRunning && one.columns == other.columns && !one.hasLostItsLog &&
               !other.hasLostItsLog;
    }
    void replicate() {
        for (auto& [name, source] : clusters) {
            for (auto& [readerName, reader] : clusters) {
                if (name == readerName || reader.role == "MASTER" || !talk(source, reader)) continue;
                if (source.role == "REPLICA") continue;
                source.keptFor.insert(reader.id);
                if (isCut) continue;
                for (const std::string& row : source.rows) {
                    if (std::find(reader.rows.begin(), reader.rows.end(), row) == reader.rows.end()) {
                        reader.rows.push_back(row);
                    }
                }
                source.behind = 0;
            }
        }
    }
    static app::ResultTables information(const FakeCluster& cluster, const std::string& section) {
        if (section == "DEPLOYMENT") return {table({"PROPERTY", "VALUE"}, {{"kfactor", "0"}})};
        return {table({"HOST_ID", "KEY", "VALUE"},
                      {{"0", "CLUSTERSTATE", cluster.isPaused ? "PAUSED" : "RUNNING"},
                       {"0", "CLUSTERID", std::to_string(cluster.id)},
                       {"0", "CLUSTERSAFETY", "FULL"},
                       {"0", "VERSION", "as documented"},
                       {"0", "FULLCLUSTERSIZE", "1"},
                       {"0", "REPLICATIONROLE", cluster.role == "REPLICA" ? "REPLICA" : "NONE"}})};
    }
    app::ResultTables statistics(const std::string& name, const FakeCluster& cluster, const std::string& selector) {
        std::vector<std::vector<std::string>> rows;
        if (selector == "DRROLE") {
            for (const auto& [other, remote] : clusters) {
                if (other == name || (remote.role == "XDCR") != (cluster.role == "XDCR")) continue;
                const bool isBroken = cluster.hasLostItsLog || remote.hasLostItsLog;
                const std::string state = talk(cluster, remote) ? "ACTIVE" : isBroken ? "STOPPED" : "PENDING";
                rows.push_back({cluster.role, state, std::to_string(remote.id)});
            }
            if (rows.empty()) rows.push_back({cluster.role, "PENDING", "-1"});
            return {table({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, rows)};
        }
        if (selector == "DRPRODUCERPARTITION") {
            for (const int id : cluster.keptFor) {
                rows.push_back(
                    {name + "1", std::to_string(id), "0", cluster.sendsSnapshot ? "SNAPSHOT_SYNC" : "TRANSACTIONS",
                     cluster.behind > 0 ? "100" : "0", "9", tellsNoIds ? "~" : std::to_string(9 - cluster.behind),
                     "true", "0", "2026-11-27 10:00:03.500000", "2026-11-27 10:00:02.000000"});
            }
            return {
                table({"HOSTNAME", "REMOTE_CLUSTER_ID", "PARTITION_ID", "STREAMTYPE", "TOTALBYTES", "LASTQUEUEDDRID",
                       "LASTACKDRID", "ISSYNCED", "QUEUE_GAP", "LASTQUEUEDTIMESTAMP", "LASTACKTIMESTAMP"},
                      rows)};
        }
        for (const auto& [other, remote] : clusters) {
            if (other != name && talk(cluster, remote)) {
                rows.push_back({std::to_string(remote.id), "0", "true", "false"});
            }
        }
        return {table({"REMOTE_CLUSTER_ID", "PARTITION_ID", "IS_COVERED", "IS_PAUSED"}, rows)};
    }
    static app::ResultTables catalog(const FakeCluster& cluster, const std::string& selector) {
        if (selector == "TABLES") {
            return {table({"TABLE_NAME", "REMARKS"},
                          {{"STOCK", R"({"partitionColumn":"ITEM","drEnabled":"true"})"}, {"LOCAL", "~"}})};
        }
        std::vector<std::vector<std::string>> rows;
        if (selector == "COLUMNS") {
            for (const std::string& column : cluster.columns) rows.push_back({"STOCK", column, "BIGINT"});
        }
        return {table({"TABLE_NAME", "COLUMN_NAME", "TYPE_NAME"}, rows)};
    }
    app::ResultTables adHoc(const std::string& name, FakeCluster& cluster, const std::string& sql) {
        if (sql.starts_with("SELECT COUNT")) return {table({"N"}, {{std::to_string(cluster.rows.size())}})};
        if (toLower(sql).starts_with("select")) {
            std::vector<std::vector<std::string>> rows;
            for (const std::string& row : cluster.rows) rows.push_back({row});
            return {table({"ITEM"}, rows)};
        }
        done.push_back(name + " " + sql);
        const std::size_t added = sql.find("ADD COLUMN ");
        if (added != std::string::npos) {
            const std::string rest = sql.substr(added + 11);
            cluster.columns.push_back(rest.substr(0, rest.find(' ')));
            return {table({"STATUS"}, {{"0"}})};
        }
        volt::ResultTable changed;
        changed.columns = {{"modified_tuples", volt::ColumnType::Bigint}};
        changed.rows = {{std::int64_t{1}}};
        return {changed};
    }
};

/// A master with rows, and its replica.
inline void passivePair(DatabaseGroup& group) {
    group.clusters["east"] = {.id = 1, .rows = {"1", "2"}};
    group.clusters["west"] = {.id = 2, .role = "REPLICA"};
}
inline void activePair(DatabaseGroup& group) {
    group.clusters["tokyo"] = {.id = 1, .role = "XDCR", .rows = {"1"}};
    group.clusters["oslo"] = {.id = 2, .role = "XDCR"};
}

}  // namespace tributary::test
