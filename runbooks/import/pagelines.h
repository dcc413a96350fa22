// Which lines of a text are code: whole scripts, pages of prose with commands in them, and what terminals show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runbooks/dialects/dialects.h"
#include "runbooks/import/importnote.h"

namespace tributary::runbooks {

enum class TextForm {
    Script,     ///< begins with #! or is named as a script: read as the shell would, letter by letter
    Commands,   ///< nothing but commands, though not marked as a script: spellings of manuals are repaired
    Page,       ///< prose with commands in it
    Transcript  ///< lines with a prompt are commands, the others are what they printed
};

/// "script", "commands", "page", "transcript".
[[nodiscard]] std::string_view textFormName(TextForm form);

/// The code of a text. Lines keep their numbers: what is no code is an empty line.
struct CodeText {
    TextForm form = TextForm::Page;
    std::string text;
    std::vector<ImportNote> notes;   ///< joined lines, repaired spellings, prompts with their users
    std::vector<ImportNote> unread;  ///< commands that stand where they cannot be read
    std::vector<bool> passedOver;    ///< by line, from 1: prose, output, or listed in `unread`
};

/// `fileName` tells a script by its ending. A line of a transcript that holds a command behind anything but a
/// prompt (prompts.h) is listed. In pages, lines that were wrapped without a backslash are joined, a backslash glued to
/// an option gets its blank, and blanks, dashes and quotes of word processors become ASCII, each with a note.
[[nodiscard]] CodeText codeOf(std::string_view text, const std::string& fileName, const Dialects& dialects);

}  // namespace tributary::runbooks
