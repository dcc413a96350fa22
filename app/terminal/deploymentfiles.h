// Deployment files of drawn clusters of VoltDB: where they lie in a folder, and which of them an import means.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/systems/voltdb/deployment.h"

namespace tributary::app {

/// A file to be written.
struct DeploymentOutput {
    std::string path;  ///< below the folder: "east/deployment.xml"
    std::string text;
    bool patched = false;  ///< it was there, and everything that no drawing says is kept
};

/// The file of every drawn cluster of VoltDB. One that lies in `folder` is patched, unless `anew`; without a folder all
/// are new. Errors: those of reading and patching.
[[nodiscard]] Result<std::vector<DeploymentOutput>> deploymentOutputs(const Topology& topology,
                                                                      const std::string& folder, bool anew);

/// Whether an import's words mean deployment files: .xml files, or a folder with some.
[[nodiscard]] bool meansDeployments(const std::vector<std::string>& paths);

/// Reads them: files by name, of a folder its *.xml and the deployment.xml of its folders. A cluster is called as its
/// file, or as the folder of a deployment.xml. Errors: those of reading; NotFound when a folder holds none.
[[nodiscard]] Result<std::vector<voltdb::DeploymentText>> readDeployments(const std::vector<std::string>& paths);

}  // namespace tributary::app
