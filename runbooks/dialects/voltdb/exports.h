// How a person asks what checks of clusters ask, and the bash of scripts.
#pragma once

#include "runbooks/dialects/exportwords.h"

namespace tributary::runbooks {

[[nodiscard]] ExportWords databaseExports();
[[nodiscard]] std::string_view databaseScriptBlocks();
[[nodiscard]] std::string_view databaseCheckBlocks();

}  // namespace tributary::runbooks
