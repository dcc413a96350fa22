// The fixed parts of an exported script, compiled in from the .bash files beside this header.
#pragma once

#include <string>
#include <string_view>

#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks::bash {

/// The text of block NAME, with its line breaks: of the first dialect that has one, else of plain.bash.
[[nodiscard]] std::string scriptBlock(std::string_view name, const Dialects& dialects);
/// machinery.bash: options, journal, checks' judgement, the course of a step; a line `#@ NAME` stands for that block.
[[nodiscard]] std::string machineryText(const Dialects& dialects);

/// The files themselves.
[[nodiscard]] std::string_view machinerySource();
[[nodiscard]] std::string_view plainBlocks();

}  // namespace tributary::runbooks::bash
