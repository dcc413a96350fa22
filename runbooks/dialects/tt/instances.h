// How the dialects of this system name what they act on.
#pragma once

#include "core/base/result.h"
#include "core/operations/operation.h"
#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

inline constexpr DatasetWords kInstanceDatasets{"a space", "APP:SPACE", "APP of APP:NAME", {}};

/// A parameter that must name one instance, no whole application. Placeholders pass. Errors: InvalidInput.
[[nodiscard]] Status requireInstance(const Operation& op, std::string_view parameter);

/// Whether a line of these dialects can change something: what is only asked on a console does not.
[[nodiscard]] bool changesInstances(const Operation& op);

}  // namespace tributary::runbooks
