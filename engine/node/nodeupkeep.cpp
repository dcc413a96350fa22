// What a node does beside its work: materialise, checkpoint, snapshot, release the log, judge alarms.
#include <fmt/format.h>

#include <algorithm>

#include "engine/node/hex.h"
#include "engine/node/node.h"

namespace tributary::engine {
namespace {

constexpr Millis kTickMs = 250;
constexpr Micros kIdleFlushUs = 1'000'000;
constexpr Millis kErrorLastsMs = 1'500;
constexpr Millis kLagAlarmMs = 300'000;  ///< when no threshold was ever set (ours: the vendor names none)
constexpr std::size_t kAlarmPathsMax = 10;
constexpr std::uint64_t kSpaceAgainBytes = 1U << 20U;

}  // namespace

void Node::tick() {
    const Micros nowUs = seams_.clock.monotonicUs();
    for (auto& [id, dataset] : datasets_) considerFlush(*dataset, false);
    lookForTrouble();
    logStart();
    pastLives_.tell(life_.startLsn);
    reopenDatasets();
    markDivergence();
    setups_.follow();
    evaluateAlarms();
    if (nowUs - snapshotAtUs_ >= config_.snapshotEveryMs * 1000) writeSnapshot();
    admit();
    tickTimer_ = seams_.timers.after(kTickMs, [this] { tick(); });
}

/// What no answer to a request shows: a log that gave up, a disk that has space again.
void Node::lookForTrouble() {
    if (failed() && !failureTold_) {
        failureTold_ = true;
        note((log_->failure() ? "writes are refused from now on, the commit log failed: "
                              : "writes are refused from now on: ") +
             failure()->text());
    }
    if (!logFull_) return;
    const auto free = seams_.files.freeBytes(config_.volumeDir);
    if (free && free.value() >= kSpaceAgainBytes) logFull_ = false;
}

void Node::onSynced(Lsn lsn) {
    confirmStart();
    waiters_.release(lsn);
    for (const auto& control : controls_) control->logSynced();
}

void Node::onPublished(Lsn lsn) {
    if (seams_.faults.hit("bug-ack-unsynced")) onSynced(lsn);
    // With Durability::Write nobody else asks for a sync before its time.
    if (!waiters_.empty()) log_->syncSoon();
    for (auto& [id, dataset] : datasets_) {
        for (auto& [idx, link] : dataset->links) link->pump();
    }
    for (const auto& control : controls_) control->logPublished();
    if (!overloaded()) links_.resumeReading();
}

void Node::considerFlush(DatasetRuntime& dataset, bool force) {
    if (dataset.flushing || stopping_) return;
    const Micros nowUs = seams_.clock.monotonicUs();
    const bool large = dataset.state->memoryRows() >= config_.flushRows;
    const bool old = dataset.firstUnflushedUs != 0 && nowUs - dataset.firstUnflushedUs >= config_.flushEveryMs * 1000;
    const bool idle = dataset.firstUnflushedUs != 0 && nowUs - lastWriteUs_ >= kIdleFlushUs;
    if (!force && !large && !old && !idle && !pool_.aboveHighWater()) return;
    dataset.state->setNow(seams_.clock.wallMs());
    const Lsn synced = seams_.faults.hit("bug-flush-unsynced") ? log_->headLsn() : log_->syncedLsn();
    auto job = std::shared_ptr<StateJob>(dataset.state->makeFlush(synced));
    if (log_->syncedLsn() < log_->durableLsn()) log_->syncSoon();
    if (job == nullptr) return;
    dataset.flushing = true;
    dataset.firstUnflushedUs = 0;
    seams_.workers.run(
        WorkKind::Materialise, seams_.executor, [job] { job->run(); },
        [this, alive = alive_, job, id = dataset.id] {
            if (!*alive) return;
            DatasetRuntime* now = this->dataset(id);
            if (now == nullptr) return;
            const Status flushed = job->finish();
            now->flushing = false;
            now->flushError = flushed ? std::nullopt : std::optional<Error>(flushed.error());
            if (!flushed) {
                now->firstUnflushedUs = seams_.clock.monotonicUs();
                note(flushed.error().text());
            } else {
                if (now->state->memoryRows() > 0 && now->firstUnflushedUs == 0) {
                    now->firstUnflushedUs = seams_.clock.monotonicUs();
                }
                startCheckpoint(*now, false);
                considerFlush(*now, false);
            }
            admit();
        });
}

void Node::startCheckpoint(DatasetRuntime& dataset, bool evenShort) {
    if (dataset.checkpointing) return;
    auto job = std::shared_ptr<StateJob>(dataset.state->makeCheckpoint(evenShort));
    if (job == nullptr) return;
    dataset.checkpointing = true;
    seams_.workers.run(
        WorkKind::Checkpoint, seams_.executor, [job] { job->run(); },
        [this, alive = alive_, job, id = dataset.id] {
            if (!*alive) return;
            DatasetRuntime* now = this->dataset(id);
            if (now == nullptr) return;
            now->checkpointing = false;
            if (Status done = job->finish(); !done) note(done.error().text());
        });
}

void Node::flushNow() {
    for (auto& [id, dataset] : datasets_) considerFlush(*dataset, true);
}

bool Node::settled() const {
    for (const auto& [id, dataset] : datasets_) {
        if (dataset->flushing || dataset->checkpointing || dataset->state->memoryRows() > 0) return false;
    }
    return true;
}

void Node::evaluateAlarms() {
    const Millis nowMs = seams_.clock.wallMs();
    std::map<std::pair<std::string_view, std::string>, std::vector<std::string>> paths;
    copies_.follow(catalog_);
    for (const auto& [id, dataset] : datasets_) {
        const DatasetRecord* record = catalog_.byId(id);
        if (record == nullptr) continue;
        const std::string volume = control(*record).alarmEntity(record->path);
        if (Status there = checkAvailable(*record); !there) {
            paths[{kAlarmDataUnavailable, volume}].push_back(there.error().text());
        }
        for (const std::string& text : links_.intakeTroubles(id, kErrorLastsMs)) {
            paths[{kAlarmReplicationError, volume}].push_back(text);
        }
        const std::int64_t threshold = catalog_.lagThresholdSeconds(volume);
        const Millis lagMsMax = threshold > 0 ? threshold * 1000 : kLagAlarmMs;
        for (const auto& replica : record->replicas) {
            const auto at = dataset->links.find(replica.idx);
            if (at == dataset->links.end()) continue;
            LinkStatus status = at->second->status();
            setups_.addTrouble(id, replica, status);
            if (!status.errorCode.empty() && status.errorForMs >= kErrorLastsMs) {
                paths[{kAlarmReplicationError, volume}].push_back(
                    fmt::format("{} ({}: {})", record->path, status.errorCode, status.errorMessage));
            }
            if (const auto sinceMs = copies_.stalledSinceMs(id, replica.idx)) {
                paths[{kAlarmReplicationError, volume}].push_back(fmt::format(
                    "{} -> {} ({})", record->path, replica.path, copyStalledText(*sinceMs, replica.copyPercent)));
            }
            if (const std::string near = horizonAlarm(*record, replica, status, nowMs); !near.empty()) {
                paths[{kAlarmReplicationError, volume}].push_back(
                    fmt::format("{} -> {} ({})", record->path, replica.path, near));
            }
            if (status.operationsPending > 0 && status.oldestPendingMs > 0 &&
                nowMs - status.oldestPendingMs > lagMsMax) {
                paths[{kAlarmReplicationLag, volume}].push_back(record->path);
            }
            if (replica.synchronous && !replica.held() && !status.synchronousNow) {
                paths[{kAlarmReplicationAsync, volume}].push_back(record->path);
            }
        }
    }
    std::vector<Alarm> wanted;
    for (auto& [key, list] : paths) {
        if (list.size() > kAlarmPathsMax) list.resize(kAlarmPathsMax);
        wanted.push_back(
            Alarm{std::string(key.first), key.second, nowMs, fmt::format("{}", fmt::join(list, ", ")), false});
    }
    for (const GatewayStatus& gateway : gateways_->list()) {
        if (gateway.running) continue;
        wanted.push_back(Alarm{std::string(kAlarmGatewayDown), gateway.name, nowMs,
                               fmt::format("gateway {} is stopped", gateway.name), false});
    }
    if (diskFull()) {
        wanted.push_back(
            Alarm{std::string(kAlarmDiskFull), config_.cluster, nowMs, "the volume's disk is full", false});
    } else if (const Error* trouble = flushTrouble()) {
        wanted.push_back(Alarm{std::string(kAlarmDiskFailure), config_.cluster, nowMs, trouble->text(), false});
    }
    std::vector<std::string> held;
    for (const auto& [place, peer] : receiver_.clocks().heldNow(nowMs)) {
        const DatasetRecord* record = catalog_.byId(place.first);
        if (record == nullptr || record->upstreamByIdx(place.second) == nullptr) continue;  // nobody sends any more
        if (held.size() < kAlarmPathsMax) held.push_back(heldText(peer, kStampDriftMsMax, nowMs));
    }
    if (!held.empty()) {
        wanted.push_back(Alarm{std::string(kAlarmClockDrift), config_.cluster, nowMs,
                               fmt::format("{}", fmt::join(held, "; ")), false});
    }
    alarms_.setConditions(wanted, nowMs);
}

/// What the snapshot of `lsn` says of a dataset's file, so that an idle one need not be written to say so itself.
Json Node::restsOf(const DatasetRuntime& dataset, Lsn lsn) const {
    Json out = Json::array();
    const auto told = rests_.find(dataset.id);
    // What is not available stays as it was, and what it misses stays in the log.
    const auto rests = dataset.state->unavailable() == nullptr ? dataset.state->rests()
                       : told == rests_.end()                  ? std::vector<StateRest>()
                                                               : told->second;
    for (const StateRest& rest : rests) {
        const Lsn upTo = std::min(rest.upTo, lsn);
        if (upTo > rest.position) out.push_back(Json::array({rest.position, upTo}));
    }
    return out;
}

Json Node::snapshotJson(Lsn lsn) const {
    // A life is told once its start is in what the snapshot reflects.
    const bool told = life_.startLsn != 0 && lsn >= life_.startLsn;
    const auto [segment, segmentId] = log_->activeSegment();
    Json json{{"format", 2},
              {"cluster", config_.cluster},
              {"lsn", lsn},
              {"stamp", hlc_.last()},
              {"incarnation", incarnation_},
              {"volume", life_.now.volume.text()},
              {"start", fmt::format("{:016x}", told ? life_.now.startId : life_.found.startId)},
              {"segment", Json{{"first", segment}, {"id", fmt::format("{:016x}", segmentId)}}},
              {"catalog", catalog_.snapshot()},
              {"tables", Json::object()}};
    for (const auto& [id, dataset] : datasets_) {
        Bytes positions;
        dataset->durable.encode(positions);
        Json links = Json::object();
        for (const auto& [idx, sender] : dataset->links) {
            const LinkSnapshot link = sender->snapshot();
            links[std::to_string(idx)] = Json{{"cursor", link.cursorLsn},
                                              {"bytes", link.bytesPending},
                                              {"operations", link.operationsPending},
                                              {"oldest", link.oldestPendingMs},
                                              {"newest", link.newestPendingMs},
                                              {"epoch", link.epoch}};
            if (link.base.empty()) continue;
            Bytes base;
            link.base.encode(base);
            links[std::to_string(idx)]["base"] = toHex(base);
        }
        json["tables"][std::to_string(id)] =
            Json{{"sequence", dataset->nextSequence}, {"positions", toHex(positions)}, {"links", links}};
        for (const auto& [subKey, next] : dataset->ownLanes.numbers()) {
            json["tables"][std::to_string(id)]["lanes"][toHex(subKey)] = next;
        }
        NodeCuts::write(dataset->intake, json["tables"][std::to_string(id)]);
        Json rests = restsOf(*dataset, lsn);
        if (!rests.empty()) json["tables"][std::to_string(id)]["rests"] = std::move(rests);
    }
    pastLives_.write(json);
    for (const Alarm& alarm : alarms_.list()) {
        if (alarm.name != kAlarmPutBack) continue;
        json["alarms"].push_back(Json{{"entity", alarm.entity}, {"description", alarm.description}});
    }
    return json;
}

/// Somebody removed what says that there is state, and nothing may say so again.
bool Node::removedByHand() const {
    const VolumeShape& shape = config_.kinds->volume;
    if (!shape.filesDecide || seams_.faults.hit("bug-removed-comes-back")) return false;
    return log_->removed() || (snapshotLsn_ > 0 && !seams_.files.exists(config_.volumeDir + shape.snapshot));
}

/// The snapshot reflects everything durable now; it is written only once the log is synced that far, because a state
/// must never be ahead of its log.
void Node::writeSnapshot() {
    if (snapshotRunning_ || stopping_ || failed()) return;
    snapshotAtUs_ = seams_.clock.monotonicUs();
    if (removedByHand()) {
        note(fmt::format("the files of {} were removed: what it is told from now on is kept in memory alone",
                         config_.volumeDir));
        return;
    }
    const Lsn lsn = seams_.faults.hit("bug-snapshot-ahead") ? log_->headLsn() : log_->durableLsn();
    if (log_->syncedLsn() < lsn) {
        log_->syncSoon();
        if (config_.durability == Durability::Fsync && !seams_.faults.hit("bug-snapshot-ahead")) return;
    }
    for (auto& [id, dataset] : datasets_) {
        if (dataset->state->memoryRows() == 0) dataset->state->advanceTo(log_->syncedLsn());
        // A dataset that is hardly written to would keep the whole node's log until its own WAL is long.
        const Lsn kept = dataset->state->coveredLsn() + 1;
        if (log_->bytesFrom(kept) > config_.logSegmentBytes) startCheckpoint(*dataset, true);
    }
    Lsn below = lsn + 1;
    for (const auto& [id, dataset] : datasets_) {
        const DatasetRecord* record = catalog_.byId(id);
        const Lsn created = record == nullptr ? 0 : record->createdLsn;
        below = std::min(below, std::max(dataset->state->coveredLsn(), created) + 1);
        // Links, too, ask what a name meant at an entry of old.
        Lsn needed = dataset->state->coveredLsn();
        for (const auto& [idx, link] : dataset->links) {
            needed = std::min(needed, link->cursorLsn());
            if (link->cutting() && seams_.faults.hit("bug-retention-after-cut")) continue;
            if (!seams_.faults.hit("bug-release-pinned")) below = std::min(below, link->cursorLsn() + 1);
        }
        catalog_.forgetGone(id, needed);
    }
    for (const auto& control : controls_) below = std::min(below, control->neededFrom());
    snapshotRunning_ = true;
    auto text = std::make_shared<Bytes>(withDigest(snapshotJson(lsn).dump()));
    auto outcome = std::make_shared<Status>();
    const auto outside = rememberedAt(lsn);
    auto write = [this, alive = alive_, text, outcome, outside, lsn, below] {
        const std::string path = config_.volumeDir + config_.kinds->volume.snapshot;
        FileOps* files = &seams_.files;
        seams_.workers.run(
            WorkKind::Checkpoint, seams_.executor,
            [files, path, text, outcome, outside, file = life_.file] {
                *outcome = files->replace(path, *text, true);
                if (*outcome && outside) *outcome = storeRemembered(*files, file, *outside);
            },
            [this, alive, outcome, lsn, below] {
                if (!*alive) return;
                snapshotRunning_ = false;
                if (!*outcome) {
                    note(outcome->error().text());
                    return;
                }
                snapshotLsn_ = lsn;
                releaseBelow_ = below;
                log_->releaseBelow(releaseBelow_);
            });
    };
    if (log_->syncedLsn() >= lsn || seams_.faults.hit("bug-snapshot-ahead")) {
        write();
        return;
    }
    // Write and Deferred: wait for the background sync to pass this point. Under a steady load it is always behind, so
    // that to come again later would be to write none.
    auto wait = std::make_shared<std::function<void()>>();
    *wait = [this, alive = alive_, lsn, write, weak = std::weak_ptr<std::function<void()>>(wait)] {
        if (!*alive) return;
        if (log_->syncedLsn() >= lsn) {
            write();
            return;
        }
        log_->syncSoon();
        if (auto self = weak.lock()) seams_.timers.after(kTickMs, [self] { (*self)(); });
    };
    seams_.timers.after(kTickMs, [wait] { (*wait)(); });
}

}  // namespace tributary::engine
