// The kind of binary tables: schema, bodies, and what a name meant when an entry was logged.
#include "engine/systems/maprdb/tables/tablekind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/maprdb/tables/access.h"
#include "engine/systems/maprdb/tables/rowfold.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tableprojections.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {
namespace {

constexpr KindWords kWords{"table", "tables", "ErrTableMissing", "ErrTableUnavailable"};

Error damaged() {
    return Error{ErrorCode::Corrupt, "payload is damaged", "ErrPayload", {}};
}

/// The family of that name was dropped since. A renamed family is not dropped: its old name's record ends, and it goes
/// on under the same id. One that was dropped and made anew is.
bool isDropped(const TableSchema& table, std::string_view name, Lsn lsn) {
    const FamilyRecord* then = table.familyAt(name, lsn);
    if (then == nullptr || then->live()) return false;
    return std::none_of(table.families.begin(), table.families.end(),
                        [&](const FamilyRecord& family) { return family.live() && family.id == then->id; });
}

/// The columns of `asked` (canonical; empty = whole table) without families dropped since `lsn`, canonical. Empty when
/// nothing is left.
std::string columnsLeft(const std::string& asked, const TableSchema& table, Lsn lsn) {
    ColumnList list;
    if (asked.empty()) {
        for (const FamilyRecord& family : table.families) {
            if (family.live()) list.push_back(ColumnSpec{family.name, std::nullopt});
        }
    } else if (auto parsed = parseColumns(asked)) {
        list = std::move(parsed).value();
    }
    std::erase_if(list, [&](const ColumnSpec& column) { return isDropped(table, column.family, lsn); });
    return list.empty() ? std::string() : printColumns(canonicalColumns(std::move(list)));
}

constexpr std::array<const char*, 6> kFamilyPerms{"versionperm", "compressionperm", "memoryperm",
                                                  "readperm",    "writeperm",       "appendperm"};

class TableKind final : public AnyTableKind {
public:
    std::string_view name() const override { return "binary"; }
    std::uint8_t number() const override { return 1; }
    const KindWords& words() const override { return kWords; }

    Result<SchemaPtr> parseSchema(const Json& record) const override {
        return makeSchema(*this, schemaFromJson(record));
    }
    void writeSchema(const DatasetSchema& schema, Json& record) const override { writeJson(schemaOf(schema), record); }

    SchemaPtr settled(const SchemaPtr& schema, Lsn lsn) const override {
        TableSchema table = schemaOf(*schema);
        for (FamilyRecord& family : table.families) {
            if (family.createdLsn == 0) family.createdLsn = lsn;
            if (family.droppedLsn == UINT64_MAX) family.droppedLsn = lsn;
        }
        return makeSchema(*this, std::move(table));
    }

    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn lsn) const override {
        const auto gone = [lsn](const FamilyRecord& family) { return !family.live() && family.droppedLsn <= lsn; };
        const TableSchema& now = schemaOf(*schema);
        if (std::none_of(now.families.begin(), now.families.end(), gone)) return schema;
        TableSchema table = now;
        std::erase_if(table.families, gone);
        return makeSchema(*this, std::move(table));
    }

    std::shared_ptr<const RowFormat> rowFormat() const override { return makeTableRowFormat(); }

    StatePlan statePlan(const DatasetSchema&) const override { return {}; }

    FoldContext foldContext(const DatasetSchema& schema) const override {
        FoldContext context;
        context.rules = foldRulesOf(schema);
        context.deleteTtlMs = schemaOf(schema).deleteTtlMs();
        return context;
    }

    Millis deletesKeptMs(const DatasetSchema& schema) const override { return schemaOf(schema).deleteTtlMs(); }

    Result<BodyCount> admit(const DatasetSchema& schema, const std::string& path, BytesView bytes) const override {
        const TableSchema& table = schemaOf(schema);
        const auto body = parseBody(bytes);
        if (!body) return damaged();
        if (table.bulkload()) {
            return Error{ErrorCode::Conflict, fmt::format("replica {} is in bulk-load mode", path), "ErrBulkload", {}};
        }
        for (const BytesView family : body.value().families) {
            if (table.family(family) != nullptr) continue;
            return Error{ErrorCode::NotFound,
                         fmt::format("replica {} has no column family {}", path, family),
                         "ErrColumnFamilyMissing",
                         {}};
        }
        auto count = countOperations(body.value());
        if (!count) return Error{count.error().code, count.error().text(), "ErrPayload", {}};
        return count;
    }

    const Policy* policy() const override { return nullptr; }
    const Lanes* lanes() const override { return nullptr; }

    Status bind(const DatasetSchema& schema, const LoggedBody& logged, Lsn lsn, EntryRef& entry) const override {
        const TableSchema& table = schemaOf(schema);
        const auto body = parseBody(logged.body);
        if (!body) return damaged();
        entry.mutations = body.value().mutations;
        entry.ids.reserve(body.value().families.size());
        for (const BytesView name : body.value().families) {
            const FamilyRecord* family = lsn == UINT64_MAX ? table.family(name) : table.familyAt(name, lsn);
            entry.ids.push_back(family == nullptr ? 0 : family->id);
        }
        return okStatus();
    }

    const Projections& projections() const override { return columnProjections(); }

    Result<std::optional<std::string>> withoutDropped(const DatasetSchema& schema, BytesView bytes,
                                                      const std::string& asked, Lsn lsn) const override {
        const TableSchema& table = schemaOf(schema);
        const auto body = parseBody(bytes);
        if (!body) return damaged();
        const auto& names = body.value().families;
        const bool dropped =
            std::any_of(names.begin(), names.end(), [&](BytesView family) { return isDropped(table, family, lsn); });
        if (!dropped) return std::optional<std::string>();
        return std::optional(columnsLeft(asked, table, lsn));
    }

    std::span<const char* const> familyPermissions() const override { return kFamilyPerms; }
    Status complete(TableRecord&) const override { return okStatus(); }
    Status checkFamily(const Json& request, const TableSchema&, FamilyRequest) const override {
        if (!request.contains("jsonpath")) return okStatus();
        return Error{ErrorCode::InvalidInput, "a family of a binary table has no path in documents", "-jsonpath",
                     "leave out -jsonpath, or create the table with -tabletype json"};
    }
    Status checkDrop(const FamilyRecord&) const override { return okStatus(); }
    Status checkColumnPerms() const override { return okStatus(); }

    Result<std::string> projectionOf(const std::string& path, const TableSchema& table,
                                     const std::string& columns) const override {
        if (columns.empty()) return std::string();
        const auto list = parseColumns(columns);
        if (!list) return list.error();
        for (const ColumnSpec& column : list.value()) {
            if (table.family(column.family) != nullptr) continue;
            return Error{ErrorCode::NotFound,
                         fmt::format("-columns names family {}, which table {} does not have", column.family, path),
                         {},
                         fmt::format("maprcli table cf list -path {}", path)};
        }
        return printColumns(list.value());
    }
    std::string columnsOf(const std::string& projection) const override { return projection; }
    Status requireRead(Access& access, const std::string& path, const TableSchema& table, const std::string& projection,
                       const std::string& user) const override {
        if (projection.empty()) return access.requireRead(path, table, {}, user);
        const auto list = parseColumns(projection);
        if (!list) return list.error();
        return access.requireRead(path, table, list.value(), user);
    }
};

}  // namespace

const AnyTableKind& tableKind() {
    static const TableKind kKind;
    return kKind;
}

}  // namespace tributary::engine::maprdb
