// What differs between the Tarantool of the tutorial's page and 2.6.0 in words: texts are written as 3.0 says them, and
// turned into those of 2.6 where an instance of that era answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/systems/tarantool/instance/instancesettings.h"

namespace tributary::engine::tarantool {

/// "3.0" or "2.6".
[[nodiscard]] std::string_view nameOf(Era era);
/// Nothing for what is neither.
[[nodiscard]] std::optional<Era> eraOf(std::string_view name);

/// A message as that era says it: 2.6 shows no tuples with a duplicate, no reason for read-only, and a broken pipe
/// once.
[[nodiscard]] std::string inWordsOf(Era era, std::string message);

}  // namespace tributary::engine::tarantool
