// From the connection to the stream of rows.
#include "engine/systems/tarantool/replication/applier.h"

#include <fmt/format.h>

#include <array>

#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/replication/upstreamtrouble.h"

namespace tributary::engine::tarantool {
namespace {

constexpr double kNeverS = 3'153'600'000;  ///< the lag of whoever was never heard of
constexpr int kSilentTimeouts = 4;
constexpr Micros kSnapshotUs = 600'000'000;  ///< a master may need that long for the first row of its picture

/// Negative where clocks differ; our own counts whole milliseconds.
double lagOf(Millis arrivedMs, double timestamp) {
    const double lagS = static_cast<double>(arrivedMs) / kMsPerS - timestamp;
    return lagS < 0 && lagS > -1 / kMsPerS ? 0 : lagS;
}

/// A batch without its first rows.
RowQueue::Batch behindOf(RowQueue::Batch batch, std::size_t rows) {
    const auto at = static_cast<std::ptrdiff_t>(rows);
    batch.rows.erase(batch.rows.begin(), batch.rows.begin() + at);
    batch.arrivedMs.erase(batch.arrivedMs.begin(), batch.arrivedMs.begin() + at);
    return batch;
}

}  // namespace

std::string_view nameOf(ApplierState state) {
    constexpr std::array<std::string_view, 14> kNames{
        "off",        "connect", "connected", "auth",   "ready",   "wait_snapshot", "fetch_snapshot",
        "final_join", "joined",  "sync",      "follow", "stopped", "disconnected",  "loading"};
    return kNames[static_cast<std::size_t>(state)];
}

Applier::Applier(Seams& seams, ApplierBox& box, PeerAddress address, std::function<void()> changed)
    : seams_(seams), box_(box), address_(std::move(address)), changed_(std::move(changed)) {
    heardUs_ = seams_.clock.monotonicUs();
}

Applier::~Applier() {
    *alive_ = false;
    seams_.timers.cancel(tick_);
    seams_.timers.cancel(retry_);
    dropConnection();
}

void Applier::start() {
    dial();
    tick();
}

void Applier::turnOff() {
    setState(ApplierState::Off);
    seams_.timers.cancel(tick_);
    seams_.timers.cancel(retry_);
    dropConnection();
}

void Applier::setState(ApplierState state) {
    if (state_ == state) return;
    state_ = state;
    stageUs_ = seams_.clock.monotonicUs();
    changed_();
}

double Applier::idleS() const {
    return static_cast<double>(seams_.clock.monotonicUs() - heardUs_) / kUsPerS;
}

UpstreamSeen Applier::seen() const {
    return {std::string(nameOf(state_)), idleS(), lagS_, address_.shown, message_, systemMessage_};
}

void Applier::dial() {
    ++life_;
    ballot_.reset();
    names_.reset();
    queue_.clear();
    part_.clear();
    partBytes_ = 0;
    joinedAt_.reset();
    isPaused_ = false;
    ApplierSession::Options options;
    options.user = address_.user;
    options.password = address_.password;
    options.isStepwise = true;
    session_ = std::make_unique<ApplierSession>(std::move(options));
    setState(ApplierState::Connect);
    stageUs_ = seams_.clock.monotonicUs();
    connection_ = seams_.transport.dial(address_.endpoint);
    connection_->onBytes = [this, life = life_](BytesView bytes) {
        if (life == life_) take(bytes);
    };
    connection_->onClosed = [this, life = life_](const Error& error) {
        if (life == life_) closed(error);
    };
}

void Applier::dropConnection() {
    ++life_;
    ballot_.reset();
    session_.reset();
    if (connection_ == nullptr) return;
    // Not in its own callback.
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    seams_.executor.post([old] { old->reset(); });
}

void Applier::closed(const Error& error) {
    const bool isOpen = session_ != nullptr && session_->greeting().has_value();
    const UpstreamTrouble trouble = isOpen ? troubleOfEnd(address_, names_) : troubleOfDialling(address_, error);
    fail(ApplierState::Disconnected, trouble.message, trouble.systemMessage);
}

void Applier::fail(ApplierState state, std::string message, std::string systemMessage) {
    message_ = std::move(message);
    systemMessage_ = std::move(systemMessage);
    dropConnection();
    queue_.clear();
    if (goal_ == Goal::Join) goal_ = Goal::Connect;  // what is half here has to go first
    setState(state);
    const bool retries = state != ApplierState::Stopped;
    if (message_ != logged_) {
        logged_ = message_;
        const double retryS = static_cast<double>(box_.settings().options.replication.timeoutMs) / kMsPerS;
        box_.logLine(fmt::format("applier of {} is {}: {}{}", address_.shown, nameOf(state), message_,
                                 retries ? fmt::format("; will retry every {:.2f} second", retryS) : std::string()));
    }
    if (!retries) return;
    seams_.timers.cancel(retry_);
    retry_ = seams_.timers.after(box_.settings().options.replication.timeoutMs, [this] { dial(); });
}

void Applier::refused(const BoxFailure& failure) {
    fail(stateAfter(failure), failure.message);
}

void Applier::take(BytesView bytes) {
    heardUs_ = seams_.clock.monotonicUs();
    const std::uint64_t life = life_;
    const Status fed = session_->feed(bytes);
    while (life == life_) {
        auto event = session_->next();
        if (!event) break;
        takeEvent(*event);
    }
    if (life != life_) return;
    if (!fed) {
        fail(ApplierState::Stopped, fed.error().what);
        return;
    }
    if (Bytes out = session_->outgoing(); !out.empty()) connection_->send(std::move(out));
    pump();
}

void Applier::takeEvent(ApplierEvent& event) {
    if (!peer_ || (session_->greeting() && *peer_ != session_->greeting()->instance)) {
        peer_ = session_->greeting()->instance;
        changed_();
        if (*peer_ == box_.settings().uuid) {
            turnOff();
            return;
        }
    }
    if (const auto* voted = std::get_if<Voted>(&event)) {
        ballot_ = voted->ballot;
        names_ = connection_->names();
        setState(ApplierState::Connected);
        changed_();
        if (goal_ != Goal::Connect) proceed();
    } else if (std::holds_alternative<LoggedIn>(event)) {
        setState(ApplierState::Ready);
        proceed();
    } else if (auto* row = std::get_if<SnapshotRow>(&event)) {
        setState(ApplierState::FetchSnapshot);
        takeJoinRow(std::move(row->row));
    } else if (std::holds_alternative<SnapshotDone>(event)) {
        setState(ApplierState::FinalJoin);
    } else if (auto* last = std::get_if<FinalRow>(&event)) {
        takeJoinRow(std::move(last->row));
    } else if (const auto* joined = std::get_if<Joined>(&event)) {
        joinedAt_ = joined->clock;
    } else if (const auto* subscribed = std::get_if<Subscribed>(&event)) {
        takeSubscribed(*subscribed);
    } else if (const auto* beat = std::get_if<Heartbeat>(&event)) {
        heard(beat->timestamp);
        considerFollow();
    } else if (auto* streamed = std::get_if<StreamRow>(&event)) {
        heard(streamed->row.header.timestamp);
        if (Status queued = queue_.push(std::move(streamed->row), seams_.clock.wallMs()); !queued) {
            fail(ApplierState::Stopped, queued.error().what);
        }
    } else if (const auto* failure = std::get_if<Refused>(&event)) {
        refused(failure->failure);
    }
}

void Applier::heard(double timestamp) {
    if (timestamp > 0) lagS_ = lagOf(seams_.clock.wallMs(), timestamp);
}

void Applier::setGoal(Goal goal) {
    goal_ = goal;
    if (session_ == nullptr) return;
    const bool waits = session_->state() == ApplierSession::State::Voted ||
                       (session_->state() == ApplierSession::State::Ready && !joinedAt_);
    if (!waits || goal_ == Goal::Connect) return;
    proceed();
    if (Bytes out = session_->outgoing(); !out.empty()) connection_->send(std::move(out));
}

/// The next step of the dialogue towards the goal.
void Applier::proceed() {
    if (session_->state() == ApplierSession::State::Voted) {
        setState(ApplierState::Auth);
        session_->login();
        return;
    }
    if (session_->state() != ApplierSession::State::Ready) return;
    if (goal_ == Goal::Join) {
        setState(ApplierState::WaitSnapshot);
        // 2.6 has no names.
        const InstanceSettings& self = box_.settings();
        session_->join(self.uuid, self.era == Era::V2_6 ? std::string() : self.name);
    } else if (goal_ == Goal::Follow) {
        subscribe();
    }
}

void Applier::subscribe() {
    Subscription subscription;
    subscription.replicaset = box_.replicasetOfData();
    subscription.instance = box_.settings().uuid;
    subscription.clock = box_.publishedClock();
    session_->subscribe(subscription);
}

void Applier::takeSubscribed(const Subscribed& subscribed) {
    if (subscribed.replicaset != box_.replicasetOfData()) {
        refused({63,
                 fmt::format("Replica set UUID mismatch: expected {}, got {}", box_.replicasetOfData().text(),
                             subscribed.replicaset.text()),
                 {}});
        return;
    }
    wanted_ = subscribed.clock;
    lagS_ = kNeverS;
    message_.clear();
    systemMessage_.clear();
    logged_.clear();
    if (peer_) box_.met(*peer_, subscribed.clock);
    setState(ApplierState::Sync);
}

/// In sync: it has what the master had when it was subscribed to, and what comes is not old.
void Applier::considerFollow() {
    if (state_ != ApplierState::Sync || lagS_ > box_.settings().options.replication.syncLagS) return;
    if (box_.publishedClock().rowsBehind(wanted_) > 0) return;
    setState(ApplierState::Follow);
    box_.logLine(fmt::format("applier of {} follows", address_.shown));
}

void Applier::takeJoinRow(Packet row) {
    partBytes_ += row.body.size();
    part_.push_back(std::move(row));
}

void Applier::pump() {
    if (session_ == nullptr) return;
    if (!part_.empty() || joinedAt_) {
        while (session_ != nullptr && !part_.empty() && writing_ < kPartsWriting) writePart();
        if (session_ != nullptr && part_.empty() && joinedAt_ && writing_ == 0) writePart();
    } else if (writing_ == 0 && queue_.hasWhole()) {
        writeBatch();
    }
    considerPause();
}

/// A slow disk pushes back on the master.
void Applier::considerPause() {
    if (connection_ == nullptr) return;
    const bool isFull = queue_.bytes() + partBytes_ > kQueuedBytesMax && writing_ > 0;
    if (isFull == isPaused_) return;
    isPaused_ = isFull;
    if (isFull) seams_.faults.reached("applier-paused");
    connection_->pauseReading(isFull);
}

void Applier::writePart() {
    ++writing_;
    const bool isLast = part_.empty();
    Bytes body;
    if (isLast) {
        body = joinedBody(*joinedAt_);
    } else {
        std::size_t count = 0;
        std::size_t bytes = 0;
        while (count < part_.size() && count < kPartRows && bytes < kPartBytes) {
            bytes += part_[count++].body.size();
        }
        const auto end = part_.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<Packet> rows(std::make_move_iterator(part_.begin()), std::make_move_iterator(end));
        part_.erase(part_.begin(), end);
        partBytes_ -= bytes;
        body = pictureBody(rows);
        hasHalf_ = true;
        seams_.faults.reached("join-part");
    }
    box_.writeRows(std::move(body), true, [this, alive = alive_, life = life_, isLast](const Result<Bytes>& reply) {
        if (*alive) wrotePart(life, reply ? okStatus() : Status(reply.error()), isLast);
    });
}

void Applier::wrotePart(std::uint64_t life, const Status& status, bool wasLast) {
    --writing_;
    if (status && wasLast) {
        hasHalf_ = false;
        box_.joined();
    }
    if (life != life_) {
        changed_();
        return;
    }
    if (!status) {
        const auto failure = failureOf(status.error());
        fail(failure ? ApplierState::Stopped : ApplierState::Disconnected,
             failure ? failure->message : status.error().text());
        return;
    }
    if (wasLast) {
        joinedAt_.reset();
        goal_ = Goal::Follow;
        setState(ApplierState::Joined);
        proceed();
        connection_->send(session_->outgoing());
    }
    pump();
}

void Applier::writeBatch() {
    ++writing_;
    RowQueue::Batch batch = queue_.take();
    Bytes body = encodeRows(batch.rows);
    const bool schema = changesSchema(batch.rows);
    if (seams_.faults.hit("bug-applier-acks-early")) {
        Vclock early = box_.publishedClock();
        for (const Packet& row : batch.rows) (void)early.follow(row.header.replicaId, row.header.lsn);
        acknowledge(early);
    }
    box_.writeRows(std::move(body), schema,
                   [this, alive = alive_, life = life_, batch = std::move(batch)](const Result<Bytes>& reply) mutable {
                       if (*alive) written(life, std::move(batch), reply);
                   });
}

void Applier::written(std::uint64_t life, RowQueue::Batch batch, const Result<Bytes>& reply) {
    --writing_;
    if (life != life_) {
        pump();
        return;
    }
    if (!reply) {
        fail(ApplierState::Disconnected, reply.error().text());
        return;
    }
    const auto answer = ReplicatedAnswer::decode(reply.value());
    if (!answer) {
        fail(ApplierState::Stopped, answer.error().what);
        return;
    }
    const std::size_t taken = std::min(answer.value().rows, batch.rows.size());
    if (taken > 0) appliedAt_ = batch.rows[taken - 1].header.timestamp;
    if (taken > 0) acknowledge(box_.publishedClock());
    if (answer.value().refusal && answer.value().refusedRow < batch.rows.size()) {
        refusedAt(std::move(batch), answer.value());
    } else {
        considerFollow();
    }
    pump();
}

void Applier::refusedAt(RowQueue::Batch batch, const ReplicatedAnswer& answer) {
    Packet& row = batch.rows[answer.refusedRow];
    const BoxFailure& failure = *answer.refusal;
    box_.logLine(fmt::format("error applying row: {}", rowText(row)));
    const bool isDuplicate = failure.code == static_cast<std::uint32_t>(BoxError::TupleFound);
    if (isDuplicate && box_.settings().options.replication.skipsConflicts) {
        // The row stays in the log, as nothing, so that its number is known.
        row.header.type = static_cast<std::uint32_t>(PacketType::Nop);
        row.body.clear();
        queue_.putBack(behindOf(std::move(batch), answer.rows));
        return;
    }
    if (seams_.faults.hit("bug-applier-goes-on-after-conflict")) {
        std::size_t behind = answer.refusedRow;
        while (!batch.rows[behind].header.isCommit) ++behind;
        queue_.putBack(behindOf(std::move(batch), behind + 1));
        return;
    }
    lagS_ = lagOf(batch.arrivedMs[answer.refusedRow], row.header.timestamp);
    fail(ApplierState::Stopped, failure.message);
}

void Applier::acknowledge(const Vclock& clock) {
    if (connection_ == nullptr || (state_ != ApplierState::Sync && state_ != ApplierState::Follow)) return;
    connection_->send(acknowledgement(clock, appliedAt_));
}

void Applier::tick() {
    const ReplicationOptions& options = box_.settings().options.replication;
    tick_ = seams_.timers.after(options.timeoutMs, [this] { tick(); });
    if (connection_ == nullptr) return;
    const Micros nowUs = seams_.clock.monotonicUs();
    const Micros quietUs = nowUs - std::max(heardUs_, stageUs_);
    const Micros allowedUs = state_ == ApplierState::WaitSnapshot || state_ == ApplierState::FinalJoin
                                 ? kSnapshotUs
                                 : options.timeoutMs * kSilentTimeouts * 1'000;
    if (quietUs >= allowedUs && !isPaused_ && writing_ == 0) {
        seams_.faults.reached("applier-silence");
        fail(ApplierState::Disconnected, "timed out", "Connection timed out");
        return;
    }
    if (state_ == ApplierState::Connected && goal_ == Goal::Connect) {
        session_->vote();
        connection_->send(session_->outgoing());
    }
    acknowledge(box_.publishedClock());
}

}  // namespace tributary::engine::tarantool
