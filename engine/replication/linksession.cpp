// Dialling, greeting, reading answers, noticing silence.
#include "engine/replication/linksession.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tributary::engine {

LinkSession::LinkSession(const LinkContext& context, Owner& owner, std::uint64_t epoch)
    : context_(context), owner_(owner), route_(context.seams(), context.config()), epoch_(epoch) {}

LinkSession::~LinkSession() {
    *alive_ = false;
    for (const TimerId timer : {retryTimer_, heartbeatTimer_}) context_.seams().timers.cancel(timer);
}

void LinkSession::open() {
    const ReplicaRecord* replica = context_.replica();
    if (replica == nullptr || replica->held()) return;
    if (adopts()) {
        retryTimer_ = context_.seams().timers.after(context_.config().peerTimeoutMs, [this, to = replica->path] {
            retryTimer_ = 0;
            owner_.sessionFailed("ErrReplicaAbsent", fmt::format("{} has not called for its changes", to), 0);
        });
        return;
    }
    if (!route_.begin(replica->cluster, context_.host.gatewaysTo(replica->cluster), replica->networkEncryption)) {
        failed(route_.failure());
        return;
    }
    dialNext();
}

void LinkSession::failed(const Error& failure) {
    owner_.sessionFailed(failure.where, failure.what, 0);
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
    if (route_.exhausted()) {
        failed(route_.failure());
        return;
    }
    auto dialled = route_.dial();
    if (!dialled) {
        failed(dialled.error());
        return;
    }
    host_ = dialled.value().host;
    owner_.sessionDials(host_);
    if (state_ != LinkState::AgreementMissing) state_ = LinkState::Connecting;
    wire_ = std::move(dialled.value().wire);
    connection_ = std::move(dialled.value().connection);
    connection_->onConnected = [this] {
        wire_.bind(*connection_);
        say(wire_.takeOutput());
    };
    listen();
}

void LinkSession::listen() {
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onDrained = [this] { owner_.sessionReady(); };
    connection_->onClosed = [this](const Error& error) { closedByPeer(error); };
    life_ = Life{context_.monotonicMs(), context_.monotonicMs(), 0, 0, 0};
    context_.seams().timers.cancel(heartbeatTimer_);
    heartbeatTimer_ = context_.seams().timers.after(context_.config().heartbeatMs, [this] { heartbeat(); });
}

/// The replica waits for where this origin stands, and has said its positions already, or does so now.
void LinkSession::adopt(ReplicaCall call) {
    close();
    epoch_ = call.epoch;
    gateway_ = std::move(call.gateway);
    host_ = std::move(call.caller);
    owner_.sessionDials(host_);
    state_ = LinkState::Connecting;
    connection_ = std::move(call.connection);
    wire_ = std::move(call.wire);
    listen();
    tell(context_.host.originOf(context_.datasetId));
    if (takeFrames()) owner_.sessionReady();
}

std::string LinkSession::channel() const {
    const TlsSession* tls = connection_ == nullptr || !wire_.isOpen() ? nullptr : connection_->tls();
    return tls == nullptr ? std::string() : tls->protocol + ", " + tls->cipher;
}

void LinkSession::closedByPeer(const Error& error) {
    if (state_ == LinkState::Streaming || adopts()) {
        owner_.sessionFailed("ErrConnectionLost", error.what, 0);
        return;
    }
    // A certificate that one of the ends refuses says more than that nobody was reached.
    if (!wire_.isOpen() && LinkRoute::tells(error)) route_.unproven(error);
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
    route_.unproven(why);
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
    send({FrameType::Hello, encodeHello(hello)});
}

void LinkSession::say(Bytes bytes) {
    life_.sentBytes += bytes.size();
    connection_->send(std::move(bytes));
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
        if (adopts()) {
            owner_.sessionFailed("ErrReplicaTimeout", fmt::format("{} has fallen silent", host_), 0);
        } else if (state_ == LinkState::Streaming) {
            owner_.sessionFailed("ErrGatewayTimeout", fmt::format("gateway {} does not answer", host_), 0);
        } else {
            connection_.reset();
            dialNext();
        }
        return;
    }
    // A question behind a queue would be answered when the queue is through, and that is seen without asking.
    const bool greeted = state_ == LinkState::Streaming || adopts();
    if (greeted && connection_->queuedBytes() == 0) tell(Beat{true});
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
            unproven(LinkRoute::strangersRefusal(host_, frame.value()->body));
            return false;
        }
        if (!onFrame(*frame.value())) return false;
        if (closings != closings_ && state_ != LinkState::Streaming) return false;
    }
}

bool LinkSession::onFrame(const Frame& frame) {
    const bool refusal = frame.type == FrameType::Refused || frame.type == FrameType::Reject;
    if (refusal && onRefusal(frame)) return false;
    if (!refusal) {
        auto heard = context_.kind.codec().decode(frame);
        if (heard && onHeard(std::move(heard).value())) return true;
    }
    owner_.sessionFailed("ErrProtocol", fmt::format("the {} sent a malformed frame", adopts() ? "replica" : "gateway"),
                         0);
    return false;
}

/// False when a replica does not say that.
bool LinkSession::onHeard(Heard heard) {
    if (auto* ok = std::get_if<HelloOk>(&heard)) {
        state_ = LinkState::Streaming;
        owner_.sessionStarted(std::move(*ok));
        return true;
    }
    if (auto* want = std::get_if<CutWant>(&heard)) {
        if (state_ == LinkState::Streaming || context_.kind.cuts() == nullptr) return false;
        owner_.sessionWants(std::move(*want));
        return true;
    }
    if (const auto* ack = std::get_if<Ack>(&heard)) {
        owner_.sessionAcked(*ack);
        return true;
    }
    const auto* beat = std::get_if<Beat>(&heard);
    return beat != nullptr && !beat->question;
}

bool LinkSession::onRefusal(const Frame& frame) {
    auto refusal = decodeRefusal(frame.body);
    if (!refusal) return false;
    // After a crash, or when the link was removed and made again, the gateway saw newer epochs than this link knows:
    // the refusal names the newest, and that is no error as long as the next greeting is heard.
    if (!adopts() && refusal.value().code == "ErrFenced" && refusal.value().sequence >= epoch_) {
        epoch_ = refusal.value().sequence;
        if (route_.again()) {
            dialNextLater();
            return true;
        }
    }
    owner_.sessionFailed(refusal.value().code, refusal.value().message, refusal.value().sequence);
    return true;
}

void LinkSession::refuse(const Refusal& refusal) {
    if (connection_ != nullptr) send({FrameType::Refused, encodeRefusal(refusal)});
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
