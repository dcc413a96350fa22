// A bad disk on request: full, or slow to sync, over any FileOps.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/base/units.h"
#include "core/db/gatevfs.h"
#include "engine/seams/fileops.h"

namespace tributary::engine {

/// Switches that a running engine can be given at any time, from any thread; they act on open files too.
/// Full: everything that writes answers DiskFull and nothing is written (overwriting included, as on a copy-on-write
/// file system); reading, removing, renaming and syncing go on, freeBytes() is 0. Slow: each sync takes `syncDelayMs`
/// longer; the wait ends early when the disk heals. As the gate of a GateVfs it does the same to databases.
class FaultyFileOps final : public FileOps, public DiskGate {
public:
    enum class Disk { Ok, Full, Slow };
    struct State {
        Disk disk = Disk::Ok;
        Millis syncDelayMs = 0;
    };

    explicit FaultyFileOps(FileOps& inner) : inner_(inner) {}

    void heal();
    void makeFull();
    void makeSlow(Millis syncDelayMs);
    [[nodiscard]] State state() const;

    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override;
    Result<Bytes> readAll(const std::string& path) override { return inner_.readAll(path); }
    Status replace(const std::string& path, BytesView data, bool secret = false) override;
    Status rename(const std::string& from, const std::string& to) override { return inner_.rename(from, to); }
    Status remove(const std::string& path) override { return inner_.remove(path); }
    Status makeDirs(const std::string& path) override;
    Status removeTree(const std::string& path) override { return inner_.removeTree(path); }
    Status syncDir(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override { return inner_.exists(path); }
    Result<std::vector<std::string>> list(const std::string& path) override { return inner_.list(path); }
    Result<std::uint64_t> freeBytes(const std::string& path) override;
    [[nodiscard]] std::uint64_t freeHandles() override { return inner_.freeHandles(); }
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return inner_.lock(path); }

    Status beforeWrite(const std::string& path) override { return room(path); }
    Status beforeSync(const std::string& /*path*/) override {
        waitSlow();
        return okStatus();
    }

    /// DiskFull when the disk is full. For the files of this object.
    [[nodiscard]] Status room(const std::string& path) const;
    /// Waits as long as a slow disk's sync takes longer. For the files of this object.
    void waitSlow();

private:
    void set(State state);

    FileOps& inner_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_;                // guarded by mutex_
    std::uint64_t changes_ = 0;  // guarded: a waiter sees that its state is gone
};

}  // namespace tributary::engine
