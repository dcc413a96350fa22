// One connection under fault rules: what is held, what is in flight, when it may go. Private to FaultyTransport.
#include "engine/net/faultylane.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/net/endpoints.h"

namespace tributary::engine {

namespace {

constexpr std::size_t kLowWaterBytes = 256U << 10U;
constexpr Millis kNever = -1;

Millis sooner(Millis a, Millis b) {
    if (a == kNever) return b;
    return b == kNever ? a : std::min(a, b);
}

Millis ceilMs(Micros us) {
    return (us + 999) / 1000;
}

/// The most that one connection puts on the line at once: small enough for others to get their turn soon.
std::size_t quantumBytes(const ShapedPeer& shaped) {
    const std::uint64_t quantum =
        shaped.rule.bytesPerSecond * static_cast<std::uint64_t>(FaultyTransport::kBurstMs) / 4000;
    return static_cast<std::size_t>(std::max<std::uint64_t>(quantum, 1));
}

/// Gives bytes the next place on the line; when the last of them has left. What the line missed within the last
/// kBurstMs is made up for, so that timers of a millisecond cost no bandwidth.
Micros placeOnLine(ShapedPeer& shaped, std::size_t bytes, Micros now) {
    const Micros start = std::max(shaped.freeAtUs, now - FaultyTransport::kBurstMs * 1000);
    const double takesUs = 1e6 * static_cast<double>(bytes) / static_cast<double>(shaped.rule.bytesPerSecond);
    shaped.freeAtUs = start + static_cast<Micros>(std::ceil(takesUs));
    return shaped.freeAtUs;
}

}  // namespace

void FaultyTransport::Core::tookOff(const std::string& peer, std::size_t bytes) {
    flyingBytes[peer] += bytes;
}

void FaultyTransport::Core::landed(const std::string& peer, std::size_t bytes) {
    const auto at = flyingBytes.find(peer);
    if (at == flyingBytes.end()) return;
    const bool wasFull = at->second >= kInFlightBytesMax;
    at->second -= std::min(at->second, bytes);
    const bool full = at->second >= kInFlightBytesMax;
    if (at->second == 0) flyingBytes.erase(at);
    if (!wasFull || full) return;
    for (FaultyLane* lane : lanes) {
        if (lane->waitsFor(peer)) lane->schedule(0);
    }
}

FaultyLane::FaultyLane(std::shared_ptr<FaultyTransport::Core> core, Connection* outer, std::string peer)
    : core_(std::move(core)), outer_(outer), peer_(std::move(peer)) {
    core_->lanes.insert(this);
}

FaultyLane::~FaultyLane() {
    core_->lanes.erase(this);
    forgetFlying();
    core_->timers.cancel(timer_);
    core_->timers.cancel(dialTimer_);
}

void FaultyLane::setInner(std::unique_ptr<Connection> inner) {
    inner_ = std::move(inner);
    connectCallbacks();
    if (paused_) inner_->pauseReading(true);
    if (!peer_.empty()) inner_->tagPeer(peer_);
}

void FaultyLane::connectCallbacks() {
    const std::weak_ptr<FaultyLane> weak = weak_from_this();
    // Every callback is called through a copy: the owner may destroy the connection inside it.
    inner_->onBytes = [weak](BytesView bytes) {
        const auto self = weak.lock();
        if (self == nullptr || self->outer_ == nullptr || !self->outer_->onBytes) return;
        const auto onBytes = self->outer_->onBytes;
        onBytes(bytes);
    };
    inner_->onConnected = [weak] {
        const auto self = weak.lock();
        if (self == nullptr || self->outer_ == nullptr || !self->outer_->onConnected) return;
        const auto onConnected = self->outer_->onConnected;
        onConnected();
    };
    inner_->onClosed = [weak](const Error& error) {
        if (const auto self = weak.lock()) self->innerClosed(error);
    };
    inner_->onDrained = [weak] {
        if (const auto self = weak.lock()) self->reportDrained();
    };
}

void FaultyLane::innerClosed(const Error& error) {
    const auto keep = shared_from_this();
    core_->timers.cancel(dialTimer_);
    held_.clear();
    heldBytes_ = heldOffset_ = 0;
    forgetFlying();
    core_->lingering.erase(keep);
    Connection* outer = std::exchange(outer_, nullptr);
    if (outer == nullptr || !outer->onClosed) return;
    const auto onClosed = outer->onClosed;
    onClosed(error);
}

void FaultyLane::dial(const Endpoint& to) {
    target_ = to;
    dialHeld_ = true;
    if (tryDial()) return;
    const std::weak_ptr<FaultyLane> weak = weak_from_this();
    dialTimer_ = core_->timers.after(FaultyTransport::kDialTimeoutMs, [weak] {
        const auto self = weak.lock();
        if (self == nullptr || !self->dialHeld_) return;
        self->dialHeld_ = false;
        self->innerClosed(noAnswerError(self->target_, FaultyTransport::kDialTimeoutMs));
    });
}

bool FaultyLane::tryDial() {
    const ShapedPeer* shaped = core_->shaped(peer_);
    if (shaped != nullptr && shaped->rule.cut) return false;
    dialHeld_ = false;
    core_->timers.cancel(dialTimer_);
    setInner(core_->inner.dial(target_));
    return true;
}

void FaultyLane::forgetFlying() {
    flying_.clear();
    core_->landed(peer_, std::exchange(flyingBytes_, 0));
}

void FaultyLane::setPeer(const std::string& peer) {
    core_->landed(peer_, flyingBytes_);
    peer_ = peer;
    core_->tookOff(peer_, flyingBytes_);
    if (inner_ != nullptr) inner_->tagPeer(peer);
    schedule(0);
}

void FaultyLane::send(std::shared_ptr<const Bytes> bytes) {
    if (closing_ || bytes->empty()) return;
    const bool idle = held_.empty() && flying_.empty();
    if (inner_ != nullptr && idle && core_->shaped(peer_) == nullptr) {
        inner_->send(std::move(bytes));
    } else {
        heldBytes_ += bytes->size();
        held_.push_back(std::move(bytes));
        schedule(0);
    }
    above_ = above_ || queuedBytes() > kLowWaterBytes;
}

std::size_t FaultyLane::queuedBytes() const {
    return heldBytes_ + (inner_ != nullptr ? inner_->queuedBytes() : 0);
}

void FaultyLane::pauseReading(bool paused) {
    paused_ = paused;
    if (inner_ != nullptr) inner_->pauseReading(paused);
}

void FaultyLane::close() {
    outer_ = nullptr;
    closing_ = true;
    if (inner_ == nullptr && held_.empty()) return cutNow();
    if (held_.empty() && flying_.empty() && core_->shaped(peer_) == nullptr) {
        inner_->close();
        return cutNow();
    }
    core_->lingering.insert(shared_from_this());
    if (inner_ != nullptr) inner_->pauseReading(false);  // what still comes in is dropped
    schedule(0);
}

void FaultyLane::abandon() {
    if (closing_) return;  // close() came first and decides
    outer_ = nullptr;
    held_.clear();
    flying_.clear();
    heldBytes_ = heldOffset_ = flyingBytes_ = 0;
    const ShapedPeer* shaped = core_->shaped(peer_);
    if (inner_ == nullptr || shaped == nullptr || !shaped->rule.cut) return cutNow();
    // The end of the stream cannot cross a cut: the peer learns of it after the heal.
    closing_ = true;
    inner_->pauseReading(false);
    core_->lingering.insert(shared_from_this());
}

void FaultyLane::cutNow() {
    outer_ = nullptr;
    dialHeld_ = false;
    core_->timers.cancel(timer_);
    core_->timers.cancel(dialTimer_);
    timer_ = 0;
    inner_.reset();
}

void FaultyLane::schedule(Millis delayMs) {
    const Micros due = core_->clock.monotonicUs() + delayMs * 1000;
    if (timer_ != 0 && timerDue_ <= due) return;
    core_->timers.cancel(timer_);
    timerDue_ = due;
    const std::weak_ptr<FaultyLane> weak = weak_from_this();
    timer_ = core_->timers.after(delayMs, [weak] {
        const auto self = weak.lock();
        if (self == nullptr) return;
        self->timer_ = 0;
        self->pump();
    });
}

void FaultyLane::pump() {
    const auto keep = shared_from_this();
    if (dialHeld_ && !tryDial()) return;
    if (inner_ == nullptr) return;
    ShapedPeer* shaped = core_->shaped(peer_);
    if (shaped != nullptr && shaped->rule.cut) return;  // setRule() wakes all lanes at the heal
    const Micros now = core_->clock.monotonicUs();
    const Millis admitNext = admit(shaped, now);
    const Millis landNext = land(shaped, now);
    // Landing may have made room for bytes that the in-flight bound had stopped.
    const bool roomAgain = admitNext == kNever && !held_.empty() && core_->hasRoom(peer_);
    const Millis next = roomAgain ? 0 : sooner(admitNext, landNext);
    if (next != kNever) schedule(next);
    endIfDelivered();
    reportDrained();
}

/// Moves held bytes into flight as far as bandwidth and the in-flight bound allow; when to look again, or kNever.
Millis FaultyLane::admit(ShapedPeer* shaped, Micros now) {
    const bool limited = shaped != nullptr && shaped->rule.bytesPerSecond != 0;
    while (!held_.empty() && core_->hasRoom(peer_)) {
        std::shared_ptr<const Bytes>& front = held_.front();
        const std::size_t left = front->size() - heldOffset_;
        std::size_t size = left;
        Micros leftUs = now;
        if (limited) {
            if (leavingUntilUs_ > now) return ceilMs(leavingUntilUs_ - now);
            size = std::min(left, quantumBytes(*shaped));
            leftUs = leavingUntilUs_ = placeOnLine(*shaped, size, now);
        }
        heldBytes_ -= size;
        flyingBytes_ += size;
        core_->tookOff(peer_, size);
        if (size == front->size()) {
            flying_.push_back({now, leftUs, std::move(front)});
        } else {
            flying_.push_back({now, leftUs, std::make_shared<const Bytes>(front->substr(heldOffset_, size))});
        }
        heldOffset_ += size;
        if (size == left) {
            held_.pop_front();
            heldOffset_ = 0;
        }
    }
    return kNever;
}

/// Hands over what has been on its way long enough; when to look again, or kNever.
Millis FaultyLane::land(const ShapedPeer* shaped, Micros now) {
    const bool limited = shaped != nullptr && shaped->rule.bytesPerSecond != 0;
    const Micros delayUs = shaped != nullptr ? shaped->rule.delayMs * 1000 : 0;
    while (!flying_.empty()) {
        const Micros due = (limited ? flying_.front().leftUs : flying_.front().enteredUs) + delayUs;
        if (due > now) return ceilMs(due - now);
        const std::size_t size = flying_.front().bytes->size();
        inner_->send(std::move(flying_.front().bytes));
        flying_.pop_front();
        flyingBytes_ -= size;
        core_->landed(peer_, size);
    }
    return kNever;
}

void FaultyLane::endIfDelivered() {
    if (!closing_ || !held_.empty() || !flying_.empty()) return;
    if (inner_ != nullptr) inner_->close();
    cutNow();
    core_->lingering.erase(shared_from_this());
}

void FaultyLane::reportDrained() {
    if (!above_ || queuedBytes() > kLowWaterBytes || outer_ == nullptr) return;
    above_ = false;
    if (!outer_->onDrained) return;
    const auto onDrained = outer_->onDrained;
    onDrained();
}

}  // namespace tributary::engine
