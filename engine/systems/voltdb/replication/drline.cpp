// Messages over a connection.
#include "engine/systems/voltdb/replication/drline.h"

namespace tributary::engine::voltdb {

namespace {

constexpr Micros kMicrosPerMilli = 1'000;

}  // namespace

DrLine::DrLine(Seams& seams, std::unique_ptr<Connection> connection, Hears hears)
    : seams_(seams), connection_(std::move(connection)), hears_(std::move(hears)), heardUs_(seams.clock.monotonicUs()) {
    connection_->onBytes = [this](BytesView bytes) { take(bytes); };
    connection_->onClosed = [this](const Error& error) { end(error); };
    connection_->onConnected = [this] {
        heardUs_ = seams_.clock.monotonicUs();
        if (isOpen_ && hears_.opened) hears_.opened();
    };
    connection_->onDrained = [this] {
        if (isOpen_ && hears_.drained) hears_.drained();
    };
    timer_ = seams_.timers.after(kBeatMs, [this] { tick(); });
}

DrLine::~DrLine() {
    *alive_ = false;
    if (timer_ != 0) seams_.timers.cancel(timer_);
}

void DrLine::send(const DrMessage& message) {
    if (!isOpen_) return;
    saidUs_ = seams_.clock.monotonicUs();
    connection_->send(encodeMessage(message));
}

void DrLine::close() {
    if (!isOpen_) return;
    isOpen_ = false;
    connection_->close();
}

void DrLine::take(BytesView bytes) {
    if (!isOpen_) return;
    heardUs_ = seams_.clock.monotonicUs();
    received_ += bytes.size();
    reader_.feed(bytes);
    const std::shared_ptr<bool> alive = alive_;
    while (*alive && isOpen_) {
        auto message = reader_.next();
        if (!message) {
            end(message.error());
            return;
        }
        if (!message->has_value()) return;
        if (!std::holds_alternative<DrBeat>(**message)) hears_.message(std::move(**message));
    }
}

void DrLine::end(const Error& error) {
    if (!isOpen_) return;
    isOpen_ = false;
    // The callback may let go of this line, and of what it captured.
    const std::function<void(const Error&)> ended = hears_.ended;
    if (ended) ended(error);
}

void DrLine::tick() {
    timer_ = seams_.timers.after(kBeatMs, [this] { tick(); });
    if (!isOpen_) return;
    const Micros now = seams_.clock.monotonicUs();
    if (now - heardUs_ > kSilenceMs * kMicrosPerMilli) {
        end(Error{ErrorCode::Timeout, "the other cluster is silent", {}, {}});
        return;
    }
    if (now - saidUs_ >= kBeatMs * kMicrosPerMilli) send(DrBeat{});
}

void dropLine(Seams& seams, std::unique_ptr<DrLine> line) {
    if (line == nullptr) return;
    line->close();
    seams.executor.post([old = std::shared_ptr<DrLine>(std::move(line))] {});
}

}  // namespace tributary::engine::voltdb
