// A disk in memory that forgets what was not synced, fails calls on request and runs full.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/seams/fileops.h"

namespace tributary::engine::test {

/// Contents now and at the last sync, and what happened between.
struct MemInode {
    struct Change {
        bool isTruncate = false;
        std::uint64_t offset = 0;  ///< or the new size
        Bytes data;
    };
    Bytes live;
    Bytes durable;
    std::vector<Change> unsynced;
};

/// A FileOps over inodes. Names follow the same rule: a change of names survives a cut for certain after syncDir().
class MemDisk final : public FileOps {
public:
    // Faults: the n-th mutating or reading call from now (1 = next) fails; every later one too when persistent. A
    // failing write leaves its first half behind.
    void failCall(std::uint64_t n, bool persistent, ErrorCode code = ErrorCode::Io) {
        failAt_ = calls + n;
        persistent_ = persistent;
        failCode_ = code;
    }
    void heal() { failAt_ = 0; }
    void failSyncs(bool on) { failSyncs_ = on; }
    /// Bytes that may still be allocated; overwriting needs none.
    void setFree(std::uint64_t bytes) { free_ = bytes; }
    /// The disk after a power cut: each unsynced change is kept, lost or kept in part by 512-byte sectors; of the
    /// unsynced name changes a prefix is kept. `chaos` null keeps nothing that was unsynced.
    [[nodiscard]] std::unique_ptr<MemDisk> afterCut(std::mt19937_64* chaos) const;

    std::map<std::string, std::shared_ptr<MemInode>> names;
    std::uint64_t calls = 0;
    std::uint64_t syncs = 0;
    std::uint64_t writes = 0;

    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
    Result<Bytes> readAll(const std::string& path) override;
    Status replace(const std::string& path, BytesView data, bool secret) override;
    Status rename(const std::string& from, const std::string& to) override;
    Status remove(const std::string& path) override;
    Status makeDirs(const std::string&) override { return okStatus(); }
    Status removeTree(const std::string&) override { return okStatus(); }
    Status syncDir(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override { return names.count(path) != 0; }
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<std::uint64_t> freeBytes(const std::string&) override { return free_; }
    Result<std::unique_ptr<FileLock>> lock(const std::string&) override { return std::make_unique<FileLock>(); }

    /// Counts a call; an error when it is to fail.
    Status step(const std::string& path);
    [[nodiscard]] bool syncFails() const { return failSyncs_; }
    bool takeSpace(std::uint64_t bytes) {
        if (bytes > free_) return false;
        free_ -= bytes;
        return true;
    }

private:
    struct NameChange {
        std::string from;  ///< empty: created
        std::string to;    ///< empty: removed
        std::shared_ptr<MemInode> inode;
    };
    void changeName(const NameChange& change);

    std::map<std::string, std::shared_ptr<MemInode>> durableNames_;
    std::vector<NameChange> unsyncedNames_;
    std::uint64_t failAt_ = 0;
    bool persistent_ = false;
    bool failSyncs_ = false;
    ErrorCode failCode_ = ErrorCode::Io;
    std::uint64_t free_ = 1ULL << 40U;
};

}  // namespace tributary::engine::test
