// Everything received that is not a duplicate is logged, with its verdict, even when it changes nothing.
#include "engine/node/receiver.h"

#include <fmt/format.h>

#include "engine/node/node.h"
#include "engine/node/payloadcheck.h"
#include "engine/systems/maprdb/defaults.h"

namespace tributary::engine {

/// Both halves of the agreement: the table is the one the source means (uuid, not path), and it names the source.
std::variant<Agreement, Refusal> Receiver::agree(const Hello& hello) {
    const TableRecord* record = node_.catalog().byPath(hello.toPath);
    if (record == nullptr) {
        return Refusal{"ErrTableMissing",
                       fmt::format("no table {} in cluster {}", hello.toPath, node_.config().cluster), 0};
    }
    if (record->uuid != hello.toUuid) {
        return Refusal{
            "ErrUuidMismatch",
            fmt::format("{} is another table than the one registered (it was deleted and made anew)", hello.toPath), 0};
    }
    if (Status there = node_.checkAvailable(*record); !there) {
        return Refusal{"ErrTableUnavailable", there.error().text(), 0};
    }
    const UpstreamRecord* upstream = record->upstreamByUuid(hello.fromUuid);
    if (upstream == nullptr && !node_.seams().faults.hit("bug-half-agreement")) {
        return Refusal{"ErrNoUpstream",
                       fmt::format("{} is not registered as upstream of {}", hello.fromPath, hello.toPath), 0};
    }
    Agreement agreement;
    agreement.tableId = record->id;
    agreement.upstreamIdx = upstream == nullptr ? 0 : upstream->idx;
    if (const TableRuntime* runtime = node_.table(record->id)) agreement.positions = runtime->durable;
    node_.sourceStands(*record, hello);
    return agreement;
}

Result<Accepted> Receiver::receive(std::uint32_t tableId, std::uint32_t upstreamIdx, BytesView payload) {
    auto parsed = parsePayload(payload, true);
    if (!parsed) return Error{parsed.error().code, parsed.error().what, "ErrPayload", {}};
    const PayloadView& view = parsed.value();
    const TableRecord* record = node_.catalog().byId(tableId);
    TableRuntime* runtime = node_.table(tableId);
    if (record == nullptr || runtime == nullptr) {
        return Error{ErrorCode::NotFound, "the replica table is gone", "ErrTableMissing", {}};
    }
    if (Status there = node_.checkAvailable(*record); !there) {
        return Error{there.error().code, there.error().text(), "ErrTableUnavailable", {}};
    }
    FaultPoints& faults = node_.seams().faults;
    const Lane lane{view.origin, view.incarnation, std::string(view.projection)};
    if (view.origin == record->uuid && !faults.hit("bug-echo-to-origin")) return Accepted{true, 0};
    if (!faults.hit("bug-no-duplicate-check")) {
        if (runtime->durable.covers(lane, view.sequence)) return Accepted{true, node_.log().durableLsn()};
        if (runtime->received.covers(lane, view.sequence)) return Accepted{true, node_.log().headLsn()};
    }
    if (record->bulkload()) {
        return Error{
            ErrorCode::Conflict, fmt::format("replica {} is in bulk-load mode", record->path), "ErrBulkload", {}};
    }
    for (const BytesView family : view.families) {
        if (record->family(family) == nullptr) {
            faults.reached("family-missing");
            return Error{ErrorCode::NotFound,
                         fmt::format("replica {} has no column family {}", record->path, family),
                         "ErrColumnFamilyMissing",
                         {}};
        }
    }
    const auto count = countOperations(view);
    if (!count) return Error{count.error().code, count.error().text(), "ErrPayload", {}};
    if (node_.log().failure()) {
        // Such an append has no lsn to wait for: taking it would promise what is not on the disk.
        return Error{ErrorCode::Io, node_.log().failure()->text(), "ErrLogWrite", {}};
    }
    if (!faults.hit("bug-no-clock-merge")) {
        if (!clock_.observe(view.stamp, maprdb::kStampDriftMsMax)) sawClockDrift_ = true;
    }
    if (count.value().deletes) clock_.passMillisecond();  // a write made here after seeing the delete must win
    runtime->received.add(lane, view.sequence, view.sequence);
    return Accepted{false, log(tableId, upstreamIdx, count.value().operations, payload)};
}

Lsn Receiver::log(std::uint32_t tableId, std::uint32_t upstreamIdx, std::uint32_t operations, BytesView payload) {
    EntryEnvelope envelope;
    envelope.datasetId = tableId;
    envelope.upstreamIdx = upstreamIdx;
    envelope.receivedMs = node_.seams().clock.wallMs();
    envelope.operations = operations;
    auto owned = std::make_shared<const Bytes>(payload);
    node_.noteWrite();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = node_.log().append(envelope, owned,
                              [this, alive = node_.alive(), envelope, owned, lsn, tableId](const Status& status) {
                                  if (!*alive) return;
                                  if (!status) {
                                      // Not logged, so not received: the source sends it again.
                                      if (TableRuntime* now = node_.table(tableId)) now->received = now->durable;
                                      node_.logRefused(status);
                                      waiters_.fail(*lsn, status);
                                      return;
                                  }
                                  const auto logged = parsePayload(*owned, false);
                                  node_.published(LogEntry{*lsn, envelope, owned}, logged.value());
                              });
    return *lsn;
}

void Receiver::skip(std::uint32_t tableId, const Skip& skip) {
    if (TableRuntime* runtime = node_.table(tableId)) {
        runtime->durable.add(skip.lane, skip.from, skip.to);
        runtime->received.add(skip.lane, skip.from, skip.to);
    }
}

void Receiver::whenDurable(Lsn lsn, Done done) {
    CommitLog& log = node_.log();
    if (lsn <= log.syncedLsn()) {
        done(okStatus());
        return;
    }
    waiters_.add(lsn, std::move(done));
    if (lsn <= log.durableLsn()) log.syncSoon();
}

void Receiver::whenPositionsDurable(Done done) {
    whenDurable(node_.log().durableLsn(), std::move(done));
}

bool Receiver::overloaded() const {
    return node_.overloaded();
}

}  // namespace tributary::engine
