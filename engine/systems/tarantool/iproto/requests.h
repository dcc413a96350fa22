// The requests that this program sends: whole packets, ready for the wire.
#pragma once

#include <string>
#include <vector>

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

[[nodiscard]] Bytes pingRequest(std::uint64_t sync);
/// Proves the password for a user against the greeting's salt (method chap-sha1).
[[nodiscard]] Bytes authRequest(std::uint64_t sync, BytesView salt, const std::string& user,
                                const std::string& password);
/// Evaluates Lua; `arguments` are encoded values that the chunk gets as `...`.
[[nodiscard]] Bytes evalRequest(std::uint64_t sync, std::string_view expression, const std::vector<Bytes>& arguments);

}  // namespace tributary::engine::tarantool
