// Which rows of a table exist nowhere else now.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

/// Figures are -1 when they could not be observed; `problem` says why.
struct OnlyHere {
    std::int64_t rows = -1;
    std::int64_t onlyHere = -1;
    std::vector<std::string> keys;  ///< at most five of them
    std::string problem;
};

/// What will have been deleted when the look's own turn comes: it is no copy of anything. Paths are full.
struct GoneByThen {
    std::set<std::string> tables;
    std::map<std::string, std::set<std::string>> families;  ///< by table

    /// The table, or the family of it when one is named, is gone by then.
    [[nodiscard]] bool holds(const std::string& path, const std::string& family) const;
};

/// Which other tables count as copies.
struct OtherCopies {
    std::vector<std::string> related;  ///< besides those that the table's records link it with; they need not exist
    GoneByThen gone;
};

/// Compares the table (or one family of it) with its other copies. A row counts when, of no other table, it can be said
/// that it holds the row's newest cells; deletes that wait to be sent count through the link's pending operations.
/// Blocks.
[[nodiscard]] OnlyHere countOnlyHere(engine::maprdb::ClusterCalls& calls, const engine::maprdb::TableDescription& table,
                                     const std::string& family, const OtherCopies& copies);

}  // namespace tributary::app
