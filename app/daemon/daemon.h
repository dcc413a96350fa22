// `tributary up` and `down`: a workspace's engine as a process of its own.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/daemon/drawnnetwork.h"
#include "core/base/result.h"

namespace tributary::app {

struct UpOptions {
    std::string workspaceDir;
    std::string user;
    std::vector<std::string> clusters;  ///< empty = all that are drawn
    bool foreground = false;            ///< stay in this process until SIGTERM, SIGINT or `down`
    WanUse wan = WanUse::AsDrawn;       ///< the network between the clusters
    std::string durability;             ///< "fsync" (also when empty) or "write": what an acknowledgement promises
    /// The text of the page for monitoring systems (daemoncare.h), made in the daemon; empty = no page.
    std::function<std::string(const std::string& workspaceDir, const std::string& user)> metrics;
};

/// Starts the daemon and returns once every cluster answers (or stays, with foreground). Errors come from the daemon:
/// Conflict naming the process that owns a volume, a port in use, a damaged volume; those of loadSettings().
Status up(const UpOptions& options);

struct DownOptions {
    std::string workspaceDir;
    std::string user;
    std::vector<std::string> clusters;  ///< others that share their process go on
};

struct DownReport {
    std::vector<std::string> stopped;  ///< their volumes are free again; also those that an older daemon took along
    std::vector<std::string> alreadyDown;
    /// Clusters of which it cannot be said that they are down, with the reason: Timeout and Unavailable when nobody can
    /// tell, others when they certainly go on (PermissionDenied, Conflict).
    std::vector<std::pair<std::string, Error>> notStopped;
};

/// Asks for a clean stop of the clusters and waits until it is done: their volumes are free, and a process that runs no
/// other cluster is gone. Blocks for half a minute at most per process. Errors: those of opening the workspace.
Result<DownReport> down(const DownOptions& options);

/// Runs `work` on a thread of its own while this thread runs the Qt event loop that an in-process engine needs.
int withEventLoop(const std::function<int()>& work);

}  // namespace tributary::app
