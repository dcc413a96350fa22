// `tributary up` and `down`: a workspace's engine as a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

struct UpOptions {
    std::string workspaceDir;
    std::string user;
    std::vector<std::string> clusters;  ///< empty = all that are drawn
    bool foreground = false;            ///< stay in this process until SIGTERM, SIGINT or `down`
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
    std::vector<std::string> clusters;  ///< empty = all; a daemon that runs more clusters stops them all
};

/// Asks the daemons to stop cleanly and waits until they are gone. Returns how many clusters were stopped.
Result<int> down(const DownOptions& options);

/// Runs `work` on a thread of its own while this thread runs the Qt event loop that an in-process engine needs.
int withEventLoop(const std::function<int()>& work);

}  // namespace tributary::app
