// Finds the clusters of a workspace, whatever process runs them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/daemon/workspaceengine.h"
#include "engine/host/socketcontrolclient.h"

namespace tributary::app {

/// Connections by cluster, made when first asked for and made again when lost. One thread at a time.
class WorkspaceDirectory final : public engine::ClusterDirectory {
public:
    WorkspaceDirectory(const WorkspaceEngine& engine, const Topology& topology, std::string user);

    Result<std::shared_ptr<engine::ControlClient>> client(const std::string& cluster) override;
    [[nodiscard]] std::vector<std::string> clusters() const override { return clusters_; }
    [[nodiscard]] std::string defaultCluster() const override { return defaultCluster_; }
    void setDefaultCluster(const std::string& cluster) { defaultCluster_ = cluster; }
    [[nodiscard]] const std::string& user() const { return user_; }

    /// A new connection of its own, for pipelines and for other threads.
    Result<std::unique_ptr<engine::SocketControlClient>> connect(const std::string& cluster) const;
    /// The host's door of a cluster: answers faults, status and shutdown also when the cluster is killed or frozen.
    Result<std::unique_ptr<engine::SocketControlClient>> door(const std::string& cluster) const;
    /// True when somebody answers for the cluster now.
    [[nodiscard]] bool isUp(const std::string& cluster) const;
    /// Forgets open connections (after a restart of the other side).
    void forget() { open_.clear(); }

private:
    WorkspaceEngine engine_;
    std::vector<std::string> clusters_;
    std::string defaultCluster_;
    std::string user_;
    std::map<std::string, std::shared_ptr<engine::ControlClient>> open_;
};

}  // namespace tributary::app
