// The environment of tt in a workspace: tt.yaml and, for each application, instances.yml and config.yaml, made of the
// drawing.
//
// Files that nobody has changed since they were made follow the drawing; files that somebody has edited, or brought,
// are theirs: they are kept, they count, and it is said when they do not say what is drawn. What was made last lies in
// `.tributary/config/APP/`, to tell one from the other.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

struct EnvironmentMade {
    std::vector<std::string> notes;    ///< sentences for people
    std::vector<std::string> changed;  ///< applications whose config.yaml is another one now
};

/// Makes the files of the applications that hold `clusters`. A user's password is taken from the variable that
/// config.yaml names (REPLICATOR_PASSWORD) where it is set at the first time, else made and kept in
/// `.tributary/passwords/`, for its owner alone. Errors: Conflict (the drawing breaks a rule, with its place);
/// InvalidInput at file:line:column for edited files that cannot be read; those of files.
[[nodiscard]] Result<EnvironmentMade> makeEnvironment(const WorkspacePaths& paths, const Topology& topology,
                                                      const std::vector<std::string>& clusters);

/// What the files of an application say, as a drawing. Errors: NotFound (it has no config.yaml), InvalidInput.
[[nodiscard]] Result<Topology> configuredTopology(const std::string& root, const std::string& app);

/// "instances.enabled/APP/config.yaml".
[[nodiscard]] std::string configFileOf(const std::string& app);

}  // namespace tributary::app
