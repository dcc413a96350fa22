// Opening a state unit that keeps its rows in one SQLite file.
#pragma once

#include <memory>

#include "engine/storage/memorypool.h"
#include "engine/storage/statefile.h"

namespace tributary::engine {

/// Opens or creates the unit; its position says from which lsn on the log has to be replayed. The pool must outlive the
/// unit and its views. Blocks (a WAL left by a crash is brought into the file). Errors: Corrupt (names the file),
/// Unsupported (newer format), NotFound (the folder is missing), DiskFull, Io.
///
/// With `singleConnection` there is one connection: views, jobs and unit belong to one thread, and no flush is made
/// while a view is open (makeFlush() answers nullptr), so that the view's picture stays fixed.
Result<std::unique_ptr<StateUnit>> openStateUnit(const StateUnitOptions& options, MemoryPool& pool);

}  // namespace tributary::engine
