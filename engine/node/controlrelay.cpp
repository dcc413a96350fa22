// Dialling for a client and carrying its bytes.
#include "engine/node/controlrelay.h"

#include <fmt/format.h>

#include <utility>

namespace tributary::engine {
namespace {

constexpr std::size_t kQueuedBytesMax = 1U << 20U;  // of one direction; then the sender is made to wait
constexpr Millis kOpenTimeoutMs = 6'000;            // longer than a dial's own limit, whose error says more

Error unreachable(const std::string& cluster, const std::string& why) {
    return {ErrorCode::Unavailable,
            fmt::format("cluster {} cannot be reached: {}", cluster, why),
            {},
            "tributary fault list, tributary status"};
}

}  // namespace

void ControlRelays::open(std::uint64_t session, const std::string& cluster, OnOpened opened) {
    const std::vector<Endpoint> endpoints = resolve_ ? resolve_(cluster) : std::vector<Endpoint>();
    if (endpoints.empty()) {
        opened(unreachable(cluster, "it has never been started here"));
        return;
    }
    Relay& relay = relays_[session];
    relay.cluster = cluster;
    relay.opened = std::move(opened);
    relay.place = endpoints.front();
    Endpoint carried = endpoints.front();
    carried.tls = false;  // bytes are carried: TLS is between the client and the far door
    relay.far = seams_.transport.dial(carried);
    relay.far->onConnected = [this, session] { answer(session, okStatus()); };
    relay.far->onClosed = [this, session](const Error& error) {
        const auto at = relays_.find(session);
        if (at == relays_.end()) return;
        if (at->second.opened) {
            answer(session, unreachable(at->second.cluster, error.what));
        } else {
            end(session);
        }
    };
    relay.timer = seams_.timers.after(kOpenTimeoutMs, [this, alive = alive_, session] {
        if (*alive) answer(session, unreachable(relays_.at(session).cluster, "no answer in time"));
    });
}

void ControlRelays::answer(std::uint64_t session, const Status& status) {
    const auto at = relays_.find(session);
    if (at == relays_.end() || !at->second.opened) return;
    seams_.timers.cancel(std::exchange(at->second.timer, 0));
    const OnOpened opened = std::exchange(at->second.opened, {});
    const Endpoint place = at->second.place;
    if (!status) end(session);
    opened(status ? Result<Endpoint>(place) : Result<Endpoint>(status.error()));
}

void ControlRelays::join(std::uint64_t session, std::unique_ptr<Connection> client) {
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;  // the far end closed meanwhile: the client's connection ends with this call
    at->second.client = std::move(client);
    listen(session, false);
    listen(session, true);
}

void ControlRelays::listen(std::uint64_t session, bool atFar) {
    Relay& relay = relays_.at(session);
    Connection& from = atFar ? *relay.far : *relay.client;
    from.onBytes = [this, session, atFar](BytesView bytes) { pass(session, bytes, !atFar); };
    from.onClosed = [this, session](const Error&) { end(session); };
    // Drained: whoever filled this connection may send again.
    from.onDrained = [this, session, atFar] {
        const auto at = relays_.find(session);
        if (at != relays_.end()) (atFar ? at->second.client : at->second.far)->pauseReading(false);
    };
}

void ControlRelays::pass(std::uint64_t session, BytesView bytes, bool toFar) {
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;
    Connection& to = toFar ? *at->second.far : *at->second.client;
    Connection& from = toFar ? *at->second.client : *at->second.far;
    to.send(Bytes(bytes));
    if (to.queuedBytes() > kQueuedBytesMax) from.pauseReading(true);
}

void ControlRelays::forget(std::uint64_t session) {
    const auto at = relays_.find(session);
    if (at != relays_.end() && at->second.client == nullptr) end(session);
}

// Both ends go, after what they still have to say; in a later turn, since this may run inside a call of theirs.
void ControlRelays::end(std::uint64_t session) {
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;
    seams_.timers.cancel(at->second.timer);
    auto old = std::make_shared<Relay>(std::move(at->second));
    relays_.erase(at);
    for (const auto& connection : {&old->client, &old->far}) {
        if (*connection == nullptr) continue;
        (*connection)->onBytes = {};
        (*connection)->onClosed = {};
        (*connection)->onDrained = {};
    }
    seams_.executor.post([old] {
        if (old->client != nullptr) old->client->close();
        if (old->far != nullptr) old->far->close();
    });
}

}  // namespace tributary::engine
