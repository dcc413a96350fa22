// A bad disk on request: full, or slow to sync, over any FileOps.
#include "engine/machine/faultyfileops.h"

#include <chrono>
#include <utility>

namespace tributary::engine {

namespace {

class FaultyFile final : public File {
public:
    FaultyFile(FaultyFileOps& disk, std::unique_ptr<File> inner, std::string path)
        : disk_(disk), inner_(std::move(inner)), path_(std::move(path)) {}

    Status write(std::uint64_t offset, BytesView data) override {
        if (Status room = disk_.room(path_); !room) return room;
        return inner_->write(offset, data);
    }
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
        if (Status room = disk_.room(path_); !room) return room;
        return inner_->writeGathered(offset, pieces);
    }
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override { return inner_->read(offset, size); }
    [[nodiscard]] Result<std::uint64_t> size() override { return inner_->size(); }
    Status truncate(std::uint64_t size) override { return inner_->truncate(size); }
    Status sync() override {
        disk_.waitSlow();
        return inner_->sync();
    }

private:
    FaultyFileOps& disk_;
    std::unique_ptr<File> inner_;
    std::string path_;
};

}  // namespace

void FaultyFileOps::set(State state) {
    const std::lock_guard lock(mutex_);
    state_ = state;
    ++changes_;
    changed_.notify_all();
}

void FaultyFileOps::heal() {
    set({});
}
void FaultyFileOps::makeFull() {
    set({Disk::Full, 0});
}
void FaultyFileOps::makeSlow(Millis syncDelayMs) {
    set({Disk::Slow, syncDelayMs});
}

FaultyFileOps::State FaultyFileOps::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

Status FaultyFileOps::room(const std::string& path) const {
    if (state().disk != Disk::Full) return okStatus();
    return Error{ErrorCode::DiskFull, "no space left on the disk (a fault switched on by hand)", path,
                 "tributary fault clear"};
}

void FaultyFileOps::waitSlow() {
    std::unique_lock lock(mutex_);
    if (state_.disk != Disk::Slow) return;
    const std::uint64_t before = changes_;
    changed_.wait_for(lock, std::chrono::milliseconds(state_.syncDelayMs), [&] { return changes_ != before; });
}

Result<std::unique_ptr<File>> FaultyFileOps::open(const std::string& path, Open how) {
    if (how != Open::Existing && !inner_.exists(path)) {
        if (const Status free = room(path); !free) return free.error();
    }
    Result<std::unique_ptr<File>> opened = inner_.open(path, how);
    if (!opened) return opened.error();
    return std::unique_ptr<File>(std::make_unique<FaultyFile>(*this, std::move(opened).value(), path));
}

Status FaultyFileOps::replace(const std::string& path, BytesView data, bool secret) {
    if (Status free = room(path); !free) return free;
    waitSlow();
    return inner_.replace(path, data, secret);
}

Status FaultyFileOps::makeDirs(const std::string& path) {
    if (!inner_.exists(path)) {
        if (Status free = room(path); !free) return free;
    }
    return inner_.makeDirs(path);
}

Status FaultyFileOps::syncDir(const std::string& path) {
    waitSlow();
    return inner_.syncDir(path);
}

Result<std::uint64_t> FaultyFileOps::freeBytes(const std::string& path) {
    if (state().disk == Disk::Full) return std::uint64_t{0};
    return inner_.freeBytes(path);
}

}  // namespace tributary::engine
