// The engine side of a workspace on disk: where each cluster keeps its volume, ports and sockets, and how to make a
// node's configuration from the drawing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/daemon/clustercertificates.h"
#include "app/daemon/processes.h"
#include "core/workspace/workspace.h"
#include "engine/host/enginehost.h"
#include "engine/node/controlclient.h"
#include "engine/security/tlsstream.h"

namespace tributary::app {

/// What a running cluster wrote about itself (`.tributary/clusters/<name>/ports.json`).
struct ClusterPorts {
    ProcessId process;         ///< that runs it, or ran it
    std::string root;          ///< the workspace's folder as that process knows it; empty: before files had it
    std::string version;       ///< of the program that runs it; empty: older than these files' field
    engine::Endpoint control;  ///< local socket of the cluster
    engine::Endpoint tcp;      ///< loopback control endpoint
    engine::Endpoint door;     ///< local socket of its host
    std::vector<std::pair<std::string, engine::Endpoint>> gateways;
};

/// Folders and files of the workspace's engine. All calls are plain file work; any thread.
class WorkspaceEngine {
public:
    explicit WorkspaceEngine(WorkspacePaths paths) : paths_(std::move(paths)), certificates_(paths_) {}

    [[nodiscard]] const WorkspacePaths& paths() const { return paths_; }
    [[nodiscard]] std::string clusterDir(const std::string& cluster) const;
    /// The volume's lock: whoever holds it runs the cluster.
    [[nodiscard]] std::string lockPath(const std::string& cluster) const;
    /// The user whose files the engine's are, as `sudo -u` takes him.
    [[nodiscard]] std::string owner() const;
    /// Socket file for a cluster: inside the workspace when the path is short enough for the system, else in the folder
    /// of socketFolder().
    [[nodiscard]] std::string socketPath(const std::string& cluster, const std::string& what) const;
    /// Where the daemon's page for monitoring systems is (as socketPath).
    [[nodiscard]] std::string metricsSocket() const;
    /// Makes what long socket paths need. Errors: PermissionDenied, Io, each naming the folder.
    [[nodiscard]] Status prepareSockets(const std::vector<std::string>& clusters) const;
    /// The key of a cluster, which whoever speaks with it proves to know: `clusters/<name>/key`, or, in a workspace
    /// made before clusters had keys, `secret`. Errors: NotFound (it has never run), Io, PermissionDenied (readable by
    /// others, or not yours).
    Result<Bytes> key(const std::string& cluster) const;
    /// The same; made (mode 0600) when there is none.
    Result<Bytes> makeKey(const std::string& cluster) const;

    /// How `cluster`, or a client that speaks in its name, takes part in TLS.
    [[nodiscard]] std::shared_ptr<const engine::TlsSource> tlsSource(const std::string& cluster) const;
    /// What the drawing says about one cluster, with ports kept from earlier starts.
    Result<engine::NodeConfig> nodeConfig(const Topology& topology, const std::string& cluster) const;
    /// Errors: Io, DiskFull. An older file still leads clients to the sockets, whose names do not change, but names
    /// another process and other ports.
    Status writePorts(const engine::HostedCluster& cluster, const std::string& door) const;
    /// Clusters that have run here, drawn or not, by name.
    [[nodiscard]] std::vector<std::string> knownClusters() const;
    /// NotFound when the cluster never ran here; PermissionDenied naming the owner of the files; Corrupt.
    Result<ClusterPorts> readPorts(const std::string& cluster) const;
    /// Gateways of a destination as they listen now: by name, by "host:port", or all drawn ones for an empty list.
    [[nodiscard]] std::vector<engine::Endpoint> resolveGateways(const std::string& cluster,
                                                                const std::vector<std::string>& gateways) const;

    /// What another user is told who may not look at `path`.
    [[nodiscard]] Error notYours(const std::string& path) const;

private:
    Result<Bytes> readKey(const std::string& path) const;

    WorkspacePaths paths_;
    ClusterCertificates certificates_;
};

/// Whether this version runs the systems that the clusters are drawn as, and makes what is to exist in them.
/// Unsupported with the place in the drawing.
Status requireBuilt(const Topology& topology, const WorkspacePaths& paths, const std::vector<std::string>& clusters);

/// The operating system's user name.
[[nodiscard]] std::string systemUser();

/// Creates what the drawing marks `exists: true` and the clusters do not have yet, as `user`. Blocks.
Status realiseDatasets(const Topology& topology, engine::ClusterDirectory& directory,
                       const std::vector<std::string>& clusters);

}  // namespace tributary::app
