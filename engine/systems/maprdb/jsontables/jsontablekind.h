// JSON tables of MapR-DB as a kind of data.
#pragma once

#include "engine/systems/maprdb/json/fieldset.h"
#include "engine/systems/maprdb/tables/anytablekind.h"

namespace tributary::engine::maprdb {

/// The kind; there is one, and it holds nothing.
[[nodiscard]] const AnyTableKind& jsonTableKind();

/// The families of a JSON table. Errors: InvalidInput, as json::JsonFamilies::make() says.
[[nodiscard]] Result<json::JsonFamilies> jsonFamiliesOf(const TableSchema& table);
/// The fields that `user` may read ("readperm") or write ("writeperm"): those of families that let him, below families
/// that let him or at least through ("traverseperm").
[[nodiscard]] json::FieldSet allowedFields(Access& access, const TableSchema& table, const std::string& permission,
                                           const std::string& user);

}  // namespace tributary::engine::maprdb
