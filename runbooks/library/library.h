// The runbooks that come with the program, and finding one by name.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

struct LibraryEntry {
    std::string name;
    std::string title;
    std::string why;
    std::string system;
    std::string origin;   ///< path of the user's file; empty for a built-in one
    std::string problem;  ///< why a user's file cannot be read; empty when it can
};

/// The built-in runbooks, by name.
[[nodiscard]] std::vector<LibraryEntry> listLibrary(const Dialects& dialects);

/// The workspace's own runbooks (runbooks/*.yaml) and the built-in ones that they do not replace, by name.
[[nodiscard]] std::vector<LibraryEntry> listRunbooks(const std::string& workspaceDir, const Dialects& dialects);

/// The text of a built-in runbook. Errors: NotFound, with the nearest name.
[[nodiscard]] Result<std::string> libraryText(const std::string& name);

/// Finds a runbook: a path that ends in .yaml, else NAME.yaml in the workspace's runbooks/, else the built-in one.
/// Errors: NotFound with the nearest name; those of loadRunbook().
[[nodiscard]] Result<Runbook> findRunbook(const std::string& name, const std::string& workspaceDir,
                                          const Dialects& dialects);

/// The text of a new runbook to start from; it loads and runs as it is. Errors: InvalidInput for a bad name.
[[nodiscard]] Result<std::string> newRunbook(const std::string& name);

}  // namespace tributary::runbooks
