// One statement of DML as SQLite is to run it: which table it changes, with the hidden column looked after.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

struct PlannedStatement {
    enum class What { Read, Insert, Upsert, Update, Delete, Truncate };
    What what = What::Read;
    std::string sql;
    std::string table;  ///< that it changes
};

/// Errors: InvalidInput: no such table, no primary key to upsert by, a statement of another kind.
[[nodiscard]] Result<PlannedStatement> planStatement(std::string_view sql, const VoltCatalog& catalog);
/// The same by the catalog of now; short ones are kept with the schema.
[[nodiscard]] Result<std::shared_ptr<const PlannedStatement>> plannedOf(const std::string& sql,
                                                                        const VoltSchema& schema);
/// "NAME.insert" and the like, with how many parameters it takes. Errors: NotFound.
[[nodiscard]] Result<PlannedStatement> planTableCall(std::string_view procedure, const VoltCatalog& catalog);
/// INSERT of whole rows, as LOAD and TABLE.insert do.
[[nodiscard]] PlannedStatement planInsert(const VoltTable& table, bool isUpsert);

}  // namespace tributary::engine::voltdb
