// A SQLite VFS over a CrashDisk, so that databases live on the same simulated disk as the log.
#pragma once

#include <memory>
#include <string>

#include "core/db/crashdisk.h"

namespace tributary {

/// Registers the VFS under a name that must be unique in the process; unregisters when destroyed, after every
/// connection on it was closed. There is no shared memory and no locking: set locking_mode=EXCLUSIVE before
/// journal_mode=WAL and open one connection per file. Creating, writing and reading from one thread.
class CrashVfs {
public:
    CrashVfs(CrashDisk& disk, std::string name);
    ~CrashVfs();
    CrashVfs(const CrashVfs&) = delete;
    CrashVfs& operator=(const CrashVfs&) = delete;
    [[nodiscard]] const std::string& name() const;

    /// SQLite keeps one random generator per process, for WAL salts among others: sets its state, so that a simulated
    /// world starts the same each time.
    static void seedSqlite(std::uint32_t seed);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tributary
