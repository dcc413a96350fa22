// Which life of the volume this is: judged when starting, told in the log and outside the volume, compared with peers.
#include <fmt/format.h>

#include <algorithm>

#include "engine/node/node.h"

namespace tributary::engine {
namespace {

constexpr const char* kRebuild =
    "put the files of one moment back together, or set the cluster's folder aside, start it empty and fill it from a "
    "peer: tributary run rebuild-replica";

Error mixed(std::string what, const std::string& where) {
    return Error{ErrorCode::Corrupt, std::move(what), where, kRebuild};
}

/// Lives of ours that the peer knows to be over, and of which nothing is known here. Told once, too.
std::uint64_t unknownRuns(DatasetRuntime& dataset, const DatasetRecord& record, const Positions& positions,
                          std::uint64_t current) {
    std::uint64_t runs = 0;
    for (const auto& [sight, set] : positions.complete()) {
        if (sight.first != record.uuid) continue;
        for (const auto& [first, last] : set.ranges()) {
            const Lane own{record.uuid, last, {}};
            const bool known = last == current || dataset.received.lanes().count(own) != 0 ||
                               dataset.received.isComplete(record.kind().projections(), own);
            if (known) continue;
            ++runs;
            dataset.durable.setComplete({record.uuid, {}}, last, last);
            dataset.received.setComplete({record.uuid, {}}, last, last);
        }
    }
    return runs;
}

}  // namespace

/// Looks at what lies on the disk before anything is opened.
Status Node::findVolume() {
    life_.file = config_.identityFile.empty() ? config_.volumeDir + ".identity.json" : config_.identityFile;
    life_.now.startId = seams_.random.next();
    auto remembered = loadRemembered(seams_.files, life_.file);
    if (remembered) {
        life_.remembered = remembered.value();
    } else if (remembered.error().code == ErrorCode::Corrupt) {
        note(remembered.error().text());
    } else {
        return remembered.error();
    }
    const auto first =
        firstStoredLsn(seams_.files, config_.volumeDir + config_.kinds->volume.logDir, config_.kinds->volume.segments);
    if (!first) return first.error();
    life_.logFirst = first.value();
    const std::string& snapshot = config_.kinds->volume.snapshot;
    const bool known = seams_.files.exists(config_.volumeDir + snapshot);
    const std::string snapshotName = snapshot.substr(snapshot.rfind('/') + 1);
    if (known && life_.logFirst == 0) {
        return mixed(fmt::format("the commit log is missing: {} was written with one", snapshotName),
                     config_.volumeDir + config_.kinds->volume.logDir);
    }
    if (!known && life_.logFirst > 1) {
        return mixed(
            fmt::format("{} is missing, and the commit log begins with entry {} only: what came before it cannot be "
                        "read again",
                        snapshotName, life_.logFirst),
            config_.volumeDir + config_.kinds->volume.snapshot);
    }
    const auto files = seams_.files.list(fmt::format("{}{}", config_.volumeDir, kStateFolder));
    const bool hasStates = files && std::any_of(files.value().begin(), files.value().end(),
                                                [](const std::string& name) { return name.ends_with(".db"); });
    if (!known && life_.logFirst == 0 && hasStates && config_.kinds->volume.filesDecide) {
        // Nobody can say what they are of; datasets that come make their own.
        seams_.faults.reached("states-without-volume");
        removeOrphans();
    } else if (!known && life_.logFirst == 0 && hasStates) {
        return mixed("node.json and the commit log are missing, and state files are there", config_.volumeDir);
    }
    // A volume of version 1 has no name yet. One that is there keeps the name that is remembered of it.
    const bool fresh = !known && life_.logFirst == 0;
    life_.now.volume = life_.remembered && !fresh ? life_.remembered->volume
                                                  : Uuid::fromRandom(seams_.random.next(), seams_.random.next());
    return okStatus();
}

/// Before the log is opened: is it the one that the snapshot was written with, and does it reach back to it?
Status Node::checkSnapshotFitsLog(const Json& snapshot) {
    if (seams_.faults.hit("bug-mixed-files-opened")) return okStatus();
    const std::string path = config_.volumeDir + config_.kinds->volume.snapshot;
    if (snapshot.contains("volume")) {
        const auto volume = Uuid::parse(snapshot.at("volume").get<std::string>());
        if (!volume) return volume.error();
        life_.found.volume = life_.now.volume = volume.value();
        life_.found.startId = std::stoull(snapshot.at("start").get<std::string>(), nullptr, 16);
    }
    if (life_.logFirst > snapshotLsn_ + 1) {
        return mixed(
            fmt::format("node.json is older than the commit log reaches back: it was written at entry {}, and the "
                        "log begins with entry {}",
                        snapshotLsn_, life_.logFirst),
            path);
    }
    if (!snapshot.contains("segment")) return okStatus();
    const Lsn first = snapshot.at("segment").at("first");
    const auto id = segmentIdAt(seams_.files, config_.volumeDir + config_.kinds->volume.logDir, first,
                                config_.kinds->volume.segments);
    if (!id) return id.error();
    if (id.value() && fmt::format("{:016x}", *id.value()) != snapshot.at("segment").at("id").get<std::string>()) {
        return mixed(
            fmt::format("the commit log is not the one that node.json was written with: its segment {} is another",
                        first),
            config_.volumeDir + config_.kinds->volume.logDir);
    }
    return okStatus();
}

Status Node::replayStart(const LogEntry& entry) {
    const auto start = decodeStart(*entry.payload);
    if (!start) return start.error();
    VolumeStart& found = life_.found;
    if (!found.volume.isNil() && found.volume != start.value().volume) {
        return mixed(fmt::format("the commit log is of volume {}, and node.json of volume {}",
                                 start.value().volume.text(), found.volume.text()),
                     config_.volumeDir);
    }
    if (found.volume.isNil() || entry.lsn > snapshotLsn_) found = start.value();
    life_.now.volume = found.volume;
    if (start.value().incarnation <= incarnation_) return okStatus();
    pastLives_.begun(incarnation_, start.value().incarnation, start.value().apart);
    incarnation_ = start.value().incarnation;
    restartNumbers();
    return okStatus();
}

/// The log holds what snapshot and state files were made of; else it is an older copy than they are.
Status Node::checkLogReaches() const {
    if (seams_.faults.hit("bug-mixed-files-opened")) return okStatus();
    const Lsn head = log_->headLsn();
    const auto older = [&](const std::string& file, Lsn position) {
        return mixed(
            fmt::format("the commit log is older than {}: it ends with entry {}, and {} was written at entry {}", file,
                        head, file, position),
            config_.volumeDir + config_.kinds->volume.logDir);
    };
    if (snapshotLsn_ > head) return older("node.json", snapshotLsn_);
    for (const auto& [id, dataset] : datasets_) {
        if (dataset->state->unavailable() != nullptr || dataset->state->flushedLsn() <= head) continue;
        return older(fmt::format("{}/{}.db", kStateFolder.substr(1), id), dataset->state->flushedLsn());
    }
    return okStatus();
}

/// A new incarnation, durable outside the volume before anything else; then the entry of the start.
Status Node::beginLife() {
    const Lsn head = log_->headLsn();
    const std::string why = whyPutBack(life_.remembered, life_.found, head);
    const bool keep = !config_.kinds->volume.incarnations || seams_.faults.hit("bug-identity-ignored") ||
                      seams_.faults.hit("bug-same-incarnation");
    if (!keep) {
        const std::uint64_t begun = life_.remembered ? life_.remembered->incarnation : 0;
        life_.before = head == 0 ? 0 : incarnation_;
        life_.now.apart = !why.empty() || (head > 0 && !life_.remembered);
        incarnation_ = nextIncarnation(incarnation_, begun, seams_.clock.wallMs(), seams_.random);
        pastLives_.begun(life_.before, incarnation_, life_.now.apart);
        restartNumbers();
    }
    life_.now.incarnation = incarnation_;
    RememberedVolume begun;
    begun.volume = life_.now.volume;
    begun.startId = life_.found.startId;
    begun.beginning = life_.now.startId;
    begun.incarnation = incarnation_;
    begun.lsn = log_->syncedLsn();
    life_.remembered = begun;
    // A full disk takes no writes, and need not keep a node from being read: told again before the entry of the start.
    const Status stored = tellBeginning();
    if (!stored && stored.error().code != ErrorCode::DiskFull) return stored;
    if (head > 0) seams_.faults.reached("new-incarnation");
    if (life_.oldFormat) {
        // An older version must not take entries that it does not know for a torn tail.
        const Bytes text = withDigest(snapshotJson(log_->durableLsn()).dump());
        if (Status written = seams_.files.replace(config_.volumeDir + config_.kinds->volume.snapshot, text, true);
            !written)
            return written;
    }
    if (why.empty() || seams_.faults.hit("bug-identity-ignored")) return okStatus();
    seams_.faults.reached("volume-put-back");
    putBack(
        config_.cluster,
        config_.kinds->volume.incarnations
            ? fmt::format("{}. What was written since is not in it; its next writes have a number of their own "
                          "(incarnation {:x}), so that no peer takes them for those. Peers may hold what is missing: "
                          "compare the {} (tributary diff), and rebuild what differs (tributary run rebuild-replica)",
                          why, incarnation_, words().nouns)
            : fmt::format("{}. Its next writes have numbers that others had before: a peer that knows those takes the "
                          "new ones for them, and passes them over. Let it join its peers anew before it is written to",
                          why));
    return okStatus();
}

Status Node::tellBeginning() {
    if (life_.told) return okStatus();
    Status stored = storeRemembered(seams_.files, life_.file, *life_.remembered);
    life_.told = stored.ok();
    if (!stored) note(stored.error().text());
    return stored;
}

/// Behind it lies what this life writes. Tried again by the tick while the disk has no space.
void Node::logStart() {
    if (life_.startLsn != 0 || life_.logging || failed() || !tellBeginning()) return;
    life_.logging = true;
    EntryEnvelope envelope;
    envelope.kind = EntryKind::Start;
    envelope.receivedMs = seams_.clock.wallMs();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, std::make_shared<const Bytes>(encodeStart(life_.now)),
                        [this, alive = alive_, lsn](const Status& status) {
                            if (!*alive) return;
                            life_.logging = false;
                            if (!status) {
                                logRefused(status);
                                waiters_.fail(*lsn, status);
                                return;
                            }
                            life_.startLsn = *lsn;
                            confirmStart();
                        });
}

/// Only what a power cut leaves in the log is told outside.
void Node::confirmStart() {
    if (life_.confirmed || life_.startLsn == 0 || log_->syncedLsn() < life_.startLsn) return;
    life_.confirmed = true;
    rememberPosition(log_->syncedLsn());
}

/// What is told outside once the log has been synced to `lsn`; nullopt until the start is in it.
std::optional<RememberedVolume> Node::rememberedAt(Lsn lsn) const {
    if (!life_.confirmed) return std::nullopt;
    RememberedVolume now;
    now.volume = life_.now.volume;
    now.startId = life_.now.startId;
    now.incarnation = incarnation_;
    now.lsn = lsn;
    return now;
}

void Node::rememberPosition(Lsn lsn) {
    const auto now = rememberedAt(lsn);
    if (!now) return;
    if (Status stored = storeRemembered(seams_.files, life_.file, *now); !stored) note(stored.error().text());
}

/// Of a new incarnation.
void Node::restartNumbers() {
    for (auto& [id, dataset] : datasets_) {
        dataset->nextSequence = 1;
        dataset->ownLanes.restart();
    }
}

void Node::putBack(const std::string& entity, const std::string& what) {
    note(what);
    alarms_.raise(std::string(kAlarmPutBack), entity, what, seams_.clock.wallMs());
}

void Node::peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) {
    DatasetRuntime* dataset = this->dataset(datasetId);
    const DatasetRecord* record = catalog_.byId(datasetId);
    if (dataset == nullptr || record == nullptr || seams_.faults.hit("bug-identity-ignored")) return;
    std::uint64_t missing = 0;
    for (const auto& [lane, set] : positions.lanes()) {
        if (lane.origin != record->uuid) continue;
        const Lane own{lane.origin, lane.incarnation, {}, lane.subKey};
        if (dataset->received.isComplete(record->kind().projections(), own)) continue;
        const auto at = dataset->received.lanes().find(own);
        IntervalSet known = at == dataset->received.lanes().end() ? IntervalSet() : at->second;
        const std::uint64_t before = known.count();
        known.unite(set);
        if (known.count() == before) continue;
        missing += known.count() - before;
        // Told once: from now on the dataset knows that they were.
        for (const auto& [from, to] : set.ranges()) {
            dataset->durable.add(own, from, to);
            dataset->received.add(own, from, to);
        }
    }
    const std::uint64_t runs = unknownRuns(*dataset, *record, positions, incarnation_);
    if (missing == 0 && runs == 0) return;
    seams_.faults.reached("peer-knows-more");
    const std::string what =
        missing > 0 ? fmt::format("{} writes", missing) : fmt::format("the writes of {} runs", runs);
    putBack(record->path, fmt::format("{} holds {} of {} that are not here: this volume was put back. They are not "
                                      "sent back; compare the {} (tributary diff) and fill this one from {}",
                                      peer, what, record->path, record->kind().words().nouns, peer));
}

void Node::sourceStands(const DatasetRecord& record, const Hello& hello) {
    const DatasetRuntime* dataset = this->dataset(record.id);
    if (dataset == nullptr) return;
    if (config_.kinds->volume.incarnations && isCountedIncarnation(hello.incarnation)) return;
    bool knowsMore = false;
    for (const auto& [sight, set] : dataset->durable.complete()) {
        knowsMore = knowsMore || (sight.first == hello.fromUuid && set.ranges().rbegin()->second > hello.before);
    }
    for (const auto& [lane, set] : dataset->durable.lanes()) {
        if (lane.origin != hello.fromUuid || set.empty()) continue;
        const bool same = lane.incarnation == hello.incarnation;
        knowsMore = knowsMore || (same && set.ranges().rbegin()->second >= hello.nextSequence) ||
                    (!same && lane.incarnation > hello.before);
    }
    if (!knowsMore || seams_.faults.hit("bug-identity-ignored")) return;
    putBack(hello.fromPath, fmt::format("{} of cluster {} was put back: {} holds writes of it that it does not know",
                                        hello.fromPath, hello.fromCluster, record.path));
}

}  // namespace tributary::engine
