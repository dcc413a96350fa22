// A plan as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runbooks/planner/plan.h"

namespace tributary::runbooks {

/// "7 steps change something, 11 only look. 1,200,000 rows (96 MB) are copied, about 40 s. Nothing is lost." What is
/// not known is said so.
[[nodiscard]] std::string totalsText(const Plan& plan);
/// Totals, then every step with its mark (+ adds, ~ alters, > copies, - removes, ? looks), reason, commands, cost and
/// loss, then what no step closes. Names are not escaped: terminals show it through shownText().
[[nodiscard]] std::string planText(const Plan& plan);
/// One document: totals, steps, left, approve_with, differences.
[[nodiscard]] nlohmann::ordered_json planJson(const Plan& plan);
/// One difference: kind, what, where, attribute, drawn, observed (null: not there, or unknown), detail, data, runs.
[[nodiscard]] nlohmann::ordered_json differenceJson(const Difference& difference);
/// The options that approve the plan without a person: "--yes", "--approve STEP=NAME".
[[nodiscard]] std::vector<std::string> approvalOptions(const Plan& plan);

}  // namespace tributary::runbooks
