// Files as the engine uses them outside SQLite: log segments, lock files, small records.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// An open file. Calls may come from the worker that owns it, one at a time. What write() wrote survives a power cut
/// only after sync() returned ok; until then any part of it may be lost or torn.
class File {
public:
    virtual ~File() = default;
    /// Writes all of `data` at `offset`, extending the file. Errors: DiskFull, Io.
    virtual Status write(std::uint64_t offset, BytesView data) = 0;
    /// Writes the pieces one after the other at `offset` (one gathered write where possible).
    virtual Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) = 0;
    /// Reads up to `size` bytes at `offset`; fewer only at the end of the file.
    virtual Result<Bytes> read(std::uint64_t offset, std::size_t size) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
    virtual Status truncate(std::uint64_t size) = 0;
    /// Makes everything written durable. A failed sync is never retried: the caller stops.
    virtual Status sync() = 0;
};

/// Exclusive ownership of a volume, released when destroyed or when the process ends.
class FileLock {
public:
    virtual ~FileLock() = default;
};

class FileOps {
public:
    virtual ~FileOps() = default;
    enum class Open { Existing, Create, CreateNew };
    virtual Result<std::unique_ptr<File>> open(const std::string& path, Open how) = 0;
    /// What a person gives to be read, from its begin on and once: a file that may not be written, a pipe, a device.
    /// Each read() goes on where the one before ended. Errors: as open().
    virtual Result<std::unique_ptr<File>> openInput(const std::string& path) { return open(path, Open::Existing); }
    virtual Result<Bytes> readAll(const std::string& path) = 0;
    /// Writes a whole small file: temporary name, sync, rename, directory sync. Mode 0600 when `secret`.
    virtual Status replace(const std::string& path, BytesView data, bool secret = false) = 0;
    virtual Status rename(const std::string& from, const std::string& to) = 0;
    virtual Status remove(const std::string& path) = 0;  ///< ok when it does not exist
    virtual Status makeDirs(const std::string& path) = 0;
    virtual Status removeTree(const std::string& path) = 0;
    virtual Status syncDir(const std::string& path) = 0;
    [[nodiscard]] virtual bool exists(const std::string& path) = 0;
    /// Names (not paths) in a folder, sorted bytewise.
    virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
    virtual Result<std::uint64_t> freeBytes(const std::string& path) = 0;
    /// How many more files, sockets among them, this process may open.
    [[nodiscard]] virtual std::uint64_t freeHandles() { return UINT64_MAX; }
    /// Errors: Conflict when another owner holds it (the text names its process when known).
    virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

}  // namespace tributary::engine
