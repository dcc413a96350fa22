// The dialogue of an applier, step by step.
#include "engine/systems/tarantool/iproto/applier.h"

#include "engine/systems/tarantool/iproto/requests.h"

namespace tributary::engine::tarantool {

Bytes ApplierSession::outgoing() {
    return std::exchange(outgoing_, Bytes());
}

std::optional<ApplierEvent> ApplierSession::next() {
    if (events_.empty()) return std::nullopt;
    std::optional<ApplierEvent> event(std::move(events_.front()));
    events_.pop_front();
    return event;
}

Status ApplierSession::greet() {
    Result<Greeting> greeting = Greeting::decode(head_);
    if (!greeting) return greeting.error();
    if (greeting->isConsole) {
        return Error{ErrorCode::Unsupported, "a text console answers there", {}, "use the address of box.cfg.listen"};
    }
    greeting_ = std::move(greeting).value();
    if (options_.isStepwise) {
        vote();
    } else {
        login();
    }
    return okStatus();
}

void ApplierSession::vote() {
    state_ = State::Vote;
    outgoing_ += voteRequest(++sync_);
}

void ApplierSession::login() {
    if (!options_.user.empty()) {
        state_ = State::Auth;
        outgoing_ += authRequest(++sync_, greeting_->salt, options_.user, options_.password);
        return;
    }
    loggedIn();
}

void ApplierSession::loggedIn() {
    if (!options_.isStepwise) {
        ask();
        return;
    }
    state_ = State::Ready;
    events_.emplace_back(LoggedIn{});
}

void ApplierSession::join(const Uuid& instance, const std::string& name) {
    options_.name = name;
    options_.wantsData = true;
    options_.subscription.instance = instance;
    hasSnapshotClock_ = false;
    ask();
}

void ApplierSession::subscribe(const Subscription& subscription) {
    options_.wantsData = false;
    options_.subscription = subscription;
    ask();
}

// Data first, when there is none; then the subscription.
void ApplierSession::ask() {
    if (options_.wantsData) {
        state_ = State::InitialJoin;
        const Subscription& me = options_.subscription;
        outgoing_ += me.isAnonymous ? fetchSnapshotRequest(++sync_) : joinRequest(++sync_, me.instance, options_.name);
    } else {
        state_ = State::Subscribing;
        outgoing_ += subscribeRequest(++sync_, options_.subscription);
    }
}

Status ApplierSession::feed(BytesView bytes) {
    if (!greeting_) {
        const BytesView head = bytes.substr(0, Greeting::kSize - head_.size());
        head_.append(head);
        bytes.remove_prefix(head.size());
        if (head_.size() < Greeting::kSize) return okStatus();
        if (Status greeted = greet(); !greeted) return greeted;
    }
    stream_.feed(bytes);
    while (state_ != State::Over) {
        Result<std::optional<Packet>> packet = stream_.next();
        if (!packet) return packet.error();
        if (!packet->has_value()) break;
        if (Status taken = take(std::move(**packet)); !taken) return taken;
    }
    return okStatus();
}

Status ApplierSession::refuse(const Packet& packet) {
    Result<BoxFailure> failure = decodeFailure(packet);
    if (!failure) return failure.error();
    state_ = State::Over;
    events_.emplace_back(Refused{std::move(failure).value()});
    return okStatus();
}

Status ApplierSession::takeJoinPacket(Packet packet) {
    if (!packet.header.is(PacketType::Ok)) {
        if (state_ == State::InitialJoin) {
            events_.emplace_back(SnapshotRow{std::move(packet)});
        } else {
            events_.emplace_back(FinalRow{std::move(packet)});
        }
        return okStatus();
    }
    const Result<Vclock> clock = decodeClock(packet);
    if (!clock) return clock.error();
    if (state_ == State::InitialJoin && !hasSnapshotClock_) {
        hasSnapshotClock_ = true;
        return okStatus();
    }
    if (state_ == State::InitialJoin) {
        events_.emplace_back(SnapshotDone{*clock});
        state_ = State::FinalJoin;
        if (!options_.subscription.isAnonymous) return okStatus();  // registration and last rows follow
    }
    events_.emplace_back(Joined{*clock});
    options_.subscription.clock = *clock;
    options_.wantsData = false;
    if (options_.isStepwise) {
        state_ = State::Ready;
    } else {
        ask();
    }
    return okStatus();
}

Status ApplierSession::take(Packet packet) {
    if (packet.header.isError()) return refuse(packet);
    switch (state_) {
        case State::Vote: {
            const Result<Ballot> ballot = decodeBallot(packet);
            if (!ballot) return ballot.error();
            state_ = State::Voted;
            events_.emplace_back(Voted{*ballot});
            return okStatus();
        }
        case State::Auth: loggedIn(); return okStatus();
        case State::InitialJoin:
        case State::FinalJoin: return takeJoinPacket(std::move(packet));
        case State::Subscribing: {
            const Result<Subscribed> subscribed = decodeSubscribed(packet);
            if (!subscribed) return subscribed.error();
            state_ = State::Following;
            events_.emplace_back(*subscribed);
            return okStatus();
        }
        case State::Following:
            if (packet.header.is(PacketType::Ok)) {
                events_.emplace_back(Heartbeat{packet.header.timestamp});
            } else {
                events_.emplace_back(StreamRow{std::move(packet)});
            }
            return okStatus();
        case State::Connect:
        case State::Voted:
        case State::Ready:
        case State::Over: break;
    }
    return Error{ErrorCode::Corrupt, "the master speaks before it is asked", {}, {}};
}

}  // namespace tributary::engine::tarantool
