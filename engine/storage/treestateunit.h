// Opening a state unit that keeps all its rows in memory, as an ordered tree, and on disk as one picture of it.
//
// The file, format 1, little-endian: "TRIBTREE" | format u32 | 0 u32 | position u64 | volume 16 | dataset 16 | cluster
// blob | start id u64 | rows u64 | {key blob, record blob}, ascending | crc32c u32 over all before it. It is replaced
// as a whole.
#pragma once

#include <memory>

#include "engine/seams/fileops.h"
#include "engine/storage/statefile.h"

namespace tributary::engine {

/// Opens or creates the unit (`path`, `create`, `owner`, `format` and `context` of the options count); its position
/// says from which lsn on the log has to be replayed. `files` outlives the unit and its jobs. At most `bytesMax` of
/// rows: StateUnit::bytesLeft(). Errors: Corrupt (names the file), InvalidInput (another volume's or another
/// dataset's), Unsupported (newer format), NotFound, DiskFull, Io.
///
/// A view is a frozen copy of the tree: reads never wait for writes, and a flush writes what the tree was when the job
/// was made.
Result<std::unique_ptr<StateUnit>> openTreeStateUnit(const StateUnitOptions& options, FileOps& files,
                                                     std::size_t bytesMax);

}  // namespace tributary::engine
