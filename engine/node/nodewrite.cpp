// The way of a write: checked, logged, applied when durable, acknowledged; and the same for what links bring.
#include <fmt/format.h>

#include <algorithm>

#include "engine/node/node.h"
#include "engine/replication/skipentry.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kAdmissionMax = 4096;

}  // namespace

void Node::put(PutRequest request, Done done) {
    if (catalogBusy_) {
        settling_.push_back([this, request = std::move(request), done = std::move(done)]() mutable {
            put(std::move(request), std::move(done));
        });
        return;
    }
    putSettled(std::move(request), std::move(done), false);
}

void Node::putSettled(PutRequest request, Done done, bool admitted) {
    if (pool_.full() && flushTrouble() != nullptr) {
        done(memoryStuck());
        return;
    }
    if (!admitted && (pool_.full() || !admission_.empty())) {
        if (admission_.size() >= kAdmissionMax) {
            done(Error{ErrorCode::Unavailable, "too many writes wait for memory", {}, "slow the writers down"});
            return;
        }
        seams_.faults.reached("admission-wait");
        admission_.push_back(WaitingPut{std::move(request), std::move(done)});
        return;
    }
    const DatasetRecord* record = catalog_.byPath(request.path);
    if (record == nullptr && request.asked == nullptr) {
        done(Error{ErrorCode::NotFound,
                   fmt::format("no {} {} in cluster {}", words().noun, request.path, config_.cluster),
                   {},
                   {}});
        return;
    }
    ControlKind& asked = request.asked == nullptr ? control(*record) : *request.asked;
    const auto checked = asked.checkWrite(request, record);
    if (!checked || checked.value().operations == 0) {
        done(checked ? okStatus() : Status(checked.error()));
        return;
    }
    if (request.copy) {
        if (Status near = takeCopiedStamps(checked.value().newestOwnStamp); !near) {
            done(near);
            return;
        }
    }
    appendPut(*record, checked.value(), request, std::move(done));
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

void Node::appendPut(const DatasetRecord& record, const CheckedWrite& write, const PutRequest& request, Done done) {
    DatasetRuntime& dataset = *datasets_.at(record.id);
    PayloadHeader header;
    header.origin = record.uuid;
    header.incarnation = incarnation_;
    header.sequence = dataset.nextSequence++;
    header.stamp = hlc_.next();
    header.operations = write.operations;
    header.kind = record.kind().number();
    if (write.deletes) hlc_.passMillisecond();
    auto payload = std::make_shared<const Bytes>(encodePayload(header, request.body));
    EntryEnvelope envelope;
    envelope.datasetId = record.id;
    envelope.receivedMs = seams_.clock.wallMs();
    envelope.operations = write.operations;
    dataset.received.add(Lane{header.origin, header.incarnation, {}}, header.sequence, header.sequence);
    noteWrite();
    if (seams_.faults.hit("bug-ack-before-durable")) {
        done(okStatus());
        done = [](const Status&) {};
    }
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, payload,
                        [this, alive = alive_, envelope, payload, lsn, id = record.id,
                         done = std::move(done)](const Status& status) mutable {
                            if (!*alive) return;
                            if (!status) {
                                logRefused(status);
                                waiters_.fail(*lsn, status);
                                done(status);
                                return;
                            }
                            const auto view = parsePayload(*payload, false);
                            published(LogEntry{*lsn, envelope, payload}, view.value());
                            waitForSynchronous(id, *lsn, std::move(done));
                        });
}

void Node::waitForSynchronous(std::uint32_t datasetId, Lsn lsn, Done done) {
    DatasetRuntime* runtime = dataset(datasetId);
    if (runtime == nullptr) {
        done(okStatus());
        return;
    }
    auto waiting = std::make_shared<int>(1);
    auto finish = [waiting, done = std::make_shared<Done>(std::move(done))] {
        if (--*waiting == 0) (*done)(okStatus());
    };
    for (auto& [idx, link] : runtime->links) {
        if (!link->synchronousNow() || seams_.faults.hit("bug-synchronous-ack-early")) continue;
        ++*waiting;
        link->whenReceived(lsn, finish);
    }
    finish();
}

void Node::noteWrite() {
    lastWriteUs_ = seams_.clock.monotonicUs();
}

void Node::published(const LogEntry& entry, const PayloadView& view) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    if (runtime == nullptr) return;
    if (Status applied = applyData(entry, view); !applied) {
        note(applied.error().text());
        return;
    }
    logFull_ = false;
    if (runtime->firstUnflushedUs == 0) runtime->firstUnflushedUs = seams_.clock.monotonicUs();
    for (auto& [idx, link] : runtime->links) link->onEntry(entry);
    considerFlush(*runtime, false);
}

Status Node::applyData(const LogEntry& entry, const PayloadView& view) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (runtime == nullptr || record == nullptr) return okStatus();
    const Lane lane{view.origin, view.incarnation, std::string(view.projection)};
    runtime->durable.add(lane, view.sequence, view.sequence);
    runtime->received.add(lane, view.sequence, view.sequence);
    const auto bound = entryRef(*record, entry, view);
    return bound ? runtime->state->apply(bound.value()) : Status(bound.error());
}

Status Node::applySkip(const LogEntry& entry) {
    DatasetRuntime* runtime = dataset(entry.envelope.datasetId);
    if (runtime == nullptr) return okStatus();
    const auto skip = decodeSkipEntry(*entry.payload);
    if (!skip) return skip.error();
    runtime->durable.add(skip.value().lane, skip.value().from, skip.value().to);
    runtime->received.add(skip.value().lane, skip.value().from, skip.value().to);
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
    if (Status bound = kind.bind(*record.schema, view.body, then, ref); !bound) return bound.error();
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
        putSettled(std::move(next.request), std::move(next.done), true);
    }
    if (!overloaded()) gateways_->resumeSessions();
}

}  // namespace tributary::engine
