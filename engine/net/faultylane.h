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

/// A rule with the line it makes: one piece leaves after the other, whichever connection it is of.
struct ShapedPeer {
    EgressRule rule;
    Micros freeAtUs = 0;  ///< when the last piece that was given a place on the line has left
};

/// What all connections of one FaultyTransport share.
struct FaultyTransport::Core {
    Core(Transport& under, Timers& theTimers, Clock& theClock) : inner(under), timers(theTimers), clock(theClock) {}

    Transport& inner;
    Timers& timers;
    Clock& clock;
    std::map<std::string, ShapedPeer> peers;
    std::map<std::string, std::size_t> flyingBytes;   // by peer: in flight on all its connections
    std::set<FaultyLane*> lanes;                      // every living one, to wake when rules change
    std::set<std::shared_ptr<FaultyLane>> lingering;  // closed by their owner, not yet delivered

    [[nodiscard]] ShapedPeer* shaped(const std::string& peer) {
        const auto at = peer.empty() ? peers.end() : peers.find(peer);
        return at == peers.end() ? nullptr : &at->second;
    }
    [[nodiscard]] bool hasRoom(const std::string& peer) const {
        const auto at = flyingBytes.find(peer);
        return at == flyingBytes.end() || at->second < FaultyTransport::kInFlightBytesMax;
    }
    void tookOff(const std::string& peer, std::size_t bytes);
    void landed(const std::string& peer, std::size_t bytes);  ///< wakes the lanes that waited for room
};

/// The working half of a faulty connection; outlives it while held bytes wait for their delivery.
class FaultyLane final : public std::enable_shared_from_this<FaultyLane> {
public:
    FaultyLane(std::shared_ptr<FaultyTransport::Core> core, Connection* outer, std::string peer);
    ~FaultyLane();
    FaultyLane(const FaultyLane&) = delete;
    FaultyLane& operator=(const FaultyLane&) = delete;

    void setInner(std::unique_ptr<Connection> inner);
    [[nodiscard]] std::optional<LocalPeer> localPeer() const {
        return inner_ != nullptr ? inner_->localPeer() : std::nullopt;
    }
    [[nodiscard]] std::optional<SocketNames> names() const {
        return inner_ != nullptr ? inner_->names() : std::nullopt;
    }
    void dial(const Endpoint& to);
    void setPeer(const std::string& peer);
    void send(std::shared_ptr<const Bytes> bytes);
    [[nodiscard]] std::size_t queuedBytes() const;
    [[nodiscard]] bool waitsFor(const std::string& peer) const { return !held_.empty() && peer_ == peer; }
    void pauseReading(bool paused);
    void close();
    void abandon();                 ///< the owner destroyed the connection
    void schedule(Millis delayMs);  ///< looks again after so long, or earlier if already planned
    void cutNow();                  ///< the transport dies

private:
    struct Flying {
        Micros enteredUs = 0;
        Micros leftUs = 0;  // when its last byte is on the line, under a bandwidth
        std::shared_ptr<const Bytes> bytes;
    };

    void pump();
    bool tryDial();
    Millis admit(ShapedPeer* shaped, Micros now);
    Millis land(const ShapedPeer* shaped, Micros now);
    void forgetFlying();
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
    Micros leavingUntilUs_ = 0;  // this lane's piece is on the line until then; one at a time, so that all get turns
};

}  // namespace tributary::engine
