// Replicated tables of two clusters, held against each other.
#pragma once

#include "app/databaseruns/databaseworld.h"

namespace tributary::app {

/// Names, in order. Errors: of the world.
[[nodiscard]] Result<std::vector<std::string>> replicatedTables(DatabaseWorld& world,
                                                                const std::vector<HostPlace>& places);
/// The first difference of their schemas as a sentence; empty when they agree: tables, columns, types, partitioning
/// column, unique indexes. Errors: of the world.
[[nodiscard]] Result<std::string> schemaDifference(DatabaseWorld& world, const std::vector<HostPlace>& here,
                                                   const std::vector<HostPlace>& there);
/// The same of their rows, every one read now. Errors: of the world.
[[nodiscard]] Result<std::string> rowsDifference(DatabaseWorld& world, const std::vector<HostPlace>& here,
                                                 const std::vector<HostPlace>& there);

}  // namespace tributary::app
