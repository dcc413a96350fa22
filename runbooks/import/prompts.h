// What a shell shows before the line that is typed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tributary::runbooks {

/// The length of the prompt that `line` begins with (after blanks), with the blank behind it, or 0. `owner` is then
/// "user@host" or empty. Prompts are `[user@host dir]$ ` (or #), `user@host:dir$ ` (or #, %, >), `bash-4.2$ ` (or #)
/// and `$ `, each also behind `(name) ` or a time of day; a lone `# ` or `% ` begins comments and tables too.
[[nodiscard]] std::size_t promptLength(std::string_view line, std::string& owner);

}  // namespace tributary::runbooks
