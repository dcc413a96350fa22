// Opening a log's folder: which segments there are, what they hold, and where the torn tail begins.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/logformat.h"
#include "engine/seams/fileops.h"

namespace tributary::engine {

/// A segment as the log knows it.
struct SegmentInfo {
    std::string path;
    logformat::SegmentHeader header;
    Lsn lastLsn = 0;                           ///< header.firstLsn - 1 while it holds nothing
    std::uint64_t end = 0;                     ///< where its groups end (the file's size while unknown)
    std::vector<logformat::IndexPoint> index;  ///< ascending; may be sparse or empty
    logformat::TotalsByDataset totals;
    bool totalsKnown = false;
    bool hasFooter = false;
};

/// Adds a point when the last one is far enough behind.
void addIndexPoint(std::vector<logformat::IndexPoint>& index, Lsn lsn, std::uint64_t offset);

struct RecoveredSegments {
    std::vector<SegmentInfo> segments;  ///< ascending; empty for a new log
    std::unique_ptr<File> lastFile;     ///< of segments.back(), cut to its end and synced
    Lsn headLsn = 0;
    bool cleanShutdown = false;
    std::uint64_t tornBytes = 0;
    std::string note;
};

/// Reads the folder, visits entries with lsn >= replayFrom (0 = all that are stored), decides what is torn and what is
/// corrupt (README.md "Recovery"), and leaves the last segment cut and synced. Errors: Corrupt, Unsupported, Io, and
/// whatever `visit` returns.
Result<RecoveredSegments> recoverSegments(FileOps& files, const std::string& dir, Lsn replayFrom,
                                          const std::function<Status(LogEntry&&)>& visit);

}  // namespace tributary::engine
