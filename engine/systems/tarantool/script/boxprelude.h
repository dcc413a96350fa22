// The Lua half of `box`.
#pragma once

#include <string_view>

namespace tributary::engine::tarantool {

/// A chunk that is run once in a new sandbox with the C functions as its arguments, and leaves `box` and `require`.
[[nodiscard]] std::string_view boxPrelude();

}  // namespace tributary::engine::tarantool
