// Command lines as words: the part of a shell's grammar that commands need, with columns for errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::runbooks {

/// One word of a command line.
struct Word {
    std::string text;          ///< without its quotes and escapes
    std::size_t column = 0;    ///< byte column of its start in the text, from 1; 0 when it came from an argv
    bool quoted = false;       ///< some of it was quoted or escaped: never an option, never a placeholder
    bool placeholder = false;  ///< an unquoted `<words>`, or a word that contains `{{name}}`
};

/// The words of a text, and where a second line began.
struct WordList {
    std::vector<Word> words;
    /// Column of the first word after an unescaped line break, 0 when there is none: the shell would run what follows
    /// as a second command.
    std::size_t secondLineColumn = 0;
};

/// Splits as a POSIX shell does: blanks separate; '...' is literal; in "..." a backslash escapes \ " $ `; elsewhere it
/// escapes any character; backslash + line break vanishes, joining what stands on both sides; # at a word's start
/// begins a comment. `<...>` at a word's start (or directly after an option's name) is one word, as manuals write
/// parameters. Variables, pipes, redirections and lists are refused by name: nothing expands here.
[[nodiscard]] Result<WordList> splitWords(std::string_view text);

/// The parameters in a text: itself when it is `<words>`, else every `{{name}}` that it contains.
[[nodiscard]] std::vector<std::string> placeholdersIn(std::string_view text);

/// Words of an argv.
[[nodiscard]] std::vector<Word> wordsOf(const std::vector<std::string>& argv);

/// One value as a shell and splitWords() read it back: bare when harmless, else quoted.
[[nodiscard]] std::string quoteWord(std::string_view value);

/// The word that follows the blanks at the begin of a text, up to a blank or a sign of the shell; empty when no blank
/// stands there.
[[nodiscard]] std::string_view wordBehindBlank(std::string_view text);

/// Words as one line; placeholders stay bare.
[[nodiscard]] std::string spellWords(const std::vector<Word>& words);

}  // namespace tributary::runbooks
