// Where engine code runs: one logical thread per node, and workers for what blocks.
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/units.h"

namespace tributary::engine {

using Task = std::function<void()>;

/// The logical thread of one node. Everything that touches the node's state runs here, one task at a time, in the
/// order posted. post() may be called from any thread; a task posted after the executor closed is dropped.
class Executor {
public:
    virtual ~Executor() = default;
    virtual void post(Task task) = 0;
};

using TimerId = std::uint64_t;  ///< 0 is never a timer

/// One-shot timers whose tasks run on the node's executor. Only the executor's thread may call it.
class Timers {
public:
    virtual ~Timers() = default;
    /// Runs `task` once, no earlier than `delayMs` from now (0 = next turn).
    virtual TimerId after(Millis delayMs, Task task) = 0;
    /// Forgets a timer; unknown or fired ids are ignored.
    virtual void cancel(TimerId id) = 0;
};

/// The kinds of blocking work. Tasks of one kind run one at a time, in order, across the whole process.
enum class WorkKind {
    LogSync,      ///< write and fdatasync the commit log
    Materialise,  ///< flush memtables into SQLite (low priority)
    Checkpoint,   ///< SQLite WAL checkpoints, segment zero-filling, file removal
    Read          ///< reads that may block: scans, laggard links, fingerprints
};

/// Runs blocking work away from the executor. `work` runs on the kind's thread; then `done` is posted to `reply`.
/// In the simulator both happen at simulated instants, so that crashes fall between them.
class Workers {
public:
    virtual ~Workers() = default;
    virtual void run(WorkKind kind, Executor& reply, Task work, Task done) = 0;
};

}  // namespace tributary::engine
