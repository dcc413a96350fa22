// `table create|edit|info|delete|listrecent|region list` (maprdb.md section 1.2).
#include <fmt/format.h>

#include <array>

#include "core/base/text.h"
#include "core/operations/schema.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb::admin {
namespace {

// The vendor shows it for every table and explains it nowhere; 100 is what its releases print.
constexpr int kMaxValueSizeInMemIndexShown = 100;

constexpr std::array kAttributeOptions{"regionsizemb", "autosplit",       "bulkload",
                                       "audit",        "metricsinterval", "deletettl"};

bool isAttribute(std::string_view name) {
    for (const char* known : kAttributeOptions) {
        if (name == known) return true;
    }
    return false;
}

// Sorts the options of create and edit into attributes and permissions.
void addOptions(const Operation& op, Json& body) {
    for (const auto& [name, value] : op.params) {
        if (isAttribute(name)) body["attributes"][name] = value;
        if (name.ends_with("perm")) body["perms"][name] = value;
    }
}

CopyMeta copyMetaOf(const Operation& op) {
    const std::vector<std::string> words = split(effectiveText(op, "copymetatype"), ',');
    const auto has = [&](std::string_view word) {
        for (const std::string& given : words) {
            if (given == word || given == "all") return true;
        }
        return false;
    };
    return CopyMeta{has("cfs"), has("aces"), has("attrs")};
}

std::string permissionOf(const TableRecord& table, const std::string& name) {
    const auto at = table.perms.find(name);
    return at == table.perms.end() ? "u:" + table.creator : at->second;
}

/// The refused permission is one of the model's, not one that was typed.
bool takenOver(const Operation& op, const Error& error) {
    if (!op.has("copymetafrom") || error.code != ErrorCode::InvalidInput) return false;
    const std::string permission = error.what.substr(0, error.what.find_first_of(" :"));
    return permission.ends_with("perm") && !op.has(permission);
}

Error notTakenOver(Error error) {
    error.where = "-copymetafrom";
    error.fix =
        "add -copymetatype cfs,attrs to take over all but the permissions, and set them with maprcli table edit "
        "and maprcli table cf edit; or let the cluster know that name";
    return error;
}

}  // namespace

Result<Outcome> tableCreate(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Json body{{"path", *path},
              {"kind", effectiveText(op, "tabletype")},
              {"attributes", Json::object()},
              {"perms", Json::object()},
              {"families", Json::array()}};
    if (op.has("copymetafrom")) {
        const Result<std::string> from = command.path("copymetafrom");
        if (!from) return from.error();
        const Result<TableDescription> model = command.calls.describe(*from, "-copymetafrom");
        if (!model) return model.error();
        if (op.has("tabletype") && op.text("tabletype") != model->record.kind) {
            return Error{ErrorCode::InvalidInput, fmt::format("{} is a {} table", *from, model->record.kind),
                         "-tabletype",
                         fmt::format("leave -tabletype out: the new table is a {} table, too", model->record.kind)};
        }
        body = createBodyLike(model->record, *path, copyMetaOf(op));
    }
    addOptions(op, body);
    const Result<Json> created = command.calls.callAt(*path, TableMethod::CreateTable, body);
    if (created) return Outcome{};
    if (takenOver(op, created.error())) return notTakenOver(created.error());
    if (created.error().code != ErrorCode::AlreadyExists) return withWhere(created.error(), "-path");
    return withFix(withWhere(created.error(), "-path"),
                   fmt::format("look at it with: maprcli table info -path {}", shellWord(*path)));
}

Result<Outcome> tableEdit(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Json body{{"path", *path}, {"attributes", Json::object()}, {"perms", Json::object()}};
    addOptions(command.op, body);
    if (body["attributes"].empty() && body["perms"].empty()) {
        return Error{ErrorCode::InvalidInput,
                     "the command changes nothing",
                     {},
                     "add what to change, as -deletettl 86400; maprcli table edit -help lists the options"};
    }
    if (command.op.flag("bulkload")) {
        return Error{ErrorCode::InvalidInput, "a table is put into bulk-load mode only at its creation", "-bulkload",
                     fmt::format("create it with: maprcli table create -path {} -bulkload true", shellWord(*path))};
    }
    const Result<Json> changed = command.calls.callAt(*path, TableMethod::AlterTable, body);
    if (!changed) return withWhere(changed.error(), "-path");
    return Outcome{};
}

Result<Outcome> tableInfo(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<TableDescription> found = command.calls.describe(*path, "-path");
    if (!found) return found.error();
    const TableRecord& table = found->record;
    const auto number = [&](const char* name) { return std::strtoll(attributeOf(table, name).c_str(), nullptr, 10); };
    const bool known = found->unavailable.empty();
    const auto figure = [known](std::uint64_t value) { return known ? Json(value) : Json(nullptr); };
    Json row{{"path", table.path},
             {"numregions", 1},
             {"totallogicalsize", figure(found->diskBytes + found->memoryBytes)},
             {"totalphysicalsize", figure(found->diskBytes)},
             {"totalcopypendingsize", 0},
             {"totalrows", figure(found->rows)},
             {"totalnumberofspills", 0},
             {"totalnumberofsegments", figure(found->diskBytes > 0 ? 1 : 0)},
             {"autosplit", attributeOf(table, "autosplit") == "true"},
             {"bulkload", table.bulkload()},
             {"tabletype", table.kind},
             {"regionsizemb", number("regionsizemb")},
             {"audit", attributeOf(table, "audit") == "true"},
             {"metricsinterval", number("metricsinterval")},
             {"maxvalueszinmemindex", kMaxValueSizeInMemIndexShown}};
    for (const char* name :
         {"adminaccessperm", "createrenamefamilyperm", "bulkloadperm", "indexperm", "packperm", "deletefamilyperm",
          "replperm", "splitmergeperm", "defaultcompressionperm", "defaultmemoryperm", "defaultreadperm"}) {
        row[name] = permissionOf(table, name);
    }
    const bool json = isJsonTable(table);
    const std::vector<const char*> defaults =
        json ? std::vector<const char*>{"defaulttraverseperm", "defaultwriteperm"}
             : std::vector<const char*>{"defaultwriteperm", "defaultversionperm", "defaultappendperm"};
    for (const char* name : defaults) row[name] = permissionOf(table, name);
    if (table.attributes.contains("deletettl")) row["deletettl"] = number("deletettl");
    row["uuid"] = table.uuid.text();
    Outcome outcome;
    outcome.add(std::move(row));
    return outcome;
}

Result<Outcome> tableDelete(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> dropped = command.calls.callAt(*path, TableMethod::DropTable, Json{{"path", *path}});
    if (dropped) return Outcome{};
    Error error = withWhere(dropped.error(), "-path");
    if (error.code != ErrorCode::NotFound) return error;
    return withFix(
        error, fmt::format("list the tables with: maprcli table listrecent -cluster {}", shellWord(clusterOf(*path))));
}

Result<Outcome> tableListRecent(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Result<Json> answer = command.calls.call(*cluster, TableMethod::ListTables, Json::object());
    if (!answer) return answer.error();
    Outcome outcome;
    for (const Json& table : answer->value("tables", Json::array())) {
        outcome.add(Json{{"path", textOf(table, "path")}});
    }
    return outcome;
}

Result<Outcome> tableRegionList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<TableDescription> found = command.calls.describe(*path, "-path");
    if (!found) return found.error();
    Outcome outcome;
    outcome.total = 1;  // the engine never splits a table
    if (command.op.integer("start") > 0 || command.op.integer("limit", 1) < 1) return outcome;
    const bool known = found->unavailable.empty();
    const auto figure = [known](std::uint64_t value) { return known ? Json(value) : Json(nullptr); };
    outcome.rows.push_back(Json{{"primarynode", clusterOf(*path)},
                                {"startkey", "-INFINITY"},
                                {"endkey", "INFINITY"},
                                {"logicalsize", figure(found->diskBytes + found->memoryBytes)},
                                {"physicalsize", figure(found->diskBytes)},
                                {"numberofrows", figure(found->rows)}});
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
