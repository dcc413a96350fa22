// Configuration files of drawn systems: written by `export --to config`, drawn by `import --config`.
#pragma once

#include <string>
#include <vector>

#include "app/terminal/verb.h"

namespace tributary::app {

struct ConfigExportWords {
    std::string folder;                  ///< holds instances.enabled; empty: to stdout
    std::vector<std::string> passwords;  ///< USER=file:PATH
    bool force = false;
};

/// Writes the files of every drawn replica set and every drawn cluster of VoltDB; the exit code. A deployment file that
/// is there is patched, not replaced.
[[nodiscard]] int exportConfig(const VerbContext& context, const ConfigExportWords& words);

struct ConfigImportWords {
    /// config.yaml, or the folder that holds it; or deployment files, or a folder that holds them.
    std::vector<std::string> paths;
    std::string output;  ///< a file; empty or -: stdout
    bool strict = false;
    bool force = false;
};

/// Draws a config.yaml and the instances.yml beside it, or deployment files; the exit code.
[[nodiscard]] int importConfig(const VerbContext& context, const ConfigImportWords& words);

}  // namespace tributary::app
