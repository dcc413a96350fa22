// A body of the kind: rows as a log of Tarantool keeps them, each as a blob, in the order of their numbers.
#pragma once

#include <initializer_list>
#include <vector>

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

inline constexpr std::size_t kRowsMax = 100'000;  ///< of one transaction

[[nodiscard]] Bytes encodeRows(const std::vector<Packet>& rows);
/// Errors: Corrupt.
[[nodiscard]] Result<std::vector<Packet>> decodeRows(BytesView body);

/// Statements as rows without number.
[[nodiscard]] Packet putRow(PacketType type, std::uint32_t space, BytesView tuple);
[[nodiscard]] Packet upsertRow(std::uint32_t space, BytesView tuple, BytesView operations);
[[nodiscard]] Packet updateRow(std::uint32_t space, std::uint32_t index, BytesView key, BytesView operations);
[[nodiscard]] Packet deleteRow(std::uint32_t space, std::uint32_t index, BytesView key);

/// A key of whole numbers.
[[nodiscard]] Bytes keyOf(std::initializer_list<std::uint32_t> numbers);
/// Operations that set one field, counted from 1.
[[nodiscard]] Bytes setField(std::uint64_t field, BytesView value);
/// The space of a statement; UINT32_MAX when it names none.
[[nodiscard]] std::uint32_t spaceOf(const Packet& row);

}  // namespace tributary::engine::tarantool
