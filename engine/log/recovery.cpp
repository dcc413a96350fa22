// Recovery of a log's folder: torn tails are cut, damage below a claimed offset is refused.
#include "engine/log/recovery.h"

#include "engine/log/groupreader.h"
#include "engine/log/segmentfiles.h"

namespace tributary::engine {

using namespace logformat;

namespace {

constexpr std::uint64_t kIndexStrideBytes = 64ULL << 10U;
constexpr const char* kRestoreHint =
    "restore the cluster from a backup, or set its folder aside, start it empty and fill it from a peer: "
    "tributary "
    "run rebuild-replica";

Error corrupt(const std::string& path, std::uint64_t offset, std::string what) {
    return {ErrorCode::Corrupt, std::move(what), fmt::format("{}:offset {}", path, offset), kRestoreHint};
}

/// One pass over one segment.
class SegmentScan {
public:
    SegmentScan(File& file, SegmentInfo& info, std::uint64_t size, Lsn replayFrom,
                const std::function<Status(LogEntry&&)>& visit)
        : reader_(file, info.header.id, kSegmentHeaderBytes, size),
          info_(info),
          size_(size),
          replayFrom_(replayFrom),
          visit_(visit),
          claimedEnd_(kSegmentHeaderBytes) {}

    /// Reads groups until one is missing or `stopBefore` is reached (0 = never).
    Status run(Lsn stopBefore);
    /// What lies behind the last sound group of the last segment: nothing, a torn tail, or proof of corruption.
    Status judgeRest();
    /// Cuts the file behind the last sound group and makes all of it durable.
    Status settle(File& file);

    [[nodiscard]] Lsn nextLsn() const { return nextLsn_; }
    [[nodiscard]] std::uint64_t end() const { return end_; }
    [[nodiscard]] bool endsClean() const { return endsClean_; }
    [[nodiscard]] std::uint64_t tornBytes() const { return tornBytes_; }

private:
    Status take(const ReadGroup& group);
    Status searchProof();
    Status proofIn(std::uint64_t at);

    GroupReader reader_;
    SegmentInfo& info_;
    std::uint64_t size_;
    Lsn replayFrom_;
    const std::function<Status(LogEntry&&)>& visit_;
    Lsn nextLsn_ = 0;
    std::uint64_t end_ = kSegmentHeaderBytes;      ///< of the last sound group
    std::uint64_t keepEnd_ = kSegmentHeaderBytes;  ///< the same without a clean end, which opening uses up
    std::uint64_t claimedEnd_;
    bool endsClean_ = false;
    std::uint64_t tornBytes_ = 0;
};

Status SegmentScan::take(const ReadGroup& group) {
    if (group.header.firstLsn != nextLsn_) {
        return corrupt(
            info_.path, group.offset,
            fmt::format("the commit log goes on with entry {} where {} is due", group.header.firstLsn, nextLsn_));
    }
    if (group.header.claimedSegment == info_.header.firstLsn) {
        claimedEnd_ = std::max(claimedEnd_, group.header.claimedOffset);
    }
    if (!group.entries.empty()) addIndexPoint(info_.index, group.header.firstLsn, group.offset);
    for (const ReadGroup::Entry& entry : group.entries) {
        addToTotals(info_.totals, entry.head.envelope, entry.payload.size());
        const Lsn lsn = nextLsn_++;
        if (lsn < replayFrom_) continue;
        if (Status step = visit_({lsn, entry.head.envelope, std::make_shared<const Bytes>(entry.payload)}); !step) {
            return step;
        }
    }
    return okStatus();
}

Status SegmentScan::run(Lsn stopBefore) {
    nextLsn_ = info_.header.firstLsn;
    ReadGroup group;
    while (stopBefore == 0 || nextLsn_ < stopBefore) {
        const auto found = reader_.next(group);
        if (!found) return found.error();
        if (!*found) break;
        if (Status step = take(group); !step) return step;
        end_ = reader_.offset();
        endsClean_ = group.header.kind == GroupKind::CleanEnd;
        if (!endsClean_) keepEnd_ = end_;
    }
    info_.lastLsn = nextLsn_ - 1;
    info_.end = end_;
    info_.totalsKnown = true;
    if (stopBefore != 0 && nextLsn_ != stopBefore) {
        return corrupt(
            info_.path, end_,
            fmt::format("the commit log is damaged: entry {} cannot be read, although later segments exist", nextLsn_));
    }
    return okStatus();
}

Status SegmentScan::judgeRest() {
    if (claimedEnd_ > end_) return corrupt(info_.path, end_, "the commit log ends before an offset that was synced");
    std::uint64_t lastUsed = end_;
    for (std::uint64_t at = end_; at < size_;) {
        const auto chunk = reader_.view(at, GroupReader::kChunkBytes);
        if (!chunk) return chunk.error();
        if (chunk->empty()) break;
        const std::size_t last = chunk->find_last_not_of('\0');
        if (last != BytesView::npos) lastUsed = at + last + 1;
        at += chunk->size();
    }
    tornBytes_ = lastUsed - end_;
    if (tornBytes_ == 0) return okStatus();
    endsClean_ = false;
    return searchProof();
}

Status SegmentScan::searchProof() {
    // A sound header of ours further on that claims more than we could read was written after that had been synced.
    const BytesView magic = groupMagic();
    for (std::uint64_t at = end_; at < size_;) {
        const auto chunk = reader_.view(at, GroupReader::kChunkBytes);
        if (!chunk) return chunk.error();
        if (chunk->size() < kGroupHeaderBytes) break;
        std::vector<std::uint64_t> candidates;
        for (std::size_t hit = chunk->find(magic); hit != BytesView::npos; hit = chunk->find(magic, hit + 1)) {
            candidates.push_back(at + hit);
        }
        for (const std::uint64_t candidate : candidates) {
            if (Status step = proofIn(candidate); !step) return step;
        }
        at += chunk->size() - (magic.size() - 1);
    }
    return okStatus();
}

Status SegmentScan::proofIn(std::uint64_t at) {
    const auto raw = reader_.view(at, kGroupHeaderBytes);
    if (!raw) return raw.error();
    const auto group = decodeGroupHeader(reader_.seed(), *raw);
    if (!group || group->header.claimedSegment != info_.header.firstLsn || group->header.claimedOffset <= end_) {
        return okStatus();
    }
    return corrupt(
        info_.path, end_,
        fmt::format("the commit log is damaged below offset {}, which had been synced: entry {} cannot be read",
                    group->header.claimedOffset, nextLsn_));
}

Status SegmentScan::settle(File& file) {
    // Written again, not only synced: after a failed sync in a former process the cache may call pages clean that the
    // disk never got.
    for (std::uint64_t at = claimedEnd_; !endsClean_ && at < keepEnd_;) {
        const auto chunk = reader_.view(at, GroupReader::kChunkBytes);
        if (!chunk) return chunk.error();
        const BytesView whole =
            chunk->substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(chunk->size(), keepEnd_ - at)));
        if (whole.empty()) break;
        if (Status step = file.write(at, whole); !step) return step;
        at += whole.size();
    }
    if (size_ != keepEnd_) {
        if (Status step = file.truncate(keepEnd_); !step) return step;
    }
    info_.end = keepEnd_;
    return file.sync();
}

/// `tidy`: half-made segments are removed.
Result<std::vector<SegmentInfo>> listSegments(FileOps& files, const LogPlace& place, bool tidy) {
    const std::string& dir = place.dir;
    auto names = files.list(dir);
    if (!names) return names.error();
    std::vector<SegmentInfo> found;
    for (const std::string& name : *names) {
        if (name.ends_with(segmentfiles::kTemporarySuffix)) {
            if (!tidy) continue;
            if (Status step = files.remove(dir + "/" + name); !step) return step.error();
            continue;
        }
        const auto firstLsn = firstLsnOfName(name, place.names);
        if (!firstLsn) continue;  // not ours: the volume's lock, an editor's left-over
        SegmentInfo info;
        info.path = dir + "/" + name;
        info.header.firstLsn = *firstLsn;
        found.push_back(std::move(info));
    }
    return found;
}

Status checkHeader(File& file, SegmentInfo& info, const SegmentInfo* previous) {
    const auto raw = file.read(0, kSegmentHeaderBytes);
    if (!raw) return raw.error();
    const auto header = decodeSegmentHeader(*raw);
    if (!header) {
        Error error = header.error();
        error.where = info.path + ":offset 0";
        if (error.fix.empty()) error.fix = kRestoreHint;
        return error;
    }
    if (header->firstLsn != info.header.firstLsn || header->firstLsn == 0) {
        return corrupt(
            info.path, 0,
            fmt::format("the segment begins with entry {}: the file was renamed or copied", header->firstLsn));
    }
    info.header = *header;
    if (previous != nullptr && header->previousId != previous->header.id) {
        return corrupt(info.path, 0,
                       "the segment does not follow " + previous->path +
                           ": a segment between them is missing or comes from another log");
    }
    return okStatus();
}

/// All of them before anything else, so that a missing segment is reported as one and not as damage in its neighbour.
Status checkHeaders(FileOps& files, std::vector<SegmentInfo>& segments) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
        auto file = files.open(segments[i].path, FileOps::Open::Existing);
        if (!file) return file.error();
        if (Status step = checkHeader(**file, segments[i], i == 0 ? nullptr : &segments[i - 1]); !step) return step;
    }
    return okStatus();
}

/// Behind the groups of a closed segment lies its footer, or what was filled ahead when nobody came to write one.
Status checkClosedEnd(File& file, const SegmentInfo& info, std::uint64_t size) {
    const auto footer = segmentfiles::readFooter(file, info.header.id);
    if (!footer) return footer.error();
    if (footer->has_value() && (*footer)->endOffset == info.end && (*footer)->lastLsn == info.lastLsn) {
        return okStatus();
    }
    for (std::uint64_t at = info.end; at < size;) {
        const auto chunk = file.read(at, GroupReader::kChunkBytes);
        if (!chunk) return chunk.error();
        if (chunk->empty()) break;
        const std::size_t used = BytesView(*chunk).find_first_not_of('\0');
        if (used != BytesView::npos) return corrupt(info.path, at + used, "the footer of the segment is damaged");
        at += chunk->size();
    }
    return okStatus();
}

Status checkStart(const std::vector<SegmentInfo>& segments, const std::string& dir, Lsn replayFrom) {
    if (replayFrom <= 1 && segments.empty()) return okStatus();
    const Lsn first = segments.empty() ? 1 : segments.front().header.firstLsn;
    if (!segments.empty() && (replayFrom == 0 || replayFrom >= first)) return okStatus();
    const std::string what =
        segments.empty()
            ? fmt::format("the commit log is empty, but its entries before {} were materialised", replayFrom)
            : fmt::format("the commit log begins with entry {}, but entry {} is still needed", first, replayFrom);
    return Error{ErrorCode::Corrupt, what, dir, kRestoreHint};
}

/// Reads a closed segment: by its footer when nothing of it is replayed, else whole.
Status readClosed(File& file, SegmentInfo& info, Lsn nextFirst, Lsn replayFrom,
                  const std::function<Status(LogEntry&&)>& visit) {
    const auto size = file.size();
    if (!size) return size.error();
    info.lastLsn = nextFirst - 1;
    info.end = *size;
    auto footer = segmentfiles::readFooter(file, info.header.id);
    if (!footer) return footer.error();
    info.hasFooter = footer->has_value() && (*footer)->lastLsn == info.lastLsn;
    if (info.lastLsn >= replayFrom) return SegmentScan(file, info, *size, replayFrom, visit).run(nextFirst);
    if (info.hasFooter) {
        info.end = (*footer)->endOffset;
        info.index = std::move((*footer)->index);
        info.totals = std::move((*footer)->totals);
        info.totalsKnown = true;
    }
    return okStatus();
}

Status readLast(RecoveredSegments& out, Lsn replayFrom, const std::function<Status(LogEntry&&)>& visit) {
    SegmentInfo& info = out.segments.back();
    const auto size = out.lastFile->size();
    if (!size) return size.error();
    SegmentScan scan(*out.lastFile, info, *size, replayFrom, visit);
    if (Status step = scan.run(0); !step) return step;
    if (Status step = scan.judgeRest(); !step) return step;
    out.headLsn = scan.nextLsn() - 1;
    if (replayFrom > out.headLsn + 1) {
        return corrupt(info.path, scan.end(),
                       fmt::format("the commit log ends with entry {}, but entries up to {} were materialised",
                                   out.headLsn, replayFrom - 1));
    }
    out.cleanShutdown = scan.endsClean();
    out.tornBytes = scan.tornBytes();
    if (out.tornBytes > 0) {
        out.note =
            fmt::format("{} bytes of a torn write were cut from {} at offset {}; nothing acknowledged was in them",
                        out.tornBytes, info.path, scan.end());
    }
    return scan.settle(*out.lastFile);
}

}  // namespace

void addIndexPoint(std::vector<IndexPoint>& index, Lsn lsn, std::uint64_t offset) {
    if (!index.empty() && offset < index.back().offset + kIndexStrideBytes) return;
    index.push_back({lsn, offset});
}

Result<RecoveredSegments> recoverSegments(FileOps& files, const LogPlace& place, Lsn replayFrom,
                                          const std::function<Status(LogEntry&&)>& visit) {
    auto found = listSegments(files, place, true);
    if (!found) return found.error();
    RecoveredSegments out;
    out.segments = std::move(found).value();
    if (Status step = checkStart(out.segments, place.dir, replayFrom); !step) return step.error();
    if (Status step = checkHeaders(files, out.segments); !step) return step.error();
    for (std::size_t i = 0; i < out.segments.size(); ++i) {
        SegmentInfo& info = out.segments[i];
        auto file = files.open(info.path, FileOps::Open::Existing);
        if (!file) return file.error();
        if (i + 1 == out.segments.size()) {
            out.lastFile = std::move(file).value();
            break;
        }
        const Lsn nextFirst = out.segments[i + 1].header.firstLsn;
        if (Status step = readClosed(**file, info, nextFirst, replayFrom, visit); !step) return step.error();
    }
    if (out.segments.empty()) return out;
    if (Status step = readLast(out, replayFrom, visit); !step) return step.error();
    // A former process may have died between a segment's rename and the folder's sync: entries that are acknowledged
    // from now on must not lie in a file whose name a power cut takes away.
    if (Status step = files.syncDir(place.dir); !step) return step.error();
    return out;
}

Result<LogScan> scanLog(FileOps& files, const std::string& dir, const std::function<Status(LogEntry&&)>& visit,
                        const SegmentNames& names) {
    LogScan scan;
    auto found = listSegments(files, {dir, names}, false);
    if (!found) return found.error();
    std::vector<SegmentInfo>& segments = *found;
    if (Status step = checkHeaders(files, segments); !step) return step.error();
    const auto seen = [&](LogEntry&& entry) {
        ++scan.entries;
        return visit(std::move(entry));
    };
    const std::function<Status(LogEntry &&)> each = seen;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        SegmentInfo& info = segments[i];
        auto file = files.open(info.path, FileOps::Open::Existing);
        if (!file) return file.error();
        const auto size = (*file)->size();
        if (!size) return size.error();
        const bool last = i + 1 == segments.size();
        SegmentScan pass(**file, info, *size, 0, each);
        if (Status step = pass.run(last ? 0 : segments[i + 1].header.firstLsn); !step) return step.error();
        if (Status step = last ? pass.judgeRest() : checkClosedEnd(**file, info, *size); !step) return step.error();
        scan.tornBytes = pass.tornBytes();
        scan.headLsn = pass.nextLsn() - 1;
        ++scan.segments;
    }
    scan.firstLsn = segments.empty() ? 0 : segments.front().header.firstLsn;
    return scan;
}

}  // namespace tributary::engine
