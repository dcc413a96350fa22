// Look-ups in a table's record, and its JSON form.
#include "engine/systems/maprdb/tables/tablerecord.h"

#include "engine/systems/maprdb/tables/defaults.h"
#include "engine/systems/maprdb/tables/foldrules.h"
#include "engine/systems/maprdb/tables/tablekind.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::string_view kMount = "/mapr/";

std::shared_ptr<const FoldRules> rulesFor(const TableSchema& schema) {
    std::vector<FoldFamily> families;
    for (const FamilyRecord& family : schema.families) {
        if (!family.live()) continue;
        families.push_back({family.id, family.maxVersions, family.minVersions, family.ttlSeconds * 1000});
    }
    return makeFoldRules(std::move(families));
}

/// A table's part of a catalog record.
class StoredSchema final : public DatasetSchema {
public:
    StoredSchema(const AnyTableKind& kind, TableSchema schema)
        : DatasetSchema(kind), schema_(std::move(schema)), rules_(rulesFor(schema_)) {}
    [[nodiscard]] const TableSchema& schema() const { return schema_; }
    [[nodiscard]] const std::shared_ptr<const FoldRules>& rules() const { return rules_; }

private:
    TableSchema schema_;
    std::shared_ptr<const FoldRules> rules_;
};

Json familyJson(const FamilyRecord& family) {
    Json json{{"id", family.id},
              {"name", family.name},
              {"maxversions", family.maxVersions},
              {"minversions", family.minVersions},
              {"ttl", family.ttlSeconds},
              {"inmemory", family.inMemory},
              {"compression", family.compression},
              {"perms", family.perms},
              {"created", family.createdLsn},
              {"dropped", family.droppedLsn}};
    if (!family.jsonPath.empty()) json["jsonpath"] = family.jsonPath;
    if (!family.columns.empty()) json["columns"] = family.columns;
    return json;
}

FamilyRecord familyFrom(const Json& json) {
    FamilyRecord family;
    family.id = json.at("id");
    family.name = json.at("name");
    family.maxVersions = json.at("maxversions");
    family.minVersions = json.at("minversions");
    family.ttlSeconds = json.at("ttl");
    family.inMemory = json.at("inmemory");
    family.compression = json.at("compression");
    family.jsonPath = json.value("jsonpath", std::string());
    family.perms = json.at("perms").get<Permissions>();
    family.createdLsn = json.at("created");
    family.droppedLsn = json.at("dropped");
    if (json.contains("columns")) family.columns = json.at("columns").get<std::map<std::string, Permissions>>();
    return family;
}

template <typename Test>
const FamilyRecord* findIn(const std::vector<FamilyRecord>& families, Test test) {
    for (const FamilyRecord& family : families) {
        if (test(family)) return &family;
    }
    return nullptr;
}

std::int64_t integerAttribute(const std::map<std::string, std::string>& attributes, const char* name,
                              std::int64_t otherwise) {
    const auto at = attributes.find(name);
    if (at == attributes.end()) return otherwise;
    return std::strtoll(at->second.c_str(), nullptr, 10);
}

}  // namespace

const FamilyRecord* TableSchema::family(std::string_view name) const {
    return findIn(families, [&](const FamilyRecord& f) { return f.live() && f.name == name; });
}

const FamilyRecord* TableSchema::familyAt(std::string_view name, Lsn lsn) const {
    return findIn(families, [&](const FamilyRecord& f) {
        return f.name == name && f.createdLsn <= lsn && (f.live() || lsn < f.droppedLsn);
    });
}

bool TableSchema::bulkload() const {
    const auto at = attributes.find("bulkload");
    return at != attributes.end() && at->second == "true";
}

Millis TableSchema::deleteTtlMs() const {
    return integerAttribute(attributes, "deletettl", kDeleteTtlSeconds) * 1000;
}

const TableSchema& schemaOf(const DatasetSchema& schema) {
    return static_cast<const StoredSchema&>(schema).schema();
}

std::shared_ptr<const FoldRules> foldRulesOf(const DatasetSchema& schema) {
    return static_cast<const StoredSchema&>(schema).rules();
}

const TableSchema& schemaOf(const DatasetRecord& record) {
    return schemaOf(*record.schema);
}

SchemaPtr makeSchema(const AnyTableKind& kind, TableSchema schema) {
    return std::make_shared<const StoredSchema>(kind, std::move(schema));
}

SchemaPtr makeSchema(TableSchema schema) {
    return makeSchema(tableKind(), std::move(schema));
}

TableRecord tableOf(const DatasetRecord& record) {
    TableRecord table;
    static_cast<DatasetRecord&>(table) = record;
    static_cast<TableSchema&>(table) = schemaOf(record);
    table.kind = record.kind().name();
    return table;
}

DatasetRecord TableRecord::dataset() const {
    const DatasetSchema* known = DatasetRecord::schema.get();
    const AnyTableKind* same = known == nullptr ? nullptr : anyTableKind(known->kind());
    return dataset(same == nullptr ? tableKind() : *same);
}

DatasetRecord TableRecord::dataset(const AnyTableKind& ofKind) const {
    DatasetRecord record = *this;
    record.schema = makeSchema(ofKind, *this);
    return record;
}

void writeJson(const TableSchema& schema, Json& json) {
    json["attributes"] = schema.attributes;
    json["perms"] = schema.perms;
    json["families"] = Json::array();
    for (const auto& family : schema.families) json["families"].push_back(familyJson(family));
    json["nextfamily"] = schema.nextFamilyId;
}

TableSchema schemaFromJson(const Json& json) {
    TableSchema schema;
    schema.attributes = json.at("attributes").get<std::map<std::string, std::string>>();
    schema.perms = json.at("perms").get<Permissions>();
    for (const auto& family : json.at("families")) schema.families.push_back(familyFrom(family));
    schema.nextFamilyId = json.at("nextfamily");
    return schema;
}

Json toJson(const TableRecord& table) {
    Json json = commonToJson(table, table.kind);
    writeJson(table, json);
    return json;
}

Result<TableRecord> tableFromJson(const Json& json) try {
    TableRecord table;
    static_cast<DatasetRecord&>(table) = commonFromJson(json);
    static_cast<TableSchema&>(table) = schemaFromJson(json);
    table.kind = json.at("kind");
    return table;
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("table record: ") + problem.what(), {}, {}};
}

std::string clusterOfPath(std::string_view path) {
    if (!path.starts_with(kMount)) return {};
    path.remove_prefix(kMount.size());
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) return {};
    return std::string(path.substr(0, slash));
}

std::string volumeOfPath(std::string_view path) {
    const std::string cluster = clusterOfPath(path);
    if (cluster.empty()) return {};
    const std::string_view rest = path.substr(kMount.size() + cluster.size() + 1);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return "mapr." + cluster + ".root";
    return std::string(rest.substr(0, slash));
}

}  // namespace tributary::engine::maprdb
