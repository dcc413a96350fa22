// Deployment files and root folders of a workspace's clusters of VoltDB, made of its drawing.
//
// A deployment file follows the drawing as long as nobody has changed it: what is there is patched where the drawing
// says something else, and keeps all other bytes.
#pragma once

#include <string>
#include <vector>

#include "app/databases/hostplace.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

struct DatabaseFilesMade {
    std::vector<std::string> notes;  ///< sentences for people
};

/// "voltdb/CLUSTER/deployment.xml" for each of `clusters`, and a root folder for each drawn host that has none, with
/// the schema of the drawing: the file that the cluster names, else what is drawn of its tables. Errors: Conflict (the
/// drawing breaks a rule, with its place); Unsupported for clusters of several hosts; those of files.
[[nodiscard]] Result<DatabaseFilesMade> makeDatabaseFiles(const WorkspacePaths& paths, const Topology& topology,
                                                          const std::vector<std::string>& clusters);

/// The hosts of a cluster: drawn ones, and those that have a root folder.
[[nodiscard]] std::vector<HostPlace> hostsOf(const WorkspacePaths& paths, const Topology& topology,
                                             const std::string& cluster);
/// Clusters that have a folder in `voltdb`.
[[nodiscard]] std::vector<std::string> madeClusters(const WorkspacePaths& paths);

}  // namespace tributary::app
