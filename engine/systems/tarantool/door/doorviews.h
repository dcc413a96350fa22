// Spaces that show rows of others, as far as a user may see them: where connectors read what spaces there are.
#pragma once

#include <optional>

#include "engine/systems/tarantool/door/doorcalls.h"
#include "engine/systems/tarantool/door/doorrights.h"

namespace tributary::engine::tarantool {

/// Whether the space is such a view: _vcollation, _vspace, _vindex, _vfunc, _vuser, _vpriv.
[[nodiscard]] bool isView(std::uint32_t space);

/// The answer to a call on a view: rows of _vspace and _vindex are those of spaces that the user may read or write, of
/// _vuser and _vpriv its own, of the others none; whoever may read the space behind sees all. Failures: of a write, and
/// of the select. Errors: those of the state.
[[nodiscard]] Result<BoxAnswer> callView(RowWork& work, const DoorUser& user, const DoorCall& call);

}  // namespace tributary::engine::tarantool
