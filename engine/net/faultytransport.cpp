// A bad network on request: cuts, delay and narrow bandwidth per peer, over any Transport.
#include "engine/net/faultytransport.h"

#include <algorithm>
#include <utility>

#include "engine/net/faultylane.h"

namespace tributary::engine {

namespace {

class FaultyConnection final : public Connection {
public:
    FaultyConnection(const std::shared_ptr<FaultyTransport::Core>& core, const std::string& peer)
        : lane_(std::make_shared<FaultyLane>(core, this, peer)) {}
    ~FaultyConnection() override { lane_->abandon(); }
    FaultyConnection(const FaultyConnection&) = delete;
    FaultyConnection& operator=(const FaultyConnection&) = delete;

    void send(Bytes bytes) override { lane_->send(std::make_shared<const Bytes>(std::move(bytes))); }
    void send(std::shared_ptr<const Bytes> bytes) override { lane_->send(std::move(bytes)); }
    [[nodiscard]] std::size_t queuedBytes() const override { return lane_->queuedBytes(); }
    void pauseReading(bool paused) override { lane_->pauseReading(paused); }
    void tagPeer(const std::string& cluster) override { lane_->setPeer(cluster); }
    [[nodiscard]] std::optional<LocalPeer> localPeer() const override { return lane_->localPeer(); }
    [[nodiscard]] std::optional<SocketNames> names() const override { return lane_->names(); }
    void close() override { lane_->close(); }

    [[nodiscard]] FaultyLane& lane() { return *lane_; }

private:
    std::shared_ptr<FaultyLane> lane_;
};

}  // namespace

EgressRule above(const EgressRule& fault, const EgressRule& drawn) {
    EgressRule both;
    both.cut = fault.cut || drawn.cut;
    both.delayMs = fault.delayMs + drawn.delayMs;
    both.bytesPerSecond = fault.bytesPerSecond == 0   ? drawn.bytesPerSecond
                          : drawn.bytesPerSecond == 0 ? fault.bytesPerSecond
                                                      : std::min(fault.bytesPerSecond, drawn.bytesPerSecond);
    return both;
}

FaultyTransport::FaultyTransport(Transport& inner, Timers& timers, Clock& clock)
    : core_(std::make_shared<Core>(inner, timers, clock)) {}

FaultyTransport::~FaultyTransport() {
    for (FaultyLane* lane : core_->lanes) lane->cutNow();
    core_->lingering.clear();
}

Result<std::unique_ptr<Listener>> FaultyTransport::listen(const Endpoint& at, OnAccept onAccept) {
    auto accept = [core = core_, onAccept = std::move(onAccept)](std::unique_ptr<Connection> inner) {
        auto outer = std::make_unique<FaultyConnection>(core, std::string());
        outer->lane().setInner(std::move(inner));
        onAccept(std::move(outer));
    };
    return core_->inner.listen(at, std::move(accept));
}

std::unique_ptr<Connection> FaultyTransport::dial(const Endpoint& to) {
    auto outer = std::make_unique<FaultyConnection>(core_, to.peer);
    outer->lane().dial(to);
    return outer;
}

void FaultyTransport::setRule(const std::string& peer, const EgressRule& rule) {
    if (rule.harmless()) {
        core_->peers.erase(peer);
    } else {
        ShapedPeer& shaped = core_->peers[peer];
        shaped.rule = rule;
        shaped.freeAtUs = core_->clock.monotonicUs();
    }
    // From a turn of their own, so that no callback runs inside this call.
    for (FaultyLane* lane : core_->lanes) lane->schedule(0);
}

void FaultyTransport::clear() {
    core_->peers.clear();
    for (FaultyLane* lane : core_->lanes) lane->schedule(0);
}

std::vector<PeerRule> FaultyTransport::list() const {
    std::vector<PeerRule> out;
    for (const auto& [peer, shaped] : core_->peers) out.push_back({peer, shaped.rule});
    return out;
}

}  // namespace tributary::engine
