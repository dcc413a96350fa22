// Between the door of an instance and those behind it who serve replicas.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/seams/transport.h"
#include "engine/systems/tarantool/door/doorrights.h"

namespace tributary::engine::tarantool {

/// Sessions of the door, as those who serve them use them. Executor's thread only. Calls for a session that has ended
/// do nothing.
class DoorLines {
public:
    virtual ~DoorLines() = default;
    virtual void send(std::uint64_t session, Bytes bytes) = 0;
    /// A refusal; the session goes on.
    virtual void refuse(std::uint64_t session, std::uint64_t sync, const BoxFailure& failure) = 0;
    /// As of the connection: drained() is called when it has fallen.
    [[nodiscard]] virtual std::size_t queuedBytes(std::uint64_t session) const = 0;
    [[nodiscard]] virtual std::optional<SocketNames> names(std::uint64_t session) const = 0;
    /// The request is done: the session's next ones are taken.
    virtual void served(std::uint64_t session) = 0;
    /// From now on all that comes is heard().
    virtual void follows(std::uint64_t session) = 0;
    /// Sends what is queued, and ends the session. ended() is not called.
    virtual void end(std::uint64_t session) = 0;
};

/// Serves replicas.
class DoorReplicas {
public:
    virtual ~DoorReplicas() = default;
    /// A request to join, to subscribe, to register or for a picture. The session takes no other one until it is
    /// served().
    virtual void asked(DoorLines& lines, std::uint64_t session, const DoorUser& user, const Packet& packet) = 0;
    /// What a session says that follows.
    virtual void heard(std::uint64_t session, const Packet& packet) = 0;
    virtual void drained(std::uint64_t session) = 0;
    /// The connection is gone.
    virtual void ended(std::uint64_t session) = 0;
};

}  // namespace tributary::engine::tarantool
