// The log's dealings with closed and future segments: filling ahead, footers, retention, stored reads, counters.
#include "engine/log/segmentedlog.h"

namespace tributary::engine {

using namespace logformat;

namespace {

/// Runs a reply unless the log died meanwhile.
template <typename Done>
Task ifAlive(const std::shared_ptr<int>& alive, Done done) {
    return [weak = std::weak_ptr<int>(alive), done = std::move(done)] {
        if (!weak.expired()) done();
    };
}

void add(CommitLog::Pending& sum, std::uint64_t entries, std::uint64_t bytes, std::uint64_t operations, Millis oldest) {
    if (entries == 0) return;
    sum.oldestMs = sum.entries == 0 ? oldest : std::min(sum.oldestMs, oldest);
    sum.entries += entries;
    sum.bytes += bytes;
    sum.operations += operations;
}

}  // namespace

bool SegmentedLog::fillPays() const {
    // Under a bulk load the zeros take the disk from the appends themselves (README.md "Decisions").
    constexpr std::uint64_t kBulkBytesPerSecond = 16ULL << 20U;
    const auto elapsedUs = static_cast<std::uint64_t>(seams_.clock.monotonicUs() - activeSinceUs_);
    const std::uint64_t grownBytes = segments_.back().end - activeFrom_;
    return grownBytes * 1'000'000 <= kBulkBytesPerSecond * elapsedUs;
}

void SegmentedLog::maybeFillAhead() {
    // A quarter in: early enough that the fill keeps ahead of a steady load, late enough that an idle node needs none.
    if (!options_.fillAhead || fillAsked_ || !sparePath_.empty() || segments_.back().end < limitBytes_ / 4) return;
    fillAsked_ = true;
    if (!fillPays()) return;
    const std::uint64_t bytes = std::min(options_.segmentBytes, limitBytes_ * 2);
    const std::string path =
        fmt::format("{}/spare-{:016x}{}", options_.dir, seams_.random.next(), segmentfiles::kTemporarySuffix);
    auto outcome = std::make_shared<Status>();
    seams_.workers.run(
        WorkKind::Checkpoint, seams_.executor,
        [&files = seams_.files, path, bytes, outcome, writer = writer_] {
            *outcome = segmentfiles::prepareSpare(files, path, bytes, writer->abandoned());
        },
        // Without a spare the next segment is extended by its appends: slower, not wrong.
        ifAlive(alive_, [this, path, outcome] {
            if (outcome->ok() && !closed_) sparePath_ = path;
        }));
}

void SegmentedLog::sealSoon(const SegmentInfo& info) {
    auto footer = std::make_shared<Footer>(Footer{info.lastLsn, info.end, info.index, info.totals});
    // A footer only saves scans: when it cannot be written the segment is read instead.
    seams_.workers.run(
        WorkKind::Checkpoint, seams_.executor,
        [&files = seams_.files, path = info.path, id = info.header.id, footer, writer = writer_] {
            if (!writer->abandoned().load()) (void)segmentfiles::sealSegment(files, path, id, *footer);
        },
        [] {});
}

void SegmentedLog::releaseBelow(Lsn lsn) {
    std::size_t gone = 0;
    while (gone + 1 < segments_.size() && segments_[gone].lastLsn < lsn) {
        released_.push_back(segments_[gone].path);
        ++gone;
    }
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(gone));
    removeReleased();
}

void SegmentedLog::removeReleased() {
    if (removing_ || released_.empty()) return;
    removing_ = true;
    auto removed = std::make_shared<std::size_t>(0);
    seams_.workers.run(
        WorkKind::Checkpoint, seams_.executor,
        [&files = seams_.files, dir = options_.dir, paths = released_, removed, writer = writer_] {
            if (!writer->abandoned().load()) *removed = segmentfiles::removeSegments(files, dir, paths);
        },
        ifAlive(alive_, [this, removed] {
            removing_ = false;
            released_.erase(released_.begin(), released_.begin() + static_cast<std::ptrdiff_t>(*removed));
            if (*removed > 0) removeReleased();  // what failed is tried again at the next release
        }));
}

std::uint64_t SegmentedLog::bytesFrom(Lsn lsn) const {
    std::uint64_t bytes = 0;
    for (const SegmentInfo& info : segments_) {
        if (info.lastLsn >= lsn && info.lastLsn >= info.header.firstLsn) bytes += info.end;
    }
    return bytes;
}

std::optional<std::vector<LogEntry>> SegmentedLog::readRecent(Lsn from, std::size_t bytesMax) {
    if (from > durableLsn_) return std::vector<LogEntry>{};
    return ring_.from(from, bytesMax);
}

StoredRequest SegmentedLog::planRead(Lsn from, std::uint32_t datasetId, std::size_t bytesMax) const {
    StoredRequest request;
    request.from = from;
    request.datasetId = datasetId;
    request.bytesMax = std::max<std::size_t>(bytesMax, 1);
    for (const SegmentInfo& info : segments_) {
        if (info.lastLsn < from || info.lastLsn < info.header.firstLsn) continue;
        StoredPiece piece{info.path, info.header, info.lastLsn, kSegmentHeaderBytes, info.end, false};
        for (const IndexPoint& point : info.index) {
            if (point.lsn > from) break;
            piece.start = point.offset;
        }
        const bool isActive = &info == &segments_.back();
        piece.skip = datasetId != 0 && !isActive && info.totalsKnown && info.totals.count(datasetId) == 0;
        request.pieces.push_back(std::move(piece));
    }
    return request;
}

void SegmentedLog::readStored(Lsn from, std::uint32_t datasetId, std::size_t bytesMax,
                              std::function<void(Result<StoredBatch>)> done) {
    if (from < firstLsn()) {
        seams_.executor.post(ifAlive(alive_, [from, first = firstLsn(), dir = options_.dir, done = std::move(done)] {
            done(Error{ErrorCode::NotFound,
                       fmt::format("entry {} was removed; the commit log begins with {}", from, first), dir,
                       "copy the dataset to the replica again"});
        }));
        return;
    }
    auto request = std::make_shared<StoredRequest>(planRead(from, datasetId, bytesMax));
    auto answer = std::make_shared<StoredAnswer>();
    seams_.workers.run(
        WorkKind::Read, seams_.executor,
        [&files = seams_.files, request, answer] { *answer = readStoredEntries(files, *request); },
        ifAlive(alive_, [this, answer, done = std::move(done)] {
            learn(*answer);
            done(std::move(answer->batch));
        }));
}

void SegmentedLog::learn(const StoredAnswer& answer) {
    for (const auto& [firstLsn, points] : answer.learned) {
        for (SegmentInfo& info : segments_) {
            if (info.header.firstLsn != firstLsn || info.totalsKnown) continue;  // known whole: its index is, too
            for (const IndexPoint& point : points) {
                if (info.index.empty() || point.lsn > info.index.back().lsn) {
                    addIndexPoint(info.index, point.lsn, point.offset);
                }
            }
        }
    }
}

CommitLog::Pending SegmentedLog::pendingFrom(Lsn from, std::uint32_t datasetId) const {
    Pending sum;
    for (const SegmentInfo& info : segments_) {
        if (info.lastLsn < from || info.lastLsn < info.header.firstLsn) continue;
        const bool whole = from <= info.header.firstLsn;
        if (!whole && ring_.holds(from)) {
            for (std::size_t i = ring_.indexOf(from); i < ring_.entries().size(); ++i) {
                const LogEntry& entry = ring_.entries()[i];
                if (entry.lsn > info.lastLsn) break;
                if (entry.envelope.datasetId != datasetId) continue;
                add(sum, 1, entry.payload->size(), entry.envelope.operations, entry.envelope.receivedMs);
            }
            continue;
        }
        const auto found = info.totals.find(datasetId);
        sum.exact = sum.exact && info.totalsKnown && (whole || found == info.totals.end());
        if (found == info.totals.end()) continue;
        const DatasetTotals& totals = found->second;
        add(sum, totals.entries, totals.bytes, totals.operations, totals.oldestMs);
    }
    return sum;
}

}  // namespace tributary::engine
