// Triggers written in Lua.
#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/systems/tarantool/data/rowtriggers.h"

namespace tributary::engine::tarantool {

/// Functions run in a sandbox of their own, which reaches no space: `box.tuple`, json, and Lua without patterns; what
/// they print goes nowhere. Each call has so many instructions, and so ends the same way in a simulation. Functions of
/// C count as one instruction whatever they take, so with `nowUs` (a clock that never goes backwards, in microseconds)
/// a call has so much time besides; without it there is no such bound. Errors: Io.
[[nodiscard]] Result<std::shared_ptr<RowTriggers>> makeLuaTriggers(std::function<Micros()> nowUs = {});

inline constexpr int kTriggerInstructionsMax = 1'000'000;
inline constexpr Millis kTriggerMsMax = 500;
inline constexpr std::size_t kTriggerMemoryMax = 16U << 20U;
inline constexpr std::size_t kTriggerValueMax = 2U << 20U;   ///< of a tuple that it makes
inline constexpr std::size_t kTriggerJsonMax = 256U << 10U;  ///< what becomes JSON takes many times its bytes meanwhile
inline constexpr std::size_t kTriggersMax = 64;              ///< of all spaces

}  // namespace tributary::engine::tarantool
