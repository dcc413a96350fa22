// Reading a runbook from its YAML text, strictly.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// Reads and checks a runbook: keys, types, check names and arguments, placeholders, step ids, undo declared.
/// `dialects` are all that are spoken; the runbook keeps those of its system.
/// Errors: InvalidInput with `where` = file:line:column and, for a misspelling, the nearest word.
[[nodiscard]] Result<Runbook> parseRunbook(std::string_view text, const std::string& fileName,
                                           const Dialects& dialects);

/// parseRunbook of a file. Errors: also NotFound and Io.
[[nodiscard]] Result<Runbook> loadRunbook(const std::string& path, const Dialects& dialects);

}  // namespace tributary::runbooks
