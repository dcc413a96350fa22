// The part of a document that a reader asked for.
#pragma once

#include <vector>

#include "engine/systems/maprdb/json/fieldpath.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

/// A map with only what the paths name, each with the maps and arrays that lead to it. Of an array only the named
/// elements are left, in their order and without gaps. What is not there is left out; so is a map or an array that
/// leads to nothing. No paths: everything. Source: vendor page "OJAI Query Projection" (gaps are our reading).
[[nodiscard]] Value project(const Value& document, const std::vector<FieldPath>& paths);

}  // namespace tributary::engine::maprdb::json
