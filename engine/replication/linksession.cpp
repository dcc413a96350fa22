// Dialling, greeting, reading answers, noticing silence.
#include "engine/replication/linksession.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/escape.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kStrangersTextBytesMax = 200;

/// What somebody says who has proved nothing: a text, bounded, and no more.
Error strangersRefusal(const std::string& place, BytesView body) {
    const auto refusal = decodeRefusal(body);
    const std::string said = refusal ? refusal.value().code + ": " + refusal.value().message : "a malformed refusal";
    return {ErrorCode::PermissionDenied,
            fmt::format("what answers at {} refuses: {}", place, shownLine(said.substr(0, kStrangersTextBytesMax))),
            refusal && refusal.value().code == kErrVersion ? kErrVersion : kErrAuthentication,
            {}};
}

}  // namespace

LinkSession::LinkSession(const LinkContext& context, Owner& owner, std::uint64_t epoch)
    : context_(context), owner_(owner), epoch_(epoch) {}

LinkSession::~LinkSession() {
    *alive_ = false;
    for (const TimerId timer : {retryTimer_, heartbeatTimer_}) context_.seams().timers.cancel(timer);
}

void LinkSession::open() {
    const ReplicaRecord* replica = context_.replica();
    if (replica == nullptr || replica->paused) return;
    route_.endpoints = context_.config().resolve(replica->cluster, context_.host.gatewaysTo(replica->cluster));
    route_.tried = 0;
    route_.unproven = Error{};
    route_.fenced = false;
    if (route_.endpoints.empty()) {
        owner_.sessionFailed("ErrNoGateways", fmt::format("no gateway of cluster {} is configured", replica->cluster),
                             0);
        return;
    }
    dialNext();
}

void LinkSession::openAfter(Millis delayMs) {
    retryTimer_ = context_.seams().timers.after(delayMs, [this] {
        retryTimer_ = 0;
        open();
    });
}

void LinkSession::dialNext() {
    const ReplicaRecord* replica = context_.replica();
    if (replica == nullptr || context_.dataset() == nullptr) return;
    if (route_.tried == route_.endpoints.size()) {
        const Error failure = noGateway(replica->cluster);
        owner_.sessionFailed(failure.where, failure.what, 0);
        return;
    }
    const auto key = keyOf(replica->cluster);
    if (!key) {
        owner_.sessionFailed(kErrAuthentication, key.error().text(), 0);
        return;
    }
    ++route_.tried;
    const Endpoint endpoint = route_.endpoints[route_.next++ % route_.endpoints.size()];
    route_.host = endpoint.text();
    owner_.sessionDials(route_.host);
    if (state_ != LinkState::AgreementMissing) state_ = LinkState::Connecting;
    wire_ = Wire::dialling(wireDoorOf(endpoint, replica->cluster), ConnectionClass::Data, key.value(),
                           context_.seams().random);
    if (context_.seams().faults.hit("bug-proof-unchecked")) wire_.leaveProofUnchecked();
    connection_ = context_.seams().transport.dial(endpoint);
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onDrained = [this] { owner_.sessionReady(); };
    connection_->onClosed = [this](const Error& error) { closedByPeer(error); };
    connection_->onConnected = [this] { say(wire_.takeOutput()); };
    life_ = Life{context_.monotonicMs(), context_.monotonicMs(), 0, 0, 0};
    context_.seams().timers.cancel(heartbeatTimer_);
    heartbeatTimer_ = context_.seams().timers.after(context_.config().heartbeatMs, [this] { heartbeat(); });
}

Result<Bytes> LinkSession::keyOf(const std::string& cluster) const {
    if (context_.config().keyOf) return context_.config().keyOf(cluster);
    return Error{ErrorCode::NotFound, fmt::format("the key of cluster {} is not known here", cluster), {}, {}};
}

/// A gateway is up when it has proved to be one: what answers without that is as good as nothing.
Error LinkSession::noGateway(const std::string& cluster) const {
    const std::string none = fmt::format("All configured gateways to cluster {} are unreachable", cluster);
    if (route_.unproven.what.empty()) return {ErrorCode::Unavailable, none, "ErrAllGatewaysUnreachable", {}};
    const bool version = route_.unproven.where == kErrVersion;
    return {ErrorCode::Unavailable,
            none + ": " + route_.unproven.what,
            version ? kErrVersion : "ErrAllGatewaysUnreachable",
            {}};
}

void LinkSession::closedByPeer(const Error& error) {
    if (state_ == LinkState::Streaming) {
        owner_.sessionFailed("ErrConnectionLost", error.what, 0);
        return;
    }
    dialNextLater();
}

void LinkSession::dialNextLater() {
    // The connection may not die inside its own callback.
    connection_->onBytes = nullptr;
    connection_->onClosed = nullptr;
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    context_.seams().executor.post([this, alive = alive_, old] {
        old->reset();
        if (*alive && connection_ == nullptr && retryTimer_ == 0) dialNext();
    });
}

void LinkSession::unproven(const Error& why) {
    context_.seams().faults.reached("gateway-unproven");
    route_.unproven = why;
    dialNextLater();
}

void LinkSession::greet() {
    const ReplicaRecord* replica = context_.replica();
    const DatasetRecord* source = context_.dataset();
    if (replica == nullptr || source == nullptr) return;
    Hello hello;
    hello.kind = ConnectionClass::Data;
    hello.fromCluster = context_.config().cluster;
    hello.fromPath = source->path;
    hello.fromUuid = source->uuid;
    hello.toPath = replica->path;
    hello.toUuid = replica->uuid;
    hello.epoch = ++epoch_;
    const OriginPlace place = context_.host.originOf(context_.datasetId);
    hello.incarnation = place.incarnation;
    hello.nextSequence = place.nextSequence;
    hello.before = place.before;
    send(FrameType::Hello, encodeHello(hello));
}

void LinkSession::say(Bytes bytes) {
    life_.sentBytes += bytes.size();
    connection_->send(std::move(bytes));
}

void LinkSession::send(FrameType type, BytesView body) {
    say(wire_.seal(type, body));
}

/// Bytes that leave a queue count as life: while one row of ten megabytes crawls over a slow line, the peer has nothing
/// to say but that it hears us, and a question would wait behind the row. What never waited proves nothing: a dead line
/// takes it, too.
bool LinkSession::alive(Millis nowMs) {
    const std::uint64_t queued = connection_->queuedBytes();
    const std::uint64_t left = life_.sentBytes - std::min(life_.sentBytes, queued);
    const bool drains = life_.queuedBytes > 0 && left > life_.leftBytes;
    if (drains && !context_.seams().faults.hit("bug-slow-is-dead")) life_.leftMs = nowMs;
    life_.leftBytes = std::max(life_.leftBytes, left);
    life_.queuedBytes = queued;
    return nowMs - std::max(life_.heardMs, life_.leftMs) <= context_.config().peerTimeoutMs;
}

void LinkSession::heartbeat() {
    heartbeatTimer_ = 0;
    if (connection_ == nullptr) return;
    if (!alive(context_.monotonicMs())) {
        if (state_ == LinkState::Streaming) {
            owner_.sessionFailed("ErrGatewayTimeout", fmt::format("gateway {} does not answer", route_.host), 0);
        } else {
            connection_.reset();
            dialNext();
        }
        return;
    }
    // A question behind a queue would be answered when the queue is through, and that is seen without asking.
    if (state_ == LinkState::Streaming && connection_->queuedBytes() == 0) send(FrameType::Ping, {});
    heartbeatTimer_ = context_.seams().timers.after(context_.config().heartbeatMs, [this] { heartbeat(); });
}

void LinkSession::onBytes(BytesView bytes) {
    // Who has proved nothing keeps nobody waiting with a byte now and then.
    const bool proven = wire_.isOpen();
    if (proven) life_.heardMs = context_.monotonicMs();
    wire_.feed(bytes);
    if (takeFrames()) owner_.sessionReady();
}

/// False when the session ended, or is no session yet.
bool LinkSession::takeFrames() {
    const std::uint64_t closings = closings_;
    while (true) {
        const bool wasProven = wire_.isOpen();
        const auto frame = wire_.next();
        if (!wasProven && wire_.isOpen()) {
            life_.heardMs = context_.monotonicMs();
            say(wire_.takeOutput());
            wire_.setFrameBytesMax(kFrameBytesMax);
            greet();
        }
        if (!frame) {
            if (wire_.isOpen()) {
                owner_.sessionFailed(kErrProtocol, frame.error().what, 0);
            } else {
                unproven(frame.error());
            }
            return false;
        }
        if (!frame.value()) return wire_.isOpen();
        if (!wire_.isOpen()) {
            unproven(strangersRefusal(route_.host, frame.value()->body));
            return false;
        }
        if (!onFrame(*frame.value())) return false;
        if (closings != closings_ && state_ != LinkState::Streaming) return false;
    }
}

bool LinkSession::onFrame(const Frame& frame) {
    switch (frame.type) {
        case FrameType::HelloOk: {
            auto ok = decodeHelloOk(frame.body);
            if (!ok) break;
            state_ = LinkState::Streaming;
            owner_.sessionStarted(std::move(ok).value());
            return true;
        }
        case FrameType::Ack: {
            const auto ack = decodeAck(frame.body);
            if (!ack) break;
            owner_.sessionAcked(ack.value());
            return true;
        }
        case FrameType::Refused:
        case FrameType::Reject:
            if (!onRefusal(frame)) break;
            return false;
        case FrameType::Pong: return true;
        default: break;
    }
    owner_.sessionFailed("ErrProtocol", "the gateway sent a malformed frame", 0);
    return false;
}

bool LinkSession::onRefusal(const Frame& frame) {
    auto refusal = decodeRefusal(frame.body);
    if (!refusal) return false;
    // After a crash, or when the link was removed and made again, the gateway saw newer epochs than this link knows:
    // the refusal names the newest, and that is no error as long as the next greeting is heard.
    if (refusal.value().code == "ErrFenced" && refusal.value().sequence >= epoch_) {
        epoch_ = refusal.value().sequence;
        if (!std::exchange(route_.fenced, true)) {
            --route_.next;
            --route_.tried;
            dialNextLater();
            return true;
        }
    }
    owner_.sessionFailed(refusal.value().code, refusal.value().message, refusal.value().sequence);
    return true;
}

void LinkSession::close() {
    ++closings_;
    context_.seams().timers.cancel(retryTimer_);
    context_.seams().timers.cancel(heartbeatTimer_);
    retryTimer_ = heartbeatTimer_ = 0;
    if (connection_ == nullptr) return;
    connection_->onBytes = nullptr;
    connection_->onClosed = nullptr;
    connection_->onConnected = nullptr;
    connection_->onDrained = nullptr;
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    context_.seams().executor.post([old] { old->reset(); });
}

}  // namespace tributary::engine
