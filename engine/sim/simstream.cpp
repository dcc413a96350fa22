// One simulated stream: opening, flow control, delivery in order, the three ways to end.
#include "engine/sim/simstream.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::sim {
namespace {

constexpr std::uint64_t kPiecesPerSecond = 20;

}  // namespace

SimConnection::SimConnection(std::shared_ptr<SimStream> stream, int side) : stream_(std::move(stream)), side_(side) {}
SimConnection::~SimConnection() {
    stream_->destroyed(side_);
}
void SimConnection::send(std::shared_ptr<const Bytes> bytes) {
    stream_->send(side_, std::move(bytes));
}
std::size_t SimConnection::queuedBytes() const {
    return stream_->queuedBytes(side_);
}
void SimConnection::pauseReading(bool paused) {
    stream_->pause(side_, paused);
}
void SimConnection::close() {
    stream_->close(side_);
}

std::unique_ptr<Connection> SimStream::makeEnd(int side) {
    auto end = std::make_unique<SimConnection>(shared_from_this(), side);
    ends_[side] = end.get();
    return end;
}

void SimStream::dial(const Endpoint& to) {
    target_ = to;
    network_.events_.after(
        network_.delayOf(info_.dialler, info_.acceptor), SimEvents::kWorld, EventKind::Network,
        [self = shared_from_this(), to, deadline = network_.events_.nowUs() + SimNetwork::kDialTimeoutUs] {
            self->knock(to, deadline);
        });
}

/// The opening arrives at the other host, or is lost and sent again.
void SimStream::knock(const Endpoint& to, Micros deadlineUs) {
    if (ends_[0] == nullptr || silent_[0]) return;
    const bool lost = network_.isOff(info_.acceptor) || network_.rule(info_.dialler, info_.acceptor).cut ||
                      network_.rule(info_.acceptor, info_.dialler).cut;
    if (lost) {
        const Micros now = network_.events_.nowUs();
        if (now >= deadlineUs) {
            closedAt(0,
                     Error{ErrorCode::Unavailable,
                           fmt::format("{} did not answer within {} ms", to.text(), SimNetwork::kDialTimeoutUs / 1000),
                           to.text(),
                           {}});
            return;
        }
        network_.events_.at(std::min(deadlineUs, now + SimNetwork::kDialAgainUs), SimEvents::kWorld, EventKind::Network,
                            [self = shared_from_this(), to, deadlineUs] { self->knock(to, deadlineUs); });
        return;
    }
    const auto door = network_.doors_.find(to.text());
    if (door == network_.doors_.end() || network_.refusing_.count(info_.acceptor) != 0) {
        const Error error{ErrorCode::Unavailable, fmt::format("nobody listens on {}", to.text()), to.text(), {}};
        network_.events_.after(network_.delayOf(info_.acceptor, info_.dialler), SimEvents::kWorld, EventKind::Network,
                               [self = shared_from_this(), error] {
                                   if (self->ends_[0] != nullptr) self->closedAt(0, error);
                               });
        return;
    }
    const auto onAccept = door->second.onAccept;
    info_.acceptor = door->second.host;  // another may have taken the place meanwhile
    open_ = true;
    launch(1, Flying{Piece::Opened, 0, nullptr, 0, 0});
    onAccept(makeEnd(1));
}

void SimStream::send(int side, std::shared_ptr<const Bytes> bytes) {
    Pipe& pipe = pipes_[side];
    if (pipe.ending || pipe.ended || silent_[side] || bytes->empty()) return;
    if (network_.tap_ != nullptr) network_.tap_->sent(info_, side == 0, *bytes);
    pipe.queuedBytes += bytes->size();
    pipe.queue.push_back(std::move(bytes));
    fill(side);
    pipe.above = pipe.above || pipe.queuedBytes > SimNetwork::kLowWaterBytes;
}

/// Hands queued bytes to the network, as far as the window allows. Callers are on either side: no callback runs here.
void SimStream::fill(int side) {
    Pipe& pipe = pipes_[side];
    if (side == 0 && !open_) return;
    while (!pipe.queue.empty() && pipe.flyingBytes < SimNetwork::kWindowBytes) {
        const std::shared_ptr<const Bytes>& front = pipe.queue.front();
        const std::size_t left = front->size() - pipe.queueOffset;
        std::size_t size = std::min(left, SimNetwork::kWindowBytes - pipe.flyingBytes);
        // A slow line brings its bytes bit by bit, not a window at once.
        const std::uint64_t rate = network_.rule(hostOf(side), hostOf(1 - side)).bytesPerSecond;
        if (rate != 0) size = std::min<std::size_t>(size, std::max<std::size_t>(1, rate / kPiecesPerSecond));
        // Mostly whole messages, now and then a split at any byte.
        if (size > 1 && network_.random_.oneIn(8)) size = 1 + network_.random_.below(size - 1);
        Flying flying{Piece::Data, 0, front, pipe.queueOffset, size};
        pipe.queueOffset += size;
        pipe.queuedBytes -= size;
        pipe.flyingBytes += size;
        if (pipe.queueOffset == front->size()) {
            pipe.queue.pop_front();
            pipe.queueOffset = 0;
        }
        launch(side, std::move(flying));
    }
    if (pipe.ending && !pipe.ended && pipe.queue.empty()) {
        pipe.ended = true;
        launch(side, Flying{Piece::End, 0, nullptr, 0, 0});
    }
}

void SimStream::launch(int side, Flying flying) {
    Pipe& pipe = pipes_[side];
    Micros leavesUs = network_.events_.nowUs();
    const std::uint64_t rate = network_.rule(hostOf(side), hostOf(1 - side)).bytesPerSecond;
    if (rate != 0 && flying.size != 0) {
        leavesUs = std::max(leavesUs, pipe.lineFreeUs) + static_cast<Micros>(flying.size * 1'000'000 / rate);
        pipe.lineFreeUs = leavesUs;
    }
    flying.dueUs = std::max(pipe.lastDueUs, leavesUs + network_.delayOf(hostOf(side), hostOf(1 - side)));
    pipe.lastDueUs = flying.dueUs;
    pipe.flying.push_back(std::move(flying));
    plan(side, pipe.flying.front().dueUs);
}

void SimStream::plan(int side, Micros when) {
    Pipe& pipe = pipes_[side];
    when = std::max(when, network_.events_.nowUs());
    if (pipe.planned && pipe.plannedUs <= when) return;
    pipe.planned = true;
    pipe.plannedUs = when;
    network_.events_.at(when, SimEvents::kWorld, EventKind::Network, [self = shared_from_this(), side, when] {
        Pipe& now = self->pipes_[side];
        if (!now.planned || now.plannedUs != when) return;  // a later plan took its place
        now.planned = false;
        self->pump(side);
    });
}

/// Delivers the first piece that is due, then plans the next: other events may come between two pieces.
void SimStream::pump(int side) {
    Pipe& pipe = pipes_[side];
    const auto keep = shared_from_this();
    if (pipe.flying.empty() || network_.rule(hostOf(side), hostOf(1 - side)).cut) return;
    const bool waits =
        pipe.paused && pipe.flying.front().piece != Piece::Abort && pipe.flying.front().piece != Piece::Opened;
    if (waits) return;
    if (pipe.flying.front().dueUs > network_.events_.nowUs()) {
        plan(side, pipe.flying.front().dueUs);
        return;
    }
    const Flying flying = std::move(pipe.flying.front());
    pipe.flying.pop_front();
    pipe.flyingBytes -= flying.size;
    if (!pipe.flying.empty()) plan(side, pipe.flying.front().dueUs);
    deliver(side, flying);
    fill(side);
    reportDrained(side);
}

void SimStream::deliver(int side, const Flying& flying) {
    const int to = 1 - side;
    if (network_.isOff(hostOf(to))) return;  // nobody is there, nobody answers
    if (silent_[to]) {
        // The host is back and knows nothing of this stream.
        if (flying.piece == Piece::Data && !silent_[side]) {
            pipes_[to].flying.clear();
            pipes_[to].flyingBytes = 0;
            launch(to, Flying{Piece::Abort, 0, nullptr, 0, 0});
        }
        return;
    }
    SimConnection* end = ends_[to];
    switch (flying.piece) {
        case Piece::Opened: {
            fill(0);
            if (end != nullptr && end->onConnected) {
                const auto onConnected = end->onConnected;
                onConnected();
            }
            break;
        }
        case Piece::Data: {
            network_.bytesDelivered_ += flying.size;
            network_.events_.note(info_.id << 1U | static_cast<unsigned>(side), flying.size);
            const BytesView bytes = BytesView(*flying.bytes).substr(flying.offset, flying.size);
            if (end == nullptr) break;
            if (network_.tap_ != nullptr) network_.tap_->delivered(info_, side == 0, bytes);
            if (!end->onBytes) break;
            const auto onBytes = end->onBytes;
            onBytes(bytes);
            break;
        }
        case Piece::End:
            closedAt(
                to,
                Error{ErrorCode::Unavailable, fmt::format("{} closed the connection", otherEnd(to)), otherEnd(to), {}});
            break;
        case Piece::Abort:
            closedAt(to, Error{ErrorCode::Unavailable,
                               fmt::format("the connection to {} was reset", otherEnd(to)),
                               otherEnd(to),
                               {}});
            break;
    }
}

std::string SimStream::otherEnd(int side) const {
    return side == 0 ? target_.text() : fmt::format("host {}", info_.dialler);
}

/// Tells the owner once; from then on its connection is mute.
void SimStream::closedAt(int side, const Error& error) {
    Pipe& pipe = pipes_[side];
    pipe.ended = true;
    pipe.queue.clear();
    pipe.queuedBytes = pipe.queueOffset = 0;
    SimConnection* end = std::exchange(ends_[side], nullptr);
    if (end == nullptr || !end->onClosed) return;
    const auto onClosed = end->onClosed;
    onClosed(error);
}

void SimStream::reportDrained(int side) {
    Pipe& pipe = pipes_[side];
    if (!pipe.above || pipe.queuedBytes > SimNetwork::kLowWaterBytes) return;
    pipe.above = false;
    if (ends_[side] == nullptr || !ends_[side]->onDrained) return;
    const auto onDrained = ends_[side]->onDrained;
    onDrained();
}

void SimStream::pause(int side, bool paused) {
    pipes_[1 - side].paused = paused;
    if (!paused && !pipes_[1 - side].flying.empty()) plan(1 - side, pipes_[1 - side].flying.front().dueUs);
}

void SimStream::close(int side) {
    ends_[side] = nullptr;
    Pipe& pipe = pipes_[side];
    pipe.ending = true;
    pause(side, false);  // what still comes in is dropped
    fill(side);
}

void SimStream::destroyed(int side) {
    const bool wasClosed = ends_[side] == nullptr;
    ends_[side] = nullptr;
    if (silent_[side] || wasClosed) return;
    Pipe& pipe = pipes_[side];
    pipe.queue.clear();
    pipe.queuedBytes = pipe.queueOffset = 0;
    pipe.ending = true;
    pause(side, false);
    if (side == 0 && !open_) return;
    fill(side);
}

void SimStream::reset() {
    for (const int side : {0, 1}) {
        Pipe& pipe = pipes_[side];
        pipe.queue.clear();
        pipe.flying.clear();
        pipe.queuedBytes = pipe.queueOffset = pipe.flyingBytes = 0;
        pipe.ended = true;
        launch(side, Flying{Piece::Abort, 0, nullptr, 0, 0});
    }
}

void SimStream::hostOff(int side) {
    silent_[side] = true;
    ends_[side] = nullptr;
    Pipe& pipe = pipes_[side];
    pipe.queue.clear();
    pipe.flying.clear();  // what had left the host is lost with its router, as far as the peer can tell
    pipe.queuedBytes = pipe.queueOffset = pipe.flyingBytes = 0;
}

}  // namespace tributary::engine::sim
