// A client that says what it likes to a simulated node: requests as bytes, frames out of place.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/node/controlapi.h"
#include "engine/sim/simrandom.h"
#include "engine/wire/greeting.h"
#include "engine/wire/requests.h"
#include "engine/wire/wire.h"
#include "linkworld.h"

namespace tributary::test {

/// One connection to a door of host 0 or 1, dialled again when the node closed it.
class RawClient {
public:
    RawClient(LinkWorld& world, int host, int door, engine::Hello hello)
        : world_(world),
          to_{"127.0.0.1", LinkWorld::door(host, door), {}, {}},
          hello_(std::move(hello)),
          transport_(world.world().network().transportOf(kHost)),
          cluster_(fmt::format("c{}", host)) {}
    ~RawClient() { connection_.reset(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    static engine::Hello as(const std::string& user) {
        engine::Hello hello;
        hello.user = user;
        return hello;
    }
    /// The answer, or nothing when the node closed the connection or stayed silent.
    std::optional<Result<Bytes>> ask(engine::Method method, BytesView body) {
        engine::Request request;
        request.id = ++lastId_;
        request.method = static_cast<std::uint16_t>(method);
        request.body = body;
        answer_.reset();
        send(engine::FrameType::Request, engine::encodeRequest(request));
        (void)world_.run(10'000, [&] { return answer_.has_value() || closed_; });
        return answer_;
    }
    /// A frame, whatever is in it; runs the world for a moment.
    void say(engine::FrameType type, BytesView body) {
        send(type, Bytes(body));
        (void)world_.run(20);
    }
    /// Opens the connection and greets; false when it was refused.
    bool open() {
        if (connection_ != nullptr) return true;
        greeted_ = false;
        bool ended = false;
        wire_ = engine::Wire::dialling(engine::wireDoorOf(to_, cluster_), hello_.kind, "key of " + cluster_, random_);
        connection_ = transport_->dial(to_);
        connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
        connection_->onConnected = [this] { connection_->send(wire_.takeOutput()); };
        connection_->onClosed = [this, &ended](const Error&) {
            ended = true;
            closed_ = true;
        };
        (void)world_.run(10'000, [&] { return greeted_ || ended; });
        connection_->onClosed = [this](const Error&) { closed_ = true; };
        dropIfClosed();
        return greeted_;
    }
    [[nodiscard]] bool isOpen() {
        dropIfClosed();
        return connection_ != nullptr;
    }

private:
    static constexpr int kHost = 7;

    void send(engine::FrameType type, const Bytes& body) {
        dropIfClosed();
        if (!open()) return;
        connection_->send(wire_.seal(type, body));
    }
    void dropIfClosed() {
        if (!closed_) return;
        closed_ = false;
        connection_.reset();
    }
    void onBytes(BytesView bytes) {
        wire_.feed(bytes);
        while (true) {
            const auto frame = wire_.next();
            if (Bytes proof = wire_.takeOutput(); !proof.empty()) {
                connection_->send(std::move(proof));
                connection_->send(wire_.seal(engine::FrameType::Hello, engine::encodeHello(hello_)));
                wire_.setFrameBytesMax(engine::kFrameBytesMax);
            }
            if (!frame.ok() || !frame.value()) return;
            if (frame.value()->type == engine::FrameType::HelloOk) greeted_ = true;
            if (frame.value()->type != engine::FrameType::Response) continue;
            const auto response = engine::decodeResponse(frame.value()->body);
            if (!response.ok() || response.value().id != lastId_) continue;
            if (response.value().ok) {
                answer_ = Result<Bytes>(Bytes(response.value().body));
            } else {
                answer_ = Result<Bytes>(response.value().error);
            }
        }
    }

    LinkWorld& world_;
    engine::Endpoint to_;
    engine::Hello hello_;
    std::unique_ptr<engine::Transport> transport_;
    std::unique_ptr<engine::Connection> connection_;
    std::string cluster_;
    engine::sim::SimRandom random_{3};
    engine::Wire wire_;
    bool greeted_ = false;
    bool closed_ = false;
    std::uint64_t lastId_ = 0;
    std::optional<Result<Bytes>> answer_;
};

}  // namespace tributary::test
