// Filling SQLite's table of a VFS.
#include "core/db/vfstable.h"

namespace tributary {
namespace {

/// SQLite's older call, of days.
int currentTime(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 ms = 0;
    const int code = vfs->xCurrentTimeInt64(vfs, &ms);
    *out = static_cast<double>(ms) / 86'400'000.0;
    return code;
}

}  // namespace

RegisteredVfs::RegisteredVfs(std::string name, void* own, int fileBytes, int pathBytesMax, const VfsCalls& calls)
    : name_(std::move(name)) {
    vfs_.iVersion = 2;
    vfs_.szOsFile = fileBytes;
    vfs_.mxPathname = pathBytesMax;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = own;
    vfs_.xOpen = calls.open;
    vfs_.xDelete = calls.remove;
    vfs_.xAccess = calls.access;
    vfs_.xFullPathname = calls.fullPath;
    vfs_.xRandomness = calls.randomness;
    vfs_.xSleep = calls.sleep;
    vfs_.xCurrentTime = currentTime;
    vfs_.xGetLastError = calls.lastError;
    vfs_.xCurrentTimeInt64 = calls.timeMs;
    sqlite3_vfs_register(&vfs_, 0);
}

RegisteredVfs::~RegisteredVfs() {
    sqlite3_vfs_unregister(&vfs_);
}

}  // namespace tributary
