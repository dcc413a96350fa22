// A disk in memory that forgets at a power cut what was not synced: under SQLite (crashvfs.h) and under the log.
//
// Model: each file has live bytes and, for every 512-byte sector written since its last sync, the bytes that are on the
// platter. A crash decides sector by sector, and for the size, what made it. Names (create, rename, remove) are durable
// once their folder was synced; of the younger ones a crash keeps a prefix, in their order. Folders are durable at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary {

struct CrashDiskOptions {
    std::uint64_t seed = 1;                    ///< of what SQLite sees as random
    std::uint64_t capacityBytes = UINT64_MAX;  ///< writes beyond it are DiskFull
    bool namesDurableAtOnce = false;           ///< create, rename and remove need no syncDir()
};

/// What is asked of the disk, for fault hooks.
enum class DiskOperation { Open, Read, Write, Truncate, Sync, Rename, Remove, SyncDir };

/// One simulated disk. One thread. Paths are plain text with '/' between parts; a file's folder must exist ("" and "/"
/// do). All errors carry the path in `where`.
class CrashDisk {
    struct Inode;

public:
    static constexpr std::size_t kSectorBytes = 512;

    explicit CrashDisk(CrashDiskOptions options = {});

    /// An open file. Handles of before a crash fail with Io for ever; a removed file lives while it is open.
    class Handle {
    public:
        Handle() = default;

    private:
        friend class CrashDisk;
        std::shared_ptr<Inode> inode;
        std::string path;
        std::uint64_t epoch = 0;
    };
    enum class Open { Existing, Create, CreateNew };
    /// Errors: NotFound (file or folder), AlreadyExists, Io.
    Result<Handle> open(const std::string& path, Open how);
    /// Up to `size` bytes; fewer only at the end of the file.
    Result<std::size_t> read(const Handle& file, std::uint64_t offset, char* out, std::size_t size);
    /// All of it or nothing, extending the file with zeros in between. Errors: DiskFull, Io.
    Status write(const Handle& file, std::uint64_t offset, BytesView data);
    Status truncate(const Handle& file, std::uint64_t size);
    Status sync(const Handle& file);
    [[nodiscard]] Result<std::uint64_t> size(const Handle& file) const;

    Status rename(const std::string& from, const std::string& to);  ///< replaces `to`
    Status remove(const std::string& path);                         ///< NotFound when it does not exist
    Status makeDirs(const std::string& path);
    Status removeTree(const std::string& path);  ///< files and folders below and at `path`
    Status syncDir(const std::string& path);
    [[nodiscard]] bool exists(const std::string& path) const;  ///< file or folder
    /// Names of files and folders in a folder, sorted bytewise. Errors: NotFound.
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& dir) const;

    /// Power cut and restart: what was not synced is kept or lost by `seed`. Switches power on again.
    void crash(std::uint64_t seed);
    /// Files below a folder ("" = all), as a program that copies them now would read them.
    using Image = std::map<std::string, Bytes>;
    [[nodiscard]] Image imageOf(const std::string& dir) const;
    /// Replaces everything below a folder by an image of it, durably: what an administrator does who puts a volume
    /// back. Handles of before fail from now on.
    void putBack(const std::string& dir, const Image& image);

    /// Lets `operations` more changing operations (write, truncate, sync, rename, remove, syncDir, creation) pass; the
    /// next one is in flight when power goes (a write may be kept in parts), and all later calls fail with Io until
    /// crash(). nullopt = never.
    void cutPowerAfter(std::optional<std::uint64_t> operations) { powerLeft_ = operations; }
    [[nodiscard]] bool powerIsOff() const { return off_; }
    /// Changing operations so far.
    [[nodiscard]] std::uint64_t operations() const { return operations_; }

    /// Asked before each operation; an error code makes it fail without effect. nullptr = no faults.
    using FaultHook = std::function<std::optional<ErrorCode>(DiskOperation, const std::string& path)>;
    void setFaultHook(FaultHook hook) { hook_ = std::move(hook); }
    void setCapacityBytes(std::uint64_t bytes) { options_.capacityBytes = bytes; }
    [[nodiscard]] std::uint64_t capacityBytes() const { return options_.capacityBytes; }
    [[nodiscard]] std::uint64_t usedBytes() const;

    /// Deterministic words and time for SQLite.
    std::uint64_t random();
    void setWallMs(std::int64_t wallMs) { wallMs_ = wallMs; }
    [[nodiscard]] std::int64_t wallMs() const { return wallMs_; }

private:
    struct Inode {
        Bytes live;
        std::uint64_t durableSize = 0;
        std::map<std::uint64_t, Bytes> platter;  // sector -> its durable bytes, for sectors changed since the last sync
    };
    struct NameChange {
        std::string remove;  // empty = none
        std::string add;     // empty = none
        std::shared_ptr<Inode> inode;
    };
    using Names = std::map<std::string, std::shared_ptr<Inode>>;

    Status check(DiskOperation operation, const std::string& path) const;
    /// Counts a changing operation. False when power goes with it.
    bool spend();
    [[nodiscard]] Status usable(DiskOperation operation, const Handle& file) const;
    void change(NameChange change);
    static void applyTo(Names& names, const NameChange& change);
    static void remember(Inode& inode, std::uint64_t from, std::uint64_t to);
    static void settle(Inode& inode, std::uint64_t& state);

    CrashDiskOptions options_;
    Names names_;
    Names durableNames_;
    std::vector<NameChange> pending_;
    std::set<std::string> dirs_;
    FaultHook hook_;
    std::optional<std::uint64_t> powerLeft_;
    bool off_ = false;
    std::uint64_t operations_ = 0;
    std::uint64_t epoch_ = 1;
    std::uint64_t randomState_;
    std::int64_t wallMs_ = 1'700'000'000'000;
};

}  // namespace tributary
