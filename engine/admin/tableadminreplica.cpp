// `table replica add|edit|list|pause|resume|remove` (maprdb.md section 1.4).
#include <fmt/format.h>

#include <algorithm>

#include "core/operations/columns.h"
#include "core/operations/schema.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::engine::maprdb::admin {
namespace {

Status bulkLoadEnds(const TableDescription& table, std::string_view where) {
    if (!table.record.bulkload()) return okStatus();
    return Error{
        ErrorCode::Conflict, fmt::format("{} is in bulk-load mode, which forbids replication", table.record.path),
        std::string(where), fmt::format("maprcli table edit -path {} -bulkload false", shellWord(table.record.path))};
}

// One object per replica: 19 fields since 6.0 and propagateExistingData, the 20 of release 6.2, in the vendor's order.
Json replicaRow(const Json& replica, const std::string& kind) {
    Json row{{"cluster", textOf(replica, "cluster")}, {"table", textOf(replica, "path")}, {"type", "maprdb." + kind}};
    if (const std::string columns = textOf(replica, "columns"); !columns.empty()) row["columns"] = columns;
    row["realTablePath"] = textOf(replica, "path");
    addLinkFields(row, replica);
    row["uuid"] = textOf(replica, "uuid");
    addCopyFields(row, replica);
    return row;
}

// A family that the replica lacks stalls the edge later, with an alarm; now it costs one command.
void warnOfMissingFamilies(const TableRecord& source, const TableRecord& replica, const std::string& columns,
                           Outcome& outcome) {
    for (const std::string& family : missingFamilies(source, replica, columns)) {
        outcome.warnings.push_back(
            fmt::format("the replica has no family {}, so updates to it will be refused; create it: {}", family,
                        createFamilyCommand(replica.path, family)));
    }
}

// -newreplica follows a rename: the table behind it must be the very one that is recorded.
Status addNewPath(const Command& command, const std::string& path, const std::string& replica, Json& body) {
    const Result<std::string> renamed = command.path("newreplica");
    if (!renamed) return renamed.error();
    const Result<TableDescription> source = command.calls.describe(path, "-path");
    if (!source) return source.error();
    const ReplicaRecord* record = source->record.replicaByPath(replica);
    if (record == nullptr) {
        return Error{ErrorCode::NotFound, fmt::format("{} has no replica {}", path, replica), "-replica",
                     listReplicasCommand(tableEdges(), path)};
    }
    const Result<TableDescription> target = command.calls.describe(*renamed, "-newreplica");
    if (!target) return target.error();
    if (target->record.uuid != record->uuid) {
        return Error{ErrorCode::Conflict,
                     fmt::format("{} is another table than the replica {} was: its uuid is {}, recorded is {}",
                                 *renamed, replica, target->record.uuid.text(), record->uuid.text()),
                     "-newreplica",
                     fmt::format("maprcli table replica remove -path {} -replica {}, then replica add and copy",
                                 shellWord(path), shellWord(replica))};
    }
    body["newreplica"] = *renamed;
    body["newcluster"] = clusterOf(*renamed);
    body["newuuid"] = target->record.uuid.text();
    return okStatus();
}

}  // namespace

std::vector<std::string> missingFamilies(const TableRecord& source, const TableRecord& replica,
                                         const std::string& columns) {
    std::vector<std::string> missing;
    if (isJsonTable(source)) return missing;  // a document needs no family to be taken
    const ColumnList list = columns.empty() ? ColumnList{} : parseColumns(columns).valueOr(ColumnList{});
    for (const FamilyRecord& family : source.families) {
        const bool sent = list.empty() || std::any_of(list.begin(), list.end(), [&](const ColumnSpec& spec) {
                              return spec.family == family.name;
                          });
        if (family.live() && sent && replica.family(family.name) == nullptr) missing.push_back(family.name);
    }
    return missing;
}

std::string createFamilyCommand(const std::string& path, const std::string& family) {
    return fmt::format("maprcli table cf create -path {} -cfname {}", shellWord(path), shellWord(family));
}

Status checkEnds(const TableDescription& source, const TableDescription& replica, bool waitsForBulkLoad) {
    if (source.record.path == replica.record.path || source.record.uuid == replica.record.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} cannot be its own replica", source.record.path),
                     "-replica", "name another table, in this cluster or another"};
    }
    if (source.record.kind != replica.record.kind) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is a {} table and {} a {} table; both must be of one kind", source.record.path,
                                 source.record.kind, replica.record.path, replica.record.kind),
                     "-replica",
                     fmt::format("create the replica after the source: maprcli table create -path <new path> "
                                 "-copymetafrom {}",
                                 shellWord(source.record.path))};
    }
    if (!waitsForBulkLoad) {
        if (Status status = bulkLoadEnds(source, "-path"); !status) return status;
    }
    return bulkLoadEnds(replica, "-replica");
}

Status checkColumns(const TableDescription& source, const std::string& columns) {
    if (columns.empty()) return okStatus();
    if (isJsonTable(source.record)) {
        const auto fields = jsonTableKind().projectionOf(source.record.path, source.record, columns);
        return fields ? okStatus() : Status(withWhere(fields.error(), "-columns"));
    }
    const Result<ColumnList> list = parseColumns(columns);
    if (!list) return withWhere(list.error(), "-columns");
    for (const ColumnSpec& spec : *list) {
        if (source.record.family(spec.family) != nullptr) continue;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} has no column family {}", source.record.path, spec.family), "-columns",
                     fmt::format("maprcli table cf list -path {}", shellWord(source.record.path))};
    }
    return okStatus();
}

Json replicaBody(const Operation& op, const TableRecord& source, const TableRecord& replica) {
    const std::string compression = effectiveText(op, "networkcompression");
    return Json{{"path", source.path},
                {"replica", replica.path},
                {"cluster", clusterOf(replica.path)},
                {"uuid", replica.uuid.text()},
                {"columns", op.text("columns")},
                {"paused", op.flag("paused")},
                {"throttle", op.flag("throttle")},
                {"networkencryption", op.flag("networkencryption")},
                {"synchronous", op.flag("synchronous")},
                {"compression", compression.empty() ? "lz4" : compression}};
}

Result<Outcome> replicaAdd(const Command& command) {
    const auto ends = edgePaths(command, "replica");
    if (!ends) return ends.error();
    const Result<TableDescription> source = command.calls.describe(ends->path, "-path");
    if (!source) return source.error();
    const Result<std::optional<TableDescription>> found = command.calls.find(ends->other);
    if (!found) return withWhere(found.error(), "-replica");
    if (!found->has_value()) {
        return Error{ErrorCode::NotFound, fmt::format("the replica {} does not exist", ends->other), "-replica",
                     fmt::format("maprcli table create -path {} -copymetafrom {}", shellWord(ends->other),
                                 shellWord(ends->path))};
    }
    const TableDescription& replica = **found;
    if (Status status = checkEnds(*source, replica); !status) return status.error();
    const std::string columns = command.op.text("columns");
    if (Status status = checkColumns(*source, columns); !status) return status.error();
    const Result<Json> added = command.calls.callAt(ends->path, TableMethod::AddReplica,
                                                    replicaBody(command.op, source->record, replica.record));
    if (!added) {
        if (added.error().code != ErrorCode::AlreadyExists) return added.error();
        return withFix(withWhere(added.error(), "-replica"), listReplicasCommand(tableEdges(), ends->path));
    }
    Outcome outcome;
    warnOfMissingFamilies(source->record, replica.record, columns, outcome);
    if (replica.record.upstreamByUuid(source->record.uuid) == nullptr) {
        outcome.warnings.push_back(
            fmt::format("nothing is sent until the replica agrees: maprcli table upstream add -path {} -upstream {}",
                        shellWord(ends->other), shellWord(ends->path)));
    }
    return outcome;
}

Result<Outcome> replicaEdit(const Command& command) {
    const Operation& op = command.op;
    const auto ends = edgePaths(command, "replica");
    if (!ends) return ends.error();
    Json body{{"path", ends->path}, {"replica", ends->other}};
    const std::size_t unchanged = body.size();
    if (op.has("newreplica")) {
        if (Status status = addNewPath(command, ends->path, ends->other, body); !status) return status.error();
    }
    if (op.has("columns")) {
        const Result<TableDescription> source = command.calls.describe(ends->path, "-path");
        if (!source) return source.error();
        if (Status status = checkColumns(*source, op.text("columns")); !status) return status.error();
        body["columns"] = op.text("columns");
    }
    addEdited(body, op);
    if (body.size() == unchanged) {
        return Error{ErrorCode::InvalidInput,
                     "the command changes nothing",
                     {},
                     "add what to change, as -columns <full new list> or -throttle true"};
    }
    const Result<Json> changed = command.calls.callAt(ends->path, TableMethod::AlterReplica, body);
    if (!changed) return notListed(tableEdges(), changed.error(), ends->path);
    return Outcome{};
}

Result<Outcome> replicaList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<TableDescription> source = command.calls.describe(*path, "-path");
    if (!source) return source.error();
    const Json body{{"path", *path}, {"refresh", command.op.flag("refreshnow")}};
    const Result<Json> answer = command.calls.callAt(*path, TableMethod::ListReplicas, body);
    if (!answer) return answer.error();
    Outcome outcome;
    for (const Json& replica : answer->value("replicas", Json::array())) {
        outcome.add(replicaRow(replica, source->record.kind));
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
