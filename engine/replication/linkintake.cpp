// Calling, greeting, and calling again.
#include "engine/replication/linkintake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tributary::engine {
namespace {

constexpr const char* kNoAgreement = "ErrNoReplica";  ///< the source does not have this replica in its records
constexpr const char* kPaused = "ErrPaused";          ///< the source sends nothing for now, because it was told so
constexpr Millis kNoAgreementMsMax = 500;             ///< whoever records it is not kept waiting for long

}  // namespace

LinkIntake::LinkIntake(LinkHost& host, ReceiverHost& receiver, std::uint32_t datasetId, std::uint32_t upstreamIdx)
    : host_(host),
      receiver_(receiver),
      datasetId_(datasetId),
      upstreamIdx_(upstreamIdx),
      route_(host.linkSeams(), host.linkConfig()) {}

LinkIntake::~LinkIntake() {
    *alive_ = false;
    host_.linkSeams().timers.cancel(timer_);
}

const UpstreamRecord* LinkIntake::upstream() const {
    const DatasetRecord* record = host_.datasetRecord(datasetId_);
    return record == nullptr ? nullptr : record->upstreamByIdx(upstreamIdx_);
}

void LinkIntake::update() {
    if (session_ != nullptr && session_->placed()) return;
    close();
    trouble_.clearBackOff();
    open();
}

void LinkIntake::resumeIfPossible() {
    if (session_ != nullptr) session_->resumeIfPossible();
}

Millis LinkIntake::monotonicMs() const {
    return host_.linkSeams().clock.monotonicUs() / 1000;
}

bool LinkIntake::healthy() const {
    if (session_ == nullptr || !session_->placed()) return false;
    return session_->progressed() || monotonicMs() - startedMs_ > host_.linkConfig().peerTimeoutMs;
}

LinkStatus LinkIntake::status() const {
    LinkStatus status;
    if (session_ != nullptr && session_->placed()) {
        status.state = LinkState::Streaming;
    } else if (trouble_.active()) {
        status.state = trouble_.code() == kNoAgreement ? LinkState::AgreementMissing
                       : trouble_.code() == kPaused    ? LinkState::Paused
                                                       : LinkState::BackingOff;
    }
    if (!healthy() && trouble_.code() != kPaused) trouble_.fill(status, monotonicMs());
    status.errorHost = door_;
    return status;
}

void LinkIntake::open() {
    const UpstreamRecord* source = upstream();
    if (source == nullptr) return;
    (void)route_.begin(source->cluster, host_.gatewaysTo(source->cluster));
    dialNext();
}

void LinkIntake::dialNext() {
    if (route_.exhausted()) {
        const Error why = route_.failure();
        fail(why.where, why.what);
        return;
    }
    auto dialled = route_.dial();
    if (!dialled) {
        fail(dialled.error().where, dialled.error().what);
        return;
    }
    ++call_;
    door_ = dialled.value().host;
    wire_ = std::move(dialled.value().wire);
    connection_ = std::move(dialled.value().connection);
    connection_->onConnected = [this] {
        wire_.bind(*connection_);
        connection_->send(wire_.takeOutput());
    };
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onClosed = [this](const Error& error) { passOver(LinkRoute::tells(error) ? error : Error{}); };
    const Millis patienceMs = host_.linkConfig().peerTimeoutMs;
    timer_ = host_.linkSeams().timers.after(patienceMs, [this] {
        timer_ = 0;
        passOver({});
    });
}

/// The next door, in a later turn: a connection may not die inside its own callback.
void LinkIntake::passOver(const Error& why) {
    if (!why.what.empty()) route_.unproven(why);
    close();
    dialSoon();
}

void LinkIntake::dialSoon() {
    host_.linkSeams().executor.post([this, alive = alive_, call = call_] {
        if (*alive && call == call_) dialNext();
    });
}

void LinkIntake::onBytes(BytesView bytes) {
    wire_.feed(bytes);
    if (wire_.isOpen()) return;  // what follows the proofs waits for the session
    const auto frame = wire_.next();
    if (!frame) {
        passOver(frame.error());
    } else if (frame.value()) {
        passOver(LinkRoute::strangersRefusal(door_, frame.value()->body));
    } else if (wire_.isOpen()) {
        greet();
    }
}

/// As the source would say it.
Hello LinkIntake::asSource() const {
    const DatasetRecord* record = host_.datasetRecord(datasetId_);
    const UpstreamRecord* source = upstream();
    Hello hello;
    hello.kind = ConnectionClass::Data;
    if (record == nullptr || source == nullptr) return hello;
    hello.fromCluster = source->cluster;
    hello.fromPath = source->path;
    hello.fromUuid = source->uuid;
    hello.toPath = record->path;
    hello.toUuid = record->uuid;
    hello.epoch = epoch_;
    return hello;
}

void LinkIntake::greet() {
    connection_->send(wire_.takeOutput());
    wire_.setFrameBytesMax(kFrameBytesMax);
    ++epoch_;
    Hello hello = asSource();
    std::swap(hello.fromPath, hello.toPath);
    std::swap(hello.fromUuid, hello.toUuid);
    hello.fromCluster = host_.linkConfig().cluster;
    connection_->send(wire_.seal(FrameType::Hello, encodeHello(hello)));
    host_.linkSeams().executor.post([this, alive = alive_, call = call_] {
        if (*alive && call == call_ && connection_ != nullptr) startSession();
    });
}

void LinkIntake::startSession() {
    host_.linkSeams().timers.cancel(timer_);
    timer_ = 0;
    connection_->onConnected = nullptr;
    startedMs_ = monotonicMs();
    const auto over = [this, alive = alive_, call = call_] {
        if (*alive && call == call_) sessionOver();
    };
    session_ = std::make_unique<DataSession>(host_.linkSeams(), host_.linkConfig().peerTimeoutMs, receiver_,
                                             std::move(connection_), std::move(wire_), asSource(), over);
    if (!session_->startDialled()) sessionOver();
}

void LinkIntake::sessionOver() {
    const Refusal why = session_->ending();
    if (healthy()) trouble_.clear();
    close();
    if (why.code == "ErrFenced" && why.sequence >= epoch_) {
        // After a start here the doors saw newer epochs: the refusal names the newest.
        epoch_ = why.sequence;
        if (route_.again()) {
            dialSoon();
            return;
        }
    }
    fail(why.code.empty() ? "ErrConnectionLost" : why.code, why.message);
}

void LinkIntake::fail(std::string code, std::string message) {
    const LinkConfig& config = host_.linkConfig();
    LinkTrouble::Failure failure;
    failure.waitMsMin = config.backOffMsMin;
    failure.waitMsMax = code == kNoAgreement ? std::min(kNoAgreementMsMax, config.backOffMsMax) : config.backOffMsMax;
    failure.code = std::move(code);
    failure.message = std::move(message);
    failure.wallMs = host_.linkSeams().clock.wallMs();
    failure.monotonicMs = monotonicMs();
    const bool news = trouble_.note(std::move(failure));
    host_.linkSeams().faults.reached("intake-backing-off");
    timer_ = host_.linkSeams().timers.after(trouble_.nextTryMs(host_.linkSeams().random), [this] {
        timer_ = 0;
        open();
    });
    if (news) host_.linkChanged();
}

/// Both may be in a callback of what they end: it goes in a later turn.
void LinkIntake::close() {
    ++call_;
    host_.linkSeams().timers.cancel(timer_);
    timer_ = 0;
    if (connection_ != nullptr) {
        connection_->onBytes = nullptr;
        connection_->onClosed = nullptr;
        connection_->onConnected = nullptr;
    }
    if (connection_ == nullptr && session_ == nullptr) return;
    auto line = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    auto session = std::make_shared<std::unique_ptr<DataSession>>(std::move(session_));
    host_.linkSeams().executor.post([line, session] {
        line->reset();
        session->reset();
    });
}

}  // namespace tributary::engine
