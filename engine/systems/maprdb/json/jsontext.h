// JSON text to values, with the extended tags, and values to JSON text.
//
// Source: vendor pages "JSON Document Data Types" and "Using JSON Tags"; the OJAI constants Value.TAG_*. A plain number
// is a double, as in the vendor's reader; every other type but null, boolean, string, map and array is an object whose
// only field is its tag: {"$numberLong": 7}, {"$dateDay": "2026-01-31"}, {"$binary": "YWJj"}.
#pragma once

#include <string>
#include <string_view>

#include "engine/systems/maprdb/json/fieldpath.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

/// One value and nothing behind it but white space. Strict: RFC 8259 grammar, UTF-8, no field twice, no number that its
/// type cannot hold, limits of jsonlimits.h.
/// Errors: InvalidInput; `where` is "line 3, column 7, field a.b[2]" (columns count bytes, from 1).
[[nodiscard]] Result<Value> parseJson(std::string_view text);
/// The same, and the value is a map. Errors: as above, and InvalidInput.
[[nodiscard]] Result<Value> parseDocument(std::string_view text);

struct PrintOptions {
    bool tags = true;    ///< false: bare numbers and strings; the types are lost
    bool lines = false;  ///< a field on each line, indented by two blanks; otherwise one line without blanks
};

/// `_id` first, then fields by the bytes of their names. With tags, parseJson() gives the same value back.
[[nodiscard]] std::string printJson(const Value& value, const PrintOptions& options = {});

}  // namespace tributary::engine::maprdb::json
