// A bad network on request: cuts, delay and narrow bandwidth per peer, over any Transport.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/seams/clock.h"
#include "engine/seams/executor.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

/// What happens to bytes on their way out to one peer. The way back is the peer's own rule.
struct EgressRule {
    bool cut = false;                  ///< nothing leaves; what was sent is kept and delivered in order after the heal
    Millis delayMs = 0;                ///< added to every byte's way; does not limit throughput
    std::uint64_t bytesPerSecond = 0;  ///< shared by all connections to the peer; 0 = unlimited

    [[nodiscard]] bool harmless() const { return !cut && delayMs == 0 && bytesPerSecond == 0; }
    friend bool operator==(const EgressRule&, const EgressRule&) = default;
};

/// A fault on top of the network as drawn: delays add up, the narrower bandwidth counts.
[[nodiscard]] EgressRule above(const EgressRule& fault, const EgressRule& drawn);

struct PeerRule {
    std::string peer;
    EgressRule rule;
};

/// Wraps a Transport; connections behave as before until a rule names their peer. A dialled connection takes its peer
/// from Endpoint::peer, an accepted one from Connection::tagPeer(); without a tag it is never touched.
///
/// As TCP would: a cut loses nothing and reorders nothing; close() during a cut delivers after the heal; destroying a
/// connection during a cut is not noticed by the peer before the heal; a dial to a cut peer hangs until it times out
/// after kDialTimeoutMs. Bytes under delay are in flight, up to kInFlightBytesMax per peer, and do not count in
/// queuedBytes(); held ones do. A bandwidth is one line for all connections to the peer, which take turns. Executor's
/// thread only; timers, never sleeps, so it also runs in simulated time. Connections must die before the transport.
class FaultyTransport final : public Transport {
public:
    static constexpr Millis kDialTimeoutMs = 5'000;
    static constexpr std::size_t kInFlightBytesMax = 64U << 20U;
    static constexpr Millis kBurstMs = 20;  ///< a bandwidth rule lets so much of a second through at once

    FaultyTransport(Transport& inner, Timers& timers, Clock& clock);
    ~FaultyTransport() override;
    FaultyTransport(const FaultyTransport&) = delete;
    FaultyTransport& operator=(const FaultyTransport&) = delete;

    Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) override;
    std::unique_ptr<Connection> dial(const Endpoint& to) override;

    /// Replaces the rule for a peer, at once for open connections too; a harmless rule removes it.
    void setRule(const std::string& peer, const EgressRule& rule);
    void clear();  ///< heals everything
    /// The rules in force, by peer name.
    [[nodiscard]] std::vector<PeerRule> list() const;

    struct Core;  ///< shared with the connections; private to the implementation

private:
    std::shared_ptr<Core> core_;
};

}  // namespace tributary::engine
