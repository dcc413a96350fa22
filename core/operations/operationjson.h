// Operations and outcomes as JSON, the form in which they cross the control protocol and lie in journals.
#pragma once

#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"

namespace tributary {

/// {"verb":"table replica add","params":{"path":"/mapr/a/t",...},"cluster":"a","json":true}; cluster and json only
/// when set.
[[nodiscard]] nlohmann::ordered_json operationToJson(const Operation& operation);
/// Reads it back through the full validation of makeOperation(): what comes over a wire is not trusted. InvalidInput
/// for a wrong shape, an unknown member or any value the schema refuses; NotFound for an unknown verb.
[[nodiscard]] Result<Operation> operationFromJson(const nlohmann::ordered_json& document);

/// {"rows":[...],"lines":[...],"warnings":[...],"total":n}; lines and warnings only when there are any.
[[nodiscard]] nlohmann::ordered_json outcomeToJson(const Outcome& outcome);
/// InvalidInput for a wrong shape.
[[nodiscard]] Result<Outcome> outcomeFromJson(const nlohmann::ordered_json& document);

}  // namespace tributary
