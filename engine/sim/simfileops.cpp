// The file seam over a CrashDisk.
#include "engine/sim/simfileops.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::sim {
namespace {

constexpr std::uint64_t kFreeBytes = 1ULL << 40U;  // of a disk without a limit

class SimFile final : public File {
public:
    SimFile(CrashDisk& disk, CrashDisk::Handle handle) : disk_(disk), handle_(std::move(handle)) {}

    Status write(std::uint64_t offset, BytesView data) override { return disk_.write(handle_, offset, data); }
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
        for (const BytesView piece : pieces) {
            if (piece.empty()) continue;
            if (Status written = disk_.write(handle_, offset, piece); !written) return written;
            offset += piece.size();
        }
        return okStatus();
    }
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override {
        const auto end = disk_.size(handle_);
        if (!end) return end.error();
        if (offset >= end.value()) return Bytes();
        Bytes out(static_cast<std::size_t>(std::min<std::uint64_t>(size, end.value() - offset)), '\0');
        const auto got = disk_.read(handle_, offset, out.data(), out.size());
        if (!got) return got.error();
        out.resize(got.value());
        return out;
    }
    [[nodiscard]] Result<std::uint64_t> size() override { return disk_.size(handle_); }
    Status truncate(std::uint64_t size) override { return disk_.truncate(handle_, size); }
    Status sync() override { return disk_.sync(handle_); }

private:
    CrashDisk& disk_;
    CrashDisk::Handle handle_;
};

class SimLock final : public FileLock {
public:
    SimLock(std::shared_ptr<std::set<std::string>> locked, std::string path)
        : locked_(std::move(locked)), path_(std::move(path)) {}
    ~SimLock() override { locked_->erase(path_); }
    SimLock(const SimLock&) = delete;
    SimLock& operator=(const SimLock&) = delete;

private:
    std::shared_ptr<std::set<std::string>> locked_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<File>> SimFileOps::open(const std::string& path, Open how) {
    auto handle = disk_.open(path, static_cast<CrashDisk::Open>(how));
    if (!handle) return handle.error();
    return std::unique_ptr<File>(std::make_unique<SimFile>(disk_, std::move(handle).value()));
}

Result<Bytes> SimFileOps::readAll(const std::string& path) {
    auto file = open(path, Open::Existing);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    return (*file)->read(0, static_cast<std::size_t>(size.value()));
}

Status SimFileOps::replace(const std::string& path, BytesView data, bool /*secret*/) {
    const std::string temporary = path + ".new";
    {
        auto file = open(temporary, Open::Create);
        if (!file) return file.error();
        Status step = (*file)->truncate(0);  // a former attempt may have left bytes
        if (step.ok()) step = (*file)->write(0, data);
        if (step.ok()) step = (*file)->sync();
        if (!step) {
            (void)disk_.remove(temporary);
            return step;
        }
    }
    if (Status renamed = disk_.rename(temporary, path); !renamed) return renamed;
    const std::size_t slash = path.rfind('/');
    return disk_.syncDir(slash == std::string::npos ? std::string() : path.substr(0, std::max<std::size_t>(slash, 1)));
}

Status SimFileOps::remove(const std::string& path) {
    Status removed = disk_.remove(path);
    if (!removed && removed.error().code == ErrorCode::NotFound) return okStatus();
    return removed;
}

Result<std::uint64_t> SimFileOps::freeBytes(const std::string& /*path*/) {
    if (disk_.capacityBytes() == UINT64_MAX) return kFreeBytes;
    const std::uint64_t used = disk_.usedBytes();
    return used >= disk_.capacityBytes() ? 0 : disk_.capacityBytes() - used;
}

Result<std::unique_ptr<FileLock>> SimFileOps::lock(const std::string& path) {
    if (!locked_->insert(path).second) {
        return Error{ErrorCode::Conflict, "another process owns the volume", path, "stop it first"};
    }
    return std::unique_ptr<FileLock>(std::make_unique<SimLock>(locked_, path));
}

}  // namespace tributary::engine::sim
