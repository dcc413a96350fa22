// What box.info.replication says of an upstream in trouble, and what becomes of it.
#pragma once

#include <optional>
#include <string>

#include "engine/systems/tarantool/replication/applier.h"

namespace tributary::engine::tarantool {

struct UpstreamTrouble {
    std::string message;
    std::string systemMessage;
};
/// Nobody answers there.
[[nodiscard]] UpstreamTrouble troubleOfDialling(const PeerAddress& address, const Error& error);
/// The peer has closed the connection, which the system called so; in a simulated world it called it nothing.
[[nodiscard]] UpstreamTrouble troubleOfEnd(const PeerAddress& address, const std::optional<SocketNames>& names);

/// What an applier is after a refusal: Loading for what time or the configuration may mend, and it tries again; else
/// Stopped.
[[nodiscard]] ApplierState stateAfter(const BoxFailure& failure);

/// A row as logs show it: {type: 'INSERT', replica_id: 2, lsn: 7, space_id: 512, index_id: 0, tuple: [5, "x"]}.
[[nodiscard]] std::string rowText(const Packet& row);

}  // namespace tributary::engine::tarantool
