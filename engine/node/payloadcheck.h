// Looks through the mutations of a payload before anybody uses them.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

struct OperationCount {
    std::uint32_t operations = 0;
    bool deletes = false;
};

/// Counts what is in it. Errors: Corrupt when a mutation does not parse or names a family that the header lacks.
Result<OperationCount> countOperations(const PayloadView& view);

/// The newest arrival stamp that cells bring with them, as copies do; 0 = none does.
[[nodiscard]] Stamp newestOwnStamp(const PayloadView& view);

}  // namespace tributary::engine
