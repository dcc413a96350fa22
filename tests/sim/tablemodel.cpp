// Folding cells.
#include "tablemodel.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::simtest {

using namespace tributary::engine;

ShownRow showCell(BytesView key, std::uint32_t family, BytesView qualifier, Millis timestampMs, BytesView value) {
    return {std::string(key), fmt::format("family {} {} @{} = {}", family, qualifier, timestampMs, value)};
}

std::vector<int> TableModel::take(const TakenEntry& taken) {
    std::vector<int> ops;
    const auto body = maprdb::parseBody(taken.view.body);
    if (!body) {
        violate_("log-order: a published body is damaged: " + body.error().text());
        return ops;
    }
    maprdb::MutationReader reader(body.value().mutations, taken.view.stamp);
    maprdb::OpView op;
    while (reader.next(op)) fold(taken, body.value(), op, ops);
    return ops;
}

bool TableModel::visible(const Row& row, std::uint32_t family, const Column& column) {
    if (!column.best) return false;
    const auto mask = row.familyMaskMs.find(family);
    const Millis familyMs = mask == row.familyMaskMs.end() ? INT64_MIN : mask->second;
    return column.best->timestampMs > std::max({row.maskMs, familyMs, column.maskMs});
}

void TableModel::fold(const TakenEntry& taken, const maprdb::TableBody& body, const maprdb::OpView& op,
                      std::vector<int>& ops) {
    Row& row = tables_[taken.record.id][Bytes(op.key)];
    auto cells = op.cells();
    maprdb::CellView cell;
    while (cells.next(cell)) {
        std::uint32_t family = 0;
        if (op.kind != maprdb::OpKind::DeleteRow) {
            const maprdb::FamilyRecord* live = maprdb::schemaOf(taken.record).family(body.families.at(cell.family));
            if (live == nullptr) {
                violate_(fmt::format("log-order: an entry names family {}, which {} does not have",
                                     body.families.at(cell.family), taken.record.path));
                continue;
            }
            family = live->id;
        }
        if (op.kind == maprdb::OpKind::Put) ops.push_back(opOf(cell.value));
        foldCell(row, taken, op, cell, family);
    }
}

void TableModel::foldCell(Row& row, const TakenEntry& taken, const maprdb::OpView& op, const maprdb::CellView& cell,
                          std::uint32_t family) {
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
            if (taken.local && !wins) {
                violate_(fmt::format("causality: a write of {} to {} {} lost to what was there before it",
                                     taken.record.path, op.key, cell.qualifier));
            }
            return;
        }
    }
    if (taken.local) checkDelete(row, taken, op, cell, family);
}

void TableModel::checkDelete(const Row& row, const TakenEntry& taken, const maprdb::OpView& op,
                             const maprdb::CellView& cell, std::uint32_t family) {
    for (const auto& [place, column] : row.columns) {
        const bool sameFamily = place.first == family;
        const bool meant = op.kind == maprdb::OpKind::DeleteRow ||
                           (sameFamily && (op.kind == maprdb::OpKind::DeleteFamily || place.second == cell.qualifier));
        if (meant && visible(row, place.first, column)) {
            violate_(fmt::format("causality: a delete of {} at {} left {} visible", taken.record.path, op.key,
                                 place.second));
        }
    }
}

std::vector<TableModel::Cell> TableModel::cells(const DatasetRecord& record) const {
    std::vector<Cell> out;
    const auto at = tables_.find(record.id);
    if (at == tables_.end()) return out;
    std::set<std::uint32_t> live;
    for (const maprdb::FamilyRecord& family : maprdb::schemaOf(record).families) {
        if (family.live()) live.insert(family.id);
    }
    for (const auto& [key, row] : at->second) {
        for (const auto& [place, column] : row.columns) {
            if (live.count(place.first) == 0 || !visible(row, place.first, column)) continue;
            out.push_back({key, place.first, place.second, *column.best});
        }
    }
    return out;
}

std::vector<ShownRow> TableModel::shown(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    for (const Cell& cell : cells(record)) {
        out.push_back(showCell(cell.key, cell.family, cell.qualifier, cell.best.timestampMs, cell.best.value));
    }
    return out;
}

/// Whatever the local ids of families are.
std::vector<ShownRow> TableModel::shownEverywhere(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    for (const Cell& cell : cells(record)) {
        for (const maprdb::FamilyRecord& family : maprdb::schemaOf(record).families) {
            // The volatile family is dropped and made anew at one node or the other: it may differ.
            if (family.id != cell.family || family.name == "v") continue;
            out.push_back({cell.key, fmt::format("{}:{}@{}={}", family.name, cell.qualifier, cell.best.timestampMs,
                                                 cell.best.value)});
        }
    }
    return out;
}

}  // namespace tributary::simtest
