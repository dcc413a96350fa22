// The engine side of a workspace on disk: where each cluster keeps its volume, ports and sockets, and how to make a
// node's configuration from the drawing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/workspace/workspace.h"
#include "engine/host/enginehost.h"
#include "engine/node/controlclient.h"

namespace tributary::app {

/// What a running cluster wrote about itself (`.tributary/clusters/<name>/ports.json`).
struct ClusterPorts {
    std::int64_t pid = 0;
    std::string version;       ///< of the program that runs it; empty: older than these files' field
    engine::Endpoint control;  ///< local socket of the cluster
    engine::Endpoint tcp;      ///< loopback control endpoint
    engine::Endpoint door;     ///< local socket of its host
    std::vector<std::pair<std::string, engine::Endpoint>> gateways;
};

/// Folders and files of the workspace's engine. All calls are plain file work; any thread.
class WorkspaceEngine {
public:
    explicit WorkspaceEngine(WorkspacePaths paths) : paths_(std::move(paths)) {}

    [[nodiscard]] const WorkspacePaths& paths() const { return paths_; }
    [[nodiscard]] std::string clusterDir(const std::string& cluster) const;
    /// Socket file for a cluster: inside the workspace when the path is short enough for the system, else in a private
    /// folder of the user's runtime folder.
    [[nodiscard]] std::string socketPath(const std::string& cluster, const std::string& what) const;
    /// Where the daemon's page for monitoring systems is (as socketPath).
    [[nodiscard]] std::string metricsSocket() const;
    /// The workspace's secret; made (mode 0600) when missing. Errors: Io, PermissionDenied (readable by others).
    Result<Bytes> secret() const;

    /// What the drawing says about one cluster, with ports kept from earlier starts.
    Result<engine::NodeConfig> nodeConfig(const Topology& topology, const std::string& cluster) const;
    void writePorts(const engine::HostedCluster& cluster, const std::string& door) const;
    /// NotFound when the cluster never ran here.
    Result<ClusterPorts> readPorts(const std::string& cluster) const;
    /// Gateways of a destination as they listen now: by name, by "host:port", or all drawn ones for an empty list.
    [[nodiscard]] std::vector<engine::Endpoint> resolveGateways(const std::string& cluster,
                                                                const std::vector<std::string>& gateways) const;

private:
    [[nodiscard]] static std::string shortSocketPath(const std::string& inside);

    WorkspacePaths paths_;
};

/// The operating system's user name.
[[nodiscard]] std::string systemUser();

/// Creates what the drawing marks `exists: true` and the clusters do not have yet, as `user`. Blocks.
Status realiseDatasets(const Topology& topology, engine::ClusterDirectory& directory,
                       const std::vector<std::string>& clusters);

}  // namespace tributary::app
