// Catalogs after each step of DDL, and what SQLite has to do for them.
#include "engine/systems/voltdb/schema/voltschema.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "engine/systems/voltdb/schema/ddl.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"

namespace tributary::engine::voltdb {

std::optional<std::size_t> VoltTable::columnNamed(std::string_view upperName) const {
    const auto at =
        std::find_if(columns.begin(), columns.end(), [&](const VoltColumn& each) { return each.name == upperName; });
    if (at == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(at - columns.begin());
}

std::vector<std::vector<std::size_t>> VoltTable::uniqueKeys() const {
    std::vector<std::vector<std::size_t>> keys;
    if (!primaryKey.empty()) keys.push_back(primaryKey);
    for (const VoltIndex& index : indexes) {
        std::vector<std::size_t> key;
        for (const std::string& part : index.parts) {
            if (const auto column = columnNamed(part)) key.push_back(*column);
        }
        if (index.isUnique && index.where.empty() && key.size() == index.parts.size()) keys.push_back(std::move(key));
    }
    return keys;
}

LogTable VoltTable::logTable() const {
    LogTable out;
    out.name = name;
    out.columns.reserve(columns.size() + 1);
    for (const VoltColumn& column : columns) out.columns.push_back({column.name, column.type});
    if (isDr) out.columns.push_back({std::string(kHiddenColumn), ColumnType::Bigint});
    return out;
}

std::string VoltTable::drDigest() const {
    std::string text = name;
    for (const VoltColumn& column : columns) {
        text += fmt::format("|{} {} {} {} {}", column.name, static_cast<int>(column.type), column.size,
                            column.sizeInBytes, column.isNullable);
    }
    text += fmt::format("|partition {}", partitionColumn ? columns[*partitionColumn].name : "-");
    std::vector<std::string> keys;
    for (const auto& key : uniqueKeys()) {
        std::string parts;
        for (const std::size_t column : key) parts += " " + columns[column].name;
        keys.push_back((key == primaryKey ? "|primary" : "|unique") + parts);
    }
    std::sort(keys.begin(), keys.end());
    for (const std::string& key : keys) text += key;
    return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

const VoltTable* VoltCatalog::table(std::string_view upperName) const {
    const auto at = tables.find(upperName);
    return at == tables.end() ? nullptr : &at->second;
}

const VoltTable* VoltCatalog::tableById(std::uint32_t id) const {
    const auto at = std::find_if(tables.begin(), tables.end(), [&](const auto& each) { return each.second.id == id; });
    return at == tables.end() ? nullptr : &at->second;
}

Result<std::shared_ptr<const VoltSchema>> VoltSchema::make(const DatasetKind& kind, const DatabaseIdentity& identity,
                                                           std::vector<DdlStep> steps) {
    std::shared_ptr<VoltSchema> schema(new VoltSchema(kind, identity, std::move(steps)));
    auto rules = std::make_shared<SqlRules>();
    schema->catalogs_.reserve(schema->steps_.size() + 1);
    schema->catalogs_.emplace_back();
    rules->steps.reserve(schema->steps_.size());
    for (const DdlStep& step : schema->steps_) {
        VoltCatalog next = schema->catalogs_.back();
        auto effect = applyDdl(next, step.sql);
        if (!effect) return effect.error();
        rules->steps.push_back({step.lsn, std::move(effect.value().statements), sqlTables(next)});
        schema->catalogs_.push_back(std::move(next));
    }
    addViews(*rules, *schema);
    schema->rules_ = std::move(rules);
    return std::shared_ptr<const VoltSchema>(std::move(schema));
}

const VoltCatalog& VoltSchema::catalogAt(Lsn lsn) const {
    std::size_t count = 0;
    while (count < steps_.size() && steps_[count].lsn != 0 && steps_[count].lsn < lsn) ++count;
    return catalogs_[count];
}

std::vector<const VoltTable*> VoltSchema::drTables() const {
    std::vector<const VoltTable*> out;
    for (const auto& [name, table] : catalog().tables) {
        if (table.isDr) out.push_back(&table);
    }
    return out;
}

std::map<std::string, std::string> VoltSchema::drDigests() const {
    std::map<std::string, std::string> out;
    for (const VoltTable* table : drTables()) out.emplace(table->name, table->drDigest());
    return out;
}

int partitionOfValue(const ColumnValue& value, int partitions) {
    std::uint64_t hash = 0;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        hash = XXH3_64bits(number, sizeof(*number));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        hash = XXH3_64bits(text->data(), text->size());
    } else if (const auto* real = std::get_if<double>(&value)) {
        hash = XXH3_64bits(real, sizeof(*real));
    } else if (const auto* decimal = std::get_if<DecimalBytes>(&value)) {
        hash = XXH3_64bits(decimal->data(), decimal->size());
    } else {
        return 0;
    }
    return static_cast<int>(hash % static_cast<std::uint64_t>(partitions));
}

}  // namespace tributary::engine::voltdb
