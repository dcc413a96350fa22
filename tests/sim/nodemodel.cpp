// An independent fold of a node's log.
#include "nodemodel.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/replication/skipentry.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::simtest {

using namespace tributary::engine;

int opOf(BytesView text) {
    if (text.size() < 2 || text[0] != 'o') return -1;
    int number = 0;
    std::size_t at = 1;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) number = number * 10 + (text[at] - '0');
    return at == 1 ? -1 : number;
}

std::string show(const ShownCell& cell) {
    return fmt::format("{} family {} {} @{} = {}", cell.key, cell.family, cell.qualifier, cell.timestampMs,
                       cell.value.substr(0, 24));
}

NodeModel::NodeModel(Identities& identities)
    : identities_(identities), kinds_(maprdb::onlyTables()), catalog_(kinds_->kinds) {}

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
    if (entry.envelope.kind == EntryKind::LifeEnd) return;  // says how much is known, and adds nothing to it
    takeData(entry);
}

void NodeModel::takeSkip(const LogEntry& entry) {
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (record == nullptr) return;
    const auto skip = decodeSkipEntry(*entry.payload);
    if (!skip) {
        violate("log-order: a published skip does not decode: " + skip.error().text());
        return;
    }
    tables_[record->id].told.add(skip.value().lane, skip.value().from, skip.value().to);
}

std::size_t NodeModel::cutAbove(Lsn newHead) {
    if (head() <= newHead) return 0;
    std::vector<LogEntry> kept;
    for (LogEntry& entry : entries_) {
        if (entry.lsn <= newHead) kept.push_back(std::move(entry));
    }
    const std::size_t gone = entries_.size() - kept.size();
    entries_.clear();
    catalog_ = Catalog(kinds_->kinds);
    tables_.clear();
    ops_.clear();
    rebuilding_ = true;
    for (const LogEntry& entry : kept) take(entry);
    rebuilding_ = false;
    return gone;
}

void NodeModel::takeData(const LogEntry& entry) {
    const DatasetRecord* record = catalog_.byId(entry.envelope.datasetId);
    if (record == nullptr) return;
    const auto view = parsePayload(*entry.payload, true);
    if (!view) {
        violate("log-order: a published payload is damaged: " + view.error().text());
        return;
    }
    Table& table = tables_[record->id];
    const PayloadView& payload = view.value();
    const Lane lane{payload.origin, payload.incarnation, std::string(payload.projection)};
    if (table.logged.covers(record->kind().projections(), lane, payload.sequence)) {
        violate(fmt::format("exactly-once: sequence {} of origin {} incarnation {} was logged again as entry {} of {}",
                            payload.sequence, payload.origin.text(), payload.incarnation, entry.lsn, record->path));
    }
    table.logged.add(lane, payload.sequence, payload.sequence);
    table.told.add(lane, payload.sequence, payload.sequence);
    const std::uint64_t meaning = std::hash<std::string_view>{}(*entry.payload);
    if (identities_.try_emplace({lane, payload.sequence}, meaning).first->second != meaning) {
        violate(fmt::format("identity: sequence {} of origin {} incarnation {} means two things", payload.sequence,
                            payload.origin.text(), payload.incarnation));
    }
    const bool local = payload.origin == record->uuid;
    if (local) {
        const bool later = payload.incarnation > table.lastIncarnation ||
                           (payload.incarnation == table.lastIncarnation && payload.sequence > table.lastOwn);
        if (!later) {
            violate(fmt::format("own-sequence: {} wrote sequence {} of incarnation {} after {} of {}", record->path,
                                payload.sequence, payload.incarnation, table.lastOwn, table.lastIncarnation));
        }
        table.lastOwn = payload.sequence;
        table.lastIncarnation = payload.incarnation;
    }
    const auto body = maprdb::parseBody(payload.body);
    if (!body) {
        violate("log-order: a published body is damaged: " + body.error().text());
        return;
    }
    maprdb::MutationReader reader(body.value().mutations, payload.stamp);
    maprdb::OpView op;
    while (reader.next(op)) foldOperation(table, *record, payload, body.value(), op, local);
}

bool NodeModel::visible(const Row& row, std::uint32_t family, const Column& column) {
    if (!column.best) return false;
    const auto mask = row.familyMaskMs.find(family);
    const Millis familyMs = mask == row.familyMaskMs.end() ? INT64_MIN : mask->second;
    return column.best->timestampMs > std::max({row.maskMs, familyMs, column.maskMs});
}

void NodeModel::foldOperation(Table& table, const DatasetRecord& record, const PayloadView& view,
                              const maprdb::TableBody& body, const maprdb::OpView& op, bool local) {
    Row& row = table.rows[Bytes(op.key)];
    auto cells = op.cells();
    maprdb::CellView cell;
    while (cells.next(cell)) {
        std::uint32_t family = 0;
        if (op.kind != maprdb::OpKind::DeleteRow) {
            const maprdb::FamilyRecord* live = maprdb::schemaOf(record).family(body.families.at(cell.family));
            if (live == nullptr) {
                violate(fmt::format("log-order: an entry names family {}, which {} does not have",
                                    body.families.at(cell.family), record.path));
                continue;
            }
            family = live->id;
        }
        if (op.kind == maprdb::OpKind::Put) {
            ops_.try_emplace(opOf(cell.value), Lane{view.origin, view.incarnation, {}}, view.sequence);
        }
        foldCell(row, record, op, cell, family, local);
    }
}

void NodeModel::foldCell(Row& row, const DatasetRecord& record, const maprdb::OpView& op, const maprdb::CellView& cell,
                         std::uint32_t family, bool local) {
    const auto raise = [&](Millis& mask) { mask = std::max(mask, cell.timestampMs); };
    switch (op.kind) {
        case maprdb::OpKind::DeleteRow: raise(row.maskMs); break;
        case maprdb::OpKind::DeleteFamily: raise(row.familyMaskMs.try_emplace(family, INT64_MIN).first->second); break;
        case maprdb::OpKind::DeleteColumn: raise(row.columns[{family, Bytes(cell.qualifier)}].maskMs); break;
        case maprdb::OpKind::Put: {
            Column& column = row.columns[{family, Bytes(cell.qualifier)}];
            Best incoming{cell.timestampMs, cell.stamp, Bytes(cell.value)};
            const auto order = [](const Best& b) { return std::tie(b.timestampMs, b.stamp, b.value); };
            if (!column.best || order(*column.best) < order(incoming)) column.best = std::move(incoming);
            const bool wins = visible(row, family, column) && column.best->value == cell.value;
            if (local && !wins) {
                violate(fmt::format("causality: a write of {} to {} {} lost to what was there before it", record.path,
                                    op.key, cell.qualifier));
            }
            return;
        }
    }
    if (local) checkDelete(row, record, op, cell, family);
}

void NodeModel::checkDelete(const Row& row, const DatasetRecord& record, const maprdb::OpView& op,
                            const maprdb::CellView& cell, std::uint32_t family) {
    for (const auto& [place, column] : row.columns) {
        const bool sameFamily = place.first == family;
        const bool meant = op.kind == maprdb::OpKind::DeleteRow ||
                           (sameFamily && (op.kind == maprdb::OpKind::DeleteFamily || place.second == cell.qualifier));
        if (meant && visible(row, place.first, column)) {
            violate(fmt::format("causality: a delete of {} at {} left {} visible", record.path, op.key, place.second));
        }
    }
}

std::vector<ShownCell> NodeModel::shown(std::uint32_t tableId) const {
    std::vector<ShownCell> out;
    const auto at = tables_.find(tableId);
    const DatasetRecord* record = catalog_.byId(tableId);
    if (at == tables_.end() || record == nullptr) return out;
    std::set<std::uint32_t> live;
    for (const maprdb::FamilyRecord& family : maprdb::schemaOf(*record).families) {
        if (family.live()) live.insert(family.id);
    }
    for (const auto& [key, row] : at->second.rows) {
        for (const auto& [place, column] : row.columns) {
            if (live.count(place.first) == 0 || !visible(row, place.first, column)) continue;
            out.push_back({key, place.first, place.second, column.best->timestampMs, column.best->value});
        }
    }
    return out;
}

const Positions& NodeModel::told(std::uint32_t tableId) const {
    static const Positions kNone;
    const auto at = tables_.find(tableId);
    return at == tables_.end() ? kNone : at->second.told;
}

const Positions& NodeModel::logged(std::uint32_t tableId) const {
    static const Positions kNone;
    const auto at = tables_.find(tableId);
    return at == tables_.end() ? kNone : at->second.logged;
}

}  // namespace tributary::simtest
