// Help as text: examples first, then usage and options.
#pragma once

#include <string>
#include <vector>

#include "app/terminal/verb.h"

namespace tributary::app {

/// The group of the options that every verb takes, as addGlobalOptions() names it.
inline constexpr const char* kEverywhereGroup = "Everywhere";
/// Verbs of this group work but are not listed.
inline constexpr const char* kHiddenGroup = "hidden";

/// All verbs by group.
[[nodiscard]] std::string overviewHelp(int columns);

/// Help of a verb or of one of its sub-commands (`at`); `command` is "tributary fault cut".
[[nodiscard]] std::string verbHelp(const Verb& verb, const CLI::App& at, const std::string& command, int columns);

/// The values of an option that takes one of a list (CLI::IsMember); empty for any other.
[[nodiscard]] std::vector<std::string> choicesOf(const CLI::Option& option);

/// `text` broken into lines of at most `columns`; words stay whole and blanks in front of the first stay too. Every
/// line but the first gets `indent` blanks, which do not count.
[[nodiscard]] std::string wrapped(const std::string& text, int columns, int indent);

}  // namespace tributary::app
