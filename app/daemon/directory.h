// Finds the clusters of a workspace, whatever process runs them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/daemon/workspaceengine.h"
#include "engine/host/socketcontrolclient.h"

namespace tributary::app {

/// Whether a process runs a cluster, as far as this process can tell.
struct ClusterPresence {
    enum class Kind {
        Down,         ///< nobody holds the volume and nobody answers
        Up,           ///< its process answers
        Unanswering,  ///< a process runs it, or holds its volume, and says nothing
        Denied        ///< this user may not look
    };
    Kind kind = Kind::Down;
    ProcessId process;      ///< pid 0: unknown
    std::string movedFrom;  ///< the folder that the process knows, when the workspace has been moved since
    Error error;            ///< of all kinds but Up: why, and what to try
};

/// One sentence about a cluster whose process knows the workspace by an earlier name.
[[nodiscard]] std::string movedText(const std::string& cluster, const ClusterPresence& seen);

/// Connections by cluster, made when first asked for and made again when lost. One thread at a time. Clusters whose
/// members are processes of their own are none of its (app/systems/membersystem.h).
class WorkspaceDirectory final : public engine::ClusterDirectory {
public:
    WorkspaceDirectory(const WorkspaceEngine& engine, const Topology& topology, std::string user);

    Result<std::shared_ptr<engine::ControlClient>> client(const std::string& cluster) override;
    Result<std::shared_ptr<engine::ControlClient>> clientFrom(const std::string& from,
                                                              const std::string& cluster) override;
    [[nodiscard]] std::vector<std::string> clusters() const override { return clusters_; }
    [[nodiscard]] std::string defaultCluster() const override { return defaultCluster_; }
    void setDefaultCluster(const std::string& cluster) { defaultCluster_ = cluster; }
    [[nodiscard]] const std::string& user() const { return user_; }

    /// A new connection of its own, for pipelines and for other threads; through the cluster `from` when one is named.
    Result<std::unique_ptr<engine::SocketControlClient>> connect(const std::string& cluster,
                                                                 const std::string& from = {}) const;
    /// Looks at files, locks and processes, and knocks at the door. Blocks for a few seconds at most.
    [[nodiscard]] ClusterPresence presence(const std::string& cluster) const;
    /// The host's door of a cluster: answers faults, status and shutdown also when the cluster is killed or frozen.
    /// Errors: that of presence(): Unavailable or NotFound = down, Timeout = cannot be told, PermissionDenied.
    /// `seen`, when given, is what presence() would answer.
    Result<std::unique_ptr<engine::SocketControlClient>> door(const std::string& cluster,
                                                              ClusterPresence* seen = nullptr) const;
    /// False only when it is sure that nobody runs the cluster now.
    [[nodiscard]] bool isUp(const std::string& cluster) const;
    /// Clusters that have run in this workspace, are not drawn and have a process now.
    [[nodiscard]] std::vector<std::string> undrawn() const;
    /// Forgets open connections (after a restart of the other side).
    void forget() { open_.clear(); }

private:
    using Knock = Result<std::unique_ptr<engine::SocketControlClient>>;
    /// Looks, and keeps the connection that the look was made by, if any.
    ClusterPresence look(const std::string& cluster, std::unique_ptr<engine::SocketControlClient>* client) const;
    /// `beyond` names the cluster that is asked through this one; empty: this one itself.
    Knock knock(const std::string& cluster, const std::string& socket, const Bytes& key,
                const std::string& beyond = {}) const;
    /// The ports file of a copied workspace names the process of the one that it was copied from.
    [[nodiscard]] bool isOfAnother(const std::string& cluster, const ClusterPorts& ports) const;
    /// Where a socket of the cluster is now: the folder may have been moved.
    std::string socketOf(const std::string& cluster, const ClusterPorts& ports, const std::string& recorded,
                         const std::string& what) const;

    WorkspaceEngine engine_;
    std::vector<std::string> clusters_;
    std::string defaultCluster_;
    std::string user_;
    using Way = std::pair<std::string, std::string>;  ///< from (empty: directly), to
    std::map<Way, std::shared_ptr<engine::ControlClient>> open_;
};

}  // namespace tributary::app
