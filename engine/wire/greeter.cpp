// The first seconds of a connection.
#include "engine/wire/greeter.h"

#include "core/base/escape.h"
#include "core/base/limits.h"

namespace tributary::engine {

Greeter::Greeter(Seams& seams, std::string cluster, Bytes key, OnGreeted onGreeted, Limits limits)
    : seams_(seams),
      cluster_(std::move(cluster)),
      key_(std::move(key)),
      onGreeted_(std::move(onGreeted)),
      limits_(limits) {}

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
    waiting.wire = Wire::accepting(wireDoorOf(place_, cluster_), key_, seams_.random);
    waiting.connection->onBytes = [this, id](BytesView bytes) { onBytes(id, bytes); };
    waiting.connection->onClosed = [this, id](const Error&) { forget(id); };
    restartTimer(id, waiting);
}

/// With the first bytes it is known what is spoken. False when it is not what this door speaks.
bool Greeter::beginsProperly(std::uint64_t id, Waiting& waiting) {
    if (place_.tls && waiting.connection->tls() == nullptr && !seams_.faults.hit("bug-plain-at-tls-door")) {
        seams_.faults.reached("plain-at-tls-door");
        refuse(id, kErrTls,
               "the doors of cluster " + cluster_ +
                   " speak TLS 1.3 only: give this end certificates, too (tributary cert "
                   "init, then tributary down and tributary up)");
        return false;
    }
    if (!seams_.faults.hit("bug-tls-unbound")) waiting.wire.bind(*waiting.connection);
    return true;
}

/// Whose certificate it is, and in whose name it greets, are one: for a link the cluster that it comes from, for
/// everybody else the cluster of this door.
std::string Greeter::certificateMismatch(const Waiting& waiting, const Hello& hello) const {
    const TlsSession* tls = waiting.connection->tls();
    if (tls == nullptr) return {};
    const bool ofLink = hello.kind == ConnectionClass::Data || hello.kind == ConnectionClass::Setup;
    const std::string& wanted = ofLink ? hello.fromCluster : cluster_;
    if (tls->peerCluster == wanted) return {};
    return "it greets as cluster " + shownLine(bounded(wanted, limits::kNameShownMax)) + " with the certificate of " +
           tls->peerCluster;
}

void Greeter::restartTimer(std::uint64_t id, Waiting& waiting) {
    seams_.timers.cancel(waiting.timer);
    waiting.timer = seams_.timers.after(limits_.greetingMsMax, [this, id] {
        seams_.faults.reached("greeting-timeout");
        refuse(id, "ErrGreetingTimeout", "no greeting within the time allowed");
    });
}

void Greeter::onBytes(std::uint64_t id, BytesView bytes) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) return;
    Waiting& waiting = at->second;
    if (!waiting.leaving && waiting.bytes + bytes.size() > limits_.bytesMax) {
        refuse(id, kErrProtocol, "too many bytes before the greeting was answered");
        return;
    }
    if (waiting.bytes == 0 && !beginsProperly(id, waiting)) return;
    waiting.bytes += bytes.size();
    waiting.wire.feed(bytes);
    if (waiting.leaving) return;
    const auto frame = waiting.wire.next();
    if (Bytes answer = waiting.wire.takeOutput(); !answer.empty()) {
        waiting.connection->send(std::move(answer));
        // A challenge costs nobody a key; what must follow it has a time of its own, since the line may be slow.
        if (!waiting.challenged) restartTimer(id, waiting);
        waiting.challenged = true;
    }
    if (!frame) {
        const std::string& code = frame.error().where;
        if (code == kErrAuthentication) seams_.faults.reached("proof-refused");
        refuse(id, code.empty() ? kErrProtocol : code, frame.error().what);
        return;
    }
    if (!frame.value()) return;
    if (frame.value()->type != FrameType::Hello) {
        refuse(id, kErrProtocol, "the first frame after the proofs must be a greeting");
        return;
    }
    auto hello = decodeHello(frame.value()->body);
    if (!hello || hello.value().kind != waiting.wire.kind()) {
        refuse(id, kErrProtocol, hello ? "the greeting is of another class than the challenge" : hello.error().what);
        return;
    }
    if (const std::string mismatch = certificateMismatch(waiting, hello.value()); !mismatch.empty()) {
        seams_.faults.reached("certificate-of-another");
        refuse(id, kErrTls, mismatch);
        return;
    }
    letIn(id, waiting, std::move(hello).value());
}

void Greeter::letIn(std::uint64_t id, Waiting& waiting, Hello hello) {
    waiting.wire.setFrameBytesMax(kFrameBytesMax);
    seams_.timers.cancel(waiting.timer);
    waiting.timer = 0;
    waiting.leaving = true;
    // Handed over in a turn of its own: the connection must not lose its handlers while it runs one.
    seams_.executor.post([this, id, alive = alive_, greeting = std::move(hello)]() mutable {
        if (!*alive) return;
        const auto found = waiting_.find(id);
        if (found == waiting_.end()) return;
        auto connection = std::move(found->second.connection);
        Wire wire = std::move(found->second.wire);
        waiting_.erase(found);
        onGreeted_(std::move(connection), std::move(wire), std::move(greeting));
    });
}

void Greeter::refuse(std::uint64_t id, const std::string& code, const std::string& message) {
    const auto at = waiting_.find(id);
    if (at == waiting_.end()) return;
    at->second.connection->send(at->second.wire.seal(FrameType::Refused, encodeRefusal(Refusal{code, message, 0})));
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
