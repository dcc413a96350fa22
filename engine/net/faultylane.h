// One connection under fault rules: what is held, what is in flight, when it may go. Private to FaultyTransport.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/net/faultytransport.h"

namespace tributary::engine {

class FaultyLane;

/// A rule with its token bucket.
struct ShapedPeer {
    EgressRule rule;
    double tokens = 0;  ///< bytes that may leave now
    Micros filledAt = 0;
};

/// What all connections of one FaultyTransport share.
struct FaultyTransport::Core {
    Core(Transport& under, Timers& theTimers, Clock& theClock) : inner(under), timers(theTimers), clock(theClock) {}

    Transport& inner;
    Timers& timers;
    Clock& clock;
    std::map<std::string, ShapedPeer> peers;
    std::set<FaultyLane*> lanes;                      // every living one, to wake when rules change
    std::set<std::shared_ptr<FaultyLane>> lingering;  // closed by their owner, not yet delivered

    [[nodiscard]] ShapedPeer* shaped(const std::string& peer) {
        const auto at = peer.empty() ? peers.end() : peers.find(peer);
        return at == peers.end() ? nullptr : &at->second;
    }
};

/// The working half of a faulty connection; outlives it while held bytes wait for their delivery.
class FaultyLane final : public std::enable_shared_from_this<FaultyLane> {
public:
    FaultyLane(std::shared_ptr<FaultyTransport::Core> core, Connection* outer, std::string peer);
    ~FaultyLane();
    FaultyLane(const FaultyLane&) = delete;
    FaultyLane& operator=(const FaultyLane&) = delete;

    void setInner(std::unique_ptr<Connection> inner);
    void dial(const Endpoint& to);
    void setPeer(const std::string& peer);
    void send(std::shared_ptr<const Bytes> bytes);
    [[nodiscard]] std::size_t queuedBytes() const;
    void pauseReading(bool paused);
    void close();
    void abandon();                 ///< the owner destroyed the connection
    void schedule(Millis delayMs);  ///< looks again after so long, or earlier if already planned
    void cutNow();                  ///< the transport dies

private:
    struct Flying {
        Micros enteredUs = 0;
        std::shared_ptr<const Bytes> bytes;
    };

    void pump();
    bool tryDial();
    Millis admit(ShapedPeer* shaped, Micros now);
    Millis land(Millis delayMs, Micros now);
    void connectCallbacks();
    void innerClosed(const Error& error);
    void reportDrained();
    void endIfDelivered();

    std::shared_ptr<FaultyTransport::Core> core_;
    Connection* outer_;  // null once closed or destroyed
    std::unique_ptr<Connection> inner_;
    std::string peer_;
    Endpoint target_;
    bool dialHeld_ = false;
    bool paused_ = false;
    bool above_ = false;
    bool closing_ = false;
    TimerId dialTimer_ = 0;
    TimerId timer_ = 0;
    Micros timerDue_ = 0;
    std::deque<std::shared_ptr<const Bytes>> held_;  // waits for a heal or for bandwidth
    std::size_t heldOffset_ = 0;                     // of the first held piece: so much has left
    std::size_t heldBytes_ = 0;
    std::deque<Flying> flying_;  // on its delayed way
    std::size_t flyingBytes_ = 0;
};

}  // namespace tributary::engine
