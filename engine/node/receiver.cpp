// Everything received that is not a duplicate is logged, with its verdict, even when it changes nothing.
#include "engine/node/receiver.h"

#include <fmt/format.h>

#include "core/operations/columns.h"
#include "engine/node/node.h"
#include "engine/node/payloadcheck.h"
#include "engine/replication/skipentry.h"
#include "engine/systems/maprdb/tables/defaults.h"

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
    if (Status list = checkProjection(view.projection); !list) return list.error();
    if (Status near = checkClock(*record, upstreamIdx, view.stamp); !near) return near.error();
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
    const bool far = stampMs(view.stamp) > node_.seams().clock.wallMs() + maprdb::kStampDriftMsMax;
    if (!faults.hit("bug-no-clock-merge") && !(far && faults.hit("bug-far-clock-taken"))) clock_.observe(view.stamp);
    clocks_.taken({tableId, upstreamIdx});
    if (count.value().deletes) clock_.passMillisecond();  // a write made here after seeing the delete must win
    runtime->received.add(lane, view.sequence, view.sequence);
    return Accepted{false, log({EntryKind::Data, tableId, upstreamIdx, count.value().operations}, Bytes(payload))};
}

Status Receiver::checkProjection(std::string_view projection) {
    if (projection.empty()) return okStatus();
    const auto columns = parseColumns(projection);
    if (columns && printColumns(columns.value()) == projection) return okStatus();
    return Error{ErrorCode::Corrupt, "the projection is not a column list", "ErrPayload", {}};
}

Status Receiver::checkClock(const TableRecord& table, std::uint32_t upstreamIdx, Stamp stamp) {
    const Millis wallMs = node_.seams().clock.wallMs();
    const ClockWatch::Place place{table.id, upstreamIdx};
    if (clocks_.tooFarMs(place, stamp, wallMs) <= 0 || node_.seams().faults.hit("bug-far-clock-taken")) {
        return okStatus();
    }
    node_.seams().faults.reached("clock-held");
    const UpstreamRecord* upstream = table.upstreamByIdx(upstreamIdx);
    ClockWatch::Held held;
    held.cluster = upstream == nullptr ? std::string("an upstream") : upstream->cluster;
    held.path = upstream == nullptr ? table.path : upstream->path;
    held.stamp = stamp;
    held.skewMs = stampMs(stamp) - wallMs;
    const std::string text = fmt::format(
        "it is stamped {} s ahead of the clock of cluster {}, and {} s are allowed: set the clock of cluster {} right; "
        "it is taken when time has caught up, or when an administrator of {} clears {}",
        (held.skewMs + 999) / 1000, node_.config().cluster, maprdb::kStampDriftMsMax / 1000, held.cluster,
        node_.config().cluster, kAlarmClockDrift);
    clocks_.held(place, std::move(held));
    return Error{ErrorCode::Conflict, text, "ErrClockSkew", {}};
}

Lsn Receiver::log(const Arrived& arrived, Bytes payload) {
    EntryEnvelope envelope;
    envelope.kind = arrived.kind;
    envelope.datasetId = arrived.tableId;
    envelope.upstreamIdx = arrived.upstreamIdx;
    envelope.receivedMs = node_.seams().clock.wallMs();
    envelope.operations = arrived.operations;
    auto owned = std::make_shared<const Bytes>(std::move(payload));
    if (arrived.kind == EntryKind::Data) node_.noteWrite();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn =
        node_.log().append(envelope, owned, [this, alive = node_.alive(), envelope, owned, lsn](const Status& status) {
            if (!*alive) return;
            if (!status) {
                // Not logged, so not received: the source sends it again.
                if (TableRuntime* now = node_.table(envelope.datasetId)) now->received = now->durable;
                node_.logRefused(status);
                waiters_.fail(*lsn, status);
                return;
            }
            const LogEntry entry{*lsn, envelope, owned};
            if (envelope.kind == EntryKind::Skip) {
                if (Status applied = node_.applySkip(entry); !applied) node_.logRefused(applied);
                return;
            }
            const auto logged = parsePayload(*owned, false);
            node_.published(entry, logged.value());
        });
    return *lsn;
}

Result<Accepted> Receiver::skip(std::uint32_t tableId, std::uint32_t upstreamIdx, const Skip& skip) {
    const TableRecord* record = node_.catalog().byId(tableId);
    TableRuntime* runtime = node_.table(tableId);
    if (record == nullptr || runtime == nullptr) {
        return Error{ErrorCode::NotFound, "the replica table is gone", "ErrTableMissing", {}};
    }
    if (Status list = checkProjection(skip.lane.projection); !list) return list.error();
    if (skip.lane.origin == record->uuid) return Accepted{true, 0};
    if (runtime->durable.coversRange(skip.lane, skip.from, skip.to)) return Accepted{true, node_.log().durableLsn()};
    if (runtime->received.coversRange(skip.lane, skip.from, skip.to)) return Accepted{true, node_.log().headLsn()};
    if (node_.log().failure()) return Error{ErrorCode::Io, node_.log().failure()->text(), "ErrLogWrite", {}};
    runtime->received.add(skip.lane, skip.from, skip.to);
    if (node_.seams().faults.hit("bug-skip-not-logged")) {
        runtime->durable.add(skip.lane, skip.from, skip.to);
        return Accepted{true, 0};
    }
    return Accepted{false,
                    log({EntryKind::Skip, tableId, upstreamIdx, 0}, encodeSkipEntry({skip.lane, skip.from, skip.to}))};
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
