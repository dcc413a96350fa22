// Something else at the place of a stopped gateway.
#include "simrogue.h"

#include "engine/replication/messages.h"
#include "engine/wire/wire.h"

namespace tributary::simtest {

using namespace tributary::engine;

void SimRogue::stand(const Endpoint& place, const std::optional<Endpoint>& live) {
    auto listener = transport_->listen(
        place, [this, live](std::unique_ptr<Connection> connection) { meet(std::move(connection), live); });
    if (listener) listeners_.push_back(std::move(listener).value());
}

void SimRogue::leave() {
    listeners_.clear();
    guests_.clear();
}

void SimRogue::meet(std::unique_ptr<Connection> connection, const std::optional<Endpoint>& live) {
    guests_.push_back(std::make_unique<Guest>());
    Guest* guest = guests_.back().get();
    guest->near = std::move(connection);
    guest->way = static_cast<Way>(random_.below(live ? 5 : 4));
    if (guest->way == Way::Relay) {
        guest->far = transport_->dial(*live);
        guest->far->onBytes = [guest](BytesView bytes) { guest->near->send(Bytes(bytes)); };
    }
    guest->near->onBytes = [this, guest](BytesView bytes) {
        if (guest->way == Way::Relay) {
            guest->far->send(Bytes(bytes));
        } else {
            answer(*guest->near, guest->way, bytes);
        }
    };
}

/// All that one without the key can think of.
void SimRogue::answer(Connection& to, Way way, BytesView heard) {
    switch (way) {
        case Way::Echo: to.send(Bytes(heard)); return;
        case Way::Refuse:
            to.send(encodeFrame(FrameType::Refused, encodeRefusal({"ErrFenced", "a newer session", UINT64_MAX})));
            return;
        case Way::Play: {
            Bytes counter(64, '\0');
            random_.fill(counter.data(), counter.size());
            to.send(encodeFrame(FrameType::Counter, counter));
            const Bytes noMac(kMacBytes, '\0');
            to.send(encodeFrame(FrameType::HelloOk, encodeHelloOk({})) + noMac);
            to.send(encodeFrame(FrameType::Ack, encodeAck({1'000, 1'000, 0})) + noMac);
            return;
        }
        default: return;
    }
}

}  // namespace tributary::simtest
