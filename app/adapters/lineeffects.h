// What a dialect line takes away, seen before it runs: for the plan of an undo.
#pragma once

#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Looks at what `line` would delete. Rows are compared with every table that may hold them: those that its records
/// link it with, and those of `around.related` that exist; what lines before it delete is not counted as a copy. What
/// could not be asked leaves the figure unknown (-1), with the reason. Changes nothing; blocks while tables are
/// compared.
[[nodiscard]] runbooks::LineEffect effectOfLine(engine::maprdb::ClusterCalls& calls, const std::string& line,
                                                const runbooks::LookAround& around);

}  // namespace tributary::app
