// The SQLite VFS over a CrashDisk.
#include "core/db/crashvfs.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

#include "core/db/database.h"
#include "core/db/pagechecks.h"
#include "core/db/vfstable.h"

namespace tributary {

struct CrashVfs::State {
    RegisteredVfs vfs;
};

namespace {

constexpr int kPathBytesMax = 1024;

struct OpenFile {
    CrashDisk* disk;
    CrashDisk::Handle handle;
    std::string path;
    std::string syncDir;  // journals and WALs: their folder is synced with their first sync, as SQLite's unix VFS does
    bool hasSyncDir = false;
    bool removeOnClose = false;
    std::optional<PageChecks> checks;  // of a database
};

struct CrashFile {
    sqlite3_file base;
    OpenFile* open;
};

OpenFile& of(sqlite3_file* file) {
    return *reinterpret_cast<CrashFile*>(file)->open;
}

CrashDisk& diskOf(sqlite3_vfs* vfs) {
    return *static_cast<CrashDisk*>(vfs->pAppData);
}

/// SQLite's code for a failed operation; `otherwise` says which operation it was.
int codeOf(const Error& error, int otherwise) {
    return error.code == ErrorCode::DiskFull ? SQLITE_FULL : otherwise;
}

int closeFile(sqlite3_file* file) {
    OpenFile& open = of(file);
    if (open.removeOnClose) (void)open.disk->remove(open.path);  // gone with the crash if it fails
    delete &open;
    return SQLITE_OK;
}

int readFile(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    auto* bytes = static_cast<char*>(out);
    const auto want = static_cast<std::size_t>(size);
    const auto got = of(file).disk->read(of(file).handle, static_cast<std::uint64_t>(offset), bytes, want);
    if (!got.ok()) return SQLITE_IOERR_READ;
    std::optional<PageChecks>& checks = of(file).checks;
    if (got.value() == want) return !checks || checks->sound(out, size, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
    std::memset(bytes + got.value(), 0, want - got.value());
    return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    if (auto& checks = of(file).checks) data = checks->sealed(data, size, offset);
    const BytesView bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
    const Status written = of(file).disk->write(of(file).handle, static_cast<std::uint64_t>(offset), bytes);
    return written.ok() ? SQLITE_OK : codeOf(written.error(), SQLITE_IOERR_WRITE);
}

int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    const Status cut = of(file).disk->truncate(of(file).handle, static_cast<std::uint64_t>(size));
    return cut.ok() ? SQLITE_OK : codeOf(cut.error(), SQLITE_IOERR_TRUNCATE);
}

int syncFile(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    if (!open.disk->sync(open.handle).ok()) return SQLITE_IOERR_FSYNC;
    if (open.hasSyncDir) {
        if (!open.disk->syncDir(open.syncDir).ok()) return SQLITE_IOERR_DIR_FSYNC;
        open.hasSyncDir = false;
    }
    return SQLITE_OK;
}

int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    const auto found = of(file).disk->size(of(file).handle);
    if (!found.ok()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(found.value());
    return SQLITE_OK;
}

int lockFile(sqlite3_file*, int) {
    return SQLITE_OK;
}

int checkReserved(sqlite3_file*, int* held) {
    *held = 0;
    return SQLITE_OK;
}

int fileControl(sqlite3_file* file, int operation, void*) {
    return operation == Database::kAskPageChecks && of(file).checks ? SQLITE_OK : SQLITE_NOTFOUND;
}

int sectorSize(sqlite3_file*) {
    return static_cast<int>(CrashDisk::kSectorBytes);
}

int characteristics(sqlite3_file*) {
    return 0;
}  // promises nothing: no safe append, no atomic or ordered writes

const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods kMethods = [] {
        sqlite3_io_methods m{};
        m.iVersion = 1;  // no shared memory
        m.xClose = closeFile;
        m.xRead = readFile;
        m.xWrite = writeFile;
        m.xTruncate = truncateFile;
        m.xSync = syncFile;
        m.xFileSize = fileSize;
        m.xLock = lockFile;
        m.xUnlock = lockFile;
        m.xCheckReservedLock = checkReserved;
        m.xFileControl = fileControl;
        m.xSectorSize = sectorSize;
        m.xDeviceCharacteristics = characteristics;
        return m;
    }();
    return kMethods;
}

std::string folderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {};
    return slash == 0 ? "/" : path.substr(0, slash);
}

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* flagsOut) {
    auto* file = reinterpret_cast<CrashFile*>(out);
    file->base.pMethods = nullptr;
    CrashDisk& disk = diskOf(vfs);
    const std::string path = name != nullptr ? name : fmt::format("/sqlite-temporary-{:016x}", disk.random());
    const bool existed = disk.exists(path);
    const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    auto handle = disk.open(path, create ? CrashDisk::Open::Create : CrashDisk::Open::Existing);
    if (!handle.ok()) return handle.error().code == ErrorCode::Io ? SQLITE_IOERR : SQLITE_CANTOPEN;
    auto* open = new OpenFile{&disk, std::move(handle).value(), path, {}, false, false, {}};
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) open->checks.emplace();
    const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    open->hasSyncDir = !existed && (flags & journals) != 0;
    open->syncDir = folderOf(path);
    open->removeOnClose = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->open = open;
    file->base.pMethods = &methods();
    if (flagsOut != nullptr) *flagsOut = flags;
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int syncDir) {
    CrashDisk& disk = diskOf(vfs);
    const Status removed = disk.remove(name);
    if (!removed.ok()) {
        return removed.error().code == ErrorCode::NotFound ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    }
    if (syncDir != 0 && !disk.syncDir(folderOf(name)).ok()) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

int accessFile(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    CrashDisk& disk = diskOf(vfs);
    *result = disk.exists(name) ? 1 : 0;
    // As the unix VFS: a journal without bytes does not exist.
    if (flags == SQLITE_ACCESS_EXISTS && *result != 0) {
        const auto handle = disk.open(name, CrashDisk::Open::Existing);
        if (handle.ok() && disk.size(handle.value()).valueOr(1) == 0) *result = 0;
    }
    return SQLITE_OK;
}

int fullPath(sqlite3_vfs*, const char* name, int size, char* out) {
    if (std::strlen(name) >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, name, std::strlen(name) + 1);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
    for (int at = 0; at < size; at += 8) {
        const std::uint64_t word = diskOf(vfs).random();
        std::memcpy(out + at, &word, static_cast<std::size_t>(std::min(8, size - at)));
    }
    return size;
}

int sleepFor(sqlite3_vfs*, int micros) {
    return micros;
}  // simulated time does not pass inside SQLite

int currentTimeMs(sqlite3_vfs* vfs, sqlite3_int64* out) {
    constexpr sqlite3_int64 kJulianOf1970Ms = 210'866'760'000'000;
    *out = kJulianOf1970Ms + diskOf(vfs).wallMs();
    return SQLITE_OK;
}

int lastError(sqlite3_vfs*, int, char*) {
    return 0;
}

}  // namespace

CrashVfs::CrashVfs(CrashDisk& disk, std::string name)
    : state_(
          new State{{std::move(name),
                     &disk,
                     sizeof(CrashFile),
                     kPathBytesMax,
                     {openFile, deleteFile, accessFile, fullPath, randomness, sleepFor, currentTimeMs, lastError}}}) {}

CrashVfs::~CrashVfs() = default;

const std::string& CrashVfs::name() const {
    return state_->vfs.name();
}

void CrashVfs::seedSqlite(std::uint32_t seed) {
    sqlite3_initialize();
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed | 1U), nullptr);
}

}  // namespace tributary
