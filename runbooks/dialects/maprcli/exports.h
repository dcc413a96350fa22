// Private to runbooks/dialects: what becomes of runbooks of this system when they are exported.
#pragma once

#include <string_view>

#include "runbooks/dialects/exportwords.h"

namespace tributary::runbooks {

[[nodiscard]] ExportWords maprExports();

/// script.bash and checks.bash, compiled in.
[[nodiscard]] std::string_view maprScriptBlocks();
[[nodiscard]] std::string_view maprCheckBlocks();

}  // namespace tributary::runbooks
