// The way of a write: checked, logged, applied when durable, acknowledged; and the same for what links bring.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "engine/node/node.h"
#include "engine/replication/entryparts.h"
#include "engine/replication/skipentry.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kAdmissionMax = 4096;

/// A write made here, on its kind's lanes.
Bytes encodeOwn(const DatasetKind& kind, const DatasetRuntime& dataset, const PayloadHeader& header, BytesView body) {
    if (kind.lanes() == nullptr) return encodePayload(header, body);
    return encodePayload(header, dataset.ownLanes.next(kind.lanes()->split(body)), body);
}

/// It is about to be appended: its numbers are given.
void giveNumbers(const DatasetKind& kind, DatasetRuntime& dataset, const PayloadHeader& header, BytesView payload) {
    if (kind.lanes() == nullptr) {
        ++dataset.nextSequence;
        dataset.received.add(Lane{header.origin, header.incarnation, {}}, header.sequence, header.sequence);
        return;
    }
    const auto view = parsePayload(payload, false);
    dataset.ownLanes.give(view.value());
    dataset.received.takePayload(kind.projections(), view.value());
}

/// What a source copies here goes by the agreement.
Status checkSource(const PutRequest& request, const DatasetRecord* record) {
    if (!request.bySource()) return okStatus();
    if (record == nullptr) {
        return Error{
            ErrorCode::NotFound, fmt::format("the replica {} was deleted", request.path), kErrReplicaDeleted, {}};
    }
    if (record->upstreamByUuid(request.source) != nullptr) return okStatus();
    return Error{
        ErrorCode::PermissionDenied, fmt::format("the source is no upstream of {}", request.path), "ErrNoUpstream", {}};
}

}  // namespace

void Node::put(PutRequest request, Reply reply) {
    if (catalogBusy_) {
        settling_.push_back([this, request = std::move(request), reply = std::move(reply)]() mutable {
            put(std::move(request), std::move(reply));
        });
        return;
    }
    putSettled(std::move(request), std::move(reply), false);
}

void Node::putSettled(PutRequest request, Reply reply, bool admitted) {
    if (stopped_) {
        reply(*stopped_);
        return;
    }
    if (pool_.full() && flushTrouble() != nullptr) {
        reply(memoryStuck());
        return;
    }
    if (!admitted && (pool_.full() || !admission_.empty())) {
        if (admission_.size() >= kAdmissionMax) {
            reply(Error{ErrorCode::Unavailable, "too many writes wait for memory", {}, "slow the writers down"});
            return;
        }
        seams_.faults.reached("admission-wait");
        admission_.push_back(WaitingPut{std::move(request), std::move(reply)});
        return;
    }
    const DatasetRecord* record = catalog_.byPath(request.path);
    if (record == nullptr && request.asked == nullptr) {
        reply(Error{ErrorCode::NotFound,
                    fmt::format("no {} {} in cluster {}", words().noun, request.path, config_.cluster),
                    {},
                    {}});
        return;
    }
    if (Status agreed = checkSource(request, record); !agreed) {
        reply(agreed.error());
        return;
    }
    ControlKind& asked = request.asked == nullptr ? control(*record) : *request.asked;
    const auto checked = asked.checkWrite(request, record);
    if (!checked || checked.value().operations == 0) {
        reply(checked ? Result<Bytes>(Bytes()) : checked.error());
        return;
    }
    if (request.copy) {
        if (Status near = takeCopiedStamps(checked.value().newestOwnStamp); !near) {
            reply(near.error());
            return;
        }
    }
    appendPut(*record, checked.value(), request, std::move(reply));
}

/// Rows wait in memory for a disk that does not take them, and memory is full.
Error Node::memoryStuck() const {
    const Error& trouble = *flushTrouble();
    if (trouble.code == ErrorCode::DiskFull) {
        return Error{ErrorCode::DiskFull,
                     fmt::format("the disk of cluster {} is full: writes are refused, reads go on", config_.cluster),
                     {},
                     "free space; writes are accepted again by themselves"};
    }
    return Error{
        trouble.code,
        fmt::format("the rows in the memory of cluster {} cannot be written to its disk, and memory is full: {}",
                    config_.cluster, trouble.what),
        trouble.where, trouble.fix};
}

/// What is copied keeps its stamps: a write made here afterwards must come after them.
Status Node::takeCopiedStamps(Stamp newest) {
    const Millis aheadMs = stampMs(newest) - seams_.clock.wallMs();
    if (aheadMs <= kStampDriftMsMax) {
        hlc_.observe(newest);
        return okStatus();
    }
    return Error{ErrorCode::Conflict,
                 fmt::format("the rows are stamped {} s ahead of the clock of cluster {}, and {} s are allowed",
                             (aheadMs + 999) / 1000, config_.cluster, kStampDriftMsMax / 1000),
                 {},
                 "set the clocks right, and copy again when time has caught up"};
}

void Node::appendPut(const DatasetRecord& record, const CheckedWrite& write, const PutRequest& request, Reply reply) {
    const DatasetKind& kind = record.kind();
    DatasetRuntime& dataset = *datasets_.at(record.id);
    if (dataset.intake.active()) {
        reply(checkAvailable(record).error());
        return;
    }
    PayloadHeader header;
    header.origin = record.uuid;
    header.incarnation = incarnation_;
    header.sequence = dataset.nextSequence;
    header.stamp = hlc_.next();
    header.operations = write.operations;
    header.kind = kind.number();
    if (write.deletes) hlc_.passMillisecond();
    EntryEnvelope envelope;
    envelope.datasetId = record.id;
    envelope.receivedMs = seams_.clock.wallMs();
    envelope.operations = write.operations;
    Bytes answered;
    Bytes payload;
    if (kind.policy() == nullptr) {
        payload = encodeOwn(kind, dataset, header, request.body);
    } else {
        auto decision = decideHere(record, request.body, header);
        if (!decision) {
            reply(decision.error());
            return;
        }
        if (decision.value().isNothing) {
            seams_.faults.reached("decided-nothing");
            reply(std::move(decision.value().reply));
            return;
        }
        const auto& body = decision.value().body;
        payload = encodeDecided(decision.value().effect, encodeOwn(kind, dataset, header, body ? *body : request.body));
        envelope.kind = EntryKind::Decided;
        envelope.verdict = static_cast<std::uint8_t>(decision.value().verdict);
        envelope.operations = header.operations;
        answered = std::move(decision.value().reply);
    }
    auto stored = std::make_shared<const Bytes>(std::move(payload));
    giveNumbers(kind, dataset, header, partsOf(envelope.kind, *stored).payload);
    noteWrite();
    if (seams_.faults.hit("bug-ack-before-durable")) {
        reply(Bytes());
        reply = [](const Result<Bytes>&) {};
    }
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, stored,
                        [this, alive = alive_, envelope, stored, lsn, answered = std::move(answered),
                         reply = std::move(reply)](const Status& status) mutable {
                            if (!*alive) return;
                            if (!status) {
                                logRefused(status);
                                undecided(envelope, stored);
                                waiters_.fail(*lsn, status);
                                reply(status.error());
                                return;
                            }
                            const LogEntry entry{*lsn, envelope, stored};
                            const auto view = parsePayload(partsOf(entry).payload, false);
                            if (Status taken = published(entry, view.value()); !taken) {
                                waiters_.fail(*lsn, taken);
                                reply(taken.error());
                                return;
                            }
                            answer(envelope.datasetId, *lsn, std::move(answered), std::move(reply));
                        });
    decided(record, LogEntry{*lsn, envelope, stored});
}

/// Sets in the header how many operations are left when a part of the write is to stay here.
Result<Decision> Node::decideHere(const DatasetRecord& record, BytesView body, PayloadHeader& header) {
    auto decision = decide(record, {*record.schema, body, header.stamp, true});
    if (!decision || !decision.value().body) return decision;
    if (seams_.faults.hit("bug-local-rows-forwarded")) decision.value().body.reset();
    if (!decision.value().body) return decision;
    const auto left = record.kind().admit(*record.schema, record.path, *decision.value().body);
    if (!left) return left.error();
    header.operations = left.value().operations;
    return decision;
}

Result<Decision> Node::decide(const DatasetRecord& record, const Proposal& proposal) {
    DatasetRuntime& dataset = *datasets_.at(record.id);
    dataset.state->setNow(seams_.clock.wallMs());
    const auto format = record.kind().rowFormat();
    const PendingEntries nothing(format);
    const bool forgets = seams_.faults.hit("bug-decided-on-published");
    JoinedView joined(*dataset.state, forgets ? nothing : *dataset.pending, *format, foldContext(record));
    auto decision = record.kind().policy()->decide(proposal, joined);
    if (!decision || decision.value().verdict != Verdict::Stop) return decision;
    seams_.faults.reached("decided-stop");
    assert(decision.value().reason);
    if (!proposal.local && seams_.faults.hit("bug-stop-logged")) return Decision{Verdict::Skip, {}, {}, {}, {}, false};
    return *decision.value().reason;
}

/// The next decision must see it, whenever it is published.
void Node::decided(const DatasetRecord& record, const LogEntry& entry) {
    if (entry.envelope.kind != EntryKind::Decided) return;
    DatasetRuntime& dataset = *datasets_.at(record.id);
    dataset.state->logging(entry.payload.get());
    // What ran in the state itself is there for the next decision already.
    if (entry.lsn == 0 || record.kind().statePlan(*record.schema).unit == StatePlan::Unit::Sql) return;
    const auto view = parsePayload(partsOf(entry).payload, false);
    auto bound = entryRef(record, entry, view.value());
    // What does not bind is found again when it is published, and stops the node: nothing is decided on it.
    if (bound) dataset.pending->add(std::move(bound).value());
}

void Node::undecided(const EntryEnvelope& envelope, const std::shared_ptr<const Bytes>& stored) {
    if (envelope.kind != EntryKind::Decided) return;
    DatasetRuntime* runtime = dataset(envelope.datasetId);
    if (runtime == nullptr || runtime->pending == nullptr) return;
    runtime->state->refused(stored.get());
    runtime->pending->refused(stored.get());
    // Its number is given again: a lane of such a kind may have no holes that nobody fills.
    const auto view = parsePayload(partsOf(envelope.kind, *stored).payload, false);
    const DatasetRecord* record = catalog_.byId(envelope.datasetId);
    if (!view || record == nullptr || view.value().origin != record->uuid) return;
    if (seams_.faults.hit("bug-refused-number-kept")) return;
    if (record->kind().lanes() != nullptr) runtime->ownLanes.takeBack(view.value());
    if (view.value().isPlain()) runtime->nextSequence = std::min(runtime->nextSequence, view.value().sequence);
    runtime->received = runtime->durable;
}

/// When all synchronous links have received it.
void Node::answer(std::uint32_t datasetId, Lsn lsn, Bytes bytes, Reply reply) {
    std::vector<Link*> awaited;
    if (const DatasetRuntime* runtime = dataset(datasetId)) {
        for (const auto& [idx, link] : runtime->links) {
            if (!link->synchronousNow() || seams_.faults.hit("bug-synchronous-ack-early")) continue;
            awaited.push_back(link.get());
        }
    }
    if (awaited.empty()) {
        reply(std::move(bytes));
        return;
    }
    struct Waiting {
        std::size_t links;
        Bytes bytes;
        Reply reply;
    };
    const auto waiting = std::make_shared<Waiting>(Waiting{awaited.size(), std::move(bytes), std::move(reply)});
    for (Link* link : awaited) {
        link->whenReceived(lsn, [waiting] {
            if (--waiting->links == 0) waiting->reply(std::move(waiting->bytes));
        });
    }
}

void Node::noteWrite() {
    lastWriteUs_ = seams_.clock.monotonicUs();
}

Status Node::published(const LogEntry& entry, const PayloadView& view) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    if (runtime == nullptr) return okStatus();
    // Behind an entry that is not in the state nothing may be: a later position would say that it is.
    if (stopped_) return *stopped_;
    if (Status applied = applyData(entry, view); !applied) {
        seams_.faults.reached("apply-failed");
        stopped_ = applied.error();
        return applied;
    }
    logFull_ = false;
    if (runtime->firstUnflushedUs == 0) runtime->firstUnflushedUs = seams_.clock.monotonicUs();
    for (auto& [idx, link] : runtime->links) link->onEntry(entry);
    considerFlush(*runtime, false);
    return okStatus();
}

Status Node::applyData(const LogEntry& entry, const PayloadView& view) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (runtime == nullptr || record == nullptr) return okStatus();
    if (entry.envelope.kind == EntryKind::CutPart) {
        const Status done = cuts_.apply(entry, NodeCuts::When::Published);
        return done ? done : Status(cannotApply(*record, entry, done.error()));
    }
    const auto bound = entryRef(*record, entry, view);
    Status applied = bound ? runtime->state->apply(bound.value()) : Status(bound.error());
    if (!applied) return cannotApply(*record, entry, applied.error());
    if (runtime->pending != nullptr) runtime->pending->published(entry.lsn);
    const Projections& order = record->kind().projections();
    runtime->durable.takePayload(order, view);
    runtime->received.takePayload(order, view);
    return okStatus();
}

Error Node::cannotApply(const DatasetRecord& record, const LogEntry& entry, const Error& reason) const {
    return Error{reason.code,
                 fmt::format("entry {} of the log cannot be applied to {} {}: {}", entry.lsn,
                             record.kind().words().noun, record.path, reason.what),
                 config_.volumeDir + config_.kinds->volume.logDir,
                 "use the version that wrote it, or put the volume back from a backup"};
}

const Error* Node::failure() const {
    if (log_->failure()) return &*log_->failure();
    return stopped_ ? &*stopped_ : nullptr;
}

Status Node::applyTold(const LogEntry& entry) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (runtime == nullptr || record == nullptr) return okStatus();
    if (entry.envelope.kind == EntryKind::CutPart) {
        const Status done =
            cuts_.apply(entry, entry.lsn > snapshotLsn_ ? NodeCuts::When::Replayed : NodeCuts::When::Known);
        return done ? done : Status(cannotApply(*record, entry, done.error()));
    }
    const Projections& order = record->kind().projections();
    if (entry.envelope.kind == EntryKind::LifeEnd) {
        const auto end = decodeLifeEnd(*entry.payload);
        if (!end) return end.error();
        for (Positions* positions : {&runtime->durable, &runtime->received}) {
            positions->close(order, end.value());
            if (!seams_.faults.hit("bug-life-end-believed")) continue;
            positions->setComplete({end.value().origin, {}}, end.value().from, end.value().incarnation);
        }
        return okStatus();
    }
    const auto skip = decodeSkipEntry(*entry.payload);
    if (!skip) return skip.error();
    for (Positions* positions : {&runtime->durable, &runtime->received}) {
        positions->take(order, skip.value().lane, skip.value().from, skip.value().to);
    }
    return okStatus();
}

Result<EntryRef> Node::entryRef(const DatasetRecord& record, const LogEntry& entry, const PayloadView& view) const {
    const DatasetKind& kind = record.kind();
    if (view.kind != kind.number()) {
        const auto known = config_.kinds->kinds.numbered(view.kind);
        if (!known) return known.error();
        return Error{
            ErrorCode::Corrupt, fmt::format("entry {} of {} is of another kind", entry.lsn, record.path), {}, {}};
    }
    EntryRef ref;
    ref.lsn = entry.lsn;
    ref.hold = entry.payload;
    ref.stamp = view.stamp;
    const Lsn then = seams_.faults.hit("bug-name-newest") ? UINT64_MAX : entry.lsn;
    const bool forgets = log_ == nullptr && seams_.faults.hit("bug-effect-lost-in-replay");
    const BytesView effect = forgets ? BytesView() : partsOf(entry).effect;
    if (Status bound = kind.bind(*record.schema, {view.body, effect}, then, ref); !bound) return bound.error();
    return ref;
}

void Node::logRefused(const Status& status) {
    if (status.error().code != ErrorCode::DiskFull || logFull_) return;
    logFull_ = true;
    note(status.error().text());
}

bool Node::overloaded() const {
    return catalogBusy_ || pool_.full() || log_->headLsn() - log_->durableLsn() > 20'000;
}

/// Lets waiting clients in again and tells sessions to look.
void Node::admit() {
    while (!admission_.empty() && !catalogBusy_ && (!pool_.full() || flushTrouble() != nullptr)) {
        WaitingPut next = std::move(admission_.front());
        admission_.pop_front();
        putSettled(std::move(next.request), std::move(next.reply), true);
    }
    if (!overloaded()) links_.resumeReading();
}

}  // namespace tributary::engine
