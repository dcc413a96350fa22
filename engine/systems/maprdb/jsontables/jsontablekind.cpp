// The kind of JSON tables: documents need no family to be taken, so a body is admitted whatever the families are.
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/escape.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/documentfold.h"
#include "engine/systems/maprdb/jsontables/documentpolicy.h"
#include "engine/systems/maprdb/jsontables/documentprojections.h"
#include "engine/systems/maprdb/tables/access.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {
namespace {

constexpr KindWords kWords{"JSON table", "JSON tables", "ErrTableMissing", "ErrTableUnavailable"};
constexpr std::array<const char*, 5> kFamilyPerms{"compressionperm", "memoryperm", "readperm", "writeperm",
                                                  "traverseperm"};

json::NamePath pathOf(const FamilyRecord& family) {
    if (family.jsonPath.empty()) return {};
    return json::JsonFamilies::parsePath(family.jsonPath).valueOr(json::NamePath());
}

bool leadsTo(const json::NamePath& above, const json::NamePath& path) {
    return above.size() <= path.size() && std::equal(above.begin(), above.end(), path.begin());
}

class JsonTableKind final : public AnyTableKind {
public:
    std::string_view name() const override { return "json"; }
    std::uint8_t number() const override { return 2; }
    const KindWords& words() const override { return kWords; }

    Result<SchemaPtr> parseSchema(const Json& record) const override {
        TableSchema schema = schemaFromJson(record);
        if (const auto families = jsonFamiliesOf(schema); !families) {
            return Error{ErrorCode::Corrupt, families.error().what, {}, {}};
        }
        return makeSchema(*this, std::move(schema));
    }
    void writeSchema(const DatasetSchema& schema, Json& record) const override { writeJson(schemaOf(schema), record); }

    /// Families come and change their names, and nothing that is logged names them: only their birth is noted.
    SchemaPtr settled(const SchemaPtr& schema, Lsn lsn) const override {
        TableSchema table = schemaOf(*schema);
        for (FamilyRecord& family : table.families) {
            if (family.createdLsn == 0) family.createdLsn = lsn;
        }
        std::erase_if(table.families, [](const FamilyRecord& family) { return !family.live(); });
        return makeSchema(*this, std::move(table));
    }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }

    std::shared_ptr<const RowFormat> rowFormat() const override { return makeDocumentRowFormat(); }
    StatePlan statePlan(const DatasetSchema&) const override { return {}; }
    FoldContext foldContext(const DatasetSchema& schema) const override {
        FoldContext context;
        context.deleteTtlMs = schemaOf(schema).deleteTtlMs();
        return context;
    }
    Millis deletesKeptMs(const DatasetSchema& schema) const override { return schemaOf(schema).deleteTtlMs(); }

    Result<BodyCount> admit(const DatasetSchema& schema, const std::string& path, BytesView body) const override {
        const auto count = countDocuments(body);
        if (!count) return Error{count.error().code, count.error().text(), "ErrPayload", {}};
        if (schemaOf(schema).bulkload()) {
            return Error{ErrorCode::Conflict, fmt::format("replica {} is in bulk-load mode", path), "ErrBulkload", {}};
        }
        return count.value();
    }

    const Policy* policy() const override { return &documentPolicy(); }
    const Lanes* lanes() const override { return nullptr; }

    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        const auto items = itemsOf(logged.body);
        if (!items) return items.error();
        entry.mutations = items.value();
        return okStatus();
    }

    const Projections& projections() const override { return fieldProjections(); }
    Result<std::optional<std::string>> withoutDropped(const DatasetSchema&, BytesView, const std::string&,
                                                      Lsn) const override {
        return std::optional<std::string>();
    }

    std::span<const char* const> familyPermissions() const override { return kFamilyPerms; }
    Status complete(TableRecord& table) const override;
    Status checkFamily(const Json& request, const TableSchema& table, FamilyRequest what) const override;
    Status checkDrop(const FamilyRecord& family) const override;
    Status checkColumnPerms() const override {
        return Error{ErrorCode::Unsupported, "fields of a JSON table have no permissions of their own here", "-name",
                     "make a family of the field: maprcli table cf create -jsonpath, and give it permissions"};
    }

    Result<std::string> projectionOf(const std::string& path, const TableSchema& table,
                                     const std::string& columns) const override {
        (void)path;
        if (columns.empty()) return std::string();
        const auto families = jsonFamiliesOf(table);
        if (!families) return families.error();
        const auto fields = json::FieldSet::parseColumns(columns, families.value());
        if (!fields) return fields.error();
        return fieldsText(fields.value());
    }
    std::string columnsOf(const std::string& projection) const override;
    Status requireRead(Access& access, const std::string& path, const TableSchema& table, const std::string& projection,
                       const std::string& user) const override;
};

/// A JSON table has a default family, which holds what no other does.
Status JsonTableKind::complete(TableRecord& table) const {
    const bool has = std::any_of(table.families.begin(), table.families.end(),
                                 [](const FamilyRecord& family) { return family.jsonPath.empty(); });
    if (!has) {
        FamilyRecord family;
        family.id = table.nextFamilyId++;
        family.name = "default";
        for (const char* perm : kFamilyPerms) family.perms[perm] = table.perms[std::string("default") + perm];
        table.families.insert(table.families.begin(), std::move(family));
    }
    const auto families = jsonFamiliesOf(table);
    return families ? okStatus() : Status(families.error());
}

Status JsonTableKind::checkFamily(const Json& request, const TableSchema& table, FamilyRequest what) const {
    for (const char* name : {"maxversions", "minversions"}) {
        if (request.value(name, std::int64_t{1}) <= 1) continue;
        return Error{ErrorCode::InvalidInput, "a field of a JSON table has one version", std::string("-") + name,
                     fmt::format("leave out -{}", name)};
    }
    if (request.value("ttl", std::int64_t{0}) != 0) {
        return Error{ErrorCode::Unsupported, "documents that expire are not carried by this version", "-ttl",
                     "leave out -ttl"};
    }
    if (what == FamilyRequest::Change && request.contains("jsonpath")) {
        return Error{ErrorCode::InvalidInput, "the path of a family cannot be changed", "-jsonpath",
                     "create another family of that path"};
    }
    const std::string text = request.value("jsonpath", std::string());
    if (what == FamilyRequest::Change) return okStatus();
    if (text.empty()) {
        if (table.families.empty()) return okStatus();
        return Error{ErrorCode::InvalidInput, "a family of a JSON table needs a path in its documents", "-jsonpath",
                     "add -jsonpath, as -jsonpath a.b"};
    }
    const auto path = json::JsonFamilies::parsePath(text);
    if (!path) return path.error();
    if (text.find(',') != std::string::npos) {
        return Error{ErrorCode::InvalidInput,
                     "the path of a family has no comma: a list of columns could not name it",
                     "-jsonpath",
                     {}};
    }
    for (const FamilyRecord& family : table.families) {
        if (!family.live() || pathOf(family) != path.value()) continue;
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("the family {} has the path {} already", family.name, shownLine(text)),
                     "-jsonpath",
                     {}};
    }
    return okStatus();
}

Status JsonTableKind::checkDrop(const FamilyRecord& family) const {
    if (family.jsonPath.empty()) {
        return Error{ErrorCode::InvalidInput, "the default family of a JSON table cannot be deleted", "-cfname", {}};
    }
    return Error{ErrorCode::Unsupported,
                 "families of JSON tables are not deleted by this version: their fields would have to go with them",
                 "-cfname", "delete the fields with mapr dbshell, and leave the family"};
}

std::string JsonTableKind::columnsOf(const std::string& projection) const {
    const auto fields = fieldsOf(projection);
    if (!fields || projection.empty()) return {};
    // Rules that take away stand for families beside the default one, which the list need not name.
    std::string out;
    bool first = true;
    std::string_view rest = projection;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(",+"), rest.find(",-"));
        const std::string_view rule = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        if (rule.front() != '+') continue;
        if (!first) out.push_back(',');
        out += rule.substr(1);
        first = false;
    }
    return out;
}

Status JsonTableKind::requireRead(Access& access, const std::string& path, const TableSchema& table,
                                  const std::string& projection, const std::string& user) const {
    const auto asked = fieldsOf(projection);
    if (!asked) return asked.error();
    const json::FieldSet allowed = allowedFields(access, table, "readperm", user);
    if (allowed.intersect(asked.value()) == asked.value()) return okStatus();
    for (const FamilyRecord& family : table.families) {
        if (!family.live() || !asked->touches(pathOf(family)) || allowed.covers(pathOf(family))) continue;
        if (access.has(family.perms, "readperm", user)) continue;
        return Error{ErrorCode::PermissionDenied,
                     fmt::format("user {} lacks readperm on {} of {}", user, family.name, path),
                     {},
                     "name only fields that you may read (-columns), or ask for readperm"};
    }
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("user {} may not read all of {}", user, path),
                 {},
                 "ask for readperm or traverseperm on the families above"};
}

}  // namespace

const AnyTableKind& jsonTableKind() {
    static const JsonTableKind kKind;
    return kKind;
}

Result<json::JsonFamilies> jsonFamiliesOf(const TableSchema& table) {
    std::vector<json::JsonFamily> families;
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        json::JsonFamily one{family.name, {}};
        if (!family.jsonPath.empty()) {
            auto path = json::JsonFamilies::parsePath(family.jsonPath);
            if (!path) return path.error();
            one.path = std::move(path).value();
        }
        families.push_back(std::move(one));
    }
    return json::JsonFamilies::make(std::move(families));
}

json::FieldSet allowedFields(Access& access, const TableSchema& table, const std::string& permission,
                             const std::string& user) {
    std::string rules;
    const auto passes = [&](const FamilyRecord& family) {
        return access.has(family.perms, permission, user) || access.has(family.perms, "traverseperm", user);
    };
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        const json::NamePath path = pathOf(family);
        bool allowed = access.has(family.perms, permission, user);
        for (const FamilyRecord& above : table.families) {
            if (above.live() && &above != &family && leadsTo(pathOf(above), path)) allowed = allowed && passes(above);
        }
        rules += (rules.empty() ? "" : ",") + std::string(allowed ? "+" : "-") + family.jsonPath;
    }
    return json::FieldSet::parse(rules).valueOr(json::FieldSet());
}

}  // namespace tributary::engine::maprdb
