// A tuple: one MessagePack array that never changes, with the places of its fields.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "engine/systems/tarantool/data/failures.h"

namespace tributary::engine::tarantool {

class Tuple;
/// Shared by all indexes, pictures and answers that hold it.
using TuplePtr = std::shared_ptr<const Tuple>;

class Tuple {
public:
    /// nullptr unless `array` is exactly one array.
    static TuplePtr make(Bytes array);

    [[nodiscard]] BytesView bytes() const { return bytes_; }
    [[nodiscard]] std::size_t count() const { return ends_.size(); }
    /// The encoded field, from 0; empty behind the last.
    [[nodiscard]] BytesView field(std::size_t index) const;
    /// What it takes in memory, with its bookkeeping.
    [[nodiscard]] std::size_t memoryBytes() const;

private:
    Tuple() = default;

    Bytes bytes_;
    std::uint32_t first_ = 0;          ///< where the first field begins
    std::vector<std::uint32_t> ends_;  ///< of every field
};

/// The array of encoded fields.
[[nodiscard]] Bytes arrayOf(const std::vector<Bytes>& fields);

}  // namespace tributary::engine::tarantool
