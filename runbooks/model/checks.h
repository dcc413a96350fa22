// Reading checks: what a runbook may ask of a system (the vocabulary is the dialects'), and how it is put to a person.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// Reads "name arg arg". Errors: InvalidInput for an unknown name (with the nearest one), a wrong number of arguments
/// or a value outside a closed list.
[[nodiscard]] Result<Check> parseCheck(std::string_view text, const Dialects& dialects);
/// Reads `[not] check`, `[not] A == B`, `[not] A != B`, `[not] true|false|{{parameter}}`.
[[nodiscard]] Result<Condition> parseCondition(std::string_view text, const Dialects& dialects);
/// The check as a sentence: "b is listed as a replica of a"; as it is written when it was not read from a text.
[[nodiscard]] std::string phraseCheck(const Check& check);
/// The vocabulary as a Markdown table, for runbooks/README.md and `help checks`.
[[nodiscard]] std::string checksTable(const Dialects& dialects);

}  // namespace tributary::runbooks
