// What a filtered link of a table lets through: a list of families and columns, applied to bodies.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/operations/columns.h"
#include "engine/dataset/datasetkind.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::engine::maprdb {

/// Projections of tables are canonical column lists (core/operations/columns.h); empty = the whole table.
[[nodiscard]] const Projections& columnProjections();

/// The part of a body that a list lets through; nullopt when nothing of it. Names only what is left: a replica need
/// not have a family of which nothing comes. Errors: Corrupt.
[[nodiscard]] Result<std::optional<ProjectedBody>> projectBody(const ColumnList& list, const TableBody& body);

}  // namespace tributary::engine::maprdb
