// System spaces that an instance keeps for replicas of 2.6 and does not use itself: views, collations, sequences, what
// SQL needs.
#pragma once

#include "engine/systems/tarantool/instance/systemspaces.h"

namespace tributary::engine::tarantool {

/// The spaces, in no order; and their rows, with those of _priv that let everybody read the views.
[[nodiscard]] std::vector<SystemSpacePlan> otherSystemSpaces();
[[nodiscard]] std::vector<std::pair<std::uint32_t, Bytes>> otherSystemRows();

/// The space whose rows a view shows: 280 for _vspace; of any other the space itself.
[[nodiscard]] std::uint32_t behindView(std::uint32_t space);

}  // namespace tributary::engine::tarantool
