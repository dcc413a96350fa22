// Which rows of a table exist nowhere else now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/systems/maprdb/tableadmincalls.h"

namespace tributary::app {

/// Figures are -1 when they could not be observed; `problem` says why.
struct OnlyHere {
    std::int64_t rows = -1;
    std::int64_t onlyHere = -1;
    std::vector<std::string> keys;  ///< at most five of them
    std::string problem;
};

/// Compares the table (or one family of it) with the tables that its records link it with and with those of `related`
/// that exist. A row counts when, of no other table, it can be said that it holds the row's newest cells; deletes that
/// wait to be sent count through the link's pending operations. Blocks.
[[nodiscard]] OnlyHere countOnlyHere(engine::maprdb::ClusterCalls& calls, const engine::maprdb::TableDescription& table,
                                     const std::string& family, const std::vector<std::string>& related);

}  // namespace tributary::app
