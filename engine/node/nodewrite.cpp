// The way of a write: checked, logged, applied when durable, acknowledged; and the same for what links bring.
#include <fmt/format.h>

#include <algorithm>

#include "core/operations/columns.h"
#include "engine/node/node.h"
#include "engine/node/payloadcheck.h"
#include "engine/replication/skipentry.h"
#include "engine/systems/maprdb/tables/defaults.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kAdmissionMax = 4096;

std::string familyList(const TableRecord& table) {
    std::string out;
    for (const auto& family : table.families) {
        if (family.live()) out += (out.empty() ? "" : ", ") + family.name;
    }
    return out.empty() ? "none" : out;
}

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
    const TableRecord* record = nullptr;
    PayloadView view;
    OperationCount count;
    if (Status checked = checkPut(request, record, view, count); !checked) {
        done(checked);
        return;
    }
    if (count.operations == 0) {
        done(okStatus());
        return;
    }
    if (request.copy) {
        if (Status near = takeCopiedStamps(view); !near) {
            done(near);
            return;
        }
    }
    appendPut(*record, count.operations, count.deletes, request, std::move(done));
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

Status Node::checkPut(const PutRequest& request, const TableRecord*& record, PayloadView& view, OperationCount& count) {
    record = catalog_.byPath(request.path);
    if (record == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("no table {} in cluster {}", request.path, config_.cluster),
                     {},
                     fmt::format("maprcli table create -path {}", request.path)};
    }
    if (Status there = checkAvailable(*record); !there) return there;
    auto parsed = parseBody(request.body);
    if (!parsed) return parsed.error();
    view = std::move(parsed).value();
    for (const BytesView family : view.families) {
        if (record->family(family) != nullptr) continue;
        return Error{
            ErrorCode::NotFound,
            fmt::format("table {} has no column family {} (it has: {})", request.path, family, familyList(*record)),
            {},
            fmt::format("maprcli table cf create -path {} -cfname {}", request.path, family)};
    }
    // Before anybody looks into the mutations: they are a client's bytes.
    auto counted = countOperations(view);
    if (!counted) {
        Error error = counted.error();
        error.code = ErrorCode::InvalidInput;
        return error;
    }
    count = counted.value();
    if (record->bulkload()) {
        if (!request.copy) {
            return Error{ErrorCode::Conflict,
                         fmt::format("table {} is in bulk-load mode", request.path),
                         {},
                         fmt::format("maprcli table edit -path {} -bulkload false", request.path)};
        }
        return access_.require(*record, "bulkloadperm", request.user);
    }
    return access_.requireWrite(*record, view, request.user);
}

/// What is copied keeps its stamps: a write made here afterwards must come after them.
Status Node::takeCopiedStamps(const PayloadView& view) {
    const Stamp newest = newestOwnStamp(view);
    const Millis aheadMs = stampMs(newest) - seams_.clock.wallMs();
    if (aheadMs <= maprdb::kStampDriftMsMax) {
        hlc_.observe(newest);
        return okStatus();
    }
    return Error{ErrorCode::Conflict,
                 fmt::format("the rows are stamped {} s ahead of the clock of cluster {}, and {} s are allowed",
                             (aheadMs + 999) / 1000, config_.cluster, maprdb::kStampDriftMsMax / 1000),
                 {},
                 "set the clocks right, and copy again when time has caught up"};
}

void Node::appendPut(const TableRecord& record, std::uint32_t operations, bool deletes, const PutRequest& request,
                     Done done) {
    TableRuntime& table = *tables_.at(record.id);
    PayloadHeader header;
    header.origin = record.uuid;
    header.incarnation = incarnation_;
    header.sequence = table.nextSequence++;
    header.stamp = hlc_.next();
    header.operations = operations;
    if (deletes) hlc_.passMillisecond();
    auto payload = std::make_shared<const Bytes>(encodePayload(header, request.body));
    EntryEnvelope envelope;
    envelope.datasetId = record.id;
    envelope.receivedMs = seams_.clock.wallMs();
    envelope.operations = operations;
    table.received.add(Lane{header.origin, header.incarnation, {}}, header.sequence, header.sequence);
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

void Node::waitForSynchronous(std::uint32_t tableId, Lsn lsn, Done done) {
    TableRuntime* runtime = table(tableId);
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
    TableRuntime* runtime = table(entry.envelope.datasetId);
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
    TableRuntime* runtime = table(entry.envelope.datasetId);
    const TableRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (runtime == nullptr || record == nullptr) return okStatus();
    const Lane lane{view.origin, view.incarnation, std::string(view.projection)};
    runtime->durable.add(lane, view.sequence, view.sequence);
    runtime->received.add(lane, view.sequence, view.sequence);
    return runtime->state->apply(entryRef(*record, entry, view, seams_.faults.hit("bug-family-newest")));
}

Status Node::applySkip(const LogEntry& entry) {
    TableRuntime* runtime = table(entry.envelope.datasetId);
    if (runtime == nullptr) return okStatus();
    const auto skip = decodeSkipEntry(*entry.payload);
    if (!skip) return skip.error();
    runtime->durable.add(skip.value().lane, skip.value().from, skip.value().to);
    runtime->received.add(skip.value().lane, skip.value().from, skip.value().to);
    return okStatus();
}

EntryRef Node::entryRef(const TableRecord& record, const LogEntry& entry, const PayloadView& view, bool newest) {
    EntryRef ref;
    ref.lsn = entry.lsn;
    ref.hold = entry.payload;
    ref.mutations = view.mutations;
    ref.stamp = view.stamp;
    ref.familyIds.reserve(view.families.size());
    for (const BytesView name : view.families) {
        const FamilyRecord* family = newest ? record.family(name) : record.familyAt(name, entry.lsn);
        ref.familyIds.push_back(family == nullptr ? 0 : family->id);
    }
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
