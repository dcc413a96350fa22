// Schemas of the host as those of replication, and rows of the host for what is applied.
#include "engine/systems/voltdb/host/hosttables.h"

#include <algorithm>

#include "engine/systems/voltdb/data/partitionrows.h"
#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/replication/drapply.h"

namespace tributary::engine::voltdb {

namespace {

std::vector<int> columnsOfKey(const std::vector<std::size_t>& key) {
    std::vector<int> out;
    out.reserve(key.size());
    for (const std::size_t column : key) out.push_back(static_cast<int>(column));
    return out;
}

DrTable drTableOf(const VoltTable& table) {
    DrTable out;
    out.name = table.name;
    out.columns.reserve(table.columns.size());
    for (const VoltColumn& each : table.columns) {
        out.columns.push_back({{each.name, each.type}, each.size, each.isNullable});
    }
    if (table.partitionColumn) out.partitionColumn = static_cast<int>(*table.partitionColumn);
    out.hasPrimaryKey = !table.primaryKey.empty();
    if (out.hasPrimaryKey) out.uniqueKeys.push_back(columnsOfKey(table.primaryKey));
    for (const auto& key : table.uniqueKeys()) {
        if (key != table.primaryKey) out.uniqueKeys.push_back(columnsOfKey(key));
    }
    return out;
}

/// Rows of a host, all partitions of it.
class HostRows final : public DrRows {
public:
    explicit HostRows(PartitionRows& rows) : rows_(rows) {}

    Result<std::optional<RowImage>> find(const DrTables::Entry& table, const RowImage& image) override {
        if (!table.table.hasPrimaryKey) return rows_.findWhole(table.table.name, image);
        RowImage key;
        key.reserve(table.table.uniqueKeys.front().size());
        for (const int column : table.table.uniqueKeys.front()) key.push_back(image[static_cast<std::size_t>(column)]);
        return rows_.find(table.table.name, key);
    }
    Result<std::vector<RowImage>> holders(const DrTables::Entry& table, const RowImage& image) override {
        const std::size_t secondary = table.table.uniqueKeys.size() - (table.table.hasPrimaryKey ? 1 : 0);
        auto out = secondary == 0 ? Result<std::vector<RowImage>>(std::vector<RowImage>())
                                  : rows_.colliding(table.table.name, image);
        if (!out || !table.table.hasPrimaryKey) return out;
        auto same = find(table, image);
        if (!same) return same.error();
        if (*same) out->push_back(std::move(**same));
        return out;
    }
    Status put(const DrTables::Entry& table, const RowImage& image) override {
        return rows_.put(table.table.name, image);
    }
    Status erase(const DrTables::Entry& table, const RowImage& image) override {
        const auto erased = rows_.erase(table.table.name, image);
        return erased ? okStatus() : Status(erased.error());
    }
    Status truncate(const DrTables::Entry& table) override { return rows_.truncate(table.table.name); }
    int partitionOf(const DrTables::Entry& table, const RowImage& image) override {
        const auto partition = rows_.partitionOf(table.table.name, image);
        return !partition || *partition == kMpPartition ? 0 : *partition;
    }
    Result<Bytes> trackers() override {
        auto note = rows_.metaGet(kTrackersNote);
        if (!note) return note.error();
        return note->value_or(Bytes());
    }
    Status setTrackers(Bytes trackers) override { return rows_.metaPut(kTrackersNote, trackers); }

private:
    PartitionRows& rows_;
};

}  // namespace

DrTables drTablesOf(const VoltCatalog& catalog) {
    std::vector<DrTable> out;
    out.reserve(catalog.tables.size());
    for (const auto& [name, table] : catalog.tables) {
        if (table.isDr) out.push_back(drTableOf(table));
    }
    return {std::move(out), true};
}

const DrTables& TablesOfThen::at(const std::shared_ptr<const VoltSchema>& schema, Lsn lsn) {
    const VoltCatalog& catalog = schema->catalogAt(lsn);
    if (catalog_ == &catalog && schema_ == schema) return tables_;
    schema_ = schema;
    catalog_ = &catalog;
    tables_ = drTablesOf(catalog);
    return tables_;
}

Result<Bytes> decideDr(BytesView body, PartitionRows& rows) {
    std::shared_ptr<const DrTables>& tables = rows.schema().derived().replicated;
    if (tables == nullptr) tables = std::make_shared<const DrTables>(drTablesOf(rows.schema().catalog()));
    HostRows host(rows);
    const DrContext context{*tables, rows.faults()};
    auto decided = decideDr(body, context, host);
    if (!decided) return decided.error();
    return encodeDecided(*decided);
}

}  // namespace tributary::engine::voltdb
