// Sequential reading of segments for laggards.
#include "engine/log/storedreader.h"

#include "engine/log/groupreader.h"

namespace tributary::engine {

using namespace logformat;

namespace {

struct Walk {
    const StoredRequest& request;
    CommitLog::StoredBatch batch;
    std::size_t foundBytes = 0;
    std::uint64_t scannedBytes = 0;

    [[nodiscard]] bool full() const { return foundBytes >= request.bytesMax || scannedBytes >= kStoredScanBytesMax; }

    void take(const ReadGroup& group, Lsn lastLsn) {
        Lsn lsn = group.header.firstLsn;
        for (const ReadGroup::Entry& entry : group.entries) {
            if (lsn > lastLsn || foundBytes >= request.bytesMax) return;
            if (lsn >= batch.next) {
                const bool wanted = request.datasetId == 0 || entry.head.envelope.datasetId == request.datasetId;
                if (wanted) {
                    batch.entries.push_back({lsn, entry.head.envelope, std::make_shared<const Bytes>(entry.payload)});
                    foundBytes += entry.payload.size() + kEntryHeadBytes;
                }
                batch.next = lsn + 1;
            }
            ++lsn;
        }
    }
};

Status readPiece(FileOps& files, const StoredPiece& piece, Walk& walk, std::vector<IndexPoint>& points) {
    auto file = files.open(piece.path, FileOps::Open::Existing);
    if (!file) return file.error();
    GroupReader reader(**file, piece.header.id, piece.start, piece.end);
    ReadGroup group;
    while (walk.batch.next <= piece.lastLsn && !walk.full()) {
        const auto found = reader.next(group);
        if (!found) return found.error();
        if (!*found || group.header.firstLsn > walk.batch.next) {
            return Error{ErrorCode::Corrupt,
                         fmt::format("the commit log is damaged: entry {} cannot be read", walk.batch.next),
                         fmt::format("{}:offset {}", piece.path, *found ? group.offset : reader.offset()),
                         "rebuild the lagging replica by a copy; restore or rebuild this node before its next start"};
        }
        walk.scannedBytes += group.header.bytes;
        if (!group.entries.empty()) addIndexPoint(points, group.header.firstLsn, group.offset);
        walk.take(group, piece.lastLsn);
    }
    return okStatus();
}

}  // namespace

StoredAnswer readStoredEntries(FileOps& files, const StoredRequest& request) {
    StoredAnswer answer;
    Walk walk{request, {}, 0, 0};
    walk.batch.next = request.from;
    for (const StoredPiece& piece : request.pieces) {
        if (walk.full()) break;
        if (piece.skip) {
            walk.batch.next = std::max(walk.batch.next, piece.lastLsn + 1);
            continue;
        }
        std::vector<IndexPoint> points;
        const Status step = readPiece(files, piece, walk, points);
        if (!points.empty()) answer.learned.emplace_back(piece.header.firstLsn, std::move(points));
        if (!step) {
            // What was read before the failure is good; the next call meets the failure first.
            if (walk.batch.next == request.from) answer.batch = step.error();
            if (walk.batch.next == request.from) return answer;
            break;
        }
    }
    answer.batch = std::move(walk.batch);
    return answer;
}

}  // namespace tributary::engine
