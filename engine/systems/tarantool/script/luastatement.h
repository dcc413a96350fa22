// Whether typed Lua is a whole statement yet.
#pragma once

#include <string_view>

namespace tributary::engine::tarantool {

/// As Tarantool's own console decides: true unless the compiler stopped at the end of the text for want of more. A text
/// that is wrong is whole too: more of it would not mend it. Nothing is run. Compiled code (which is not text) is
/// whole.
[[nodiscard]] bool isWholeLua(std::string_view text);

}  // namespace tributary::engine::tarantool
