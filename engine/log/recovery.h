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

/// A folder of segments, and what they are called.
struct LogPlace {
    std::string dir;
    SegmentNames names{};
};

/// Reads the folder, visits entries with lsn >= replayFrom (0 = all that are stored), decides what is torn and what is
/// corrupt (README.md "Recovery"), and leaves the last segment cut and synced. Errors: Corrupt, Unsupported, Io, and
/// whatever `visit` returns.
Result<RecoveredSegments> recoverSegments(FileOps& files, const LogPlace& place, Lsn replayFrom,
                                          const std::function<Status(LogEntry&&)>& visit);

/// What a scan of a log came to.
struct LogScan {
    std::size_t segments = 0;
    std::uint64_t entries = 0;
    Lsn firstLsn = 0;             ///< 0: there is no log
    Lsn headLsn = 0;              ///< of the last sound entry
    std::uint64_t tornBytes = 0;  ///< behind it, of a write that was never acknowledged: the next start cuts them
};

/// Reads every segment from its header to its footer, compares every checksum and shows every entry to `visit`; changes
/// nothing. Nobody may write to the log meanwhile. Errors: Corrupt with file and offset, Unsupported, Io, and whatever
/// `visit` returns.
Result<LogScan> scanLog(FileOps& files, const std::string& dir, const std::function<Status(LogEntry&&)>& visit,
                        const SegmentNames& names = {});

}  // namespace tributary::engine
