// A blocking client of one instance: terminals and tests evaluate statements through it.
#pragma once

#include "engine/admin/tarantool/address.h"
#include "engine/admin/tarantool/boxsession.h"
#include "engine/net/blockingchannel.h"

namespace tributary::engine::tarantool {

/// One connection, one request at a time, one thread at a time.
class BoxClient {
public:
    static constexpr Millis kConnectMs = 5'000;
    static constexpr Millis kForEver = 365LL * 24 * 3600 * 1000;  ///< as consoles wait: a statement may take its time

    /// Connects, reads the greeting and, when the address has a user, proves the password. Errors: those of
    /// BlockingChannel; Corrupt, Unsupported (no binary protocol there); PermissionDenied (user or password are
    /// refused).
    static Result<BoxClient> connect(const InstanceAddress& address, Millis timeoutMs = kConnectMs);

    [[nodiscard]] const Greeting& greeting() const { return *session_.greeting(); }
    /// Evaluates a chunk of Lua with encoded arguments. Errors: Unavailable, Timeout (the connection is of no use any
    /// more), Corrupt.
    Result<BoxAnswer> eval(std::string_view expression, const std::vector<Bytes>& arguments,
                           Millis timeoutMs = kForEver);

private:
    explicit BoxClient(BlockingChannel channel) : channel_(std::move(channel)) {}
    Status greet(const InstanceAddress& address, Millis timeoutMs);
    Status prove(const InstanceAddress& address, Millis timeoutMs);
    Result<Packet> answer(std::uint64_t sync, Millis timeoutMs);

    BlockingChannel channel_;
    BoxSession session_;
};

}  // namespace tributary::engine::tarantool
