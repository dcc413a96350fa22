// What instances add to scripts and pages.
#pragma once

#include "runbooks/dialects/exportwords.h"

namespace tributary::runbooks {

[[nodiscard]] ExportWords instanceExports();

/// script.bash and checks.bash (generated).
[[nodiscard]] std::string_view instanceScriptBlocks();
[[nodiscard]] std::string_view instanceCheckBlocks();

}  // namespace tributary::runbooks
