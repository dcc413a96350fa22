// The session of a link: dialling, handshake, acks, back-off. What is sent is in shippersend.cpp.
#include "engine/replication/shipper.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/maprdb/defaults.h"

namespace tributary::engine {

std::string_view linkStateName(LinkState state) {
    switch (state) {
        case LinkState::Paused: return "paused";
        case LinkState::Connecting: return "connecting";
        case LinkState::AgreementMissing: return "agreement-missing";
        case LinkState::Streaming: return "streaming";
        case LinkState::BackingOff: return "backing-off";
    }
    return "connecting";
}

Shipper::Shipper(ShipperHost host, std::uint32_t tableId, std::uint32_t replicaIdx, const ShipperSnapshot& from)
    : host_(std::move(host)),
      tableId_(tableId),
      replicaIdx_(replicaIdx),
      epoch_(from.epoch),
      cursorLsn_(from.cursorLsn),
      receivedLsn_(from.cursorLsn),
      bytesPending_(from.bytesPending),
      operationsPending_(from.operationsPending),
      oldestPendingMs_(from.oldestPendingMs),
      newestPendingMs_(from.newestPendingMs) {
    if (const ReplicaRecord* replica = record()) synchronousNow_ = replica->synchronous;
}

Shipper::~Shipper() {
    *alive_ = false;
    for (const TimerId timer : {retryTimer_, heartbeatTimer_, pumpTimer_, syncTimer_}) {
        host_.seams->timers.cancel(timer);
    }
    releaseWaiters(UINT64_MAX);
}

const ReplicaRecord* Shipper::record() const {
    const TableRecord* table = host_.table(tableId_);
    if (table == nullptr) return nullptr;
    for (const auto& replica : table->replicas) {
        if (replica.idx == replicaIdx_) return &replica;
    }
    return nullptr;
}

void Shipper::update() {
    const ReplicaRecord* replica = record();
    if (replica == nullptr) return;
    if (!replica->synchronous && synchronousNow_) setSynchronous(false);
    if (replica->synchronous && !synchronousNow_ && errorCode_.empty()) setSynchronous(true);
    if (replica->paused) {
        if (state_ == LinkState::Paused) return;
        drop({}, {}, false);
        state_ = LinkState::Paused;
        releaseWaiters(UINT64_MAX);
        host_.changed();
        return;
    }
    if (connection_ != nullptr && state_ == LinkState::Streaming) return;
    drop({}, {}, false);
    backOffMs_ = 0;
    connect();
}

void Shipper::connect() {
    const ReplicaRecord* replica = record();
    if (replica == nullptr || replica->paused) return;
    endpoints_ = host_.config->resolve(replica->cluster, host_.gateways(replica->cluster));
    endpointsTried_ = 0;
    if (endpoints_.empty()) {
        drop("ErrNoGateways", fmt::format("no gateway of cluster {} is configured", replica->cluster), true);
        return;
    }
    dialNext();
}

void Shipper::dialNext() {
    const ReplicaRecord* replica = record();
    const TableRecord* table = host_.table(tableId_);
    if (replica == nullptr || table == nullptr) return;
    if (endpointsTried_ == endpoints_.size()) {
        drop("ErrAllGatewaysUnreachable",
             fmt::format("All configured gateways to cluster {} are unreachable", replica->cluster), true);
        return;
    }
    ++endpointsTried_;
    const Endpoint endpoint = endpoints_[endpointNext_++ % endpoints_.size()];
    errorHost_ = endpoint.text();
    if (state_ != LinkState::AgreementMissing) state_ = LinkState::Connecting;
    reader_ = FrameReader();
    reader_.setFrameBytesMax(kFrameBytesMax);
    connection_ = host_.seams->transport.dial(endpoint);
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onDrained = [this] { pump(); };
    connection_->onClosed = [this](const Error& error) {
        if (state_ == LinkState::Streaming) {
            drop("ErrConnectionLost", error.what, true);
        } else {
            // The connection may not die inside its own callback.
            auto alive = alive_;
            auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
            host_.seams->executor.post([this, alive, old] {
                old->reset();
                if (*alive && connection_ == nullptr && retryTimer_ == 0) dialNext();
            });
        }
    };
    connection_->onConnected = [this] {
        const ReplicaRecord* now = record();
        const TableRecord* source = host_.table(tableId_);
        if (now == nullptr || source == nullptr) return;
        Hello hello;
        hello.kind = ConnectionClass::Data;
        hello.secret = host_.config->secret;
        hello.fromCluster = host_.config->cluster;
        hello.fromPath = source->path;
        hello.fromUuid = source->uuid;
        hello.toPath = now->path;
        hello.toUuid = now->uuid;
        hello.epoch = ++epoch_;
        hello.projection = now->columns;
        connection_->send(encodeFrame(FrameType::Hello, encodeHello(hello)));
    };
    lastHeardMs_ = host_.seams->clock.monotonicUs() / 1000;
    host_.seams->timers.cancel(heartbeatTimer_);
    heartbeatTimer_ = host_.seams->timers.after(host_.config->heartbeatMs, [this] { heartbeat(); });
}

void Shipper::heartbeat() {
    heartbeatTimer_ = 0;
    if (connection_ == nullptr) return;
    const Millis nowMs = host_.seams->clock.monotonicUs() / 1000;
    if (nowMs - lastHeardMs_ > host_.config->peerTimeoutMs) {
        if (state_ == LinkState::Streaming) {
            drop("ErrGatewayTimeout", fmt::format("gateway {} does not answer", errorHost_), true);
        } else {
            connection_.reset();
            dialNext();
        }
        return;
    }
    if (state_ == LinkState::Streaming) connection_->send(encodeFrame(FrameType::Ping, {}));
    heartbeatTimer_ = host_.seams->timers.after(host_.config->heartbeatMs, [this] { heartbeat(); });
}

void Shipper::onBytes(BytesView bytes) {
    lastHeardMs_ = host_.seams->clock.monotonicUs() / 1000;
    reader_.feed(bytes);
    const std::uint64_t generation = generation_;
    while (true) {
        const auto frame = reader_.next();
        if (!frame) {
            drop("ErrProtocol", frame.error().what, true);
            return;
        }
        if (!frame.value()) break;
        if (!onFrame(*frame.value())) return;
        if (generation != generation_ && state_ != LinkState::Streaming) return;
    }
    pump();
}

bool Shipper::onFrame(const Frame& frame) {
    switch (frame.type) {
        case FrameType::HelloOk: {
            auto ok = decodeHelloOk(frame.body);
            if (!ok) break;
            startStreaming(std::move(ok).value());
            return true;
        }
        case FrameType::Ack: {
            const auto ack = decodeAck(frame.body);
            if (!ack) break;
            onAck(ack.value());
            return true;
        }
        case FrameType::Refused:
        case FrameType::Reject: {
            auto refusal = decodeRefusal(frame.body);
            if (!refusal) break;
            // After a crash the kept epoch may be older than what the gateway saw: the refusal names the newest.
            if (refusal.value().code == "ErrFenced") epoch_ = std::max(epoch_, refusal.value().sequence);
            drop(refusal.value().code, refusal.value().message, true);
            return false;
        }
        case FrameType::Pong: return true;
        default: break;
    }
    drop("ErrProtocol", "the gateway sent a malformed frame", true);
    return false;
}

void Shipper::startStreaming(HelloOk ok) {
    state_ = LinkState::Streaming;
    errorCode_.clear();
    errorMessage_.clear();
    backOffMs_ = 0;
    sessionSequence_ = 0;
    receiverPositions_ = std::move(ok.positions);
    readLsn_ = cursorLsn_ + 1;
    host_.seams->faults.reached("link-streaming");
    host_.changed();
    checkSynchronous();
}

void Shipper::drop(std::string code, std::string message, bool backOff) {
    ++generation_;
    host_.seams->timers.cancel(retryTimer_);
    host_.seams->timers.cancel(heartbeatTimer_);
    host_.seams->timers.cancel(pumpTimer_);
    retryTimer_ = heartbeatTimer_ = pumpTimer_ = 0;
    if (connection_ != nullptr) {
        connection_->onBytes = nullptr;
        connection_->onClosed = nullptr;
        connection_->onConnected = nullptr;
        connection_->onDrained = nullptr;
        auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
        host_.seams->executor.post([old] { old->reset(); });
    }
    inFlight_.clear();
    inFlightBytes_ = 0;
    batch_.clear();
    batchBytes_ = 0;
    readingStored_ = false;
    receivedLsn_ = cursorLsn_;
    if (!backOff) return;
    const bool agreement = code == "ErrNoUpstream";
    state_ = agreement ? LinkState::AgreementMissing : LinkState::BackingOff;
    const bool news = errorCode_ != code;
    errorCode_ = std::move(code);
    errorMessage_ = std::move(message);
    host_.seams->faults.reached("link-backing-off");
    const Millis most = agreement ? std::min<Millis>(500, host_.config->backOffMsMax) : host_.config->backOffMsMax;
    backOffMs_ = std::clamp(backOffMs_ * 2, host_.config->backOffMsMin, most);
    // Jitter of a half: links that lost the same gateway do not come back in one instant.
    const auto jitter = static_cast<Millis>(host_.seams->random.below(static_cast<std::uint64_t>(backOffMs_ / 2 + 1)));
    scheduleRetry(backOffMs_ / 2 + jitter);
    checkSynchronous();
    if (news) host_.changed();
}

void Shipper::scheduleRetry(Millis delayMs) {
    retryTimer_ = host_.seams->timers.after(delayMs, [this] {
        retryTimer_ = 0;
        connect();
    });
}

void Shipper::onAck(const Ack& ack) {
    const Millis nowMs = host_.seams->clock.wallMs();
    for (const InFlight& item : inFlight_) {
        if (item.sequence > ack.received) break;
        if (item.lsn > receivedLsn_) {
            receivedLsn_ = item.lsn;
            transportLagMs_ = nowMs - item.stampMs;
        }
    }
    const std::uint64_t safe = host_.seams->faults.hit("bug-cursor-on-received") ? ack.received : ack.durable;
    while (!inFlight_.empty() && inFlight_.front().sequence <= safe) {
        applyLagMs_ = nowMs - inFlight_.front().stampMs;
        advanceCursor(inFlight_.front());
        inFlight_.pop_front();
    }
    releaseWaiters(receivedLsn_);
}

void Shipper::advanceCursor(const InFlight& done) {
    inFlightBytes_ -= done.wireBytes;
    cursorLsn_ = done.lsn;
    bytesPending_ -= std::min(bytesPending_, done.bytes);
    operationsPending_ -= std::min(operationsPending_, done.operations);
    oldestPendingMs_ = operationsPending_ == 0 ? 0 : std::max(oldestPendingMs_, done.stampMs);
    if (operationsPending_ == 0) newestPendingMs_ = 0;
}

LinkStatus Shipper::status() const {
    LinkStatus status;
    status.state = state_;
    status.errorCode = errorCode_;
    status.errorHost = errorHost_;
    status.errorMessage = errorMessage_;
    status.bytesPending = bytesPending_;
    status.operationsPending = operationsPending_;
    status.oldestPendingMs = oldestPendingMs_;
    status.newestPendingMs = newestPendingMs_;
    status.cursorLsn = cursorLsn_;
    status.sentLsn = inFlight_.empty() ? cursorLsn_ : inFlight_.back().lsn;
    status.receivedLsn = std::max(receivedLsn_, cursorLsn_);
    status.transportLagMs = transportLagMs_;
    status.applyLagMs = applyLagMs_;
    status.synchronousNow = synchronousNow_;
    status.bytesSent = bytesSent_;
    return status;
}

ShipperSnapshot Shipper::snapshot() const {
    return {cursorLsn_, bytesPending_, operationsPending_, oldestPendingMs_, newestPendingMs_, epoch_};
}

Uuid originOfPayload(BytesView payload) {
    return Uuid::fromBytes(payload.size() < 21 ? BytesView() : payload.substr(5, 16));
}

Stamp stampOfPayload(BytesView payload) {
    if (payload.size() < 41) return 0;
    Stamp stamp = 0;
    std::memcpy(&stamp, payload.data() + 33, sizeof(stamp));
    return stamp;
}

}  // namespace tributary::engine
