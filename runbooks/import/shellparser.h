// Scripts of POSIX shell and bash to trees. Nothing is run and no value is known here.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "runbooks/import/shelllexer.h"
#include "runbooks/import/shelltree.h"

namespace tributary::runbooks::shell {

struct Script {
    std::vector<NodePtr> commands;  ///< those in front of the first error
    std::vector<HereDoc> hereDocs;
    std::map<std::size_t, std::size_t> comments;  ///< line -> column of its #
    std::optional<SyntaxError> error;
};

/// Reads a whole text. Like a shell it stops at the first command that is not whole. `placeholders`: see Source.
[[nodiscard]] Script parseScript(std::string_view text, bool placeholders);

/// Whether a word is NAME=..., NAME+=..., NAME[index]=... or NAME=(...); `out` is then that.
[[nodiscard]] bool assignmentOf(const Word& word, Assignment& out);

/// How far one command reaches.
struct CommandExtent {
    std::size_t lastLine = 0;          ///< of the command with its here-documents, from 1
    std::optional<SyntaxError> error;  ///< it is not whole; lastLine is where that was noticed
};

/// Reads the one command that begins at `offset`, with what stands behind it on its line.
[[nodiscard]] CommandExtent commandAt(Source& source, std::size_t offset);

}  // namespace tributary::runbooks::shell
