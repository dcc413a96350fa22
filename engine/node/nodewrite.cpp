// The way of a write: checked, logged, applied when durable, acknowledged; and the same for what links bring.
#include <fmt/format.h>

#include <algorithm>

#include "core/operations/columns.h"
#include "engine/node/node.h"
#include "engine/systems/maprdb/defaults.h"
#include "engine/systems/maprdb/mutation.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kAdmissionMax = 4096;

struct OperationCount {
    std::uint32_t operations = 0;
    bool deletes = false;
};

Result<OperationCount> countOperations(const PayloadView& view) {
    const auto checked = maprdb::countAndCheck(view.mutations, view.families.size());
    if (!checked) return checked.error();
    OperationCount count{checked.value(), false};
    maprdb::MutationReader reader(view.mutations, 0);
    maprdb::OpView op;
    while (reader.next(op)) count.deletes = count.deletes || op.kind != maprdb::OpKind::Put;
    return count;
}

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
    if (diskFull_ && pool_.full()) {
        done(Error{ErrorCode::DiskFull,
                   fmt::format("the disk of cluster {} is full: writes are refused, reads go on", config_.cluster),
                   {},
                   "free space; writes are accepted again by themselves"});
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
    if (Status checked = checkPut(request, record, view); !checked) {
        done(checked);
        return;
    }
    const auto count = countOperations(view);
    if (!count) {
        Error error = count.error();
        error.code = ErrorCode::InvalidInput;
        done(error);
        return;
    }
    if (count.value().operations == 0) {
        done(okStatus());
        return;
    }
    appendPut(*record, count.value().operations, count.value().deletes, request, std::move(done));
}

Status Node::checkPut(const PutRequest& request, const TableRecord*& record, PayloadView& view) {
    record = catalog_.byPath(request.path);
    if (record == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("no table {} in cluster {}", request.path, config_.cluster),
                     {},
                     fmt::format("maprcli table create -path {}", request.path)};
    }
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
    lastWriteUs_ = seams_.clock.monotonicUs();
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
                                failWaiters(*lsn, status);
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
    for (auto& [idx, shipper] : runtime->shippers) {
        if (!shipper->synchronousNow() || seams_.faults.hit("bug-synchronous-ack-early")) continue;
        ++*waiting;
        shipper->whenReceived(lsn, finish);
    }
    finish();
}

Result<Accepted> Node::receive(std::uint32_t tableId, std::uint32_t upstreamIdx, BytesView payload) {
    auto parsed = parsePayload(payload, true);
    if (!parsed) return parsed.error();
    const PayloadView& view = parsed.value();
    const TableRecord* record = catalog_.byId(tableId);
    TableRuntime* runtime = table(tableId);
    if (record == nullptr || runtime == nullptr) {
        return Error{ErrorCode::NotFound, "the replica table is gone", "ErrTableMissing", {}};
    }
    const Lane lane{view.origin, view.incarnation, std::string(view.projection)};
    if (view.origin == record->uuid && !seams_.faults.hit("bug-echo-to-origin")) return Accepted{true, 0};
    if (!seams_.faults.hit("bug-no-duplicate-check")) {
        if (runtime->durable.covers(lane, view.sequence)) return Accepted{true, log_->durableLsn()};
        if (runtime->received.covers(lane, view.sequence)) return Accepted{true, log_->headLsn()};
    }
    if (record->bulkload()) {
        return Error{
            ErrorCode::Conflict, fmt::format("replica {} is in bulk-load mode", record->path), "ErrBulkload", {}};
    }
    for (const BytesView family : view.families) {
        if (record->family(family) == nullptr) {
            seams_.faults.reached("family-missing");
            return Error{ErrorCode::NotFound,
                         fmt::format("replica {} has no column family {}", record->path, family),
                         "ErrColumnFamilyMissing",
                         {}};
        }
    }
    const auto count = countOperations(view);
    if (!count) return count.error();
    if (log_->failure()) {
        // Such an append has no lsn to wait for: taking it would promise what is not on the disk.
        return Error{ErrorCode::Io, log_->failure()->text(), "ErrLogWrite", {}};
    }
    if (!seams_.faults.hit("bug-no-clock-merge")) {
        if (!hlc_.observe(view.stamp, maprdb::kStampDriftMsMax)) clockDrift_ = true;
    }
    if (count.value().deletes) hlc_.passMillisecond();  // a write made here after seeing the delete must win
    EntryEnvelope envelope;
    envelope.datasetId = tableId;
    envelope.upstreamIdx = upstreamIdx;
    envelope.receivedMs = seams_.clock.wallMs();
    envelope.operations = count.value().operations;
    auto owned = std::make_shared<const Bytes>(payload);
    runtime->received.add(lane, view.sequence, view.sequence);
    lastWriteUs_ = seams_.clock.monotonicUs();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, owned, [this, alive = alive_, envelope, owned, lsn, tableId](const Status& status) {
        if (!*alive) return;
        if (!status) {
            // Not logged, so not received: the source sends it again.
            if (TableRuntime* now = table(tableId)) now->received = now->durable;
            failWaiters(*lsn, status);
            return;
        }
        const auto logged = parsePayload(*owned, false);
        published(LogEntry{*lsn, envelope, owned}, logged.value());
    });
    return Accepted{false, *lsn};
}

void Node::published(const LogEntry& entry, const PayloadView& view) {
    TableRuntime* runtime = table(entry.envelope.datasetId);
    if (runtime == nullptr) return;
    if (Status applied = applyData(entry, view); !applied) {
        recoveryNote_ = applied.error().text();
        return;
    }
    if (runtime->firstUnflushedUs == 0) runtime->firstUnflushedUs = seams_.clock.monotonicUs();
    for (auto& [idx, shipper] : runtime->shippers) shipper->onEntry(entry);
    considerFlush(*runtime, false);
}

Status Node::applyData(const LogEntry& entry, const PayloadView& view) {
    TableRuntime* runtime = table(entry.envelope.datasetId);
    const TableRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (runtime == nullptr || record == nullptr) return okStatus();
    const Lane lane{view.origin, view.incarnation, std::string(view.projection)};
    runtime->durable.add(lane, view.sequence, view.sequence);
    runtime->received.add(lane, view.sequence, view.sequence);
    EntryRef ref;
    ref.lsn = entry.lsn;
    ref.hold = entry.payload;
    ref.mutations = view.mutations;
    ref.stamp = view.stamp;
    ref.familyIds.reserve(view.families.size());
    for (const BytesView name : view.families) {
        const FamilyRecord* family =
            seams_.faults.hit("bug-family-newest") ? record->family(name) : record->familyAt(name, entry.lsn);
        ref.familyIds.push_back(family == nullptr ? 0 : family->id);
    }
    return runtime->state->apply(ref);
}

void Node::whenDurable(Lsn lsn, Done done) {
    if (lsn <= log_->syncedLsn()) {
        done(okStatus());
        return;
    }
    durableWaiters_.emplace(lsn, std::move(done));
    if (lsn <= log_->durableLsn()) log_->syncSoon();
}

void Node::failWaiters(Lsn fromLsn, const Status& status) {
    // A refused lsn will be given again: nobody may take the newcomer for what he waited for.
    std::vector<Done> failed;
    const auto first = durableWaiters_.lower_bound(fromLsn);
    for (auto at = first; at != durableWaiters_.end(); ++at) failed.push_back(std::move(at->second));
    durableWaiters_.erase(first, durableWaiters_.end());
    for (Done& done : failed) done(status);
}

bool Node::overloaded() const {
    return catalogBusy_ || pool_.full() || log_->headLsn() - log_->durableLsn() > 20'000;
}

/// Lets waiting clients in again and tells sessions to look.
void Node::admit() {
    while (!admission_.empty() && !catalogBusy_ && (!pool_.full() || diskFull_)) {
        WaitingPut next = std::move(admission_.front());
        admission_.pop_front();
        putSettled(std::move(next.request), std::move(next.done), true);
    }
    if (!overloaded()) gateways_->resumeSessions();
}

}  // namespace tributary::engine
