// Everything a node may touch outside itself, in one hand.
#pragma once

#include <string>

#include "engine/seams/clock.h"
#include "engine/seams/executor.h"
#include "engine/seams/faultpoints.h"
#include "engine/seams/fileops.h"
#include "engine/seams/random.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

/// Borrowed seams; every referent outlives the node. The real set comes from engine/host, the simulated one from
/// engine/sim.
struct Seams {
    Clock& clock;
    Executor& executor;
    Timers& timers;
    Workers& workers;
    Transport& transport;
    FileOps& files;
    Random& random;
    FaultPoints& faults;
    std::string vfsName;     ///< SQLite VFS that sits on the same disk as `files`; empty = SQLite's default
    bool vfsShared = false;  ///< that VFS has locks and shared memory: many connections per file, as the default has

    [[nodiscard]] bool singleConnection() const { return !vfsName.empty() && !vfsShared; }
};

}  // namespace tributary::engine
