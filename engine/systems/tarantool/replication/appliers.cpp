// Peers added, dropped and looked at.
#include "engine/systems/tarantool/replication/appliers.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::tarantool {
namespace {

bool isInSync(const Applier& applier) {
    return applier.state() == ApplierState::Sync || applier.state() == ApplierState::Follow;
}

bool hasEnded(const Applier& applier) {
    return applier.state() == ApplierState::Disconnected || applier.state() == ApplierState::Loading ||
           applier.state() == ApplierState::Stopped;
}

}  // namespace

Appliers::~Appliers() {
    *alive_ = false;
    seams_.timers.cancel(deadline_);
}

std::unique_ptr<Applier> Appliers::make(const PeerAddress& address) {
    auto applier = std::make_unique<Applier>(seams_, box_, address, [this] { noteChange(); });
    if (phase_ == Phase::Following) applier->setGoal(Applier::Goal::Follow);
    applier->start();
    return applier;
}

void Appliers::configure(const std::vector<PeerAddress>& peers, const std::function<bool(const PeerAddress&)>& isSelf) {
    if (peers == list_) return;
    seams_.faults.reached("peers-changed");
    list_ = peers;
    std::vector<std::unique_ptr<Applier>> before = std::move(appliers_);
    appliers_.clear();
    bool hasSelf = false;
    for (const PeerAddress& address : peers) {
        if (isSelf(address)) {
            hasSelf = true;
            continue;
        }
        const auto kept = std::find_if(before.begin(), before.end(), [&](const std::unique_ptr<Applier>& applier) {
            return applier != nullptr && applier->address() == address && isInSync(*applier);
        });
        appliers_.push_back(kept != before.end() ? std::move(*kept) : make(address));
    }
    for (const auto& applier : before) hasHalf_ = hasHalf_ || (applier != nullptr && applier->hasHalfAJoin());
    if (phase_ == Phase::Joining) phase_ = Phase::Choosing;
    instances_ = peers.size() + (hasSelf ? 0 : 1);
    hasSelf_ = hasSelf;
    if (phase_ == Phase::Following && !awaitsQuorum_ && !hasQuorum()) {
        awaitsQuorum_ = true;
        seams_.faults.reached("quorum-lost");
        box_.peersWanted();
    }
    noteChange();
}

void Appliers::startDeadline() {
    isLate_ = false;
    seams_.timers.cancel(deadline_);
    deadline_ = seams_.timers.after(box_.settings().options.replication.connectTimeoutMs, [this] {
        isLate_ = true;
        look();
    });
}

void Appliers::startWithoutData() {
    phase_ = Phase::Choosing;
    startDeadline();
    noteChange();
}

bool Appliers::hasQuorum() const {
    const auto wanted = box_.settings().options.replication.connectQuorum;
    if (!wanted || seams_.faults.hit("bug-quorum-ignored")) return true;
    const auto followed = std::count_if(appliers_.begin(), appliers_.end(),
                                        [](const auto& applier) { return applier->state() == ApplierState::Follow; });
    const std::size_t all = std::min<std::size_t>(*wanted, list_.size());
    return static_cast<std::size_t>(followed) + (hasSelf_ ? 1 : 0) >= all;
}

void Appliers::startWithData() {
    if (box_.settings().options.replication.connectQuorum) {
        awaitsQuorum_ = true;
        follow();
        noteChange();
        return;
    }
    phase_ = Phase::Trying;
    startDeadline();
    noteChange();
}

/// Not in the applier's own call.
void Appliers::noteChange() {
    if (isLooking_) return;
    isLooking_ = true;
    seams_.executor.post([this, alive = alive_] {
        if (!*alive) return;
        isLooking_ = false;
        look();
    });
}

void Appliers::look() {
    dropTwins();
    switch (phase_) {
        case Phase::Choosing: choose(); break;
        case Phase::Joining: lookAtJoin(); break;
        case Phase::Trying: lookAtTried(); break;
        case Phase::Following:
            if (!awaitsQuorum_ || !hasQuorum()) break;
            awaitsQuorum_ = false;
            box_.peersTried();
            break;
        case Phase::Idle:
        case Phase::Bootstrapping:
        case Phase::Forgetting: break;
    }
}

/// Itself under another address, and peers that are in the list twice.
void Appliers::dropTwins() {
    std::map<Uuid, const Applier*> first;
    for (const auto& applier : appliers_) {
        if (applier->state() == ApplierState::Off || !applier->peer()) continue;
        const auto [at, isNew] = first.emplace(*applier->peer(), applier.get());
        if (isNew) continue;
        box_.logLine(fmt::format("duplicate connection to the same replica: instance uuid {}, addr1 {}, addr2 {}",
                                 at->first.text(), at->second->address().shown, applier->address().shown));
        applier->turnOff();
    }
    const auto gone = std::stable_partition(appliers_.begin(), appliers_.end(),
                                            [](const auto& applier) { return applier->state() != ApplierState::Off; });
    appliers_.erase(gone, appliers_.end());
}

void Appliers::choose() {
    std::vector<BeginningCandidate> candidates;
    BeginningCandidate self;
    self.uuid = box_.settings().uuid;
    self.ballot.isReadOnly = box_.settings().options.isReadOnly;
    self.isSelf = true;
    candidates.push_back(self);
    bool isWriting = false;
    for (const auto& applier : appliers_) {
        hasHalf_ = hasHalf_ || applier->hasHalfAJoin();
        isWriting = isWriting || applier->isWriting();
        if (applier->ballot() && applier->peer() && applier->state() != ApplierState::Stopped) {
            candidates.push_back({*applier->peer(), *applier->ballot(), false});
        }
    }
    if (isWriting) return;  // its end calls here again
    if (hasHalf_) {
        forgetHalf();
        return;
    }
    const BeginningChoice choice = chooseBeginning(candidates, instances_, isLate_, box_.settings().era == Era::V2_6);
    switch (choice.what) {
        case BeginningChoice::What::Wait: return;
        case BeginningChoice::What::NoLeader:
            if (!saidNoLeader_) box_.logLine("nobody of the replica set may write: it cannot begin");
            saidNoLeader_ = true;
            return;
        case BeginningChoice::What::Bootstrap:
            phase_ = Phase::Bootstrapping;
            box_.bootstrapNow([this, alive = alive_](const Status& status) {
                if (!*alive) return;
                if (status) {
                    follow();
                    return;
                }
                box_.logLine("the replica set cannot be begun: " + status.error().text());
                phase_ = Phase::Choosing;
            });
            return;
        case BeginningChoice::What::Join: break;
    }
    for (const auto& applier : appliers_) {
        if (applier->peer() != choice.from) continue;
        phase_ = Phase::Joining;
        joinedFrom_ = choice.from;
        box_.logLine(fmt::format("bootstrapping replica from {} at {}", choice.from.text(), applier->address().shown));
        applier->setGoal(Applier::Goal::Join);
        return;
    }
}

void Appliers::lookAtJoin() {
    const auto at = std::find_if(appliers_.begin(), appliers_.end(),
                                 [&](const auto& applier) { return applier->peer() == joinedFrom_; });
    if (at != appliers_.end() && (!hasEnded(**at) || (*at)->isWriting())) return;
    phase_ = Phase::Choosing;  // somebody may be better by now
    choose();
}

void Appliers::forgetHalf() {
    phase_ = Phase::Forgetting;
    seams_.faults.reached("half-join-forgotten");
    box_.forgetJoin([this, alive = alive_](const Status& status) {
        if (!*alive) return;
        phase_ = Phase::Choosing;
        if (!status) {
            box_.logLine("what a join left cannot be removed: " + status.error().text());
            return;
        }
        hasHalf_ = false;
        for (const auto& applier : appliers_) applier->forgotHalf();
        noteChange();
    });
}

void Appliers::lookAtTried() {
    const bool all = std::all_of(appliers_.begin(), appliers_.end(), [](const auto& applier) {
        return applier->ballot().has_value() || applier->state() == ApplierState::Stopped;
    });
    if (!all && !isLate_) return;
    box_.peersTried();
    follow();
}

void Appliers::joinEnded() {
    hasHalf_ = false;
    follow();
}

void Appliers::follow() {
    phase_ = Phase::Following;
    seams_.timers.cancel(deadline_);
    for (const auto& applier : appliers_) applier->setGoal(Applier::Goal::Follow);
}

std::map<Uuid, UpstreamSeen> Appliers::seen() const {
    std::map<Uuid, UpstreamSeen> all;
    for (const auto& applier : appliers_) {
        if (applier->peer() && applier->state() != ApplierState::Off) all.emplace(*applier->peer(), applier->seen());
    }
    return all;
}

}  // namespace tributary::engine::tarantool
