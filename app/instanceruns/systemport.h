// The port for a runbook's system, on an open workspace.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/adapters/engineport.h"

namespace tributary::app {

/// How a port acts on instances.
struct InstancePortOptions {
    std::string program;            ///< tributary's own file; empty: terminalProgram()
    std::function<bool()> stopped;  ///< of words under way: true breaks them off (Cancelled); on the caller's thread
};

/// Where the instances of a workspace are: its own folder, or one above it, when it is an environment of tt. Errors:
/// NotFound.
[[nodiscard]] Result<std::unique_ptr<runbooks::SystemPort>> instancePort(const std::string& workspaceRoot,
                                                                         InstancePortOptions options = {});

/// Whether runbooks of this system act on processes of their own, and need no cluster of the workspace's engine.
[[nodiscard]] bool runsOnInstances(std::string_view system);

/// The system whose commands begin like this line; empty when no dialect has such a program.
[[nodiscard]] std::string systemOfLine(const std::string& line);

/// A port for runbooks of `system`. `directory` outlives it. Errors: of instancePort().
[[nodiscard]] Result<std::unique_ptr<runbooks::SystemPort>> portFor(
    std::string_view system, const std::string& workspaceRoot, engine::ClusterDirectory& directory,
    const std::string& user, engine::maprdb::NowMs nowMs, EnginePortOptions options = {},
    InstancePortOptions instances = {});

}  // namespace tributary::app
