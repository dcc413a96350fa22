// The sync snapshot at the joiner: whole, or of no use.
#include <fmt/format.h>

#include "engine/systems/voltdb/replication/drconsumer.h"

namespace tributary::engine::voltdb {

void DrConsumer::beginSync(DrSnapshotBegin&& begin) {
    if (!isReadySaid_ || state_ == State::Sync) return;
    // From here on there is no way back: what is loaded is a part of nothing until the end is durable.
    hub_.book().isSyncing = true;
    if (!hub_.save()) return;
    begin_ = std::move(begin);
    partsReceived_ = 0;
    partsLoaded_ = 0;
    rowsLoaded_ = 0;
    partsAll_.reset();
    state_ = State::Sync;
    hub_.store().logLine(
        fmt::format("DR: the sync snapshot of cluster {} begins: {} rows", member_->cluster, begin_.rows));
}

void DrConsumer::takePart(DrSnapshotPart&& part) {
    if (state_ != State::Sync) return;
    if (part.number != partsReceived_) {
        syncFailed(fmt::format("part {} came where {} was due", part.number, partsReceived_));
        return;
    }
    ++partsReceived_;
    hub_.store().write(encodeBody(DrLoadBody{member_->cluster, std::move(part.frame)}),
                       [this, life = life_, rows = part.rows, alive = alive_](const Result<DrDecided>& loaded) {
                           if (!*alive || life != life_ || state_ != State::Sync) return;
                           if (loaded) {
                               partLoaded(rows);
                           } else {
                               syncFailed(loaded.error().text());
                           }
                       });
}

void DrConsumer::partLoaded(std::uint64_t rows) {
    ++partsLoaded_;
    rowsLoaded_ += rows;
    if (line_ != nullptr) line_->send(DrSnapshotAck{partsLoaded_, rowsLoaded_, false});
    if (partsAll_ && partsLoaded_ == *partsAll_) syncWhole();
}

void DrConsumer::endSync(const DrSnapshotEnd& end) {
    if (state_ != State::Sync) return;
    if (end.parts != partsReceived_) {
        syncFailed(fmt::format("{} parts came of {}", partsReceived_, end.parts));
        return;
    }
    partsAll_ = end.parts;
    if (partsLoaded_ == end.parts) syncWhole();
}

void DrConsumer::syncWhole() {
    DrStore& store = hub_.store();
    DrTrackers base(seams_.faults);
    if (!begin_.trackers.empty()) {
        if (Status done = base.decode(begin_.trackers); !done) {
            syncFailed(done.error().text());
            return;
        }
    }
    base.forget(hub_.self().cluster);
    base.forget(member_->cluster);
    store.write(encodeBody(DrTrackersBody{DrTrackersBody::What::Replace, member_->cluster, begin_.next, base.encode()}),
                [this, life = life_, alive = alive_](const Result<DrDecided>& set) {
                    if (!*alive || life != life_ || state_ != State::Sync) return;
                    if (!set) {
                        syncFailed(set.error().text());
                        return;
                    }
                    DrBook& book = hub_.book();
                    book.isSyncing = false;
                    book.hasJoined = true;
                    want_ = DrWant::Follow;
                    state_ = State::Receive;
                    for (const auto& [partition, next] : begin_.next) {
                        streams_[partition].nextArrival = next;
                        streams_[partition].nextApply = next;
                    }
                    hub_.joined(*member_, others_);
                    if (line_ != nullptr) line_->send(DrSnapshotAck{partsLoaded_, rowsLoaded_, true});
                    pump();
                });
}

void DrConsumer::syncFailed(const std::string& why) {
    seams_.faults.reached("dr-sync-failed");
    hub_.store().logLine("DR: " + why);
    stop(fmt::format("{} ({})", kSnapshotBroken, why));
}

void DrConsumer::beginTrackers(const std::map<int, std::uint64_t>& next, std::function<void()> done) {
    DrStore& store = hub_.store();
    const auto known = store.trackers();
    if (!known) {
        lost(known.error().text());
        return;
    }
    bool isMissing = false;
    for (const auto& [partition, sequence] : next) {
        streams_[partition].nextArrival = sequence;
        streams_[partition].nextApply = sequence;
        isMissing = isMissing || known->find(member_->cluster, partition) == nullptr;
    }
    if (!isMissing) {
        done();
        return;
    }
    store.write(encodeBody(DrTrackersBody{DrTrackersBody::What::Begin, member_->cluster, next, {}}),
                [this, life = life_, alive = alive_, done = std::move(done)](const Result<DrDecided>& set) {
                    if (!*alive || life != life_) return;
                    if (set) {
                        done();
                    } else {
                        lost(set.error().text());
                    }
                });
}

}  // namespace tributary::engine::voltdb
