// A body of the kind: rows as a log of Tarantool keeps them, each as a blob, in the order of their numbers.
#pragma once

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

}  // namespace tributary::engine::tarantool
