// Lines that edit files of instances, delete their data or save it.
#pragma once

#include "app/instanceruns/instanceworld.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"

namespace tributary::app {

/// Whether the operation is one of `instance`.
[[nodiscard]] bool isInstanceEdit(const Operation& op);

/// Does it. Files change at once or not at all. Errors: of core/systems/tarantool/configedit; Conflict for data of an
/// instance that runs; AlreadyExists for a file that is there; of the world; Io.
[[nodiscard]] Result<Outcome> editInstance(InstanceWorld& world, const Operation& op);

}  // namespace tributary::app
