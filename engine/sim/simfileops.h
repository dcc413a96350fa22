// The file seam over a CrashDisk: the log lies on the same simulated disk as the databases.
#pragma once

#include <set>

#include "core/db/crashdisk.h"
#include "engine/seams/fileops.h"

namespace tributary::engine::sim {

/// Files of one simulated host. Locks live as long as their owner: a killed process holds none.
class SimFileOps final : public FileOps {
public:
    explicit SimFileOps(CrashDisk& disk) : disk_(disk), locked_(std::make_shared<std::set<std::string>>()) {}

    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
    Result<Bytes> readAll(const std::string& path) override;
    Status replace(const std::string& path, BytesView data, bool secret) override;
    Status rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
    Status remove(const std::string& path) override;
    Status makeDirs(const std::string& path) override { return disk_.makeDirs(path); }
    Status removeTree(const std::string& path) override { return disk_.removeTree(path); }
    Status syncDir(const std::string& path) override { return disk_.syncDir(path); }
    [[nodiscard]] bool exists(const std::string& path) override { return disk_.exists(path); }
    Result<std::vector<std::string>> list(const std::string& path) override { return disk_.list(path); }
    Result<std::uint64_t> freeBytes(const std::string& path) override;
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

private:
    CrashDisk& disk_;
    std::shared_ptr<std::set<std::string>> locked_;
};

}  // namespace tributary::engine::sim
