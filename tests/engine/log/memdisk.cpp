// The disk in memory.
#include "memdisk.h"

#include <algorithm>

namespace tributary::engine::test {

namespace {

void applyWrite(Bytes& content, std::uint64_t offset, BytesView data) {
    if (content.size() < offset + data.size()) content.resize(static_cast<std::size_t>(offset + data.size()), '\0');
    content.replace(static_cast<std::size_t>(offset), data.size(), data);
}

class MemFile final : public File {
public:
    MemFile(MemDisk& disk, std::string path, std::shared_ptr<MemInode> inode)
        : disk_(disk), path_(std::move(path)), inode_(std::move(inode)) {}

    Status write(std::uint64_t offset, BytesView data) override {
        ++disk_.writes;
        Status step = disk_.step(path_);
        if (!step) {
            put(offset, data.substr(0, data.size() / 2));
            return step;
        }
        const std::uint64_t end = offset + data.size();
        const std::uint64_t growth = end > inode_->live.size() ? end - inode_->live.size() : 0;
        if (!disk_.takeSpace(growth)) {
            put(offset, data.substr(0, data.size() / 2));
            return Error{ErrorCode::DiskFull, "no space left", path_, {}};
        }
        put(offset, data);
        return okStatus();
    }
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
        Bytes whole;
        for (const BytesView piece : pieces) whole.append(piece);
        return write(offset, whole);
    }
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override {
        if (Status step = disk_.step(path_); !step) return step.error();
        if (offset >= inode_->live.size()) return Bytes{};
        return inode_->live.substr(static_cast<std::size_t>(offset), size);
    }
    Result<std::uint64_t> size() override { return std::uint64_t{inode_->live.size()}; }
    Status truncate(std::uint64_t size) override {
        if (Status step = disk_.step(path_); !step) return step;
        inode_->live.resize(static_cast<std::size_t>(size), '\0');
        inode_->unsynced.push_back({true, size, {}});
        return okStatus();
    }
    Status sync() override {
        ++disk_.syncs;
        if (Status step = disk_.step(path_); !step) return step;
        if (disk_.syncFails()) return Error{ErrorCode::Io, "sync failed", path_, {}};
        inode_->durable = inode_->live;
        inode_->unsynced.clear();
        return okStatus();
    }

private:
    void put(std::uint64_t offset, BytesView data) {
        applyWrite(inode_->live, offset, data);
        inode_->unsynced.push_back({false, offset, Bytes(data)});
    }
    MemDisk& disk_;
    std::string path_;
    std::shared_ptr<MemInode> inode_;
};

void keepSome(Bytes& content, const MemInode::Change& change, std::mt19937_64& chaos) {
    if (change.isTruncate) {
        if (chaos() % 2 == 0) content.resize(static_cast<std::size_t>(change.offset), '\0');
        return;
    }
    const std::uint64_t fate = chaos() % 3;
    for (std::size_t at = 0; at < change.data.size(); at += 512) {
        const BytesView sector = BytesView(change.data).substr(at, 512);
        if (fate == 1 || (fate == 2 && chaos() % 2 == 0)) applyWrite(content, change.offset + at, sector);
    }
}

}  // namespace

Status MemDisk::step(const std::string& path) {
    ++calls;
    if (failAt_ != 0 && (calls == failAt_ || (persistent_ && calls > failAt_))) {
        return Error{failCode_, "injected failure", path, {}};
    }
    return okStatus();
}

void MemDisk::changeName(const NameChange& change) {
    if (!change.from.empty()) names.erase(change.from);
    if (!change.to.empty()) names[change.to] = change.inode;
    unsyncedNames_.push_back(change);
}

std::unique_ptr<MemDisk> MemDisk::afterCut(std::mt19937_64* chaos) const {
    auto disk = std::make_unique<MemDisk>();
    auto kept = durableNames_;
    std::size_t keep = chaos != nullptr ? (*chaos)() % (unsyncedNames_.size() + 1) : 0;
    for (const NameChange& change : unsyncedNames_) {
        if (keep-- == 0) break;
        if (!change.from.empty()) kept.erase(change.from);
        if (!change.to.empty()) kept[change.to] = change.inode;
    }
    for (const auto& [name, inode] : kept) {
        auto copy = std::make_shared<MemInode>();
        copy->live = inode->durable;
        for (const MemInode::Change& change : inode->unsynced) {
            if (chaos != nullptr) keepSome(copy->live, change, *chaos);
        }
        copy->durable = copy->live;
        disk->names[name] = copy;
    }
    disk->durableNames_ = disk->names;
    return disk;
}

Result<std::unique_ptr<File>> MemDisk::open(const std::string& path, Open how) {
    if (Status failed = step(path); !failed) return failed.error();
    const auto found = names.find(path);
    if (found == names.end()) {
        if (how == Open::Existing) return Error{ErrorCode::NotFound, "no such file", path, {}};
        changeName({{}, path, std::make_shared<MemInode>()});
    } else if (how == Open::CreateNew) {
        return Error{ErrorCode::AlreadyExists, "file exists", path, {}};
    }
    return std::unique_ptr<File>(std::make_unique<MemFile>(*this, path, names.at(path)));
}

Result<Bytes> MemDisk::readAll(const std::string& path) {
    auto file = open(path, Open::Existing);
    if (!file) return file.error();
    return names.at(path)->live;
}

Status MemDisk::replace(const std::string& path, BytesView data, bool) {
    auto inode = std::make_shared<MemInode>();
    inode->live = inode->durable = Bytes(data);
    changeName({{}, path, inode});
    return syncDir({});
}

Status MemDisk::rename(const std::string& from, const std::string& to) {
    if (Status failed = step(from); !failed) return failed;
    const auto found = names.find(from);
    if (found == names.end()) return Error{ErrorCode::NotFound, "no such file", from, {}};
    changeName({from, to, found->second});
    return okStatus();
}

Status MemDisk::remove(const std::string& path) {
    if (Status failed = step(path); !failed) return failed;
    const auto found = names.find(path);
    if (found == names.end()) return okStatus();
    if (found->second.use_count() > 0) free_ += found->second->live.size();
    changeName({path, {}, found->second});
    return okStatus();
}

Status MemDisk::syncDir(const std::string& path) {
    ++syncs;
    if (Status failed = step(path); !failed) return failed;
    durableNames_ = names;
    unsyncedNames_.clear();
    return okStatus();
}

Result<std::vector<std::string>> MemDisk::list(const std::string& path) {
    if (Status failed = step(path); !failed) return failed.error();
    std::vector<std::string> out;
    for (const auto& [name, inode] : names) {
        if (name.rfind(path + "/", 0) == 0) out.push_back(name.substr(path.size() + 1));
    }
    return out;
}

}  // namespace tributary::engine::test
