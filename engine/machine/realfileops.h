// The machine's files behind the FileOps seam.
#pragma once

#include <atomic>

#include "engine/seams/fileops.h"

namespace tributary::engine {

/// POSIX files. Thread-safe; each File belongs to one caller at a time. ENOSPC and EDQUOT are DiskFull, a missing path
/// is NotFound, EACCES and EROFS are PermissionDenied, the rest is Io; every error names the path and the call. New
/// folders are durable when makeDirs() returns. Locks are flock(2) on a file that holds the owner's process id; they
/// end with the process, and the file stays (removing it would race with the next owner).
class RealFileOps final : public FileOps {
public:
    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
    Result<std::unique_ptr<File>> openInput(const std::string& path) override;
    Result<Bytes> readAll(const std::string& path) override;
    Status replace(const std::string& path, BytesView data, bool secret = false) override;
    Status rename(const std::string& from, const std::string& to) override;
    Status remove(const std::string& path) override;
    Status makeDirs(const std::string& path) override;
    Status removeTree(const std::string& path) override;
    Status syncDir(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<std::uint64_t> freeBytes(const std::string& path) override;
    /// RLIMIT_NOFILE less what /proc/self/fd lists.
    [[nodiscard]] std::uint64_t freeHandles() override;
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

private:
    std::atomic<std::uint64_t> temporaries_{0};  // makes names of temporary files differ
};

}  // namespace tributary::engine
