// The first seconds of a connection.
#include "engine/gateway/greeter.h"

#include <fmt/format.h>

namespace tributary::engine {
namespace {

/// Compares without telling by its duration where the difference is.
bool equalSecret(BytesView a, BytesView b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
    }
    return difference == 0;
}

}  // namespace

Greeter::Greeter(Seams& seams, Bytes secret, OnGreeted onGreeted, Limits limits)
    : seams_(seams), secret_(std::move(secret)), onGreeted_(std::move(onGreeted)), limits_(limits) {}

Greeter::~Greeter() {
    *alive_ = false;
    for (auto& [id, waiting] : waiting_) seams_.timers.cancel(waiting.timer);
}

void Greeter::accept(std::unique_ptr<Connection> connection) {
    // Whoever means it greets at once: the one that has been silent longest makes room, so that a door that is full of
    // idle connections still lets people in.
    while (!waiting_.empty() && waiting_.size() >= limits_.waitingMax) {
        seams_.faults.reached("greeting-crowded-out");
        refuse(waiting_.begin()->first, "ErrTooManyConnections", "too many connections have not greeted yet");
    }
    const std::uint64_t id = nextId_++;
    Waiting& waiting = waiting_[id];
    waiting.connection = std::move(connection);
    waiting.connection->onBytes = [this, id](BytesView bytes) { onBytes(id, bytes); };
    waiting.connection->onClosed = [this, id](const Error&) { forget(id); };
    waiting.timer = seams_.timers.after(limits_.greetingMsMax, [this, id] {
        seams_.faults.reached("greeting-timeout");
        refuse(id, "ErrGreetingTimeout", "no greeting within the time allowed");
    });
}

void Greeter::onBytes(std::uint64_t id, BytesView bytes) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) return;
    Waiting& waiting = at->second;
    waiting.reader.feed(bytes);
    if (waiting.leaving) return;
    const auto frame = waiting.reader.next();
    if (!frame) {
        refuse(id, "ErrProtocol", frame.error().what);
        return;
    }
    if (!frame.value()) return;
    if (frame.value()->type != FrameType::Hello) {
        refuse(id, "ErrProtocol", "the first frame must be a greeting");
        return;
    }
    auto hello = decodeHello(frame.value()->body);
    if (!hello) {
        refuse(id, "ErrProtocol", hello.error().what);
        return;
    }
    if (hello.value().version != kProtocolVersion) {
        refuse(id, "ErrVersion",
               fmt::format("protocol version {} is spoken here, not {}", kProtocolVersion, hello.value().version));
        return;
    }
    if (!equalSecret(hello.value().secret, secret_)) {
        refuse(id, "ErrAuthentication", "the workspace's secret is wrong");
        return;
    }
    waiting.reader.setFrameBytesMax(kFrameBytesMax);
    seams_.timers.cancel(waiting.timer);
    waiting.timer = 0;
    waiting.leaving = true;
    // Handed over in a turn of its own: the connection must not lose its handlers while it runs one.
    seams_.executor.post([this, id, alive = alive_, greeting = std::move(hello).value()]() mutable {
        if (!*alive) return;
        const auto found = waiting_.find(id);
        if (found == waiting_.end()) return;
        auto connection = std::move(found->second.connection);
        FrameReader reader = std::move(found->second.reader);
        waiting_.erase(found);
        onGreeted_(std::move(connection), std::move(reader), std::move(greeting));
    });
}

void Greeter::refuse(std::uint64_t id, const std::string& code, const std::string& message) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) return;
    at->second.connection->send(encodeFrame(FrameType::Refused, encodeRefusal(Refusal{code, message, 0})));
    at->second.connection->close();
    forget(id);
}

void Greeter::forget(std::uint64_t id) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) return;
    seams_.timers.cancel(at->second.timer);
    at->second.connection->onBytes = nullptr;
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(at->second.connection));
    waiting_.erase(at);
    seams_.executor.post([old] { old->reset(); });
}

}  // namespace tributary::engine
