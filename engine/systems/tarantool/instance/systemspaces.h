// The spaces that every instance has from its first moment, and the rows in them: the bootstrap image.
//
// They carry no numbers, as in Tarantool, whose image is a snapshot. What an instance says of itself when it begins
// (beginning.h) is rows like others, and counts.
#pragma once

#include <utility>
#include <vector>

#include "engine/systems/tarantool/instance/spaceplan.h"

namespace tributary::engine::tarantool {

struct SystemSpacePlan {
    std::uint32_t id = 0;
    SpacePlan plan;
};

/// By id.
[[nodiscard]] const std::vector<SystemSpacePlan>& systemSpaces();
/// Rows by space, those of _space and _index among them; the users guest and admin, the roles, and their rights.
[[nodiscard]] std::vector<std::pair<std::uint32_t, Bytes>> systemRows();

}  // namespace tributary::engine::tarantool
