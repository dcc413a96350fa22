// Making cuts, and taking them: in the order of the log, positions last.
#include "engine/node/nodecuts.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/node/hex.h"
#include "engine/node/node.h"

namespace tributary::engine {
namespace {

Error goneDataset() {
    return Error{ErrorCode::NotFound, "the dataset is gone", {}, {}};
}

Error disorder(std::string what) {
    return Error{ErrorCode::Corrupt, std::move(what), "ErrCut", {}};
}

}  // namespace

void NodeCuts::make(std::uint32_t datasetId, std::function<void(Result<Cut>)> done) {
    Seams& seams = node_.seams();
    auto cut = std::make_shared<Cut>();
    while (cut->id == 0) cut->id = seams.random.next();
    const auto take = [this, datasetId, cut]() -> Status {
        DatasetRuntime* runtime = node_.dataset(datasetId);
        if (runtime == nullptr) return goneDataset();
        auto view = node_.view(datasetId, true);
        if (!view) return view.error();
        cut->positions = runtime->durable;
        cut->stamp = clock_.last();
        cut->view = std::move(view).value();
        return okStatus();
    };
    const bool early = seams.faults.hit("bug-cut-not-ordered");
    if (early) {
        if (Status taken = take(); !taken) {
            seams.executor.post([done, taken] { done(taken.error()); });
            return;
        }
    }
    EntryEnvelope envelope;
    envelope.kind = EntryKind::Cut;
    envelope.receivedMs = seams.clock.wallMs();
    Bytes body;
    appendFixed<std::uint64_t>(body, cut->id);
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = node_.log().append(
        envelope, std::make_shared<const Bytes>(std::move(body)),
        [this, alive = node_.alive(), cut, lsn, take, early, done = std::move(done)](const Status& status) {
            if (!*alive) return;
            if (!status) {
                node_.logRefused(status);
                waiters_.fail(*lsn, status);
                done(status.error());
                return;
            }
            cut->lsn = *lsn;
            node_.seams().faults.reached("cut-made");
            const Status taken = early ? okStatus() : take();
            done(taken ? Result<Cut>(std::move(*cut)) : Result<Cut>(taken.error()));
        });
}

std::optional<CutWant> NodeCuts::wanted(const CutIntake& intake) {
    if (intake.cut == 0) return std::nullopt;
    return CutWant{intake.cut, intake.number, intake.token};
}

bool NodeCuts::mayCome(const DatasetRecord& record, const CutIntake& intake, std::uint32_t upstreamIdx) {
    return intake.cut == 0 || intake.upstreamIdx == upstreamIdx || record.upstreamByIdx(intake.upstreamIdx) == nullptr;
}

Result<Accepted> NodeCuts::receive(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part) {
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    DatasetRuntime* runtime = node_.dataset(datasetId);
    if (record == nullptr || runtime == nullptr) return goneDataset();
    const KindWords& words = record->kind().words();
    if (const Error* broken = runtime->state->unavailable()) {
        return Error{broken->code, broken->text(), std::string(words.unavailableCode), {}};
    }
    if (!mayCome(*record, runtime->intake, upstreamIdx)) {
        return Error{ErrorCode::Conflict, "another source's cut is coming", std::string(words.unavailableCode), {}};
    }
    if (const Error* stopped = node_.failure()) return Error{ErrorCode::Io, stopped->text(), "ErrLogWrite", {}};
    if (part.what == CutPart::What::Begin) return begin(*record, *runtime, part);
    CutIntake& intake = runtime->intake;
    const CutIntake::Received& here = intake.received;
    if (here.cut == part.cut && part.number <= here.number) return Accepted{true, node_.log().headLsn()};
    const bool goesOn = here.cut == part.cut && part.number == here.number + 1 && part.from == here.token;
    const bool starts = part.what == CutPart::What::Chunk && part.number == 1 && part.from.empty();
    if (intake.offered != part.cut || !(goesOn || starts)) return disorder("a part of a cut is out of its order");
    const CutKind& kind = *node_.config().kinds->linksOf(record->kind()).cuts();
    if (part.what == CutPart::What::Chunk) {
        if (Status whole = kind.check(part); !whole) return disorder(whole.error().what);
        if (part.body.size() > runtime->state->bytesLeft()) {
            return Error{ErrorCode::Conflict, "there is no room for what the source holds", "ErrCut", {}};
        }
    } else {
        auto place = decodeCutPlace(part.body);
        if (!place) return disorder(place.error().what);
        intake.place = std::move(place.value().positions);
    }
    if (Status fit = fits(*record, *runtime, part); !fit) return fit.error();
    if (starts && intake.cut != 0) node_.seams().faults.reached("cut-over-remains");
    intake.received = {part.cut, part.number, part.to};
    return Accepted{false, log(datasetId, upstreamIdx, part)};
}

/// What the dataset holds and the cut does not would be gone from the state, and still be promised.
Status NodeCuts::fits(const DatasetRecord& record, const DatasetRuntime& runtime, const CutPart& part) const {
    if (part.what == CutPart::What::Chunk && part.number != 1) return okStatus();  // nothing else has come since
    if (node_.seams().faults.hit("bug-cut-forgets")) return okStatus();
    if (runtime.intake.place.coversAll(record.kind().projections(), runtime.received)) return okStatus();
    node_.seams().faults.reached("cut-lacks");
    return Error{ErrorCode::Conflict,
                 fmt::format("{} holds writes that its source does not have yet, and its source gives it all anew: it "
                             "is tried again until they have arrived there",
                             record.path),
                 "ErrCutLacks",
                 {}};
}

Result<Accepted> NodeCuts::begin(const DatasetRecord& record, DatasetRuntime& runtime, const CutPart& part) {
    auto place = decodeCutPlace(part.body);
    if (!place) return disorder(place.error().what);
    runtime.intake.place = std::move(place.value().positions);
    if (Status fit = fits(record, runtime, part); !fit) return fit.error();
    runtime.intake.offered = part.cut;
    if (node_.seams().faults.hit("bug-positions-before-rows")) {
        runtime.durable = runtime.received = runtime.intake.place;
    }
    return Accepted{true, 0};
}

Lsn NodeCuts::log(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part) {
    EntryEnvelope envelope;
    envelope.kind = EntryKind::CutPart;
    envelope.datasetId = datasetId;
    envelope.upstreamIdx = upstreamIdx;
    envelope.receivedMs = node_.seams().clock.wallMs();
    auto stored = std::make_shared<const Bytes>(encodeCutEntry(part));
    node_.noteWrite();
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = node_.log().append(
        envelope, stored, [this, alive = node_.alive(), envelope, stored, lsn](const Status& status) {
            if (!*alive) return;
            if (!status) {
                // Not logged, so not received: the source sends it again.
                if (DatasetRuntime* now = node_.dataset(envelope.datasetId)) {
                    now->intake.received = {now->intake.cut, now->intake.number, now->intake.token};
                }
                node_.logRefused(status);
                waiters_.fail(*lsn, status);
                return;
            }
            if (Status taken = node_.published(LogEntry{*lsn, envelope, stored}, {}); !taken) {
                waiters_.fail(*lsn, taken);
            }
        });
    return *lsn;
}

Status NodeCuts::applyRows(const DatasetRecord& record, StateUnit& state, const LogEntry& entry) const {
    if (entry.lsn <= state.appliedLsn() || state.unavailable() != nullptr) return okStatus();
    const auto part = decodeCutEntry(*entry.payload);
    if (!part) return part.error();
    const CutKind* kind = node_.config().kinds->linksOf(record.kind()).cuts();
    if (kind == nullptr) return disorder("a cut of a kind that has none");
    auto here = state.view(false);
    if (!here) return here.error();
    auto mutations = kind->install(*here.value(), part.value());
    if (!mutations) return mutations.error();
    const auto hold = std::make_shared<const Bytes>(std::move(mutations).value());
    EntryRef ref;
    ref.lsn = entry.lsn;
    ref.hold = hold;
    ref.mutations = *hold;
    return state.apply(ref);
}

Status NodeCuts::apply(const LogEntry& entry, When when) {
    const DatasetRecord* record = node_.catalog().byId(entry.envelope.datasetId);
    DatasetRuntime* runtime = node_.dataset(entry.envelope.datasetId);
    if (record == nullptr || runtime == nullptr) return okStatus();
    auto decoded = decodeCutEntry(*entry.payload);
    if (!decoded) return decoded.error();
    const CutPart& part = decoded.value();
    const bool forgets = when != When::Published && node_.seams().faults.hit("bug-chunk-lost-at-crash");
    if (Status rows = forgets ? okStatus() : applyRows(*record, *runtime->state, entry); !rows) return rows;
    if (when == When::Known) return okStatus();
    CutIntake& intake = runtime->intake;
    if (part.what == CutPart::What::Chunk) {
        node_.seams().faults.reached("cut-chunk");
        intake.cut = part.cut;
        intake.number = part.number;
        intake.token = part.to;
        intake.upstreamIdx = entry.envelope.upstreamIdx;
        // What was received later in the same cut is still on its way through the log.
        const bool ahead = intake.received.cut == part.cut && intake.received.number > part.number;
        if (!ahead) intake.received = {part.cut, part.number, part.to};
        return okStatus();
    }
    auto place = decodeCutPlace(part.body);
    if (!place) return place.error();
    intake = CutIntake();
    installed(*record, *runtime, place.value());
    return okStatus();
}

/// From here on the dataset is where its source was.
void NodeCuts::installed(const DatasetRecord& record, DatasetRuntime& runtime, const CutPlace& place) {
    node_.seams().faults.reached("cut-installed");
    for (Positions* positions : {&runtime.durable, &runtime.received}) positions->unite(place.positions);
    clock_.observe(place.stamp);
    // Its own writes may have come back to it.
    for (const auto& [lane, set] : place.positions.lanes()) {
        if (lane.origin != record.uuid || lane.incarnation != node_.incarnation() || set.empty()) continue;
        const std::uint64_t next = set.ranges().rbegin()->second + 1;
        if (lane.subKey.empty()) {
            runtime.nextSequence = std::max(runtime.nextSequence, next);
        } else {
            const auto& numbers = runtime.ownLanes.numbers();
            const auto at = numbers.find(lane.subKey);
            if (at == numbers.end() || at->second < next) runtime.ownLanes.restore(lane.subKey, next);
        }
    }
    for (auto& [idx, link] : runtime.links) link->broughtHere(place.positions);
}

void NodeCuts::write(const CutIntake& intake, Json& saved) {
    if (intake.cut == 0) return;
    saved["cut"] = Json{{"id", intake.cut},
                        {"number", intake.number},
                        {"token", toHex(intake.token)},
                        {"upstream", intake.upstreamIdx}};
}

void NodeCuts::read(const Json& saved, CutIntake& intake) {
    if (!saved.contains("cut")) return;
    const Json& cut = saved.at("cut");
    intake.cut = cut.at("id");
    intake.number = cut.at("number");
    intake.token = fromHex(cut.at("token").get<std::string>());
    intake.upstreamIdx = cut.at("upstream");
    intake.received = {intake.cut, intake.number, intake.token};
}

}  // namespace tributary::engine
