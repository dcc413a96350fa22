// One connection over TLS, from its first byte to its last.
#include "engine/security/tlspipe.h"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

namespace tributary::engine {
namespace {

constexpr std::size_t kLingeringMax = 64;  // of a transport; beyond it a close before the handshake is done cuts

template <typename... Args>
void callCopied(const std::function<void(Args...)>& callback, std::type_identity_t<Args>... args) {
    if (!callback) return;
    const std::function<void(Args...)> copy = callback;
    copy(args...);
}

}  // namespace

TlsPipe::TlsPipe(std::shared_ptr<TlsTransport::Shared> shared, std::unique_ptr<Connection> inner, Endpoint at,
                 bool isDialler)
    : shared_(std::move(shared)), inner_(std::move(inner)), at_(std::move(at)), isDialler_(isDialler) {}

TlsPipe::~TlsPipe() {
    shared_->timers.cancel(timer_);
}

void TlsPipe::begin(Connection* owner) {
    owner_ = owner;
    const std::weak_ptr<TlsPipe> weak = weak_from_this();
    inner_->onBytes = [weak](BytesView bytes) {
        if (const auto self = weak.lock()) self->received(bytes);
    };
    inner_->onClosed = [weak](const Error& error) {
        if (const auto self = weak.lock()) self->closedBelow(error);
    };
    inner_->onDrained = [weak] {
        const auto self = weak.lock();
        if (self != nullptr && self->owner_ != nullptr) callCopied(self->owner_->onDrained);
    };
    if (!isDialler_) return;
    inner_->onConnected = [weak] {
        if (const auto self = weak.lock()) self->startHandshake();
    };
}

void TlsPipe::startHandshake() {
    auto stream = isDialler_ ? TlsStream::dialling(shared_->source, at_.peer) : TlsStream::accepting(shared_->source);
    if (!stream) return fail(stream.error());
    stream_.emplace(std::move(stream).value());
    stage_ = Stage::Shaking;
    if (isDialler_) startTimer();
    flushOutput();
}

void TlsPipe::startTimer() {
    timer_ = shared_->timers.after(TlsTransport::kHandshakeMsMax, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self == nullptr) return;
        self->timer_ = 0;
        self->fail({ErrorCode::Timeout,
                    fmt::format("no answer to the TLS handshake within {} s", TlsTransport::kHandshakeMsMax / 1000),
                    self->at_.text(), "tributary status, tributary fault list"});
    });
}

void TlsPipe::received(BytesView bytes) {
    if (stage_ == Stage::Ended) return;
    if (stage_ == Stage::Waiting) {
        if (beginsTls(bytes)) {
            startHandshake();
        } else {
            stage_ = Stage::Plain;  // whoever owns the door says what it thinks of that
        }
        if (stage_ == Stage::Ended) return;
    }
    if (stage_ == Stage::Plain) return deliver(bytes);
    const Status fed = stream_->feed(bytes);
    flushOutput();
    if (stage_ == Stage::Shaking && stream_->isOpen()) opened();
    if (stage_ == Stage::Ended) return;
    if (const Bytes plain = stream_->takePlain(); !plain.empty()) deliver(plain);
    if (!fed) fail(fed.error());
}

void TlsPipe::opened() {
    stage_ = Stage::Open;
    shared_->timers.cancel(std::exchange(timer_, 0));
    const auto waiting = std::exchange(toSend_, {});
    toSendBytes_ = 0;
    for (const auto& bytes : waiting) {
        stream_->send(*bytes);
        flushOutput();
    }
    if (paused_ && inner_ != nullptr) inner_->pauseReading(true);
    if (closing_) {
        const auto self = shared_from_this();
        shared_->lingering.erase(self);
        return close();
    }
    if (isDialler_ && owner_ != nullptr) callCopied(owner_->onConnected);
}

void TlsPipe::flushOutput() {
    if (inner_ == nullptr || !stream_) return;
    if (Bytes output = stream_->takeOutput(); !output.empty()) inner_->send(std::move(output));
}

void TlsPipe::deliver(BytesView plain) {
    if (owner_ == nullptr) return;
    if (paused_ || !held_.empty() || !owner_->onBytes) {
        held_.append(plain);
        return;
    }
    callCopied(owner_->onBytes, plain);
}

void TlsPipe::deliverHeld() {
    if (paused_ || owner_ == nullptr) return;
    if (!held_.empty() && owner_->onBytes) {
        const Bytes held = std::exchange(held_, {});
        callCopied(owner_->onBytes, BytesView(held));
    }
    if (ended_ && held_.empty() && !paused_) tellClosed();
}

void TlsPipe::closedBelow(const Error& error) {
    if (stage_ == Stage::Ended) return;
    Error told = error;
    if (stage_ == Stage::Shaking) {
        told.what += " during the TLS handshake";
        if (told.fix.empty() && isDialler_) told.fix = "tributary cert list " + at_.peer;
    }
    fail(told);
}

void TlsPipe::fail(const Error& error) {
    if (stage_ == Stage::Ended) return;
    const bool atDoor = !isDialler_ && stage_ != Stage::Plain && stage_ != Stage::Waiting;
    const bool refused = error.code == ErrorCode::PermissionDenied || error.code == ErrorCode::Unsupported;
    stage_ = Stage::Ended;
    shared_->timers.cancel(std::exchange(timer_, 0));
    if (refused) shared_->faults.reached("tls-refused");
    Error told = error;
    if (told.where.empty()) told.where = at_.text();
    ended_ = told;
    // The alert that says why goes out first.
    if (const auto inner = std::shared_ptr<Connection>(std::move(inner_)); inner != nullptr) {
        inner->onBytes = nullptr;
        inner->onClosed = nullptr;
        inner->onDrained = nullptr;
        inner->onConnected = nullptr;
        shared_->executor.post([inner] { inner->close(); });
    }
    shared_->lingering.erase(shared_from_this());
    if (atDoor && refused && shared_->onRefused) shared_->onRefused(at_, told);
    if (held_.empty() && !paused_) tellClosed();
}

void TlsPipe::tellClosed() {
    Connection* owner = std::exchange(owner_, nullptr);
    if (owner != nullptr) callCopied(owner->onClosed, *ended_);
}

void TlsPipe::send(std::shared_ptr<const Bytes> bytes) {
    if (stage_ == Stage::Ended || closing_ || bytes->empty()) return;
    if (stage_ == Stage::Plain) return inner_->send(std::move(bytes));
    if (stage_ == Stage::Open) {
        stream_->send(*bytes);
        return flushOutput();
    }
    toSendBytes_ += bytes->size();
    toSend_.push_back(std::move(bytes));
}

std::size_t TlsPipe::queuedBytes() const {
    return toSendBytes_ + (inner_ != nullptr ? inner_->queuedBytes() : 0);
}

void TlsPipe::pauseReading(bool paused) {
    paused_ = paused;
    // Before the handshake is done its own bytes must come in.
    if (inner_ != nullptr && (stage_ == Stage::Open || stage_ == Stage::Plain || !paused)) inner_->pauseReading(paused);
    if (paused || deliverPosted_ || (held_.empty() && !ended_)) return;
    deliverPosted_ = true;
    shared_->executor.post([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self == nullptr) return;
        self->deliverPosted_ = false;
        self->deliverHeld();
    });
}

const TlsSession* TlsPipe::session() const {
    return stream_ && stream_->isOpen() ? &stream_->session() : nullptr;
}

void TlsPipe::close() {
    owner_ = nullptr;
    if (stage_ == Stage::Ended || inner_ == nullptr) return;
    const bool shaking = stage_ == Stage::Shaking || (isDialler_ && stage_ == Stage::Waiting);
    if (shaking && !toSend_.empty() && shared_->lingering.size() < kLingeringMax) {
        closing_ = true;
        shared_->lingering.insert(shared_from_this());
        // Of a dialled one the limits of connecting and of the handshake are running.
        if (!isDialler_) startTimer();
        return;
    }
    if (stage_ == Stage::Open) {
        stream_->end();
        flushOutput();
    }
    drop();
}

/// Flushes what is below, and forgets it.
void TlsPipe::drop() {
    const bool flushes = stage_ == Stage::Open || stage_ == Stage::Plain;
    stage_ = Stage::Ended;
    shared_->timers.cancel(std::exchange(timer_, 0));
    auto inner = std::shared_ptr<Connection>(std::move(inner_));
    if (inner == nullptr) return;
    inner->onBytes = nullptr;
    inner->onClosed = nullptr;
    inner->onDrained = nullptr;
    if (flushes) inner->close();
    shared_->executor.post([inner]() mutable { inner.reset(); });  // it may be in the middle of a callback
}

void TlsPipe::abandon() {
    owner_ = nullptr;
    if (!closing_) cut();
}

void TlsPipe::cut() {
    if (stage_ == Stage::Ended) return;
    stage_ = Stage::Ended;
    shared_->timers.cancel(std::exchange(timer_, 0));
    inner_.reset();
}

}  // namespace tributary::engine
