// Tuples of a space as pages of texts, read from `box` of one instance.
#pragma once

#include "app/systems/databrowser.h"
#include "engine/systems/tarantool/data/boxbackend.h"

namespace tributary::app {

/// One page, in the order of the primary key: columns by the space's format, and by number where it names no more.
/// `request.from` is a key as people type it: 5, "five", or [5, "five"] for a key of several parts; a word without
/// quotes is a string. Blocking. Errors: NotFound (no such space, no primary index), InvalidInput (a key of another
/// type), Unavailable, Corrupt.
[[nodiscard]] Result<BrowsePage> readSpacePage(engine::tarantool::BoxBackend& box, const std::string& space,
                                               const BrowseRequest& request);

/// How many tuples the space holds there. Errors: as above.
[[nodiscard]] Result<std::uint64_t> spaceLength(engine::tarantool::BoxBackend& box, const std::string& space);

}  // namespace tributary::app
