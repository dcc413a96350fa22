// The arguments of box calls, and answers: what every backend (boxbackend.h) reads and writes alike. Their shapes are
// listed in localbox.h.
#pragma once

#include <string>
#include <vector>

#include "engine/systems/tarantool/data/space.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// The encoded arguments, borrowed from the call.
using BoxArguments = std::vector<BytesView>;

/// nullopt for what is no array. What is more than 16 is left out.
[[nodiscard]] std::optional<BoxArguments> splitArguments(BytesView encoded);
/// Empty when it is not there.
[[nodiscard]] BytesView argumentAt(const BoxArguments& arguments, std::size_t index);
/// UINT32_MAX for what is no id.
[[nodiscard]] std::uint32_t idArgument(const BoxArguments& arguments, std::size_t index);
[[nodiscard]] std::string textArgument(const BoxArguments& arguments, std::size_t index);
[[nodiscard]] std::uint64_t numberArgument(const BoxArguments& arguments, std::size_t index, std::uint64_t otherwise);

/// [[name, type, nullable], ...]. Failures: unknown types, a name twice, no such list.
[[nodiscard]] std::optional<BoxFailure> formatArgument(BytesView encoded, std::vector<FormatField>& format);
/// [space, name, kind, unique, [[field or name, type or nil, nullable], ...]] of create_index; the id is the next one.
[[nodiscard]] std::optional<BoxFailure> indexArguments(const BoxArguments& arguments, const Space& space,
                                                       IndexPlan& plan);

/// A whole value that is an array; what is empty is none.
[[nodiscard]] bool isArray(BytesView encoded);

/// An array of one result, or of none.
[[nodiscard]] BoxAnswer oneResult(BytesView value);
[[nodiscard]] BoxAnswer oneResult(std::uint64_t number);
[[nodiscard]] BoxAnswer noResults();
/// [id, name, format, indexes], as the prelude reads it.
[[nodiscard]] BoxAnswer describeSpace(const Space& space);

}  // namespace tributary::engine::tarantool
