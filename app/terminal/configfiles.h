// Configuration files of a drawn system: written by `export --to config`, drawn by `import --config`.
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

/// Writes the files of every drawn replica set; the exit code.
[[nodiscard]] int exportConfig(const VerbContext& context, const ConfigExportWords& words);

struct ConfigImportWords {
    std::string path;    ///< config.yaml, or the folder that holds it
    std::string output;  ///< a file; empty or -: stdout
    bool strict = false;
    bool force = false;
};

/// Draws a config.yaml and the instances.yml beside it; the exit code.
[[nodiscard]] int importConfig(const VerbContext& context, const ConfigImportWords& words);

}  // namespace tributary::app
