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

}  // namespace tributary::engine::tarantool
