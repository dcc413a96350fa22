// What a number in JSON text may be where only whole numbers are read.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace tributary {

/// Refuses JSON text that holds a number which is no whole one of 64 bits, signed or unsigned (InvalidInput, with the
/// number): read as an integer it would be anything. Costs one pass; `json` need not be well-formed, its texts (between
/// quotes) are passed over.
[[nodiscard]] Status checkWholeNumbers(std::string_view json);

}  // namespace tributary
