// Characters that word processors and web pages put in the place of those that a shell reads.
#pragma once

#include <string>
#include <string_view>

namespace tributary::runbooks {

/// The line with blanks, dashes (at a word's start, before a letter) and quotes as ASCII; `what` names what was
/// replaced, with columns, and is empty when nothing was.
[[nodiscard]] std::string plainTypography(std::string_view line, std::string& what);

}  // namespace tributary::runbooks
