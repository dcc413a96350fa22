// A tuple as messages of refusal show it: [5, "Pink Floyd", 1965].
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace tributary::engine::tarantool {

/// Any encoded value, maps and arrays too; what is deeper than 32 levels or damaged ends the text with "...".
[[nodiscard]] std::string tupleText(BytesView value);

}  // namespace tributary::engine::tarantool
