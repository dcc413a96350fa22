// A VFS over the default one, with a gate.
#include "core/db/gatevfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <new>

#include "core/db/database.h"
#include "core/db/pagechecks.h"
#include "core/db/vfstable.h"

namespace tributary {

/// What the functions of the VFS reach through pAppData.
struct GateVfsSides {
    DiskGate* gate = nullptr;
    sqlite3_vfs* inner = nullptr;
    std::string tempDir;
    std::atomic<std::uint64_t> temporaries{0};  // random start: a former process may have left one behind
};

namespace {

using Sides = GateVfsSides;

/// SQLite allocates it together with the inner file, which lies behind it.
struct GateFile {
    sqlite3_file base;
    DiskGate* gate;
    const char* path;    // SQLite keeps it as long as the file is open
    std::string* own;    // the path of a temporary file; null for others
    PageChecks* checks;  // of a database; null for others
};

GateFile& of(sqlite3_file* file) {
    return *reinterpret_cast<GateFile*>(file);
}

sqlite3_file* innerOf(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(GateFile));
}

int codeOf(const Status& refused, int otherwise) {
    return refused.error().code == ErrorCode::DiskFull ? SQLITE_FULL : otherwise;
}

template <typename Method, typename... Args>
int pass(sqlite3_file* file, Method sqlite3_io_methods::*method, Args... args) {
    sqlite3_file* inner = innerOf(file);
    return (inner->pMethods->*method)(inner, args...);
}

int closeFile(sqlite3_file* file) {
    const int code = pass(file, &sqlite3_io_methods::xClose);
    delete of(file).own;
    delete of(file).checks;
    return code;
}
int readFile(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    const int code = pass(file, &sqlite3_io_methods::xRead, out, size, offset);
    PageChecks* checks = of(file).checks;
    if (code != SQLITE_OK || checks == nullptr || checks->sound(out, size, offset)) return code;
    return SQLITE_IOERR_DATA;
}
int writeFile(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    if (const Status open = of(file).gate->beforeWrite(of(file).path); !open) return codeOf(open, SQLITE_IOERR_WRITE);
    try {
        if (PageChecks* checks = of(file).checks) data = checks->sealed(data, size, offset);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
    return pass(file, &sqlite3_io_methods::xWrite, data, size, offset);
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    return pass(file, &sqlite3_io_methods::xTruncate, size);
}
int syncFile(sqlite3_file* file, int flags) {
    if (const Status open = of(file).gate->beforeSync(of(file).path); !open) return codeOf(open, SQLITE_IOERR_FSYNC);
    return pass(file, &sqlite3_io_methods::xSync, flags);
}
int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    return pass(file, &sqlite3_io_methods::xFileSize, size);
}
int lockFile(sqlite3_file* file, int level) {
    return pass(file, &sqlite3_io_methods::xLock, level);
}
int unlockFile(sqlite3_file* file, int level) {
    return pass(file, &sqlite3_io_methods::xUnlock, level);
}
int checkReserved(sqlite3_file* file, int* held) {
    return pass(file, &sqlite3_io_methods::xCheckReservedLock, held);
}
int fileControl(sqlite3_file* file, int operation, void* argument) {
    if (operation == Database::kAskPageChecks) return of(file).checks != nullptr ? SQLITE_OK : SQLITE_NOTFOUND;
    return pass(file, &sqlite3_io_methods::xFileControl, operation, argument);
}
int sectorSize(sqlite3_file* file) {
    return pass(file, &sqlite3_io_methods::xSectorSize);
}
int characteristics(sqlite3_file* file) {
    return pass(file, &sqlite3_io_methods::xDeviceCharacteristics);
}
int mapShared(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    // Only growing writes: a reader of a full disk finds its regions there.
    const int code = pass(file, &sqlite3_io_methods::xShmMap, region, size, 0, out);
    if (code != SQLITE_OK || *out != nullptr || extend == 0) return code;
    if (const Status open = of(file).gate->beforeWrite(of(file).path); !open) return codeOf(open, SQLITE_IOERR_SHMSIZE);
    return pass(file, &sqlite3_io_methods::xShmMap, region, size, extend, out);
}
int lockShared(sqlite3_file* file, int offset, int count, int flags) {
    return pass(file, &sqlite3_io_methods::xShmLock, offset, count, flags);
}
void barrierShared(sqlite3_file* file) {
    innerOf(file)->pMethods->xShmBarrier(innerOf(file));
}
int unmapShared(sqlite3_file* file, int remove) {
    return pass(file, &sqlite3_io_methods::xShmUnmap, remove);
}

const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods kMethods = [] {
        sqlite3_io_methods m{};
        m.iVersion = 2;  // shared memory, but no memory mapping: what is mapped passes no gate
        m.xClose = closeFile;
        m.xRead = readFile;
        m.xWrite = writeFile;
        m.xTruncate = truncateFile;
        m.xSync = syncFile;
        m.xFileSize = fileSize;
        m.xLock = lockFile;
        m.xUnlock = unlockFile;
        m.xCheckReservedLock = checkReserved;
        m.xFileControl = fileControl;
        m.xSectorSize = sectorSize;
        m.xDeviceCharacteristics = characteristics;
        m.xShmMap = mapShared;
        m.xShmLock = lockShared;
        m.xShmBarrier = barrierShared;
        m.xShmUnmap = unmapShared;
        return m;
    }();
    return kMethods;
}

/// SQLite reads parameters behind a path's end: two more zeros say that there are none. Null without memory.
std::string* temporaryName(Sides& sides) {
    try {
        auto name = std::make_unique<std::string>(sides.tempDir + "/spill-" + std::to_string(++sides.temporaries));
        name->append(2, '\0');
        return name.release();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* flagsOut) {
    auto& sides = *static_cast<Sides*>(vfs->pAppData);
    GateFile& file = of(out);
    file.base.pMethods = nullptr;
    file.gate = sides.gate;
    file.own = name != nullptr ? nullptr : temporaryName(sides);
    file.checks = nullptr;
    if (name == nullptr && file.own == nullptr) return SQLITE_NOMEM;
    if (name == nullptr) name = file.own->c_str();
    file.path = name;
    if ((flags & SQLITE_OPEN_CREATE) != 0) {
        int there = 0;
        // Asked for existence SQLite denies empty files, and the write-ahead log that every reader opens may be one.
        (void)sides.inner->xAccess(sides.inner, name, SQLITE_ACCESS_READWRITE, &there);
        const Status open = there != 0 ? okStatus() : sides.gate->beforeWrite(file.path);
        if (!open) {
            delete file.own;
            return codeOf(open, SQLITE_CANTOPEN);
        }
    }
    innerOf(out)->pMethods = nullptr;
    const int code = sides.inner->xOpen(sides.inner, name, innerOf(out), flags, flagsOut);
    // SQLite closes a file whose methods are set, also after a failure.
    if (innerOf(out)->pMethods != nullptr) {
        file.base.pMethods = &methods();
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0) file.checks = new (std::nothrow) PageChecks;
    } else {
        delete file.own;
    }
    return code;
}

sqlite3_vfs* innerOf(sqlite3_vfs* vfs) {
    return static_cast<Sides*>(vfs->pAppData)->inner;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int syncDir) {
    return innerOf(vfs)->xDelete(innerOf(vfs), name, syncDir);
}
int accessFile(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return innerOf(vfs)->xAccess(innerOf(vfs), name, flags, result);
}
int fullPath(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return innerOf(vfs)->xFullPathname(innerOf(vfs), name, size, out);
}
int randomness(sqlite3_vfs* vfs, int size, char* out) {
    return innerOf(vfs)->xRandomness(innerOf(vfs), size, out);
}
int sleepFor(sqlite3_vfs* vfs, int micros) {
    return innerOf(vfs)->xSleep(innerOf(vfs), micros);
}
int currentTimeMs(sqlite3_vfs* vfs, sqlite3_int64* out) {
    return innerOf(vfs)->xCurrentTimeInt64(innerOf(vfs), out);
}
int lastError(sqlite3_vfs* vfs, int size, char* out) {
    return innerOf(vfs)->xGetLastError(innerOf(vfs), size, out);
}

}  // namespace

struct GateVfs::State : GateVfsSides {
    std::unique_ptr<RegisteredVfs> vfs;
};

GateVfs::GateVfs(DiskGate& gate, std::string name, std::string tempDir) : state_(new State) {
    state_->gate = &gate;
    state_->tempDir = std::move(tempDir);
    std::uint64_t start = 0;
    sqlite3_randomness(sizeof(start), &start);
    state_->temporaries = start;
    state_->inner = sqlite3_vfs_find(nullptr);
    const VfsCalls calls{openFile, deleteFile, accessFile, fullPath, randomness, sleepFor, currentTimeMs, lastError};
    state_->vfs = std::make_unique<RegisteredVfs>(std::move(name), static_cast<Sides*>(state_.get()),
                                                  static_cast<int>(sizeof(GateFile)) + state_->inner->szOsFile,
                                                  state_->inner->mxPathname, calls);
}

GateVfs::~GateVfs() = default;

const std::string& GateVfs::name() const {
    return state_->vfs->name();
}

}  // namespace tributary
