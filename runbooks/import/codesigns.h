// Signs by which lines of a text that is not marked as a script are told apart: code, structure, prose.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks::detail {

/// A word of a line as it stands, without a shell's quoting; empty behind the last.
[[nodiscard]] std::string_view wordAt(std::string_view line, std::size_t place);
[[nodiscard]] std::string_view lastWordOf(std::string_view line);
/// NAME=... or NAME+=...
[[nodiscard]] bool isAssignmentWord(std::string_view word);
/// -option, as commands of dialects have them.
[[nodiscard]] bool isOptionWord(std::string_view word);

/// Whether an unmarked line can only be code: prose does not begin like this.
[[nodiscard]] bool beginsCode(std::string_view line, std::string_view next, const Dialects& dialects);
/// Whether it begins with a program of any machine, in a way that no sentence begins. Alone this proves nothing; a text
/// in which every line is code or this is no page.
[[nodiscard]] bool beginsWithProgram(std::string_view line);
/// The name of the function whose definition begins here, or empty.
[[nodiscard]] std::string_view functionNamed(std::string_view line);

enum class StructureSign {
    None,
    ReadsOn,  ///< a shell may read on in the next line: a here-document with its end, an operator, an open quote
    Decides   ///< && or || within the line
};
/// `behind`: the lines that follow.
[[nodiscard]] StructureSign structureSign(std::string_view line, std::span<const std::string> behind);

}  // namespace tributary::runbooks::detail
