// Coming back from the disk alone: snapshot, state units, then the log from the lowest position.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "engine/node/controlserver.h"
#include "engine/node/hex.h"
#include "engine/node/node.h"
#include "engine/replication/entryparts.h"

namespace tributary::engine {
namespace {

constexpr int kSnapshotFormat = 2;
constexpr int kSnapshotFormatWithoutDigest = 1;

}  // namespace

Node::Node(Seams& seams, NodeConfig config, MemoryPool& pool)
    : seams_(seams), config_(std::move(config)), pool_(pool), hlc_(seams.clock), catalog_(config_.kinds->kinds) {
    for (const auto& make : config_.kinds->controls) controls_.push_back(make(*this));
    alarms_.setOnChange(config_.onAlarm);
}

Node::~Node() {
    *alive_ = false;
    seams_.timers.cancel(tickTimer_);
    setups_.stop();
    control_.reset();
    gateways_.reset();
    links_.dropIntakes();
    datasets_.clear();
    log_.reset();
}

Result<std::unique_ptr<Node>> Node::start(Seams& seams, NodeConfig config, MemoryPool& pool) {
    if (config.kinds == nullptr) return Error{ErrorCode::InvalidInput, "a node holds no kind of data", {}, {}};
    std::unique_ptr<Node> node(new Node(seams, std::move(config), pool));
    if (Status recovered = node->recover(); !recovered) return recovered.error();
    return node;
}

Status Node::recover() {
    startedUs_ = seams_.clock.monotonicUs();
    snapshotAtUs_ = startedUs_;
    if (Status made = seams_.files.makeDirs(fmt::format("{}{}", config_.volumeDir, kStateFolder)); !made) return made;
    auto lock = seams_.files.lock(config_.volumeDir + "/lock");
    if (!lock) return lock.error();
    lock_ = std::move(lock).value();
    gateways_ = std::make_unique<Gateways>(seams_, config_, receiver_, links_);
    if (Status found = findVolume(); !found) return found;
    if (Status loaded = loadSnapshot(); !loaded) return loaded;
    if (Status loaded = loadIncarnation(); !loaded) return loaded;

    Lsn lowest = snapshotLsn_;
    for (const auto& [id, dataset] : datasets_) {
        if (dataset->state->unavailable() != nullptr) continue;
        // A new dataset has no position of its own yet, and needs none below its creation.
        lowest = std::min(lowest, std::max(dataset->state->appliedLsn(), catalog_.byId(id)->createdLsn));
    }
    LogOptions options;
    options.dir = config_.volumeDir + config_.kinds->volume.logDir;
    options.names = config_.kinds->volume.segments;
    options.removedStays = config_.kinds->volume.filesDecide;
    options.durability = config_.durability;
    options.deferMs = config_.deferMs;
    options.segmentBytes = config_.logSegmentBytes;
    auto opened =
        openCommitLog(seams_, options, lowest + 1, [this](const LogEntry& entry) { return replayEntry(entry); });
    if (!opened) return opened.error();
    log_ = std::move(opened.value().log);
    hlc_.passMillisecond();  // the last entry may have been a delete
    if (!opened.value().note.empty()) note(opened.value().note);
    if (Status reaches = checkLogReaches(); !reaches) return reaches;
    if (Status begun = beginLife(); !begun) return begun;
    removeOrphans();
    log_->setOnPublished([this, alive = alive_](Lsn lsn) {
        if (*alive) onPublished(lsn);
    });
    log_->setOnSynced([this, alive = alive_](Lsn lsn) {
        if (*alive) onSynced(lsn);
    });
    logStart();
    for (auto& [id, dataset] : datasets_) {
        const DatasetRecord* record = catalog_.byId(id);
        dataset->state->setFoldContext(foldContext(*record));
    }
    if (Status doors = gateways_->startAll(); !doors) return doors;
    control_ = std::make_unique<ControlServer>(*this, receiver_);
    if (Status listening = control_->startAll(); !listening) return listening;
    gateways_->setSetupDoor(
        {[this](const std::string& gateway, std::unique_ptr<Connection> connection, Wire wire, Hello hello) {
             if (control_) control_->adopt(gateway, std::move(connection), std::move(wire), std::move(hello));
         },
         [this](const std::string& gateway) {
             if (control_) control_->gatewayClosed(gateway);
         }});
    for (auto& [id, dataset] : datasets_) refreshLinks(*dataset, *catalog_.byId(id));
    tick();
    return okStatus();
}

Status Node::loadSnapshot() try {
    const std::string path = config_.volumeDir + config_.kinds->volume.snapshot;
    if (!seams_.files.exists(path)) return okStatus();
    auto bytes = seams_.files.readAll(path);
    if (!bytes) return bytes.error();
    const Json json = Json::parse(bytes.value(), nullptr, false);
    const bool parses = json.is_object() && json.contains("format") && json["format"].is_number_integer();
    const int format = parses ? json["format"].get<int>() : kSnapshotFormat;
    life_.oldFormat = format == kSnapshotFormatWithoutDigest;
    const bool holds = digestHolds(bytes.value()) || seams_.faults.hit("bug-digest-ignored");
    if (!holds && (!life_.oldFormat || json.contains("digest"))) return damagedSnapshot();
    if (format > kSnapshotFormat) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("volume format {} is newer than this version's {}", format, kSnapshotFormat), path,
                     "use the version that wrote it, or a newer one"};
    }
    if (json.at("cluster").get<std::string>() != config_.cluster) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the volume belongs to cluster {}, not to {}", json.at("cluster").get<std::string>(),
                                 config_.cluster),
                     path, "rename the cluster back in topology.yaml"};
    }
    snapshotLsn_ = json.at("lsn");
    if (!seams_.faults.hit("bug-clock-not-restored")) hlc_.restore(json.at("stamp"));
    incarnation_ = json.at("incarnation");
    pastLives_.read(json);
    if (Status fits = checkSnapshotFitsLog(json); !fits) return fits;
    for (const Json& told : json.value("alarms", Json::array())) {
        alarms_.raise(std::string(kAlarmPutBack), told.at("entity"), told.at("description"), seams_.clock.wallMs());
    }
    if (Status restored = catalog_.restore(json.at("catalog")); !restored) return restored;
    for (const auto& [id, record] : catalog_.datasets()) {
        for (const Json& rest : json.at("tables").at(std::to_string(id)).value("rests", Json::array())) {
            rests_[id].push_back(StateRest{rest.at(0), rest.at(1)});
        }
        DatasetRuntime& dataset = *datasets_.emplace(id, openOrStandIn(record)).first->second;
        const Json& saved = json.at("tables").at(std::to_string(id));
        dataset.nextSequence = saved.at("sequence");
        const Json lanes = saved.value("lanes", Json::object());
        for (const auto& [subKey, next] : lanes.items()) {
            dataset.ownLanes.restore(fromHex(subKey), next);
        }
        const Bytes positions = fromHex(saved.at("positions").get<std::string>());
        ByteReader reader(positions);
        if (!dataset.durable.decode(reader, true)) return Error{ErrorCode::Corrupt, "positions are damaged", path, {}};
        if (seams_.faults.hit("bug-positions-forgotten")) dataset.durable = Positions();
        dataset.received = dataset.durable;
        NodeCuts::read(saved, dataset.intake);
        for (const auto& [idx, link] : saved.at("links").items()) {
            LinkSnapshot from{link.at("cursor"), link.at("bytes"),  link.at("operations"),
                              link.at("oldest"), link.at("newest"), link.at("epoch")};
            const Bytes base = fromHex(link.value("base", std::string()));
            ByteReader baseReader(base);
            if (!base.empty() && !from.base.decode(baseReader)) {
                return Error{ErrorCode::Corrupt, "what a replica has to hold is damaged", path, {}};
            }
            const auto number = static_cast<std::uint32_t>(std::stoul(idx));
            if (seams_.faults.hit("bug-retention-forgotten")) from.cursorLsn = snapshotLsn_;
            dataset.links[number] = std::make_unique<Link>(links_, id, number, from);
        }
    }
    return okStatus();
} catch (const std::exception& problem) {
    return Error{ErrorCode::Corrupt,
                 std::string("the node's snapshot does not parse: ") + problem.what(),
                 config_.volumeDir + config_.kinds->volume.snapshot,
                 {}};
}

/// What can be done depends on how far back the log reaches.
Error Node::damagedSnapshot() const {
    return Error{ErrorCode::Corrupt, "node.json is damaged: it is not what was written",
                 config_.volumeDir + config_.kinds->volume.snapshot,
                 life_.logFirst == 1
                     ? "move it away: the commit log begins with entry 1, and everything is read from it"
                     : "put it back from a backup made with this log, or set the cluster's folder aside, "
                       "start it empty and fill it from a peer: tributary run rebuild-replica"};
}

Status Node::replayEntry(const LogEntry& entry) {
    if (entry.envelope.kind == EntryKind::Start) return replayStart(entry);
    if (entry.envelope.kind == EntryKind::Catalog) {
        if (entry.lsn <= snapshotLsn_) return okStatus();
        auto change = decodeChange(*entry.payload, config_.kinds->kinds);
        if (!change) return change.error();
        const std::uint32_t id = change.value().dataset.id;
        catalog_.apply(change.value(), entry.lsn);
        if (change.value().what == CatalogChange::What::DatasetDrop) datasets_.erase(id);
        if (change.value().what != CatalogChange::What::DatasetPut) return okStatus();
        if (dataset(id) == nullptr) datasets_.emplace(id, openOrStandIn(*catalog_.byId(id)));
        const DatasetRecord& record = *catalog_.byId(id);
        DatasetRuntime& runtime = *dataset(id);
        runtime.state->setFoldContext(foldContext(record));
        std::erase_if(runtime.links, [&](const auto& item) {
            return std::none_of(record.replicas.begin(), record.replicas.end(),
                                [&](const ReplicaRecord& replica) { return replica.idx == item.first; });
        });
        for (const ReplicaRecord& replica : record.replicas) {
            if (runtime.links.count(replica.idx) != 0) continue;
            LinkSnapshot from;
            from.cursorLsn = replica.fromLsn;
            if (links_.linkKind(id).cuts() != nullptr) from.base = runtime.durable;
            runtime.links[replica.idx] = std::make_unique<Link>(links_, id, replica.idx, from);
        }
        return okStatus();
    }
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    if (runtime == nullptr) return okStatus();  // dropped since
    if (!holdsPayload(entry.envelope.kind)) {
        Status told = applyTold(entry);
        // Rows of a cut wait in memory like all others.
        if (runtime->firstUnflushedUs == 0 && runtime->state->memoryRows() > 0) {
            runtime->firstUnflushedUs = seams_.clock.monotonicUs();
        }
        if (!told || !pool_.aboveHighWater()) return told;
        return flushInline(*runtime, entry.lsn);
    }
    auto view = parsePayload(partsOf(entry).payload, true);
    if (!view) return view.error();
    if (!seams_.faults.hit("bug-clock-not-restored")) hlc_.restore(view.value().stamp);
    const DatasetRecord& record = *catalog_.byId(entry.envelope.datasetId);
    if (view.value().origin == record.uuid && view.value().incarnation == incarnation_) {
        if (record.kind().lanes() != nullptr) runtime->ownLanes.give(view.value());
        runtime->nextSequence = std::max(runtime->nextSequence, view.value().sequence + 1);
    }
    if (Status applied = applyData(entry, view.value()); !applied) return applied;
    if (entry.lsn > snapshotLsn_) {
        for (auto& [idx, link] : runtime->links) link->onEntry(entry);
    }
    if (runtime->firstUnflushedUs == 0) runtime->firstUnflushedUs = seams_.clock.monotonicUs();
    if (pool_.aboveHighWater()) return flushInline(*runtime, entry.lsn);
    return okStatus();
}

Status Node::flushInline(DatasetRuntime& dataset, Lsn upTo) {
    dataset.state->setNow(seams_.clock.wallMs());
    auto job = dataset.state->makeFlush(upTo);
    if (job == nullptr) return okStatus();
    job->run();
    return job->finish();
}

/// Version 1 kept the incarnation that was last begun in a file of its own; a sequence number of the snapshot counts
/// only within its own incarnation.
Status Node::loadIncarnation() {
    const std::string path = config_.volumeDir + "/incarnation";
    if (!seams_.files.exists(path)) return okStatus();
    auto text = seams_.files.readAll(path);
    if (!text) return text.error();
    const std::uint64_t stored = std::strtoull(text.value().c_str(), nullptr, 10);
    if (stored == 0) return Error{ErrorCode::Corrupt, "the incarnation is not a number", path, {}};
    if (stored <= incarnation_) return okStatus();
    incarnation_ = stored;
    restartNumbers();
    return okStatus();
}

/// Files of datasets that the catalog does not know: a drop that was logged, and a crash before the removal.
void Node::removeOrphans() {
    const std::string folder = fmt::format("{}{}", config_.volumeDir, kStateFolder);
    auto names = seams_.files.list(folder);
    if (!names) return;
    for (const std::string& name : names.value()) {
        const auto id = static_cast<std::uint32_t>(std::strtoul(name.c_str(), nullptr, 10));
        const bool spilled = name.starts_with("spill-");  // of a process that died before it had unlinked it
        if (!spilled && (id == 0 || catalog_.byId(id) != nullptr)) continue;
        (void)seams_.files.remove(folder + "/" + name);  // tried again at the next start
    }
}

void Node::prepareStop() {
    stopping_ = true;
    seams_.timers.cancel(tickTimer_);
    control_.reset();
    gateways_.reset();
    gateways_ = std::make_unique<Gateways>(seams_, config_, receiver_, links_);  // closed doors
    links_.dropIntakes();
    log_->prepareClose();
}

Status Node::stopCleanly() {
    prepareStop();
    if (removedByHand()) return okStatus();
    for (auto& [id, dataset] : datasets_) {
        if (Status flushed = flushInline(*dataset, log_->syncedLsn()); !flushed) return flushed;
    }
    if (const Error* stopped = failure()) return *stopped;
    if (log_->headLsn() == log_->durableLsn() && log_->syncedLsn() == log_->durableLsn()) {
        const Bytes text = withDigest(snapshotJson(log_->durableLsn()).dump());
        if (Status written = seams_.files.replace(config_.volumeDir + config_.kinds->volume.snapshot, text, true);
            !written)
            return written;
        rememberPosition(log_->syncedLsn());
    }
    return closeCleanly(*log_);
}

std::vector<Endpoint> Node::controlEndpoints() const {
    return control_->endpoints();
}

ControlKind& Node::control(const DatasetKind& kind) const {
    const auto at = std::find_if(controls_.begin(), controls_.end(),
                                 [&](const auto& control) { return &control->kind() == &kind; });
    assert(at != controls_.end());
    return **at;
}

DatasetRuntime* Node::dataset(std::uint32_t id) {
    const auto at = datasets_.find(id);
    return at == datasets_.end() ? nullptr : at->second.get();
}

DatasetRuntime* Node::dataset(std::string_view path) {
    const DatasetRecord* record = catalog_.byPath(path);
    return record == nullptr ? nullptr : dataset(record->id);
}

Result<std::unique_ptr<StateView>> Node::view(std::uint32_t datasetId, bool forLongScan) {
    DatasetRuntime* runtime = dataset(datasetId);
    const DatasetRecord* record = catalog_.byId(datasetId);
    if (runtime == nullptr || record == nullptr) return Error{ErrorCode::NotFound, "no such dataset", {}, {}};
    if (Status there = checkAvailable(*record); !there) return there.error();
    runtime->state->setNow(seams_.clock.wallMs());
    return runtime->state->view(forLongScan);
}

std::string Node::checkInvariants() const {
    for (const auto& [id, dataset] : datasets_) {
        if (dataset->state->flushedLsn() > log_->syncedLsn()) return "I4: state is ahead of the synced log";
        if (dataset->state->appliedLsn() > log_->durableLsn()) return "I4: memory is ahead of the durable log";
        for (const auto& [lane, set] : dataset->durable.lanes()) {
            const auto received = dataset->received.lanes().find(lane);
            const bool known = received != dataset->received.lanes().end() ||
                               dataset->received.isComplete(catalog_.byId(id)->kind().projections(), lane);
            if (!known) return "I6: a durable lane was never received";
        }
        for (const auto& [idx, link] : dataset->links) {
            const LinkStatus status = link->status();
            if (status.cursorLsn > log_->durableLsn()) return "I6: a cursor is ahead of the durable log";
            if (status.receivedLsn < status.cursorLsn) return "I6: durable acks run ahead of received ones";
            if (log_->firstLsn() > status.cursorLsn + 1 && log_->headLsn() > status.cursorLsn) {
                return "I12: the log dropped what a registered replica still needs";
            }
        }
    }
    return {};
}

}  // namespace tributary::engine
