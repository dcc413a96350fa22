// What a word on tributary's command line can become.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/topology/topology.h"

namespace tributary::app {

/// Candidates for `current` (may be empty) after the finished `words` (without "tributary"): verbs, sub-commands,
/// options, values with a known set, and names from the drawing when there is one. Sorted as the tables are.
[[nodiscard]] std::vector<std::string> completeWords(const std::vector<std::string>& words, std::string_view current,
                                                     const Topology* topology);

/// Shells that completionScript() knows.
[[nodiscard]] const std::vector<std::string>& completionShells();
/// The script for a shell: it asks `tributary __complete`, so that it never goes stale. Empty for an unknown shell.
[[nodiscard]] std::string completionScript(const std::string& shell);

}  // namespace tributary::app
