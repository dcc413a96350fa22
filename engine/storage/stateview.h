// A fixed picture of a state unit: a read transaction and the memtable generations above it.
#pragma once

#include <memory>
#include <vector>

#include "engine/storage/statefile.h"

namespace tributary::engine {

/// A generation as far as a view sees it.
struct VisibleGeneration {
    std::shared_ptr<const Generation> generation;
    std::uint32_t entryLimit = UINT32_MAX;
};

struct ViewSource {
    std::shared_ptr<StateFile> file;
    std::vector<VisibleGeneration> generations;
    std::shared_ptr<const FoldContext> context;
    Lsn position = 0;
};

/// Starts the view's read transaction. Errors: Io, Corrupt.
Result<std::unique_ptr<StateView>> openStateView(ViewSource source);

}  // namespace tributary::engine
