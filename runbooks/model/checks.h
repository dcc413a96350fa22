// The vocabulary of checks: what a runbook may ask of a system, and how each question is put to a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// One row of the vocabulary.
struct CheckSpec {
    std::string_view name;
    std::vector<std::string_view> arguments;  ///< names, for help and error texts
    std::string_view meaning;                 ///< what True means, exactly
    std::string_view phrase;                  ///< sentence with {0} {1} {2} for the arguments
};

/// Every check, in the order of the documentation.
[[nodiscard]] const std::vector<CheckSpec>& checkVocabulary();
/// The row of `name`, or nullptr.
[[nodiscard]] const CheckSpec* findCheck(std::string_view name);
/// Values of a closed argument (STATE of link-state, PERM of has-permission); empty when any text will do.
[[nodiscard]] const std::vector<std::string>& allowedArgumentValues(std::string_view argumentName);

/// Reads "name arg arg". Errors: InvalidInput for an unknown name (with the nearest one), a wrong number of arguments
/// or a value outside a closed list.
[[nodiscard]] Result<Check> parseCheck(std::string_view text);
/// Reads `[not] check`, `[not] A == B`, `[not] A != B`, `[not] true|false|{{parameter}}`.
[[nodiscard]] Result<Condition> parseCondition(std::string_view text);
/// The check as a sentence: "/mapr/ny/t is listed as a replica of /mapr/sf/t".
[[nodiscard]] std::string phraseCheck(const Check& check);
/// The vocabulary as a Markdown table, for runbooks/README.md and `help checks`.
[[nodiscard]] std::string checksTable();

}  // namespace tributary::runbooks
