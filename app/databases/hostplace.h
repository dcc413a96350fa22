// Where hosts of clusters of VoltDB lie: a folder per host, whose voltdbroot holds all of it.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// One host. Its folder is what `voltdb init --dir` was given.
struct HostPlace {
    std::string cluster;
    std::string name;
    std::string dir;

    [[nodiscard]] std::string title() const { return cluster + "/" + name; }
    [[nodiscard]] std::string root() const { return dir + "/voltdbroot"; }
    [[nodiscard]] std::string deploymentFile() const { return root() + "/config/deployment.xml"; }
    /// DDL that waits to be run at the first start.
    [[nodiscard]] std::string pendingSchema() const { return root() + "/config/schema.sql"; }
    [[nodiscard]] std::string volume() const { return root() + "/command_log"; }
    [[nodiscard]] std::string lockFile() const { return volume() + "/lock"; }
    /// What it remembers of its conversations, its role of now among them.
    [[nodiscard]] std::string bookFile() const { return volume() + "/replication.json"; }
    [[nodiscard]] std::string logFile() const { return root() + "/log/volt.log"; }
    [[nodiscard]] std::string pidFile() const { return root() + "/voltdb.pid"; }
    [[nodiscard]] std::string keyFile() const { return root() + "/control.key"; }
    /// Where it listens for consumers, "127.0.0.1:41234": written by its process, for as long as it runs.
    [[nodiscard]] std::string replicationFile() const { return root() + "/replication.address"; }
    /// Its console. Paths too long for a socket move as app/daemon/socketfolder says.
    [[nodiscard]] std::string controlSocket() const;
};

/// The folder that holds `voltdb`: `start`, or one above it. Errors: NotFound.
[[nodiscard]] Result<std::string> findDatabases(const std::string& start);

/// "ENVIRONMENT/voltdb/CLUSTER".
[[nodiscard]] std::string clusterFolder(const std::string& environment, const std::string& cluster);

/// The host whose folder is `dir` (of `voltdb start --dir`): named after it and the folder above.
[[nodiscard]] HostPlace hostAt(const std::string& dir);

/// Hosts with a root folder, in order: of a cluster, or the one of that name, or all for an empty word; a port behind
/// a colon counts for nothing. Errors: NotFound with the clusters that there are.
[[nodiscard]] Result<std::vector<HostPlace>> findHosts(const std::string& environment, const std::string& word);

/// The hosts of the one cluster that is meant: for an empty word the only one that there is. Errors: as findHosts();
/// InvalidInput when there are several.
[[nodiscard]] Result<std::vector<HostPlace>> hostsMeant(const std::string& environment, const std::string& word);

}  // namespace tributary::app
