// `table upstream add` (maprdb.md section 1.5).
#include <fmt/format.h>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"

namespace tributary::engine::maprdb::admin {
Status registerUpstream(ClusterCalls& calls, const TableRecord& replica, const TableRecord& source, bool tolerant) {
    const Json body{{"path", replica.path},
                    {"upstream", source.path},
                    {"cluster", clusterOf(source.path)},
                    {"uuid", source.uuid.text()}};
    const Result<Json> added = calls.callAt(replica.path, TableMethod::AddUpstream, body);
    if (added) return okStatus();
    if (added.error().code != ErrorCode::AlreadyExists) return added.error();
    if (tolerant) return okStatus();
    return withFix(withWhere(added.error(), "-upstream"), listUpstreamsCommand(tableEdges(), replica.path));
}

Result<Outcome> upstreamAdd(const Command& command) {
    const auto ends = edgePaths(command, "upstream");
    if (!ends) return ends.error();
    const Result<TableDescription> replica = command.calls.describe(ends->path, "-path");
    if (!replica) return replica.error();
    const Result<std::optional<TableDescription>> found = command.calls.find(ends->other);
    if (!found) return withWhere(found.error(), "-upstream");
    if (!found->has_value()) {
        return Error{ErrorCode::NotFound, fmt::format("the source {} does not exist", ends->other), "-upstream",
                     fmt::format("list the tables there: maprcli table listrecent -cluster {}",
                                 shellWord(clusterOf(ends->other)))};
    }
    const TableRecord& source = (*found)->record;
    if (source.path == replica->record.path || source.uuid == replica->record.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} cannot be its own upstream", ends->path), "-upstream",
                     "name the source table"};
    }
    if (source.kind != replica->record.kind) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is a {} table and {} a {} table; both must be of one kind", ends->other,
                                 source.kind, ends->path, replica->record.kind),
                     "-upstream", "name a source of the same kind"};
    }
    if (Status status = registerUpstream(command.calls, replica->record, source, false); !status) return status.error();
    Outcome outcome;
    const ReplicaRecord* half = source.replicaByPath(ends->path);
    if (half == nullptr) {
        outcome.warnings.push_back(
            fmt::format("nothing is sent until the source agrees: maprcli table replica add -path {} -replica {}",
                        shellWord(ends->other), shellWord(ends->path)));
    } else if (half->uuid != replica->record.uuid) {
        outcome.warnings.push_back(
            fmt::format("the source's record is of an older table at this path; renew it: maprcli table replica remove "
                        "-path {} -replica {}, then replica add",
                        shellWord(ends->other), shellWord(ends->path)));
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
