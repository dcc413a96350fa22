// The keys of a runbook's file: what the loader takes, and what the help prints, from one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

struct RunbookKey {
    std::string_view key;
    std::string_view form;      ///< "text", "CHECK or list", "duration"
    std::string_view fallback;  ///< "required", or what holds when the key is not there
    std::string_view meaning;
};

/// A map of the file and its keys.
struct RunbookPart {
    std::string_view thing;  ///< as errors name it: "a step"
    std::string_view form;   ///< where it stands: "steps: - {...}"
    std::vector<RunbookKey> keys;
};

/// Every kind of map, the file itself first.
[[nodiscard]] const std::vector<RunbookPart>& runbookParts();
/// The keys of one of them. `thing` is one of those in runbookParts().
[[nodiscard]] std::vector<std::string> runbookKeyNames(std::string_view thing);

/// What values a type of parameter takes.
[[nodiscard]] std::string parameterTypeMeaning(ParameterType type, const Dialects& dialects);

struct FilterSpec {
    std::string_view name;
    std::string_view form;  ///< "{{x | cluster}}"
    std::string_view meaning;
};
/// Every filter of placeholders. What `cluster` gives depends on how systems name datasets: filterMeaning() tells.
[[nodiscard]] const std::vector<FilterSpec>& filterTable();
[[nodiscard]] std::string filterMeaning(const FilterSpec& filter, const Dialects& dialects);

}  // namespace tributary::runbooks
