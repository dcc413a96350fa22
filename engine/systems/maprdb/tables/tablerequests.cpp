// Requests that make, change and drop tables and families.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/tables/recordchecks.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablekind.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::array<const char*, 7> kTablePerms{
    "packperm",         "bulkloadperm",    "splitmergeperm", "createrenamefamilyperm",
    "deletefamilyperm", "adminaccessperm", "replperm"};

constexpr const char* kOfFutureUse = "indexperm";  ///< of every table, though indexes are none here

Permissions permsFrom(const Json& json) {
    return json.contains("perms") ? json.at("perms").get<Permissions>() : Permissions{};
}

/// Only permissions that such a table has: any other would be kept, and never asked. A table has its families' with
/// "default" before the name.
Status checkNames(const AnyTableKind& kind, const Permissions& perms, bool ofFamily) {
    for (const auto& [name, expression] : perms) {
        const auto is = [&name = name, ofFamily](const char* perm) {
            return name == (ofFamily ? perm : std::string("default") + perm);
        };
        const auto families = kind.familyPermissions();
        if (std::any_of(families.begin(), families.end(), is)) continue;
        if (!ofFamily && (name == kOfFutureUse || std::count(kTablePerms.begin(), kTablePerms.end(), name) > 0))
            continue;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("a {} of kind {} has no {}", ofFamily ? "family of a table" : "table", kind.name(),
                                 shownLine(name)),
                     "-" + name, fmt::format("leave -{} out", shownLine(name))};
    }
    return okStatus();
}

/// A family as a request describes it; permissions not given come from the table's default* permissions.
FamilyRecord familyFrom(const Json& json, TableRecord& table, const AnyTableKind& kind) {
    FamilyRecord family;
    family.id = table.nextFamilyId++;
    family.name = json.at("name");
    family.maxVersions = json.value("maxversions", 1U);
    family.minVersions = json.value("minversions", 0U);
    family.ttlSeconds = json.value("ttl", std::int64_t{0});
    family.inMemory = json.value("inmemory", false);
    family.compression = json.value("compression", std::string("lz4"));
    family.jsonPath = json.value("jsonpath", std::string());
    family.perms = permsFrom(json);
    for (const char* perm : kind.familyPermissions()) {
        if (family.perms.count(perm) == 0) family.perms[perm] = table.perms[std::string("default") + perm];
    }
    if (json.contains("columns")) family.columns = json.at("columns").get<std::map<std::string, Permissions>>();
    return family;
}

Json describe(Node& node, const DatasetRecord& record) {
    const TableRecord table = tableOf(record);
    Json json = toJson(table);
    Json families = Json::array();
    for (std::size_t i = 0; i < table.families.size(); ++i) {
        if (table.families[i].live()) families.push_back(json["families"][i]);
    }
    json["families"] = families;
    json["volume"] = volumeOfPath(record.path);
    if (Status there = node.checkAvailable(record); !there) {
        json["unavailable"] = there.error().text();
    } else if (DatasetRuntime* runtime = node.dataset(record.id)) {
        json["stats"] = Json{{"diskBytes", runtime->state->diskBytes()},
                             {"memoryBytes", runtime->state->memoryBytes()},
                             {"memoryRows", runtime->state->memoryRows()},
                             {"rows", runtime->state->storedRows() + runtime->state->memoryRows()}};
    }
    return json;
}

/// The kind of table that a request asks for, among those that this cluster has.
Result<const AnyTableKind*> askedKind(const NodeConfig& config, const Json& body) {
    const auto name = body.value("kind", std::string(tableKind().name()));
    std::vector<std::string> known;
    for (const DatasetKind* kind : config.kinds->kinds.all()) {
        const AnyTableKind* tables = anyTableKind(*kind);
        if (tables == nullptr) continue;
        if (kind->name() == name) return tables;
        known.emplace_back(kind->name());
    }
    return Error{
        ErrorCode::Unsupported, fmt::format("a table cannot be of kind {}", shownLine(name)), {}, join(known, " or ")};
}

/// Everything that a request says of a new table, before anything is made.
Status checkCreate(const NodeConfig& config, const AnyTableKind& kind, const Json& body) {
    if (const auto path = parseDatasetPath(body.at("path").get<std::string>()); !path) return path.error();
    if (body.contains("attributes")) {
        const auto attributes = body.at("attributes").get<std::map<std::string, std::string>>();
        if (Status good = checkAttributes(attributes); !good) return good;
    }
    if (Status good = checkNames(kind, permsFrom(body), false); !good) return good;
    if (Status good = checkPermissions(config, permsFrom(body)); !good) return good;
    if (!body.contains("families")) return okStatus();
    if (Status fits = limits::check("families", body.at("families").size(), "a table"); !fits) return fits;
    std::set<std::string> names;
    for (const Json& family : body.at("families")) {
        if (Status good = checkFamilyRequest(config, family, FamilyRequest::Create); !good) return good;
        if (Status good = kind.checkFamily(family, {}, FamilyRequest::Create); !good) return good;
        if (Status good = checkNames(kind, permsFrom(family), true); !good) return good;
        if (const std::string name = family.at("name"); !names.insert(name).second) {
            return Error{ErrorCode::InvalidInput, fmt::format("column family {} is named twice", name), {}, {}};
        }
    }
    return okStatus();
}

void createTable(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const auto asked = askedKind(call.node.config(), body);
    if (!asked) {
        call.reply(asked.error());
        return;
    }
    const AnyTableKind& kind = *asked.value();
    if (Status good = checkCreate(call.node.config(), kind, body); !good) {
        call.reply(good.error());
        return;
    }
    const std::string path = body.at("path");
    if (clusterOfPath(path) != call.node.config().cluster) {
        call.reply(recordOf(call.node, path).error());
        return;
    }
    const auto uuid = uuidFor(call, body);
    if (!uuid) {
        call.reply(uuid.error());
        return;
    }
    TableRecord table;
    table.uuid = uuid.value();
    table.path = path;
    table.creator = call.user;
    table.createdMs = call.node.seams().clock.wallMs();
    if (body.contains("attributes")) table.attributes = body.at("attributes").get<std::map<std::string, std::string>>();
    table.perms = permsFrom(body);
    if (Status held = checkAdministrated("adminaccessperm", table.perms, "table"); !held) {
        call.reply(held.error());
        return;
    }
    for (const char* perm : kTablePerms) table.perms.try_emplace(perm, "u:" + call.user);
    for (const char* perm : kind.familyPermissions()) {
        table.perms.try_emplace(std::string("default") + perm, "u:" + call.user);
    }
    if (body.contains("families")) {
        for (const Json& family : body.at("families")) table.families.push_back(familyFrom(family, table, kind));
    }
    if (Status whole = kind.complete(table); !whole) {
        call.reply(whole.error());
        return;
    }
    Node* node = &call.node;
    call.node.change(
        [table, path, &kind](const Catalog& catalog) -> Result<CatalogChange> {
            if (const DatasetRecord* there = catalog.byPath(path)) {
                if (there->uuid == table.uuid) return CatalogChange::put(*there);  // a set-up asks again
                return Error{ErrorCode::AlreadyExists,
                             fmt::format("{}: File exists", path),
                             {},
                             fmt::format("another path; maprcli table info -path {} shows what is there", path)};
            }
            TableRecord made = table;
            made.id = catalog.nextId();
            return CatalogChange::put(made.dataset(kind));
        },
        [node, path, reply = call.reply](const Status& status) {
            if (!status) {
                reply(status.error());
                return;
            }
            const DatasetRecord* record = node->catalog().byPath(path);
            reply(record == nullptr ? Json::object().dump() : describe(*node, *record).dump());
        });
}

/// What a change says, whatever it changes: a family, attributes, permissions of either or of a column.
Status checkEdit(const NodeConfig& config, const Json& body) {
    if (body.contains("attributes")) {
        const auto attributes = body.at("attributes").get<std::map<std::string, std::string>>();
        if (Status good = checkAttributes(attributes); !good) return good;
    }
    return checkFamilyRequest(config, body, FamilyRequest::Change);
}

/// Changes one table's record: finds it, checks a table permission, edits a copy.
void editTable(const ControlCall& call, const std::string& permission,
               const std::function<Status(TableRecord&, const Json&, const AnyTableKind&)>& edit) {
    const Json body = Json::parse(call.body);
    const std::string path = body.at("path");
    Node* node = &call.node;
    call.node.change(
        [node, path, permission, edit, body, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = recordOf(*node, path);
            if (!record) return record.error();
            if (Status allowed = tablesOf(*node).access().require(*record.value(), permission, user); !allowed) {
                return allowed.error();
            }
            TableRecord table = tableOf(*record.value());
            if (Status good = checkEdit(node->config(), body); !good) return good.error();
            if (Status edited = edit(table, body, *anyTableKind(record.value()->kind())); !edited)
                return edited.error();
            return CatalogChange::put(table.dataset());
        },
        [reply = call.reply](const Status& status) {
            if (status) {
                reply(Bytes("{}"));
            } else {
                reply(status.error());
            }
        });
}

Result<FamilyRecord*> liveFamily(TableRecord& table, const std::string& name) {
    for (FamilyRecord& family : table.families) {
        if (family.live() && family.name == name) return &family;
    }
    return Error{ErrorCode::NotFound,
                 fmt::format("table {} has no column family {}", table.path, name),
                 {},
                 fmt::format("maprcli table cf list -path {}", table.path)};
}

Status alterTable(TableRecord& table, const Json& body, const AnyTableKind& kind) {
    if (Status good = checkNames(kind, permsFrom(body), false); !good) return good;
    if (Status held = checkAdministrated("adminaccessperm", permsFrom(body), "table"); !held) return held;
    if (body.contains("attributes")) {
        for (const auto& [name, value] : body.at("attributes").items())
            table.attributes[name] = value.get<std::string>();
    }
    for (const auto& [name, value] : permsFrom(body)) table.perms[name] = value;
    return okStatus();
}

Status createFamily(TableRecord& table, const Json& body, const AnyTableKind& kind) {
    const std::string name = body.at("name");
    if (Status named = checkName("a column family", name); !named) return named;
    if (table.family(name) != nullptr) {
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("table {} has a column family {} already", table.path, name),
                     {},
                     fmt::format("maprcli table cf edit -path {} -cfname {}", table.path, name)};
    }
    if (Status good = kind.checkFamily(body, table, FamilyRequest::Create); !good) return good;
    if (Status good = checkNames(kind, permsFrom(body), true); !good) return good;
    const auto live = std::count_if(table.families.begin(), table.families.end(),
                                    [](const FamilyRecord& family) { return family.live(); });
    if (Status fits = limits::check("families", static_cast<std::size_t>(live) + 1, "a table"); !fits) return fits;
    table.families.push_back(familyFrom(body, table, kind));
    return okStatus();
}

Status alterFamily(TableRecord& table, const Json& body, const AnyTableKind& kind) {
    auto found = liveFamily(table, body.at("name"));
    if (!found) return found.error();
    FamilyRecord& family = *found.value();
    if (Status good = kind.checkFamily(body, table, FamilyRequest::Change); !good) return good;
    if (Status good = checkNames(kind, permsFrom(body), true); !good) return good;
    family.maxVersions = body.value("maxversions", family.maxVersions);
    family.minVersions = body.value("minversions", family.minVersions);
    family.ttlSeconds = body.value("ttl", family.ttlSeconds);
    family.inMemory = body.value("inmemory", family.inMemory);
    family.compression = body.value("compression", family.compression);
    for (const auto& [name, value] : permsFrom(body)) family.perms[name] = value;
    const std::string name = body.value("newname", family.name);
    if (name == family.name) return okStatus();
    if (table.family(name) != nullptr) {
        return Error{
            ErrorCode::AlreadyExists, fmt::format("table {} has a column family {} already", table.path, name), {}, {}};
    }
    // Entries name families by name at their lsn: a rename ends the old name and begins the new one, same id.
    FamilyRecord old = family;
    old.droppedLsn = UINT64_MAX;
    family.name = name;
    family.createdLsn = 0;
    table.families.push_back(old);
    return okStatus();
}

Status dropFamily(TableRecord& table, const Json& body, const AnyTableKind& kind) {
    auto found = liveFamily(table, body.at("name"));
    if (!found) return found.error();
    if (Status may = kind.checkDrop(*found.value()); !may) return may;
    found.value()->droppedLsn = UINT64_MAX;  // becomes the lsn of this change
    return okStatus();
}

Status setColumnPerms(TableRecord& table, const Json& body, const AnyTableKind& kind) {
    if (Status may = kind.checkColumnPerms(); !may) return may;
    auto found = liveFamily(table, body.at("family"));
    if (!found) return found.error();
    const std::string column = body.at("column");
    if (Status fits = limits::check("column", column.size(), "a column's name"); !fits) return fits;
    const Permissions perms = permsFrom(body);
    if (perms.empty()) {
        found.value()->columns.erase(column);
    } else {
        for (const auto& [name, value] : perms) found.value()->columns[column][name] = value;
    }
    return okStatus();
}

void dropTable(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string path = body.at("path");
    Node* node = &call.node;
    call.node.change(
        [node, path, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = recordOf(*node, path);
            if (!record) return record.error();
            if (Status allowed = tablesOf(*node).access().require(*record.value(), "adminaccessperm", user); !allowed) {
                return allowed.error();
            }
            return CatalogChange::drop(record.value()->id);
        },
        [call](const Status& status) { call.replyStatus(status); });
}

}  // namespace

void addCatalogRequests(ControlRequests& requests) {
    requests.add(TableMethod::Describe, [](const ControlCall& call) {
        const auto record = recordOf(call.node, Json::parse(call.body).at("path"));
        if (!record) {
            call.reply(record.error());
            return;
        }
        call.replyJson(describe(call.node, *record.value()));
    });
    requests.add(TableMethod::ListTables, [](const ControlCall& call) {
        Json json{{"tables", Json::array()}};
        for (const auto& [id, record] : call.node.catalog().datasets()) {
            if (anyTableKind(record.kind()) == nullptr) continue;
            Json families = Json::array();
            for (const auto& family : schemaOf(record).families) {
                if (family.live()) families.push_back(family.name);
            }
            Json row{{"path", record.path},
                     {"kind", record.kind().name()},
                     {"uuid", record.uuid.text()},
                     {"families", families},
                     {"rows", nullptr}};
            if (Status there = call.node.checkAvailable(record); !there) {
                row["unavailable"] = there.error().text();
            } else {
                const StateUnit& state = *call.node.dataset(id)->state;
                row["rows"] = state.storedRows() + state.memoryRows();
            }
            json["tables"].push_back(std::move(row));
        }
        call.replyJson(json);
    });
    requests.add(TableMethod::CreateTable, createTable);
    requests.openToSetups({TableMethod::CreateTable});
    requests.add(TableMethod::AlterTable,
                 [](const ControlCall& call) { editTable(call, "adminaccessperm", alterTable); });
    requests.add(TableMethod::DropTable, dropTable);
    requests.add(TableMethod::CreateFamily,
                 [](const ControlCall& call) { editTable(call, "createrenamefamilyperm", createFamily); });
    requests.add(TableMethod::AlterFamily,
                 [](const ControlCall& call) { editTable(call, "createrenamefamilyperm", alterFamily); });
    requests.add(TableMethod::DropFamily,
                 [](const ControlCall& call) { editTable(call, "deletefamilyperm", dropFamily); });
    requests.add(TableMethod::SetColumnPerms,
                 [](const ControlCall& call) { editTable(call, "adminaccessperm", setColumnPerms); });
}

}  // namespace tributary::engine::maprdb
