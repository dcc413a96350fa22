// The body of a table's payload: names of families, then mutations that name a family by its index.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/dataset/datasetkind.h"

namespace tributary::engine::maprdb {

/// Views borrow from the body. Layout: family count varint, names as blobs | mutations to the end.
struct TableBody {
    std::vector<BytesView> families;
    BytesView mutations;  ///< mutation.h; not looked into
};

[[nodiscard]] Bytes encodeBody(const std::vector<std::string>& families, BytesView mutations);
/// Errors: InvalidInput.
Result<TableBody> parseBody(BytesView body);

/// Counts the operations of a body. Errors: Corrupt when a mutation does not parse or names a family that the body
/// lacks.
Result<BodyCount> countOperations(const TableBody& body);
/// The newest arrival stamp that cells bring with them, as copies do; 0 = none does.
[[nodiscard]] Stamp newestOwnStamp(const TableBody& body);

}  // namespace tributary::engine::maprdb
