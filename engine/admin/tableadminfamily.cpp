// `table cf ...` and `table cf colperm ...` (maprdb.md section 1.3).
#include <fmt/format.h>

#include <array>
#include <span>

#include "core/operations/schema.h"
#include "engine/admin/tableadminparts.h"
#include "engine/systems/maprdb/tables/defaults.h"

namespace tributary::engine::maprdb::admin {
namespace {

Error noSuchFamily(const std::string& path, const std::string& name) {
    return Error{ErrorCode::NotFound, fmt::format("the table {} has no column family {}", path, name), "-cfname",
                 fmt::format("maprcli table cf list -path {}", shellWord(path))};
}

// TTL 0 is shown as 2147483647, so what a person copies from a list means the same.
std::int64_t ttlOf(const Operation& op) {
    const std::int64_t given = op.integer("ttl");
    return given == kTtlForeverShown ? 0 : given;
}

Json familyPermissions(const Operation& op) {
    Json perms = Json::object();
    for (const auto& [name, value] : op.params) {
        if (name.ends_with("perm")) perms[name] = value;
    }
    return perms;
}

std::string permissionOf(const TableRecord& table, const FamilyRecord& family, const std::string& name) {
    if (const auto at = family.perms.find(name); at != family.perms.end()) return at->second;
    if (const auto at = table.perms.find("default" + name); at != table.perms.end()) return at->second;
    return "u:" + table.creator;
}

struct FieldName {
    const char* verbose;
    const char* terse;
};

// Short names beyond those of the manual's table are not published; the long ones stand for them.
// Of a JSON table, in the order of the vendor's answer.
constexpr std::array kJsonPermissionFields{FieldName{"compressionperm", "pcomp"}, FieldName{"memoryperm", "memoryperm"},
                                           FieldName{"readperm", "readperm"}, FieldName{"writeperm", "writeperm"},
                                           FieldName{"traverseperm", "traverseperm"}};
constexpr std::array kPermissionFields{FieldName{"compressionperm", "pcomp"}, FieldName{"versionperm", "versionperm"},
                                       FieldName{"memoryperm", "memoryperm"}, FieldName{"readperm", "readperm"},
                                       FieldName{"writeperm", "writeperm"},   FieldName{"appendperm", "appendperm"}};

Json familyRow(const TableRecord& table, const FamilyRecord& family, bool terse, bool showColumns) {
    const auto name = [terse](const char* verbose, const char* brief) { return terse ? brief : verbose; };
    Json row;
    row[name("inmemory", "inmem")] = family.inMemory;
    row[name("cfname", "n")] = family.name;
    row[name("maxversions", "vmax")] = family.maxVersions;
    row[name("minversions", "vmin")] = family.minVersions;
    row[name("compression", "comp")] = family.compression;
    row["ttl"] = family.ttlSeconds == 0 ? kTtlForeverShown : family.ttlSeconds;
    const bool json = isJsonTable(table);
    if (json) row["jsonfamilypath"] = family.jsonPath;
    for (const FieldName& field : json ? std::span<const FieldName>(kJsonPermissionFields) : kPermissionFields) {
        row[name(field.verbose, field.terse)] = permissionOf(table, family, field.verbose);
    }
    if (!showColumns) return row;
    row["columns"] = Json::array();
    for (const auto& [column, perms] : family.columns) {
        Json entry{{"name", column}};
        for (const auto& [perm, ace] : perms) entry[perm] = ace;
        row["columns"].push_back(std::move(entry));
    }
    return row;
}

// A family of a JSON table is always refused until its consequences were read (maprdb.md section 1.3).
Status checkForced(const Operation& op) {
    if (op.flag("force")) return okStatus();
    return Error{ErrorCode::Conflict,
                 fmt::format("the family {} is to begin at {}: what is written there is under its permissions from "
                             "then on, and the family cannot be deleted",
                             op.text("cfname"), op.text("jsonpath")),
                 "-force", "add -force true"};
}

// Nothing creates a family at the replicas: say so while the operator is looking (maprdb.md section 2.8).
void warnOfReplicas(const Command& command, const std::string& path, const std::string& family, Outcome& outcome) {
    const Result<std::optional<TableDescription>> found = command.calls.find(path);
    if (!found || !found->has_value()) return;
    if (isJsonTable((*found)->record)) return;  // a document needs no family to be taken
    for (const ReplicaRecord& replica : (*found)->record.replicas) {
        if (!replica.projection.empty()) continue;
        outcome.warnings.push_back(
            fmt::format("{} does not get the family {} by itself; create it there: maprcli table cf create -path {} "
                        "-cfname {}",
                        replica.path, family, shellWord(replica.path), shellWord(family)));
    }
}

struct Column {
    TableDescription table;
    std::string family;
    std::string name;
    Permissions perms;  // as recorded; empty when none are
};

Result<Column> findColumn(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Result<TableDescription> found = command.calls.describe(*path, "-path");
    if (!found) return found.error();
    Column column{std::move(*found), command.op.text("cfname"), command.op.text("name"), {}};
    const FamilyRecord* family = column.table.record.family(column.family);
    if (family == nullptr) return noSuchFamily(*path, column.family);
    if (const auto at = family->columns.find(column.name); at != family->columns.end()) column.perms = at->second;
    return column;
}

Result<Outcome> setColumn(const Command& command, const Column& column, const Permissions& perms) {
    const std::string& path = column.table.record.path;
    Json body{{"path", path}, {"family", column.family}, {"column", column.name}, {"perms", Json::object()}};
    for (const auto& [name, ace] : perms) body["perms"][name] = ace;
    const Result<Json> done = command.calls.callAt(path, TableMethod::SetColumnPerms, body);
    if (!done) return done.error();
    return Outcome{};
}

}  // namespace

Result<Outcome> familyCreate(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const auto number = [&](const char* name) { return std::strtoll(effectiveText(op, name).c_str(), nullptr, 10); };
    if (number("minversions") > number("maxversions")) {
        return Error{ErrorCode::InvalidInput, "-minversions is larger than -maxversions", "-minversions",
                     fmt::format("-maxversions {}", number("minversions"))};
    }
    const std::string name = op.text("cfname");
    Json body{{"path", *path},
              {"name", name},
              {"maxversions", number("maxversions")},
              {"minversions", number("minversions")},
              {"ttl", ttlOf(op)},
              {"inmemory", op.flag("inmemory")},
              {"compression", effectiveText(op, "compression")},
              {"perms", familyPermissions(op)}};
    if (op.has("jsonpath")) {
        if (Status forced = checkForced(op); !forced) return forced.error();
        body["jsonpath"] = op.text("jsonpath");
    }
    const Result<Json> created = command.calls.callAt(*path, TableMethod::CreateFamily, body);
    if (!created) {
        if (created.error().code != ErrorCode::AlreadyExists) return created.error();
        return withFix(withWhere(created.error(), "-cfname"),
                       fmt::format("maprcli table cf list -path {}", shellWord(*path)));
    }
    Outcome outcome;
    warnOfReplicas(command, *path, name, outcome);
    return outcome;
}

Result<Outcome> familyEdit(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Json named{{"path", *path}, {"name", op.text("cfname")}};
    Json body = named;
    for (const char* name : {"maxversions", "minversions"}) {
        if (op.has(name)) body[name] = op.integer(name);
    }
    if (op.has("ttl")) body["ttl"] = ttlOf(op);
    if (op.has("jsonpath")) body["jsonpath"] = op.text("jsonpath");
    if (op.has("inmemory")) body["inmemory"] = op.flag("inmemory");
    if (op.has("compression")) body["compression"] = op.text("compression");
    if (Json perms = familyPermissions(op); !perms.empty()) body["perms"] = std::move(perms);
    std::vector<Json> changes;
    if (body.size() > named.size()) changes.push_back(std::move(body));
    // A rename is a change of its own, made last: entries name a family as it was called at their time.
    if (op.has("newcfname")) {
        changes.push_back(named);
        changes.back()["newname"] = op.text("newcfname");
    }
    if (changes.empty()) {
        return Error{
            ErrorCode::InvalidInput, "the command changes nothing", {}, "add what to change, as -maxversions 3"};
    }
    for (const Json& change : changes) {
        const Result<Json> changed = command.calls.callAt(*path, TableMethod::AlterFamily, change);
        if (changed) continue;
        return withFix(changed.error(), fmt::format("maprcli table cf list -path {}", shellWord(*path)));
    }
    return Outcome{};
}

Result<Outcome> familyDelete(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Json body{{"path", *path}, {"name", command.op.text("cfname")}};
    const Result<Json> dropped = command.calls.callAt(*path, TableMethod::DropFamily, body);
    if (!dropped) {
        return withFix(dropped.error(), fmt::format("maprcli table cf list -path {}", shellWord(*path)));
    }
    return Outcome{};
}

Result<Outcome> familyList(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<TableDescription> found = command.calls.describe(*path, "-path");
    if (!found) return found.error();
    const std::string only = op.text("cfname");
    Outcome outcome;
    for (const FamilyRecord& family : found->record.families) {
        if (!family.live() || (op.has("cfname") && family.name != only)) continue;
        outcome.add(familyRow(found->record, family, op.text("output") == "terse", op.flag("showcol")));
    }
    if (op.has("cfname") && outcome.total == 0) return noSuchFamily(*path, only);
    return outcome;
}

Result<Outcome> columnPermGet(const Command& command) {
    const Result<Column> column = findColumn(command);
    if (!column) return column.error();
    Outcome outcome;
    if (column->perms.empty()) return outcome;
    Json row{{"name", column->name}};
    for (const char* name : {"readperm", "writeperm", "appendperm"}) {
        if (const auto at = column->perms.find(name); at != column->perms.end()) row[name] = at->second;
    }
    outcome.add(std::move(row));
    return outcome;
}

Result<Outcome> columnPermSet(const Command& command) {
    const Result<Column> column = findColumn(command);
    if (!column) return column.error();
    Permissions perms = column->perms;
    bool changes = false;
    for (const char* name : {"readperm", "writeperm", "appendperm"}) {
        if (!command.op.has(name)) continue;
        perms[name] = command.op.text(name);
        changes = true;
    }
    if (!changes) {
        return Error{ErrorCode::InvalidInput,
                     "the command sets no permission",
                     {},
                     fmt::format("add one, as -readperm \"{}u:{}\"",
                                 perms.contains("readperm") ? perms.at("readperm") + " | " : "", command.user)};
    }
    return setColumn(command, *column, perms);
}

Result<Outcome> columnPermDelete(const Command& command) {
    const Result<Column> column = findColumn(command);
    if (!column) return column.error();
    if (column->perms.empty()) {
        return Error{ErrorCode::NotFound,
                     fmt::format("the column {}:{} has no permissions of its own", column->family, column->name),
                     "-name",
                     fmt::format("maprcli table cf list -path {} -showcol true", shellWord(column->table.record.path))};
    }
    return setColumn(command, *column, {});
}

}  // namespace tributary::engine::maprdb::admin
