// A consumer's line: dialling, greeting, waiting until it may begin.
#include "engine/systems/voltdb/replication/drconsumer.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::voltdb {

DrConsumer::DrConsumer(DrHub& hub, std::vector<Endpoint> sources, std::optional<DrMember> member, DrWant want, int via)
    : hub_(hub),
      seams_(hub.store().seams()),
      sources_(std::move(sources)),
      member_(std::move(member)),
      want_(want),
      via_(via) {}

DrConsumer::~DrConsumer() {
    *alive_ = false;
    if (retry_ != 0) seams_.timers.cancel(retry_);
    dropLine(seams_, std::move(line_));
}

std::string_view consumerStateName(DrConsumer::State state) {
    switch (state) {
        case DrConsumer::State::Uninitialized: return "UNINITIALIZED";
        case DrConsumer::State::Initialize: return "INITIALIZE";
        case DrConsumer::State::Sync: return "SYNC";
        case DrConsumer::State::Receive: return "RECEIVE";
        case DrConsumer::State::Disable: return "DISABLE";
    }
    return "DISABLE";
}

DrState DrConsumer::roleState() const {
    if (state_ == State::Disable) return DrState::Stopped;
    for (const auto& [partition, stream] : streams_) {
        if (stream.isStopped) return DrState::Stopped;
    }
    return state_ == State::Receive || state_ == State::Sync ? DrState::Active : DrState::Pending;
}

bool DrConsumer::isDrained() const {
    return std::all_of(streams_.begin(), streams_.end(), [](const auto& each) {
        return each.second.queue.empty() && each.second.receivedUs == each.second.appliedUs;
    });
}

void DrConsumer::start() {
    if (state_ == State::Disable) return;
    dial();
}

void DrConsumer::dial() {
    if (sources_.empty()) return;
    const Endpoint to = sources_[nextSource_ % sources_.size()];
    ++nextSource_;
    ++life_;
    isWelcome_ = false;
    isReadySaid_ = false;
    coveringHost_ = to.text();
    state_ = State::Initialize;
    dropLine(seams_, std::move(line_));
    line_ = std::make_unique<DrLine>(seams_, seams_.transport.dial(to),
                                     DrLine::Hears{[this](DrMessage&& message) { take(std::move(message)); },
                                                   [this](const Error& error) { lost(error.text()); },
                                                   {},
                                                   [this] { hail(); }});
}

void DrConsumer::hail() {
    DrStore& store = hub_.store();
    const auto trackers = store.trackers();
    const auto hasRows = store.hasRows();
    if (!trackers || !hasRows) {
        lost(!trackers ? trackers.error().text() : hasRows.error().text());
        return;
    }
    DrHello hello;
    hello.self = hub_.self();
    hello.role = hub_.book().role;
    hello.hasRows = *hasRows;
    hello.hasJoined = hub_.book().hasJoined;
    hello.want = want_;
    hello.via = via_;
    const auto talk = member_ ? hub_.book().conversations.find(member_->cluster) : hub_.book().conversations.end();
    hello.isFresh = talk == hub_.book().conversations.end() || !talk->second.hasFollowed;
    hello.tables = store.tables().tables();
    hello.members = hub_.others();
    streams_.clear();
    if (member_ && want_ == DrWant::Follow) hello.next = trackers->nextOf(member_->cluster);
    line_->send(hello);
}

void DrConsumer::retryLater() {
    if (retry_ != 0 || state_ == State::Disable) return;
    // Two that wait for each other do not come again at the same instant.
    const auto jitter = static_cast<Millis>(seams_.random.below(kRetryMs / 2));
    retry_ = seams_.timers.after(kRetryMs / 2 + jitter, [this] {
        retry_ = 0;
        dial();
    });
}

void DrConsumer::lost(const std::string& why) {
    const bool wasSyncing = state_ == State::Sync;
    if (line_ != nullptr) bytes_ += line_->bytesReceived();
    dropLine(seams_, std::move(line_));
    line_ = nullptr;
    ++life_;
    isWelcome_ = false;
    if (left_) std::exchange(left_, nullptr)(false);
    if (state_ == State::Disable) return;
    if (wasSyncing) {
        syncFailed(why);
        return;
    }
    if (want_ == DrWant::Join && hub_.book().role == DrRole::Xdcr && !hub_.book().hasJoined) {
        hub_.store().setReadOnly({});
    }
    areOthersAsked_ = false;
    othersHold_ = false;
    failure_ = why;
    state_ = State::Uninitialized;
    retryLater();
}

void DrConsumer::stop(const std::string& why) {
    if (line_ != nullptr) bytes_ += line_->bytesReceived();
    dropLine(seams_, std::move(line_));
    line_ = nullptr;
    ++life_;
    isWelcome_ = false;
    if (retry_ != 0) seams_.timers.cancel(retry_);
    retry_ = 0;
    state_ = State::Disable;
    failure_ = why;
    if (left_) std::exchange(left_, nullptr)(false);
}

void DrConsumer::whenHeld(std::function<void()> held) {
    held_ = std::move(held);
    if (isWelcome_ && want_ == DrWant::Hold) std::exchange(held_, nullptr)();
}

void DrConsumer::followNow() {
    want_ = DrWant::Follow;
    if (state_ == State::Disable) return;
    if (retry_ != 0) seams_.timers.cancel(retry_);
    retry_ = 0;
    dial();
}

void DrConsumer::leave(std::function<void(bool)> answered) {
    if (line_ == nullptr || !isWelcome_) {
        answered(false);
        return;
    }
    left_ = std::move(answered);
    line_->send(DrLeave{});
}

void DrConsumer::take(DrMessage&& message) {
    if (auto* buffer = std::get_if<DrBuffer>(&message)) {
        takeBuffer(std::move(*buffer));
    } else if (auto* welcome = std::get_if<DrWelcome>(&message)) {
        welcomed(std::move(*welcome));
    } else if (const auto* refusal = std::get_if<DrRefusal>(&message)) {
        if (refusal->isFinal) {
            hub_.store().logLine("DR: " + refusal->text);
            stop(refusal->text);
        } else {
            lost(refusal->text);
        }
    } else if (const auto* note = std::get_if<DrSchemaNote>(&message)) {
        setRemoteTables(note->tables);
        considerReady();
        pump();
    } else if (auto* begin = std::get_if<DrSnapshotBegin>(&message)) {
        beginSync(std::move(*begin));
    } else if (auto* part = std::get_if<DrSnapshotPart>(&message)) {
        takePart(std::move(*part));
    } else if (const auto* end = std::get_if<DrSnapshotEnd>(&message)) {
        endSync(*end);
    } else if (const auto* members = std::get_if<DrMembersNote>(&message)) {
        for (const DrMember& each : members->members) {
            if (hub_.book().role == DrRole::Xdcr && want_ == DrWant::Follow) hub_.follow(each);
        }
    } else if (std::holds_alternative<DrLeave>(message) && left_) {
        std::exchange(left_, nullptr)(true);
    }
}

void DrConsumer::welcomed(DrWelcome&& welcome) {
    if (isWelcome_) return;
    if (welcome.self.cluster == hub_.self().cluster) {
        stop(fmt::format("Both clusters have the DR cluster id {}: ids of a group must differ", welcome.self.cluster));
        return;
    }
    if (member_ && want_ != DrWant::Join &&
        (member_->cluster != welcome.self.cluster || member_->creationMs != welcome.self.creationMs)) {
        stop(
            fmt::format("Cluster {} is not the one that DR was begun with: it was created anew", welcome.self.cluster));
        return;
    }
    isWelcome_ = true;
    failure_.clear();
    member_ = welcome.self;
    if (member_->address.empty()) member_->address = coveringHost_;
    setRemoteTables(welcome.tables);
    if (want_ == DrWant::Hold) {
        if (held_) std::exchange(held_, nullptr)();
        return;
    }
    if (want_ == DrWant::Join) {
        others_ = std::move(welcome.members);
        considerReady();
        return;
    }
    beginTrackers(welcome.next, [this, life = life_] {
        if (life != life_) return;
        const auto talk = hub_.book().conversations.find(member_->cluster);
        if (talk != hub_.book().conversations.end() && !talk->second.hasFollowed) {
            talk->second.hasFollowed = true;
            if (!hub_.save()) return;
        }
        state_ = State::Receive;
        pump();
    });
    if (hub_.book().role != DrRole::Xdcr) return;
    for (const DrMember& each : welcome.members) {
        if (each.cluster != hub_.self().cluster) hub_.follow(each);
    }
}

void DrConsumer::setRemoteTables(const std::vector<DrTable>& tables) {
    remoteTables_ = tables;
    unlike_.clear();
    const DrTables& local = hub_.store().tables();
    const int remote = member_ ? member_->cluster : -1;
    for (const DrTable& each : tables) {
        const DrTables::Entry* ours = local.named(each.name);
        if (ours == nullptr || tableDifferences(ours->table, each, remote).empty()) continue;
        unlike_.insert(ours->signature);
        unlike_.insert(signatureOf(loggedTable(each, local.isStamped())));
    }
    for (auto& [partition, stream] : streams_) stream.isPaused = false;
}

void DrConsumer::schemaChanged() {
    setRemoteTables(remoteTables_);
    considerReady();
    pump();
}

void DrConsumer::considerReady() {
    if (!isWelcome_ || want_ != DrWant::Join || isReadySaid_ || state_ == State::Sync) return;
    DrStore& store = hub_.store();
    const std::vector<std::string> problems = schemaDifferences(store.tables(), remoteTables_, member_->cluster);
    if (!problems.empty() || remoteTables_.empty()) {
        const std::string& first =
            problems.empty() ? std::string("the other cluster has no DR tables yet") : problems.front();
        failure_ = problems.empty() ? first
                                    : first +
                                          ". Inconsistent DR table schemas across clusters prevents replication of "
                                          "those tables.";
        seams_.faults.reached("dr-schema-differs");
        return;
    }
    failure_.clear();
    if (!areOthersAsked_) {
        areOthersAsked_ = true;
        hub_.holdAtOthers(*member_, others_, [this] {
            othersHold_ = true;
            considerReady();
        });
        return;
    }
    if (!othersHold_) return;
    if (hub_.book().role == DrRole::Xdcr) store.setReadOnly("The cluster is receiving a sync snapshot");
    const auto hasRows = store.hasRows();
    if (!hasRows || *hasRows) {
        lost(!hasRows ? hasRows.error().text()
                      : fmt::format("Clusters {} and {} both have data in their DR tables: DR cannot start",
                                    hub_.self().cluster, member_->cluster));
        return;
    }
    isReadySaid_ = true;
    line_->send(DrReady{});
}

}  // namespace tributary::engine::voltdb
