// Rows of two instances, held against each other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/instanceruns/instanceworld.h"

namespace tributary::app {

/// What one space of an instance holds: equal counts and hashes are equal rows in one order.
struct SpacePrint {
    std::uint64_t rows = 0;
    std::string hash;  ///< 128 bits over all rows in the order of the primary key, hexadecimal
    friend bool operator==(const SpacePrint&, const SpacePrint&) = default;
};

/// By the space's name. Errors: of the world.
[[nodiscard]] Result<std::map<std::string, SpacePrint>> printsOf(InstanceWorld& world, const InstancePlace& place);

/// What differs between two sets of prints, a line per space; empty when all are equal.
[[nodiscard]] std::vector<std::string> differencesOf(const std::map<std::string, SpacePrint>& one,
                                                     const std::map<std::string, SpacePrint>& other);

/// A row that the other instance does not hold, or holds otherwise.
struct RowOnlyHere {
    std::string space;
    std::string key;
    std::string row;  ///< encoded
};

struct RowsOnlyHere {
    std::uint64_t count = 0;
    std::vector<RowOnlyHere> rows;  ///< the first `kept`
};

/// Every row of `here` that is not at `there` as it is. 16 bytes of memory for a row of `there`. Errors: of the world.
[[nodiscard]] Result<RowsOnlyHere> rowsOnlyAt(InstanceWorld& world, const InstancePlace& here,
                                              const InstancePlace& there, std::size_t kept);

/// The whole of it in a line: "bands 5, bands 7, and 3 more".
[[nodiscard]] std::string keysText(const RowsOnlyHere& found);

}  // namespace tributary::app
