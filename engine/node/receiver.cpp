// Everything received that is not a duplicate is logged, with its verdict, even when it changes nothing.
#include "engine/node/receiver.h"

#include <fmt/format.h>

#include "engine/node/node.h"
#include "engine/replication/entryparts.h"
#include "engine/replication/skipentry.h"

namespace tributary::engine {

Error Receiver::gone() const {
    const KindWords& words = node_.words();
    return Error{
        ErrorCode::NotFound, fmt::format("the replica {} is gone", words.noun), std::string(words.missingCode), {}};
}

/// What it is meant for cannot read it.
Error Receiver::strangeKind(const DatasetRecord& record, std::uint8_t number) const {
    const auto known = node_.catalog().kinds().numbered(number);
    if (!known) return Error{known.error().code, known.error().what, "ErrPayload", {}};
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} is a {}, and this is of a {}", record.path, record.kind().words().noun,
                             known.value()->words().noun),
                 "ErrPayload",
                 {}};
}

/// Both halves of the agreement: the dataset is the one the source means (uuid, not path), and it names the source.
std::variant<Agreement, Refusal> Receiver::agree(const Hello& hello) {
    const DatasetRecord* record = node_.catalog().byPath(hello.toPath);
    if (record == nullptr) {
        const KindWords& words = node_.words();
        return Refusal{std::string(words.missingCode),
                       fmt::format("no {} {} in cluster {}", words.noun, hello.toPath, node_.config().cluster), 0};
    }
    const KindWords& words = record->kind().words();
    if (record->uuid != hello.toUuid) {
        return Refusal{"ErrUuidMismatch",
                       fmt::format("{} is another {} than the one registered (it was deleted and made anew)",
                                   hello.toPath, words.noun),
                       0};
    }
    const DatasetRuntime* runtime = node_.dataset(record->id);
    const UpstreamRecord* upstream = record->upstreamByUuid(hello.fromUuid);
    // While a cut is coming, only who brings it may come.
    const bool filled = runtime != nullptr && runtime->intake.active() && runtime->state->unavailable() == nullptr;
    const bool brings = filled && upstream != nullptr && NodeCuts::mayCome(*record, runtime->intake, upstream->idx);
    if (Status there = node_.checkAvailable(*record); !there && !brings) {
        return Refusal{std::string(words.unavailableCode), there.error().text(), 0};
    }
    if (upstream == nullptr && !node_.seams().faults.hit("bug-half-agreement")) {
        return Refusal{"ErrNoUpstream",
                       fmt::format("{} is not registered as upstream of {}", hello.fromPath, hello.toPath), 0};
    }
    Agreement agreement;
    agreement.kind = &node_.config().kinds->linksOf(record->kind());
    agreement.datasetId = record->id;
    agreement.upstreamIdx = upstream == nullptr ? 0 : upstream->idx;
    if (runtime != nullptr) {
        const bool hopes = node_.seams().faults.hit("bug-greets-received");
        agreement.positions = hopes ? runtime->received : runtime->durable;
        agreement.want = NodeCuts::wanted(runtime->intake);
    }
    return agreement;
}

std::optional<Refusal> Receiver::stands(const Hello& hello) {
    const DatasetRecord* record = node_.catalog().byPath(hello.toPath);
    const DatasetRuntime* runtime = record == nullptr ? nullptr : node_.dataset(record->id);
    if (runtime == nullptr) return std::nullopt;
    node_.sourceStands(*record, hello);
    const Lane written{hello.fromUuid, hello.incarnation, {}};
    if (!runtime->durable.isComplete(record->kind().projections(), written)) return std::nullopt;
    return Refusal{"ErrLifeOver",
                   fmt::format("{} knows this run of {} as one that is over: what it writes now would be taken for "
                               "what is here; its volume was put back and its clock set back, too: set the clock of "
                               "cluster {} right and start it again",
                               hello.toPath, hello.fromPath, hello.fromCluster),
                   0};
}

Result<Accepted> Receiver::receive(std::uint32_t datasetId, std::uint32_t upstreamIdx, BytesView payload) {
    auto parsed = parsePayload(payload, true);
    if (!parsed) return Error{parsed.error().code, parsed.error().what, "ErrPayload", {}};
    const PayloadView& view = parsed.value();
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    DatasetRuntime* runtime = node_.dataset(datasetId);
    if (record == nullptr || runtime == nullptr) {
        return gone();
    }
    const DatasetKind& kind = record->kind();
    if (Status there = node_.checkAvailable(*record); !there) {
        return Error{there.error().code, there.error().text(), std::string(kind.words().unavailableCode), {}};
    }
    if (view.kind != kind.number()) return strangeKind(*record, view.kind);
    FaultPoints& faults = node_.seams().faults;
    if (view.origin == record->uuid && !faults.hit("bug-echo-to-origin")) return Accepted{true, 0};
    if (!faults.hit("bug-no-duplicate-check")) {
        const Projections& order = kind.projections();
        const std::string seen(view.projection);
        if (runtime->durable.coversPayload(order, view, seen)) return Accepted{true, node_.log().durableLsn()};
        if (runtime->received.coversPayload(order, view, seen)) return Accepted{true, node_.log().headLsn()};
    }
    if (Status good = kind.projections().check(view.projection); !good) return good.error();
    if (Status near = checkClock(*record, upstreamIdx, view.stamp); !near) return near.error();
    const auto admitted = kind.admit(*record->schema, record->path, view.body);
    if (!admitted) {
        faults.reached("admit-refused");
        return admitted.error();
    }
    if (Status due = checkLanes(kind, *runtime, view); !due) return due.error();
    if (const Error* stopped = node_.failure()) {
        // Such an append has no lsn to wait for: taking it would promise what is not on the disk.
        return Error{ErrorCode::Io, stopped->text(), "ErrLogWrite", {}};
    }
    const bool far = stampMs(view.stamp) > node_.seams().clock.wallMs() + kStampDriftMsMax;
    if (!faults.hit("bug-no-clock-merge") && !(far && faults.hit("bug-far-clock-taken"))) clock_.observe(view.stamp);
    clocks_.taken({datasetId, upstreamIdx});
    if (admitted.value().deletes) clock_.passMillisecond();  // a write made here after seeing the delete must win
    Arrived arrived{EntryKind::Data, datasetId, upstreamIdx, admitted.value().operations};
    Bytes bytes;
    if (kind.policy() != nullptr) {
        const auto decision = node_.decide(*record, {*record->schema, view.body, view.stamp, false});
        if (!decision) {
            const Error& why = decision.error();
            return Error{why.code, why.what, why.where.empty() ? "ErrDecide" : why.where, why.fix};
        }
        if (decision.value().verdict == Verdict::Skip) faults.reached("decided-skip");
        if (decision.value().verdict == Verdict::Skip && faults.hit("bug-skip-forgotten")) {
            runtime->durable.takePayload(kind.projections(), view);
            runtime->received.takePayload(kind.projections(), view);
            return Accepted{true, 0};
        }
        arrived.kind = EntryKind::Decided;
        arrived.verdict = decision.value().verdict;
        bytes = encodeDecided(decision.value().effect, payload);
    } else {
        bytes = Bytes(payload);
    }
    runtime->received.takePayload(kind.projections(), view);
    return Accepted{false, log(arrived, std::move(bytes))};
}

/// Each piece may come into its lane now. A payload comes whole or not at all.
Status Receiver::checkLanes(const DatasetKind& kind, const DatasetRuntime& runtime, const PayloadView& view) const {
    const auto damaged = [](const std::string& what) { return Error{ErrorCode::Corrupt, what, "ErrPayload", {}}; };
    if (kind.lanes() == nullptr) {
        return view.isPlain() ? okStatus() : damaged(fmt::format("a {} has one lane only", kind.words().noun));
    }
    const std::vector<LaneShare> shares = kind.lanes()->split(view.body);
    PieceReader pieces(view);
    PieceView piece;
    for (const LaneShare& share : shares) {
        const bool same = pieces.next(piece) && piece.subKey == share.subKey && piece.count == share.count &&
                          piece.body.size() == share.bytes;
        if (!same || shares.size() != view.pieceCount) return damaged("its pieces are not what its body is");
        const auto admission = kind.lanes()->admission(piece.subKey);
        if (!admission) return damaged(admission.error().what);
        const IntervalSet* known = runtime.received.find(laneOf(view, piece));
        const auto has = [&](std::uint64_t from, std::uint64_t to) { return known && known->containsAll(from, to); };
        if (has(piece.first, piece.first) || has(piece.last(), piece.last())) {
            return damaged(fmt::format("sequence {} of lane {} came with another payload", piece.first, piece.subKey));
        }
        if (admission.value() == Admission::AnyOrder || piece.first == 1 || has(1, piece.first - 1)) continue;
        if (node_.seams().faults.hit("bug-gap-taken")) continue;
        node_.seams().faults.reached("gap-waits");
        return Error{ErrorCode::Conflict,
                     fmt::format("sequence {} of lane {} waits for those before it", piece.first, piece.subKey),
                     "ErrGap",
                     {}};
    }
    return okStatus();
}

Status Receiver::checkClock(const DatasetRecord& dataset, std::uint32_t upstreamIdx, Stamp stamp) {
    const Millis wallMs = node_.seams().clock.wallMs();
    const ClockWatch::Place place{dataset.id, upstreamIdx};
    if (clocks_.tooFarMs(place, stamp, wallMs) <= 0 || node_.seams().faults.hit("bug-far-clock-taken")) {
        return okStatus();
    }
    node_.seams().faults.reached("clock-held");
    const UpstreamRecord* upstream = dataset.upstreamByIdx(upstreamIdx);
    ClockWatch::Held held;
    held.cluster = upstream == nullptr ? std::string("an upstream") : upstream->cluster;
    held.path = upstream == nullptr ? dataset.path : upstream->path;
    held.stamp = stamp;
    held.skewMs = stampMs(stamp) - wallMs;
    const std::string text = fmt::format(
        "it is stamped {} s ahead of the clock of cluster {}, and {} s are allowed: set the clock of cluster {} right; "
        "it is taken when time has caught up, or when an administrator of {} clears {}",
        (held.skewMs + 999) / 1000, node_.config().cluster, kStampDriftMsMax / 1000, held.cluster,
        node_.config().cluster, kAlarmClockDrift);
    clocks_.held(place, std::move(held));
    return Error{ErrorCode::Conflict, text, "ErrClockSkew", {}};
}

Lsn Receiver::log(const Arrived& arrived, Bytes payload) {
    EntryEnvelope envelope;
    envelope.kind = arrived.kind;
    envelope.datasetId = arrived.datasetId;
    envelope.upstreamIdx = arrived.upstreamIdx;
    envelope.receivedMs = node_.seams().clock.wallMs();
    envelope.operations = arrived.operations;
    envelope.verdict = static_cast<std::uint8_t>(arrived.verdict);
    auto owned = std::make_shared<const Bytes>(std::move(payload));
    if (holdsPayload(arrived.kind)) node_.noteWrite();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn =
        node_.log().append(envelope, owned, [this, alive = node_.alive(), envelope, owned, lsn](const Status& status) {
            if (!*alive) return;
            if (!status) {
                // Not logged, so not received: the source sends it again.
                if (DatasetRuntime* now = node_.dataset(envelope.datasetId)) now->received = now->durable;
                node_.logRefused(status);
                node_.undecided(envelope, owned);
                waiters_.fail(*lsn, status);
                return;
            }
            const LogEntry entry{*lsn, envelope, owned};
            if (!holdsPayload(envelope.kind)) {
                if (Status applied = node_.applyTold(entry); !applied) node_.logRefused(applied);
                return;
            }
            const auto logged = parsePayload(partsOf(entry).payload, false);
            if (Status taken = node_.published(entry, logged.value()); !taken) waiters_.fail(*lsn, taken);
        });
    if (arrived.kind == EntryKind::Decided) {
        node_.decided(*node_.catalog().byId(arrived.datasetId), LogEntry{*lsn, envelope, owned});
    }
    return *lsn;
}

Result<Accepted> Receiver::skip(std::uint32_t datasetId, std::uint32_t upstreamIdx, const Skip& skip) {
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    DatasetRuntime* runtime = node_.dataset(datasetId);
    if (record == nullptr || runtime == nullptr) {
        return gone();
    }
    const Projections& order = record->kind().projections();
    if (Status good = order.check(skip.lane.projection); !good) return good.error();
    if (skip.lane.origin == record->uuid) return Accepted{true, 0};
    // Nothing but the cut changes what is being filled by one.
    if (Status there = runtime->intake.active() ? node_.checkAvailable(*record) : okStatus(); !there)
        return there.error();
    if (runtime->durable.coversRange(order, skip.lane, skip.from, skip.to))
        return Accepted{true, node_.log().durableLsn()};
    if (runtime->received.coversRange(order, skip.lane, skip.from, skip.to))
        return Accepted{true, node_.log().headLsn()};
    if (const Error* stopped = node_.failure()) return Error{ErrorCode::Io, stopped->text(), "ErrLogWrite", {}};
    runtime->received.add(skip.lane, skip.from, skip.to);
    if (node_.seams().faults.hit("bug-skip-not-logged")) {
        runtime->durable.add(skip.lane, skip.from, skip.to);
        return Accepted{true, 0};
    }
    return Accepted{false,
                    log({EntryKind::Skip, datasetId, upstreamIdx}, encodeSkipEntry({skip.lane, skip.from, skip.to}))};
}

Result<Accepted> Receiver::ended(std::uint32_t datasetId, std::uint32_t upstreamIdx, const LifeEnd& end) {
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    DatasetRuntime* runtime = node_.dataset(datasetId);
    if (record == nullptr || runtime == nullptr) return gone();
    if (end.origin == record->uuid || runtime->intake.active()) return Accepted{true, 0};
    // What is missing here may come another way, and then that way says the same. Nothing here is promised by it.
    const bool believed = node_.seams().faults.hit("bug-life-end-believed");
    const Projections& order = record->kind().projections();
    const bool known = runtime->received.isComplete(order, Lane{end.origin, end.incarnation, {}});
    if (believed ? known : !runtime->received.closes(order, end)) return Accepted{true, node_.log().headLsn()};
    if (const Error* stopped = node_.failure()) return Error{ErrorCode::Io, stopped->text(), "ErrLogWrite", {}};
    node_.seams().faults.reached("life-ended");
    return Accepted{false, log({EntryKind::LifeEnd, datasetId, upstreamIdx}, encodeLifeEnd(end))};
}

Result<Accepted> Receiver::cutPart(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part) {
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    if (record != nullptr && part.what == CutPart::What::Begin) {
        const auto place = decodeCutPlace(part.body);
        if (!place) return Error{ErrorCode::Corrupt, place.error().what, "ErrCut", {}};
        if (Status near = checkClock(*record, upstreamIdx, place.value().stamp); !near) return near.error();
    }
    return node_.cuts().receive(datasetId, upstreamIdx, part);
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
