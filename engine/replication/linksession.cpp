// Dialling, greeting, reading answers, noticing silence.
#include "engine/replication/linksession.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tributary::engine {

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
    if (replica == nullptr || context_.table() == nullptr) return;
    if (route_.tried == route_.endpoints.size()) {
        owner_.sessionFailed("ErrAllGatewaysUnreachable",
                             fmt::format("All configured gateways to cluster {} are unreachable", replica->cluster), 0);
        return;
    }
    ++route_.tried;
    const Endpoint endpoint = route_.endpoints[route_.next++ % route_.endpoints.size()];
    route_.host = endpoint.text();
    owner_.sessionDials(route_.host);
    if (state_ != LinkState::AgreementMissing) state_ = LinkState::Connecting;
    reader_ = FrameReader();
    reader_.setFrameBytesMax(kFrameBytesMax);
    connection_ = context_.seams().transport.dial(endpoint);
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onDrained = [this] { owner_.sessionReady(); };
    connection_->onClosed = [this](const Error& error) { closedByPeer(error); };
    connection_->onConnected = [this] { greet(); };
    life_ = Life{context_.monotonicMs(), context_.monotonicMs(), 0, 0, 0};
    context_.seams().timers.cancel(heartbeatTimer_);
    heartbeatTimer_ = context_.seams().timers.after(context_.config().heartbeatMs, [this] { heartbeat(); });
}

void LinkSession::closedByPeer(const Error& error) {
    if (state_ == LinkState::Streaming) {
        owner_.sessionFailed("ErrConnectionLost", error.what, 0);
        return;
    }
    // The connection may not die inside its own callback.
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    context_.seams().executor.post([this, alive = alive_, old] {
        old->reset();
        if (*alive && connection_ == nullptr && retryTimer_ == 0) dialNext();
    });
}

void LinkSession::greet() {
    const ReplicaRecord* replica = context_.replica();
    const TableRecord* source = context_.table();
    if (replica == nullptr || source == nullptr) return;
    Hello hello;
    hello.kind = ConnectionClass::Data;
    hello.secret = context_.config().secret;
    hello.fromCluster = context_.config().cluster;
    hello.fromPath = source->path;
    hello.fromUuid = source->uuid;
    hello.toPath = replica->path;
    hello.toUuid = replica->uuid;
    hello.epoch = ++epoch_;
    std::tie(hello.incarnation, hello.nextSequence) = context_.host.originOf(context_.tableId);
    send(FrameType::Hello, encodeHello(hello));
}

void LinkSession::send(FrameType type, BytesView body) {
    life_.sentBytes += kFrameHeaderBytes + body.size();
    connection_->send(encodeFrame(type, body));
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
    life_.heardMs = context_.monotonicMs();
    reader_.feed(bytes);
    const std::uint64_t closings = closings_;
    while (true) {
        const auto frame = reader_.next();
        if (!frame) {
            owner_.sessionFailed("ErrProtocol", frame.error().what, 0);
            return;
        }
        if (!frame.value()) break;
        if (!onFrame(*frame.value())) return;
        if (closings != closings_ && state_ != LinkState::Streaming) return;
    }
    owner_.sessionReady();
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
    // After a crash the kept epoch may be older than what the gateway saw: the refusal names the newest.
    if (refusal.value().code == "ErrFenced") epoch_ = std::max(epoch_, refusal.value().sequence);
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
