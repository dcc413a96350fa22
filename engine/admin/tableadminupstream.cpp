// `table upstream add|list|remove` (maprdb.md section 1.5).
#include <fmt/format.h>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb::admin {
namespace {

std::string listUpstreamsCommand(const std::string& path) {
    return fmt::format("maprcli table upstream list -path {}", shellWord(path));
}

}  // namespace

Status registerUpstream(ClusterCalls& calls, const TableRecord& replica, const TableRecord& source, bool tolerant) {
    const Json body{{"path", replica.path},
                    {"upstream", source.path},
                    {"cluster", clusterOf(source.path)},
                    {"uuid", source.uuid.text()}};
    const Result<Json> added = calls.callAt(replica.path, TableMethod::AddUpstream, body);
    if (added) return okStatus();
    if (added.error().code != ErrorCode::AlreadyExists) return added.error();
    if (tolerant) return okStatus();
    return withFix(withWhere(added.error(), "-upstream"), listUpstreamsCommand(replica.path));
}

Result<Outcome> upstreamAdd(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<std::string> upstream = command.path("upstream");
    if (!upstream) return upstream.error();
    const Result<TableDescription> replica = command.calls.describe(*path, "-path");
    if (!replica) return replica.error();
    const Result<std::optional<TableDescription>> found = command.calls.find(*upstream);
    if (!found) return withWhere(found.error(), "-upstream");
    if (!found->has_value()) {
        return Error{ErrorCode::NotFound, fmt::format("the source {} does not exist", *upstream), "-upstream",
                     fmt::format("list the tables there: maprcli table listrecent -cluster {}",
                                 shellWord(clusterOf(*upstream)))};
    }
    const TableRecord& source = (*found)->record;
    if (source.path == replica->record.path || source.uuid == replica->record.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} cannot be its own upstream", *path), "-upstream",
                     "name the source table"};
    }
    if (source.kind != replica->record.kind) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is a {} table and {} a {} table; both must be of one kind", *upstream, source.kind,
                                 *path, replica->record.kind),
                     "-upstream", "name a source of the same kind"};
    }
    if (Status status = registerUpstream(command.calls, replica->record, source, false); !status) return status.error();
    Outcome outcome;
    const ReplicaRecord* half = source.replicaByPath(*path);
    if (half == nullptr) {
        outcome.warnings.push_back(
            fmt::format("nothing is sent until the source agrees: maprcli table replica add -path {} -replica {}",
                        shellWord(*upstream), shellWord(*path)));
    } else if (half->uuid != replica->record.uuid) {
        outcome.warnings.push_back(
            fmt::format("the source's record is of an older table at this path; renew it: maprcli table replica remove "
                        "-path {} -replica {}, then replica add",
                        shellWord(*upstream), shellWord(*path)));
    }
    return outcome;
}

Result<Outcome> upstreamList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> answer = command.calls.callAt(*path, TableMethod::ListUpstreams, Json{{"path", *path}});
    if (!answer) return withWhere(answer.error(), "-path");
    Outcome outcome;
    for (const Json& upstream : answer->value("upstreams", Json::array())) {
        const std::string uuid = textOf(upstream, "uuid");
        const Result<Uuid> parsed = Uuid::parse(uuid);
        outcome.add(Json{{"cluster", textOf(upstream, "cluster")},
                         {"table", textOf(upstream, "path")},
                         {"idx", numberOf(upstream, "idx")},
                         {"uuid", parsed ? parsed->escapedText() : uuid}});
    }
    return outcome;
}

Result<Outcome> upstreamRemove(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<std::string> upstream = command.path("upstream");
    if (!upstream) return upstream.error();
    const Json body{{"path", *path}, {"upstream", *upstream}};
    const Result<Json> done = command.calls.callAt(*path, TableMethod::RemoveUpstream, body);
    if (!done) {
        Error error = done.error();
        if (error.code == ErrorCode::NotFound) error = withWhere(error, "-upstream");
        return withFix(error, listUpstreamsCommand(*path));
    }
    return Outcome{};
}

}  // namespace tributary::engine::maprdb::admin
