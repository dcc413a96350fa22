// The restriction catalogue: every rule, and checking a drawing against them.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/rules/rule.h"

namespace tributary {

/// Every rule, sorted by id. Built anew on each call: keep it, or use the functions below.
[[nodiscard]] std::vector<Rule> ruleCatalogue();

/// Checks the drawing against every rule. Findings are ordered by position in the file, then rule id, then place.
[[nodiscard]] std::vector<Finding> checkTopology(const Topology& topology, const CheckOptions& options = {});

/// Checks one rule. Errors: NotFound with the nearest id.
[[nodiscard]] Result<std::vector<Finding>> checkRule(std::string_view id, const Topology& topology,
                                                     const CheckOptions& options = {});

}  // namespace tributary
