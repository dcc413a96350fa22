// The simulated disk: what was synced stays, what was not may go, sector by sector.
#include "core/db/crashdisk.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary {
namespace {

std::string parentOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {};
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string withoutSlash(const std::string& path) {
    return path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
}

bool isBelow(const std::string& path, const std::string& dir) {
    return path.size() > dir.size() && path.compare(0, dir.size(), dir) == 0 &&
           (dir.empty() || dir.back() == '/' || path[dir.size()] == '/');
}

std::uint64_t nextWord(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t x = state;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

Error ioError(const std::string& what, const std::string& path) {
    return Error{ErrorCode::Io, what, path, {}};
}

Error missing(const std::string& path) {
    return Error{ErrorCode::NotFound, "no such file or folder", path, {}};
}

}  // namespace

CrashDisk::CrashDisk(CrashDiskOptions options) : options_(options), dirs_{"", "/"}, randomState_(options.seed) {}

std::uint64_t CrashDisk::random() {
    return nextWord(randomState_);
}

Status CrashDisk::check(DiskOperation operation, const std::string& path) const {
    if (off_) return ioError("the disk has no power", path);
    if (!hook_) return okStatus();
    if (const auto code = hook_(operation, path)) return Error{*code, "injected disk fault", path, {}};
    return okStatus();
}

bool CrashDisk::spend() {
    ++operations_;
    if (!powerLeft_) return true;
    if (*powerLeft_ > 0) {
        --*powerLeft_;
        return true;
    }
    off_ = true;
    return false;
}

Status CrashDisk::usable(DiskOperation operation, const Handle& file) const {
    if (!file.inode || file.epoch != epoch_) return ioError("the file was opened before the disk crashed", file.path);
    return check(operation, file.path);
}

Result<CrashDisk::Handle> CrashDisk::open(const std::string& path, Open how) {
    const Status allowed = check(DiskOperation::Open, path);
    if (!allowed.ok()) return allowed.error();
    const auto at = names_.find(path);
    Handle handle;
    handle.path = path;
    handle.epoch = epoch_;
    if (at != names_.end()) {
        if (how == Open::CreateNew) return Error{ErrorCode::AlreadyExists, "the file exists", path, {}};
        handle.inode = at->second;
        return handle;
    }
    if (how == Open::Existing || dirs_.count(parentOf(path)) == 0) return missing(path);
    if (dirs_.count(path) != 0) return ioError("is a folder", path);
    if (!spend()) return ioError("the disk has no power", path);
    handle.inode = std::make_shared<Inode>();
    change({{}, path, handle.inode});
    return handle;
}

Result<std::size_t> CrashDisk::read(const Handle& file, std::uint64_t offset, char* out, std::size_t size) {
    const Status allowed = usable(DiskOperation::Read, file);
    if (!allowed.ok()) return allowed.error();
    const Bytes& live = file.inode->live;
    if (offset >= live.size()) return std::size_t{0};
    return live.copy(out, size, static_cast<std::size_t>(offset));
}

void CrashDisk::remember(Inode& inode, std::uint64_t from, std::uint64_t to) {
    if (to <= from) return;
    for (std::uint64_t sector = from / kSectorBytes; sector <= (to - 1) / kSectorBytes; ++sector) {
        const std::uint64_t start = sector * kSectorBytes;
        Bytes durable;
        // An unchanged sector is the same live and on the platter, as far as the platter's file reaches.
        const std::uint64_t end = std::min<std::uint64_t>({start + kSectorBytes, inode.durableSize, inode.live.size()});
        if (inode.platter.count(sector) != 0) continue;
        if (end > start) durable = inode.live.substr(start, end - start);
        inode.platter.emplace(sector, std::move(durable));
    }
}

Status CrashDisk::write(const Handle& file, std::uint64_t offset, BytesView data) {
    Status allowed = usable(DiskOperation::Write, file);
    if (!allowed.ok()) return allowed;
    Inode& inode = *file.inode;
    const std::uint64_t end = offset + data.size();
    if (end > inode.live.size()) {
        if (options_.capacityBytes != UINT64_MAX && usedBytes() + end - inode.live.size() > options_.capacityBytes) {
            return Error{ErrorCode::DiskFull, "no space left on the disk", file.path, {}};
        }
    }
    const bool powered = spend();
    remember(inode, std::min<std::uint64_t>(offset, inode.live.size()), end);
    if (end > inode.live.size()) inode.live.resize(end);
    inode.live.replace(offset, data.size(), data);
    return powered ? okStatus() : ioError("the disk lost power", file.path);
}

Status CrashDisk::truncate(const Handle& file, std::uint64_t size) {
    Status allowed = usable(DiskOperation::Truncate, file);
    if (!allowed.ok()) return allowed;
    const bool powered = spend();
    Inode& inode = *file.inode;
    const std::uint64_t now = inode.live.size();
    remember(inode, std::min(size, now), std::max(size, now));
    inode.live.resize(size);
    return powered ? okStatus() : ioError("the disk lost power", file.path);
}

Status CrashDisk::sync(const Handle& file) {
    Status allowed = usable(DiskOperation::Sync, file);
    if (!allowed.ok()) return allowed;
    if (!spend()) return ioError("the disk lost power", file.path);
    file.inode->platter.clear();
    file.inode->durableSize = file.inode->live.size();
    return okStatus();
}

Result<std::uint64_t> CrashDisk::size(const Handle& file) const {
    if (!file.inode || file.epoch != epoch_ || off_) return ioError("the file is not open any more", file.path);
    return static_cast<std::uint64_t>(file.inode->live.size());
}

void CrashDisk::applyTo(Names& names, const NameChange& change) {
    if (!change.remove.empty()) names.erase(change.remove);
    if (!change.add.empty()) names[change.add] = change.inode;
}

void CrashDisk::change(NameChange change) {
    applyTo(names_, change);
    if (options_.namesDurableAtOnce) {
        applyTo(durableNames_, change);
    } else {
        pending_.push_back(std::move(change));
    }
}

Status CrashDisk::rename(const std::string& from, const std::string& to) {
    Status allowed = check(DiskOperation::Rename, from);
    if (!allowed.ok()) return allowed;
    const auto at = names_.find(from);
    if (at == names_.end() || dirs_.count(parentOf(to)) == 0) return missing(at == names_.end() ? from : to);
    if (!spend()) return ioError("the disk lost power", from);
    change({from, to, at->second});
    return okStatus();
}

Status CrashDisk::remove(const std::string& path) {
    Status allowed = check(DiskOperation::Remove, path);
    if (!allowed.ok()) return allowed;
    if (names_.count(path) == 0) return missing(path);
    if (!spend()) return ioError("the disk lost power", path);
    change({path, {}, nullptr});
    return okStatus();
}

Status CrashDisk::makeDirs(const std::string& path) {
    if (off_) return ioError("the disk has no power", path);
    for (std::string dir = withoutSlash(path); dirs_.insert(dir).second; dir = parentOf(dir)) {
        if (names_.count(dir) != 0) {
            dirs_.erase(dir);
            return Error{ErrorCode::AlreadyExists, "a file has that name", dir, {}};
        }
    }
    return okStatus();
}

Status CrashDisk::removeTree(const std::string& path) {
    const std::string dir = withoutSlash(path);
    std::vector<std::string> files;
    for (const auto& [name, inode] : names_) {
        if (name == dir || isBelow(name, dir)) files.push_back(name);
    }
    for (const std::string& file : files) {
        Status removed = remove(file);
        if (!removed.ok()) return removed;
    }
    for (auto at = dirs_.begin(); at != dirs_.end();) {
        at = at->size() > 1 && (*at == dir || isBelow(*at, dir)) ? dirs_.erase(at) : std::next(at);
    }
    return okStatus();
}

Status CrashDisk::syncDir(const std::string& path) {
    const std::string dir = withoutSlash(path);
    Status allowed = check(DiskOperation::SyncDir, dir);
    if (!allowed.ok()) return allowed;
    if (dirs_.count(dir) == 0) return missing(dir);
    if (!spend()) return ioError("the disk lost power", dir);
    std::vector<NameChange> later;
    for (NameChange& change : pending_) {
        const bool here = (!change.remove.empty() && parentOf(change.remove) == dir) ||
                          (!change.add.empty() && parentOf(change.add) == dir);
        if (here) {
            applyTo(durableNames_, change);
        } else {
            later.push_back(std::move(change));
        }
    }
    pending_ = std::move(later);
    return okStatus();
}

bool CrashDisk::exists(const std::string& path) const {
    return names_.count(path) != 0 || dirs_.count(withoutSlash(path)) != 0;
}

Result<std::vector<std::string>> CrashDisk::list(const std::string& path) const {
    const std::string dir = withoutSlash(path);
    if (dirs_.count(dir) == 0) return missing(dir);
    std::set<std::string> found;
    const auto consider = [&](const std::string& full) {
        if (full.size() > 1 && parentOf(full) == dir) found.insert(full.substr(full.rfind('/') + 1));
    };
    for (const auto& [name, inode] : names_) consider(name);
    for (const std::string& name : dirs_) consider(name);
    return std::vector<std::string>(found.begin(), found.end());
}

std::uint64_t CrashDisk::usedBytes() const {
    std::uint64_t sum = 0;
    for (const auto& [name, inode] : names_) sum += inode->live.size();
    return sum;
}

void CrashDisk::settle(Inode& inode, std::uint64_t& state) {
    // Everything made it (a killed process), nothing did, the oldest part of the file did, or any sector on its own.
    // With single sectors alone a long unsynced tail would practically never survive whole.
    enum Fate : std::uint64_t { All, None, Prefix, Any };
    const auto fate = static_cast<Fate>(nextWord(state) % 4);
    std::uint64_t size = fate == None ? inode.durableSize : inode.live.size();
    if (fate >= Prefix && size != inode.durableSize) {
        // The size reaches the platter on its own: the old one, the new one, or a part of the growth.
        const std::uint64_t pick = nextWord(state) % 3;
        if (pick == 0) size = inode.durableSize;
        if (pick == 1 && size > inode.durableSize) {
            const std::uint64_t grown = inode.durableSize + nextWord(state) % (size - inode.durableSize);
            size = std::min(size, (grown + kSectorBytes - 1) / kSectorBytes * kSectorBytes);
        }
    }
    const std::uint64_t prefix = fate == Prefix ? nextWord(state) % (inode.platter.size() + 1) : 0;
    std::uint64_t index = 0;
    const std::uint64_t liveSize = inode.live.size();
    inode.live.resize(std::max(size, liveSize));
    for (const auto& [sector, durable] : inode.platter) {
        const std::uint64_t start = sector * kSectorBytes;
        if (start >= inode.live.size()) continue;
        // Bytes that a lost truncation had cut off are there again, whatever became of the rest of the sector.
        const bool made =
            fate == All || (fate == Prefix && index++ < prefix) || (fate == Any && nextWord(state) % 2 == 0);
        const std::uint64_t from = made ? std::max(start, liveSize) : start;
        const std::uint64_t to = std::min<std::uint64_t>(start + kSectorBytes, inode.live.size());
        if (from >= to) continue;
        Bytes old = durable;
        old.resize(kSectorBytes);
        inode.live.replace(from, to - from, old, from - start, to - from);
    }
    inode.live.resize(size);
    inode.platter.clear();
    inode.durableSize = size;
}

CrashDisk::Image CrashDisk::imageOf(const std::string& dir) const {
    Image image;
    for (const auto& [name, inode] : names_) {
        if (isBelow(name, dir)) image[name] = inode->live;
    }
    return image;
}

void CrashDisk::putBack(const std::string& dir, const Image& image) {
    for (const NameChange& change : pending_) applyTo(durableNames_, change);
    pending_.clear();
    std::erase_if(names_, [&](const auto& item) { return isBelow(item.first, dir); });
    for (const auto& [name, content] : image) {
        auto inode = std::make_shared<Inode>();
        inode->live = content;
        inode->durableSize = content.size();
        names_[name] = std::move(inode);
    }
    durableNames_ = names_;
    ++epoch_;
}

void CrashDisk::crash(std::uint64_t seed) {
    std::uint64_t state = seed;
    const std::uint64_t kept = nextWord(state) % (pending_.size() + 1);
    for (std::uint64_t i = 0; i < kept; ++i) applyTo(durableNames_, pending_[i]);
    pending_.clear();
    names_ = durableNames_;
    std::set<const Inode*> done;
    for (auto& [name, inode] : names_) {
        if (done.insert(inode.get()).second) settle(*inode, state);
    }
    ++epoch_;
    off_ = false;
    powerLeft_.reset();
}

}  // namespace tributary
