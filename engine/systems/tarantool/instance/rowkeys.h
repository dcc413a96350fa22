// Keys under which an instance's state keeps its rows: their bytes ascend as Tarantool's indexes do.
//
// A key is a letter and what it needs, numbers big-endian:
//   d space u32                                      what the space is: row of _space, rows of _index (spaceplan.h)
//   r space u32 | index u8 | parts                   index 0: the tuple; others: the primary key's parts
//   v id u8                                          how far the vector clock is for that id: u64
//   j                                                there while a join has begun and not ended
// A part is a letter (n nil, o boolean, p number, s string, t bytes, u uuid; nil is before everything, as in Tarantool)
// and bytes that end themselves, so that a key with fewer parts is a prefix of those that begin like it. Behind the
// parts of an index that is not unique, or whose parts are nil, stand those of the primary key.
//
// Decision: bytes that sort, not trees with comparators. The state unit, its pictures and its file know no types, and a
// decision reads rows, ranges and other indexes through one interface (PendingView).
#pragma once

#include "engine/systems/tarantool/data/space.h"

namespace tributary::engine::tarantool {

/// Where the rows of an index begin; also of a walk over all of them.
[[nodiscard]] Bytes indexPrefix(std::uint32_t space, std::uint32_t index);
/// Behind all keys that begin with `prefix`, which ends with a prefix of an index or with whole parts.
[[nodiscard]] Bytes behindPrefix(BytesView prefix);
[[nodiscard]] Bytes planKey(std::uint32_t space);
[[nodiscard]] Bytes clockKey(std::uint32_t id);
[[nodiscard]] Bytes joiningKey();
/// The id of a clock's key.
[[nodiscard]] std::uint32_t clockIdOf(BytesView key);

/// False for a value that no key holds: decimals, other extensions, arrays, maps.
[[nodiscard]] bool appendPart(Bytes& out, BytesView value);
/// Failures: decimals, which this version cannot keep in keys.
[[nodiscard]] std::optional<BoxFailure> appendParts(Bytes& out, const Key& key);

/// The key of a tuple in an index, and of the primary index what stands behind its prefix.
[[nodiscard]] std::optional<BoxFailure> rowKeyOf(const Space& space, const Index& index, const Tuple& tuple,
                                                 Bytes& key);
/// The parts of a tuple's primary key, as an encoded array.
[[nodiscard]] Bytes primaryKeyOf(const Space& space, const Tuple& tuple);

}  // namespace tributary::engine::tarantool
