// A VFS of ours as SQLite knows it: filled and registered in one place.
#pragma once

#include <sqlite3.h>

#include <string>

namespace tributary {

/// What a VFS does itself. Time is told in milliseconds only; shared libraries are loaded by nobody.
struct VfsCalls {
    decltype(sqlite3_vfs::xOpen) open;
    decltype(sqlite3_vfs::xDelete) remove;
    decltype(sqlite3_vfs::xAccess) access;
    decltype(sqlite3_vfs::xFullPathname) fullPath;
    decltype(sqlite3_vfs::xRandomness) randomness;
    decltype(sqlite3_vfs::xSleep) sleep;
    decltype(sqlite3_vfs::xCurrentTimeInt64) timeMs;  ///< since the Julian epoch
    decltype(sqlite3_vfs::xGetLastError) lastError;
};

/// Registered as long as it lives, under a name that must be unique in the process.
class RegisteredVfs {
public:
    /// `own` is what the calls find in pAppData; `fileBytes` is the size of an open file, `pathBytesMax` of a path.
    RegisteredVfs(std::string name, void* own, int fileBytes, int pathBytesMax, const VfsCalls& calls);
    ~RegisteredVfs();
    RegisteredVfs(const RegisteredVfs&) = delete;
    RegisteredVfs& operator=(const RegisteredVfs&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string name_;
    sqlite3_vfs vfs_{};
};

}  // namespace tributary
