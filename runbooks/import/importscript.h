// A script or a pasted page of command lines as a runbook.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/import/importnote.h"

namespace tributary::runbooks {

struct ImportedRunbook {
    std::string text;                     ///< the runbook's YAML, which parseRunbook() takes
    std::string readAs;                   ///< "script", "commands", "page", "transcript" or "export"
    std::vector<std::string> parameters;  ///< required ones: what must be asked for before a run
    std::size_t commands = 0;             ///< how many commands became steps; a loop's count each time
    std::vector<ImportNote> notes;        ///< joined lines, repaired spellings, what was added
    std::vector<ImportNote> unread;       ///< commands that are no step, each with its reason, by line
};

/// Reads the commands of dialects out of a script, a page or a transcript, given as the bytes of its file. What a
/// shell would surely run becomes a step, in that order and with the values that hold there; every other command is in
/// `unread`. Variables that are assigned once and used as whole values become parameters with that default. In texts
/// that are not marked as scripts, `<path to the replica>` and `{{replica}}` become parameters too, and a template that
/// is followed by an example of itself gives them its examples; a section that says "in the other direction" has
/// placeholders of its own. Each command gets the checks and the undo of its kind. A text that tributary exported gives
/// back the runbook it carries. Errors: InvalidInput when there is no command that can be read (with what was not read)
/// or when the bytes are no text, Corrupt for a damaged export.
[[nodiscard]] Result<ImportedRunbook> importScript(std::string_view bytes, const std::string& name,
                                                   const std::string& fileName, const Dialects& dialects);

}  // namespace tributary::runbooks
