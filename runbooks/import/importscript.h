// A script or a pasted page of command lines as a runbook.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::runbooks {

/// A remark about one place of the imported text.
struct ImportNote {
    std::size_t line = 0;  ///< from 1; 0 = the whole text
    std::string text;
};

struct ImportedRunbook {
    std::string text;                     ///< the runbook's YAML, which parseRunbook() takes
    std::vector<std::string> parameters;  ///< required ones: what must be asked for before a run
    std::size_t commands = 0;             ///< how many command lines became steps
    std::vector<ImportNote> notes;        ///< joined lines, repaired spellings, what was added
    std::vector<ImportNote> unread;       ///< commands that could not be read, each with its reason
};

/// Reads the dialect lines of `text`; prose is skipped. Wrapped lines are joined. `<path to the replica>`,
/// `{{replica}}` and variables of the script (`NAME=VALUE`, `$NAME`) become parameters; a template that is followed by
/// an example of itself gives its parameters those examples. A section that says "in the other direction" has
/// placeholders of its own. Each command gets the checks and the undo of its kind. A text that tributary exported gives
/// back the runbook it carries. Errors: InvalidInput when there is no command, Corrupt for a damaged export.
[[nodiscard]] Result<ImportedRunbook> importScript(std::string_view text, const std::string& name,
                                                   const std::string& fileName);

}  // namespace tributary::runbooks
