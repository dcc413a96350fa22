// An independent fold of a node's log: what holds for every kind of data.
#include "nodemodel.h"

#include <fmt/format.h>

#include "engine/replication/entryparts.h"
#include "engine/replication/skipentry.h"

namespace tributary::simtest {

using namespace tributary::engine;

int opOf(BytesView text) {
    if (text.size() < 2 || text[0] != 'o') return -1;
    int number = 0;
    std::size_t at = 1;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) number = number * 10 + (text[at] - '0');
    return at == 1 ? -1 : number;
}

NodeModel::NodeModel(Known& known, const SimKind& kind)
    : known_(known), kind_(kind), kinds_(kind.nodeKinds()), catalog_(kinds_->kinds) {
    begin();
}

void NodeModel::begin() {
    catalog_ = Catalog(kinds_->kinds);
    rows_ = kind_.makeModel([this](const std::string& what) { violate(what); });
    lanes_.clear();
    ops_.clear();
}

void NodeModel::violate(const std::string& what) {
    if (!violation_ && !rebuilding_) violation_ = what;
}

void NodeModel::take(const LogEntry& entry) {
    if (!entries_.empty() && entry.lsn != head() + 1) {
        violate(fmt::format("log-order: entry {} follows entry {}", entry.lsn, head()));
    }
    entries_.push_back(entry);
    if (entry.envelope.kind == EntryKind::Catalog) {
        const auto change = decodeChange(*entry.payload, kinds_->kinds);
        if (!change) {
            violate("log-order: a published catalog entry does not decode: " + change.error().text());
            return;
        }
        catalog_.apply(change.value(), entry.lsn);
        return;
    }
    if (entry.envelope.kind == EntryKind::Skip) {
        takeSkip(entry);
        return;
    }
    if (entry.envelope.kind == EntryKind::Cut) {
        noteCut(entry);
        return;
    }
    if (entry.envelope.kind == EntryKind::CutPart) {
        takePart(entry);
        return;
    }
    if (entry.envelope.kind == EntryKind::LifeEnd) return;  // says how much is known, and adds nothing to it
    takeData(entry);
}

/// What replicas must come to that are given this cut.
void NodeModel::noteCut(const LogEntry& entry) {
    ByteReader reader(*entry.payload);
    const auto cut = reader.fixed<std::uint64_t>();
    std::vector<int> ops;
    for (const auto& [op, place] : ops_) ops.push_back(op);
    for (const auto& [id, record] : catalog_.datasets()) {
        known_.cuts[{cut, record.uuid}] = {told(id), rows_->shownEverywhere(record), ops};
    }
}

void NodeModel::takePart(const LogEntry& entry) {
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (record == nullptr) return;
    const auto part = decodeCutEntry(*entry.payload);
    if (!part) {
        violate("log-order: a published part of a cut does not decode: " + part.error().text());
        return;
    }
    Lanes& lanes = lanes_[record->id];
    const bool first = part.value().number == 1 && part.value().what == CutPart::What::Chunk;
    if (!first && (part.value().cut != lanes.cut || part.value().number != lanes.parts + 1)) {
        violate(fmt::format("cut: part {} of a cut follows part {}", part.value().number, lanes.parts));
    }
    lanes.cut = part.value().cut;
    lanes.parts = part.value().number;
    if (part.value().what == CutPart::What::Chunk) {
        rows_->takeChunk(*record, part.value().body, first);
        return;
    }
    lanes.cut = lanes.parts = 0;
    rows_->takeCut(*record);
    const UpstreamRecord* source = record->upstreamByIdx(entry.envelope.upstreamIdx);
    endCut(*record, source == nullptr ? Uuid() : source->uuid, part.value());
}

/// The dataset is what its source was at the cut, and says so.
void NodeModel::endCut(const DatasetRecord& record, const Uuid& source, const CutPart& end) {
    Lanes& lanes = lanes_[record.id];
    const auto place = decodeCutPlace(end.body);
    if (!place) {
        violate("log-order: the end of a cut does not decode: " + place.error().text());
        return;
    }
    const Projections& order = record.kind().projections();
    if (!place.value().positions.coversAll(order, lanes.told)) {
        violate("cut: " + record.path + " was brought back behind what it had logged");
    }
    lanes.logged.unite(place.value().positions);
    lanes.told.unite(place.value().positions);
    const auto was = known_.cuts.find({end.cut, source});
    if (was == known_.cuts.end()) {
        violate("cut: " + record.path + " was given a cut that its source did not make");
        return;
    }
    for (const int op : was->second.ops) ops_.try_emplace(op, Lane(), 0);
    if (!place.value().positions.coversAll(order, was->second.told) ||
        rows_->shownEverywhere(record) != was->second.rows) {
        violate(fmt::format("cut: {} shows {} rows, and its source had {} at the cut", record.path,
                            rows_->shownEverywhere(record).size(), was->second.rows.size()));
    }
}

bool NodeModel::filling(std::uint32_t datasetId) const {
    const auto at = lanes_.find(datasetId);
    return at != lanes_.end() && at->second.cut != 0;
}

void NodeModel::takeSkip(const LogEntry& entry) {
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (record == nullptr) return;
    const auto skip = decodeSkipEntry(*entry.payload);
    if (!skip) {
        violate("log-order: a published skip does not decode: " + skip.error().text());
        return;
    }
    lanes_[record->id].told.add(skip.value().lane, skip.value().from, skip.value().to);
}

std::size_t NodeModel::cutAbove(Lsn newHead) {
    if (head() <= newHead) return 0;
    std::vector<LogEntry> kept;
    for (LogEntry& entry : entries_) {
        if (entry.lsn <= newHead) kept.push_back(std::move(entry));
    }
    const std::size_t gone = entries_.size() - kept.size();
    entries_.clear();
    begin();
    rebuilding_ = true;
    for (const LogEntry& entry : kept) take(entry);
    rebuilding_ = false;
    return gone;
}

void NodeModel::takeData(const LogEntry& entry) {
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (record == nullptr) return;
    const EntryParts parts = partsOf(entry);
    const auto view = parsePayload(parts.payload, true);
    if (!view) {
        violate("log-order: a published payload is damaged: " + view.error().text());
        return;
    }
    Lanes& lanes = lanes_[record->id];
    const PayloadView& payload = view.value();
    const bool local = payload.origin == record->uuid;
    PieceReader pieces(payload);
    PieceView piece;
    std::optional<Lane> first;
    const std::uint64_t meaning = std::hash<std::string_view>{}(parts.payload);
    while (pieces.next(piece)) {
        const Lane lane = laneOf(payload, piece);
        if (!first) first = lane;
        takePiece(lanes, *record, lane, piece);
        if (local) checkOwn(lanes.own[lane.subKey], *record, lane, piece);
        if (known_.identities.try_emplace({lane, piece.first}, meaning).first->second == meaning) continue;
        violate(fmt::format("identity: sequence {} of origin {} incarnation {} means two things", piece.first,
                            payload.origin.text(), payload.incarnation));
    }
    lanes.logged.takePayload(record->kind().projections(), payload);
    lanes.told.takePayload(record->kind().projections(), payload);
    const auto verdict = static_cast<Verdict>(entry.envelope.verdict);
    for (const int op : rows_->take({*record, payload, parts.effect, verdict, local})) {
        ops_.try_emplace(op, Lane{first->origin, first->incarnation, {}, first->subKey}, payload.sequence);
    }
}

/// Each sequence once, and in order where its kind says that a gap waits.
void NodeModel::takePiece(const Lanes& lanes, const DatasetRecord& record, const Lane& lane, const PieceView& piece) {
    for (std::uint64_t sequence = piece.first; sequence <= piece.last(); ++sequence) {
        if (!lanes.logged.covers(record.kind().projections(), lane, sequence)) continue;
        violate(fmt::format("exactly-once: sequence {} of origin {} incarnation {} was logged again as entry {} of {}",
                            sequence, lane.origin.text(), lane.incarnation, head(), record.path));
    }
    if (record.kind().lanes() == nullptr || piece.first == 1) return;
    const auto admission = record.kind().lanes()->admission(piece.subKey);
    if (!admission || admission.value() != Admission::GapWaits) return;
    const IntervalSet* before = lanes.logged.find(lane);
    if (before != nullptr && before->containsAll(1, piece.first - 1)) return;
    violate(fmt::format("order: sequence {} of lane {} of origin {} came before one that it must follow", piece.first,
                        lane.subKey, lane.origin.text()));
}

/// A node's own sequences ascend, life after life.
void NodeModel::checkOwn(Own& own, const DatasetRecord& record, const Lane& lane, const PieceView& piece) {
    const bool later =
        lane.incarnation > own.incarnation || (lane.incarnation == own.incarnation && piece.first > own.last);
    if (!later) {
        violate(fmt::format("own-sequence: {} wrote sequence {} of incarnation {} after {} of {}", record.path,
                            piece.first, lane.incarnation, own.last, own.incarnation));
    }
    const std::uint64_t next = lane.incarnation == own.incarnation ? own.last + 1 : 1;
    if (record.kind().policy() != nullptr && piece.first != next) {
        violate(fmt::format("holes: {} wrote sequence {} of incarnation {}, and {} is next", record.path, piece.first,
                            lane.incarnation, next));
    }
    own.last = piece.last();
    own.incarnation = lane.incarnation;
}

const Positions& NodeModel::told(std::uint32_t datasetId) const {
    static const Positions kNone;
    const auto at = lanes_.find(datasetId);
    return at == lanes_.end() ? kNone : at->second.told;
}

const Positions& NodeModel::logged(std::uint32_t datasetId) const {
    static const Positions kNone;
    const auto at = lanes_.find(datasetId);
    return at == lanes_.end() ? kNone : at->second.logged;
}

}  // namespace tributary::simtest
