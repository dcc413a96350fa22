// SQLite's usual VFS behind a gate that may refuse: databases see the faults that other files of the disk see.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

namespace tributary {

/// Asked before a database file is touched. Any thread, many at a time; may block (a slow disk).
class DiskGate {
public:
    virtual ~DiskGate() = default;
    /// Before bytes are added or changed, or a file is made. Errors: DiskFull, Io.
    virtual Status beforeWrite(const std::string& path) = 0;
    /// Before a sync. Errors: Io.
    virtual Status beforeSync(const std::string& path) = 0;
};

/// Registers the VFS under a name that must be unique in the process; unregisters when destroyed, after every
/// connection on it was closed. It passes everything on to SQLite's default VFS, locks and shared memory included: what
/// may be done there may be done here. Databases, journals, WALs and SQLite's temporary files all pass the gate;
/// reading, shrinking and removing do not.
class GateVfs {
public:
    /// SQLite's temporary files are made in `tempDir` (and unlinked at once), so that what a statement spills lies on
    /// the disk that the gate stands for.
    GateVfs(DiskGate& gate, std::string name, std::string tempDir);
    ~GateVfs();
    GateVfs(const GateVfs&) = delete;
    GateVfs& operator=(const GateVfs&) = delete;
    [[nodiscard]] const std::string& name() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tributary
