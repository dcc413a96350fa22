// Types of what stands in conditions and checks: a mistake is refused when the file is read, never a step left out.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// Refuses a condition that cannot decide anything: one word that is no bool, a comparison with a value that the
/// parameter does not have, two fixed texts, a type whose values have several spellings (duration, bytes) or none to
/// show (secret). Errors: InvalidInput with what to write.
[[nodiscard]] Status checkConditionTypes(const Condition& condition, const Runbook& runbook);

/// Refuses an argument of the wrong kind: a dataset where a cluster is asked for, a relative path, a parameter whose
/// values are no states or permissions. Errors: InvalidInput with what to write.
[[nodiscard]] Status checkArgumentTypes(const Check& check, const Runbook& runbook);

/// Refuses a filter that no value of its parameter's type can pass: {{mode | cluster}} of an enum without paths, {{x |
/// file}} of what is no secret. Placeholders must be known. Errors: InvalidInput with what to write.
[[nodiscard]] Status checkFilterTypes(std::string_view text, const Runbook& runbook);

}  // namespace tributary::runbooks
