// Private to runbooks/dialects: what text and JSON output share, and the JSON layout of maprcli, tabs and all.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/units.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"

namespace tributary::runbooks {

/// The rows as the operation wants them named: `-output terse` has short field names (maprdb.md section 1.3).
[[nodiscard]] nlohmann::ordered_json displayRows(const Operation& op, const Outcome& outcome);

/// One value in the layout of maprcli; `depth` is the indentation of the line it stands on.
[[nodiscard]] std::string jsonText(const nlohmann::ordered_json& value, int depth);

/// The opening of every envelope, up to and including status.
[[nodiscard]] std::string envelopeHead(Millis nowMs, int tzOffsetMinutes, std::string_view status);

}  // namespace tributary::runbooks
