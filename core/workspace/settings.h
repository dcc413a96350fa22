// settings.yaml: what a workspace's owner has the programs do beside the drawing. The file need not exist.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/workspace/workspace.h"

namespace tributary {

/// The format version that this program reads.
inline constexpr int kSettingsFormat = 1;

struct WorkspaceSettings {
    std::vector<std::string> alarmHook;  ///< a program and its words, run without a shell; empty = none
    Millis alarmHookTimeoutMs = 30'000;  ///< then the program is ended
};

[[nodiscard]] std::string settingsPath(const WorkspacePaths& paths);

/// Reads text of a settings.yaml. Errors: InvalidInput at file:line:column; Unsupported when the format is newer.
[[nodiscard]] Result<WorkspaceSettings> parseSettings(std::string_view text, std::string_view file);
/// Reads the file; no file gives the defaults. Errors also: PermissionDenied when others can write it, since it names
/// programs that run as its reader.
[[nodiscard]] Result<WorkspaceSettings> loadSettings(const WorkspacePaths& paths);

}  // namespace tributary
