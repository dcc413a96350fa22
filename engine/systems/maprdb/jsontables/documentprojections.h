// Filters of links between JSON tables: sets of fields.
#pragma once

#include "engine/dataset/datasetkind.h"
#include "engine/systems/maprdb/json/fieldset.h"

namespace tributary::engine::maprdb {

/// In the grammar of json::FieldSet::text(); empty = every field.
[[nodiscard]] const Projections& fieldProjections();

/// The set that a projection of a link stands for, and back. Errors: Corrupt, when it is not written as fieldsText()
/// does.
[[nodiscard]] Result<json::FieldSet> fieldsOf(std::string_view projection);
[[nodiscard]] std::string fieldsText(const json::FieldSet& fields);

}  // namespace tributary::engine::maprdb
