// Rows of two instances, held against each other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/instanceruns/instanceworld.h"

namespace tributary::app {

/// What differs between two instances, a line per space; empty when all is equal.
[[nodiscard]] std::vector<std::string> differencesOf(const std::vector<SpaceComparison>& spaces);

/// A row that the other instance does not hold, or holds otherwise.
struct RowOnlyHere {
    std::string space;
    std::string key;  ///< as people read it: "5", "[1,\"a\"]"
    std::string row;  ///< encoded
};

struct RowsOnlyHere {
    std::uint64_t count = 0;
    std::vector<RowOnlyHere> rows;  ///< the first `kept`
};

struct RowsCompared {
    std::vector<SpaceComparison> spaces;
    RowsOnlyHere here;   ///< every row of the first that is not at the second as it is
    RowsOnlyHere there;  ///< the same the other way, of spaces whose rows are compared
};

/// Every row of every space that is replicated. Errors: of the world.
[[nodiscard]] Result<RowsCompared> compareRows(InstanceWorld& world, const InstancePlace& here,
                                               const InstancePlace& there, std::size_t kept);

/// The whole of it in a line: "bands 5, bands 7, and 3 more".
[[nodiscard]] std::string keysText(const RowsOnlyHere& found);

}  // namespace tributary::app
