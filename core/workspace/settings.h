// settings.yaml: what a workspace's owner has the programs do beside the drawing. The file need not exist.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/workspace/workspace.h"

namespace tributary {

/// The format version that this program reads.
inline constexpr int kSettingsFormat = 1;

/// Files of certificates that the workspace's own authorities did not make. Absolute paths.
struct ClusterTlsFiles {
    std::string certificate;
    std::string key;
    std::string authority;
    std::string revoked;  ///< the authority's list; empty = it keeps none
};

struct WorkspaceSettings {
    std::vector<std::string> alarmHook;          ///< a program and its words, run without a shell; empty = none
    Millis alarmHookTimeoutMs = 30'000;          ///< then the program is ended
    std::map<std::string, ClusterTlsFiles> tls;  ///< by cluster
};

[[nodiscard]] std::string settingsPath(const WorkspacePaths& paths);

/// Reads text of a settings.yaml. Errors: InvalidInput at file:line:column; Unsupported when the format is newer.
[[nodiscard]] Result<WorkspaceSettings> parseSettings(std::string_view text, std::string_view file);
/// Reads the file; no file gives the defaults. Errors also: PermissionDenied when others can write it, since it names
/// programs that run as its reader.
[[nodiscard]] Result<WorkspaceSettings> loadSettings(const WorkspacePaths& paths);

}  // namespace tributary
