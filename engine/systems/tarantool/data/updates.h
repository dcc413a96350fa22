// Operations of update and upsert on one tuple.
#pragma once

#include "engine/systems/tarantool/data/space.h"

namespace tributary::engine::tarantool {

/// Applies an encoded array of operations {op, field, argument...} to a tuple: = + - & | ^ # ! and : (splice). Fields
/// are numbers from 1 (negative: from the end) or names of the format. With `lenient` (upsert) an operation that does
/// not fit is left out, the others count. Failures name operation and field; the result is then nullptr.
[[nodiscard]] std::optional<BoxFailure> applyUpdates(const Tuple& tuple, BytesView operations,
                                                     const std::vector<FormatField>& format, bool lenient,
                                                     TuplePtr& result);

/// Operations whose fields count from 0, as rows and requests have them that do not say otherwise (INDEX_BASE), with
/// fields that count from 1. What is no operation stays what it is: whoever runs it says so.
[[nodiscard]] Bytes countedFromOne(BytesView operations);

}  // namespace tributary::engine::tarantool
