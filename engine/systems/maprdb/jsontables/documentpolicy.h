// What becomes of requests for documents: decided before they are logged, on all that was logged before.
#pragma once

#include "engine/dataset/policy.h"

namespace tributary::engine::maprdb {

/// How one request of a client ended; numbers are the format of the answer: one byte for each request, in order.
enum class DocumentOutcome : std::uint8_t { Done = 0, ConditionFalse = 1 };

/// Results are logged and shipped, never operations: an increment as its sum, a condition as whether it held. What
/// links and copies bring are results already. A write that does not hold or is not allowed leaves out nothing of the
/// others; when none is left, the whole is refused (Conflict: "the condition does not hold ...").
[[nodiscard]] const Policy& documentPolicy();

}  // namespace tributary::engine::maprdb
