// Files of segments: creating, filling ahead, closing with a footer, removing. Blocking; for workers and start-up.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/logformat.h"
#include "engine/seams/fileops.h"

namespace tributary::engine::segmentfiles {

constexpr std::string_view kTemporarySuffix = ".tmp";  ///< half-made segments; removed when a log opens

/// A segment to be made: from a spare that was zero-filled ahead, or anew when `sparePath` is empty.
struct NewSegment {
    logformat::SegmentHeader header;
    std::string dir;
    std::string sparePath;
    SegmentNames names{};
};

/// Outcome of a step that a full disk, or a system out of files, may interrupt.
struct Made {
    std::unique_ptr<File> file;  ///< null on failure
    Status status;
    bool recoverable = false;  ///< refused before anything that counts changed: may be tried again
};

/// Writes and syncs the header, then gives the file its name and syncs the folder, so that a segment with a name always
/// has a sound header.
Made createSegment(FileOps& files, const NewSegment& wanted);

/// Makes `path` a file of `bytes` zero bytes, synced. Stops early (Cancelled) when `stop` is set. Removes what it made
/// on failure. Errors: DiskFull also when the free space is less than twice the size; Io.
Status prepareSpare(FileOps& files, const std::string& path, std::uint64_t bytes, const std::atomic<bool>& stop);

/// Writes the footer behind the groups and cuts what was filled ahead.
Status sealSegment(FileOps& files, const std::string& path, std::uint64_t segmentId, const logformat::Footer& footer);

/// Reads the footer of a closed segment; nullopt when it has none or a damaged one. Errors: Io.
Result<std::optional<logformat::Footer>> readFooter(File& file, std::uint64_t segmentId);

/// Removes the files in order, each made durable before the next: a cut leaves no hole in the row of segments.
/// Returns how many went; stops at the first failure.
std::size_t removeSegments(FileOps& files, const std::string& dir, const std::vector<std::string>& paths);

}  // namespace tributary::engine::segmentfiles
