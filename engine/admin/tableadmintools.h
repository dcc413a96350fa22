// Private to table administration: what the tools that copy, compare, import and export have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb::admin {

/// No MapReduce runs here. Asked for, it is refused; as the tools' silent default it is replaced, and `warnings` says
/// so, since the command line means something else on the real system. Errors: Unsupported.
Status checkMapReduce(const Operation& op, std::vector<std::string>& warnings);

/// The table at `path` is a JSON table (or, `json` false, a binary one). Errors: InvalidInput naming the tool that is
/// for such tables, and those of ClusterCalls::describe().
Status requireJson(const Command& command, const std::string& path, std::string_view where, bool json);

}  // namespace tributary::engine::maprdb::admin
