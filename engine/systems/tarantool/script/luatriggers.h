// Triggers written in Lua.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "engine/systems/tarantool/data/rowtriggers.h"

namespace tributary::engine::tarantool {

/// Functions run in a sandbox of their own, which reaches no space: `box.tuple`, json, and Lua without patterns. Each
/// call has so many instructions, not so much time, and so ends the same way in a simulation. Errors: Io.
[[nodiscard]] Result<std::shared_ptr<RowTriggers>> makeLuaTriggers();

inline constexpr int kTriggerInstructionsMax = 1'000'000;
inline constexpr std::size_t kTriggerMemoryMax = 16U << 20U;
inline constexpr std::size_t kTriggersMax = 64;  ///< of all spaces

}  // namespace tributary::engine::tarantool
