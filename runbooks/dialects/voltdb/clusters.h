// How the dialects of this system name what they act on.
#pragma once

#include "core/operations/operation.h"
#include "runbooks/dialects/dialect.h"
#include "runbooks/dialects/positional/worddialect.h"

namespace tributary::runbooks {

inline constexpr DatasetWords kDatabaseDatasets{"a replicated table", "CLUSTER:TABLE", "CLUSTER of CLUSTER:TABLE", {}};

/// "--host=HOST", which every word that asks a running cluster takes.
[[nodiscard]] inline WordFlag hostFlag() {
    return {"host", {"--host", "-H"}, "CLUSTER|HOST"};
}

/// Whether a line of these dialects can change something: a statement that only asks does not.
[[nodiscard]] bool changesDatabase(const Operation& op);

}  // namespace tributary::runbooks
