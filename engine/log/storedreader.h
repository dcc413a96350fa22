// Reading entries back from the segments, for laggards. Read worker only.
#pragma once

#include <string>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/log/recovery.h"

namespace tributary::engine {

/// One segment of a read, as it stood when the read was asked for.
struct StoredPiece {
    std::string path;
    logformat::SegmentHeader header;
    Lsn lastLsn = 0;          ///< last published one
    std::uint64_t start = 0;  ///< where a group starts, at or before the wanted lsn
    std::uint64_t end = 0;    ///< where reading stops
    bool skip = false;        ///< holds nothing of the wanted dataset
};

struct StoredRequest {
    std::vector<StoredPiece> pieces;  ///< ascending, without a hole
    Lsn from = 0;
    std::uint32_t datasetId = 0;
    std::size_t bytesMax = 0;
};

struct StoredAnswer {
    Result<CommitLog::StoredBatch> batch{CommitLog::StoredBatch{}};
    /// Index points seen on the way, by segment's first lsn: the log keeps them where it had none.
    std::vector<std::pair<Lsn, std::vector<logformat::IndexPoint>>> learned;
};

/// Reads until about bytesMax payload bytes are found, kStoredScanBytesMax were looked at, or the pieces end.
constexpr std::uint64_t kStoredScanBytesMax = 32ULL << 20U;
StoredAnswer readStoredEntries(FileOps& files, const StoredRequest& request);

}  // namespace tributary::engine
