// A process per host: started, asked to stop, killed; who lives.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/databases/hostsetup.h"

namespace tributary::app {

enum class HostLife {
    NotMade,  ///< there is no root folder
    NotRunning,
    Running,
    Dead  ///< a pid file is there, and no process
};

struct HostSeen {
    HostLife life = HostLife::NotMade;
    std::int64_t pid = 0;  ///< of a running one; of a dead one what the file says
};

/// Looks at lock and pid file. Errors: PermissionDenied, Io: it cannot be told.
[[nodiscard]] Result<HostSeen> lookAtHost(const HostPlace& place);

struct HostStart {
    bool paused = false;
    std::string replication;                         ///< where consumers reach it, ADDRESS:PORT; empty: its own address
    std::map<std::string, std::string> addresses{};  ///< the same of other hosts, by name: where it is drawn
};

/// Starts the process and waits until it serves, its schema run: its number is in the pid file then. The calling
/// process must have one thread. Errors: those of the start, as the process told them; its log has them too.
[[nodiscard]] Status startHost(const HostPlace& place, const HostSetup& setup, const HostStart& how);
/// The same in this process, until it is stopped: the exit code.
[[nodiscard]] int runHostHere(const HostPlace& place, const HostSetup& setup, const HostStart& how);

/// Asks it to stop, waits for half a minute at most: its number. Errors: Timeout, PermissionDenied, Io.
[[nodiscard]] Result<std::int64_t> stopHost(const HostPlace& place, std::int64_t pid);
/// Ends it at once. Errors: as stopHost.
[[nodiscard]] Result<std::int64_t> killHost(const HostPlace& place, std::int64_t pid);

}  // namespace tributary::app
