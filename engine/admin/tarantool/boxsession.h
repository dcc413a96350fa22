// One conversation with an instance, without a socket: bytes in, answers out.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/systems/tarantool/iproto/greeting.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Waits for the greeting, then pairs answers with requests by their sync. The owner sends what requests.h makes and
/// feeds what arrives. After an error the session is over. Not thread-safe.
class BoxSession {
public:
    /// Errors: Corrupt (no Tarantool, or a broken stream), Unsupported (a text console answers there).
    Status feed(BytesView bytes);
    /// Once the greeting has come.
    [[nodiscard]] const std::optional<Greeting>& greeting() const { return greeting_; }
    /// A number for the next request.
    std::uint64_t nextSync() { return ++lastSync_; }
    /// The answer to a request, once, when it has come. Messages that the instance pushed before it are dropped: the
    /// console has no place for them.
    std::optional<Packet> take(std::uint64_t sync);

private:
    Status greet();

    Bytes head_;  ///< of the greeting, until it is whole
    std::optional<Greeting> greeting_;
    PacketStream stream_;
    std::map<std::uint64_t, Packet> answers_;
    std::uint64_t lastSync_ = 0;
};

}  // namespace tributary::engine::tarantool
