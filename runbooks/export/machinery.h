// The fixed parts of an exported script, compiled in from the .bash files beside this header.
#pragma once

#include <string_view>

namespace tributary::runbooks::bash {

/// machinery.bash: options, journal, checks' judgement, the course of a step.
[[nodiscard]] std::string_view machineryText();
/// checks.bash: blocks that begin with `#@ NAME...`; a script takes those of the checks that it asks.
[[nodiscard]] std::string_view checkBlocksText();

}  // namespace tributary::runbooks::bash
