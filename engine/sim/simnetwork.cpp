// The network of a simulated world: who listens where, and the weather between hosts.
#include "engine/sim/simnetwork.h"

#include <fmt/format.h>

#include "engine/sim/simstream.h"

namespace tributary::engine::sim {
namespace {

constexpr int kFirstPort = 10'000;
constexpr int kPortsPerHost = 100;

}  // namespace

class SimListener final : public Listener {
public:
    SimListener(SimNetwork& network, Endpoint at) : network_(network), at_(std::move(at)) {}
    ~SimListener() override { network_.doors_.erase(at_.text()); }
    SimListener(const SimListener&) = delete;
    SimListener& operator=(const SimListener&) = delete;
    [[nodiscard]] Endpoint endpoint() const override { return at_; }

private:
    SimNetwork& network_;
    Endpoint at_;
};

class SimTransport final : public Transport {
public:
    SimTransport(SimNetwork& network, int host) : network_(network), host_(host) {}

    Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) override {
        Endpoint place = at;
        if (!place.isLocal() && place.port == 0) place.port = network_.nextPort_++;
        if (network_.doors_.count(place.text()) != 0) {
            return Error{ErrorCode::Conflict, fmt::format("{} is in use", place.text()), place.text(), {}};
        }
        network_.doors_.emplace(place.text(), SimNetwork::Door{host_, std::move(onAccept)});
        return std::unique_ptr<Listener>(std::make_unique<SimListener>(network_, place));
    }

    std::unique_ptr<Connection> dial(const Endpoint& to) override {
        const auto door = network_.doors_.find(to.text());
        int host = host_;
        if (door != network_.doors_.end()) {
            host = door->second.host;
        } else if (!to.isLocal() && to.port >= kFirstPort && to.port < 40'000) {
            host = (to.port - kFirstPort) / kPortsPerHost;
        }
        const StreamInfo info{network_.nextStream_++, host_, host};
        const auto stream = std::make_shared<SimStream>(network_, info);
        network_.streams_[info.id] = stream;
        auto end = stream->makeEnd(0);
        stream->dial(to);
        return end;
    }

private:
    SimNetwork& network_;
    int host_;
};

SimNetwork::SimNetwork(SimEvents& events, std::uint64_t seed) : events_(events), random_(seed) {}
SimNetwork::~SimNetwork() = default;

std::unique_ptr<Transport> SimNetwork::transportOf(int host) {
    return std::make_unique<SimTransport>(*this, host);
}

PathRule SimNetwork::rule(int from, int to) const {
    const auto at = rules_.find({from, to});
    return at == rules_.end() ? PathRule{} : at->second;
}

void SimNetwork::setRule(int from, int to, const PathRule& rule) {
    rules_[{from, to}] = rule;
    wake();
}

void SimNetwork::cut(int from, int to, bool on) {
    PathRule changed = rule(from, to);
    changed.cut = on;
    setRule(from, to, changed);
}

void SimNetwork::healAll() {
    rules_.clear();
    refusing_.clear();
    wake();
}

void SimNetwork::refuseDials(int host, bool on) {
    if (on) {
        refusing_.insert(host);
    } else {
        refusing_.erase(host);
    }
}

Micros SimNetwork::delayOf(int from, int to) {
    const PathRule path = rule(from, to);
    Micros delay = path.latencyUs + random_.between(0, path.jitterUs);
    if (random_.oneIn(path.stallOneIn)) delay += path.stallUs;
    return delay;
}

/// Held bytes may go on: from an event of its own, since rules are changed from anywhere.
void SimNetwork::wake() {
    events_.after(1, SimEvents::kWorld, EventKind::Network, [this] {
        std::vector<std::shared_ptr<SimStream>> alive;
        for (auto at = streams_.begin(); at != streams_.end();) {
            auto stream = at->second.lock();
            at = stream == nullptr ? streams_.erase(at) : std::next(at);
            if (stream != nullptr) alive.push_back(std::move(stream));
        }
        for (const auto& stream : alive) stream->wake();
    });
}

void SimNetwork::resetStreams(int a, int b) {
    for (const auto& [id, weak] : streams_) {
        const auto stream = weak.lock();
        if (stream == nullptr) continue;
        const StreamInfo& info = stream->info();
        if ((info.dialler == a && info.acceptor == b) || (info.dialler == b && info.acceptor == a)) stream->reset();
    }
}

void SimNetwork::hostOff(int host) {
    off_.insert(host);
    for (const auto& [id, weak] : streams_) {
        const auto stream = weak.lock();
        if (stream == nullptr) continue;
        if (stream->info().dialler == host) stream->hostOff(0);
        if (stream->info().acceptor == host) stream->hostOff(1);
    }
}

void SimNetwork::hostOn(int host) {
    off_.erase(host);
}

}  // namespace tributary::engine::sim
