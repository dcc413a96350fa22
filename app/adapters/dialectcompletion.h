// What a word of a dialect's command line can become, with the names of a drawing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/topology/topology.h"

namespace tributary::app {

/// Candidates for `current` (may be empty) after the finished `words` of one line: command words, options, values with
/// a known set, and the drawing's paths and clusters where an option wants one. `topology` may be null.
[[nodiscard]] std::vector<std::string> completeDialect(const std::vector<std::string>& words, std::string_view current,
                                                       const Topology* topology);

}  // namespace tributary::app
