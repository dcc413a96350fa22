// Edges of both kinds.
#include "engine/admin/edgeadmin.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/streams/streamapi.h"

namespace tributary::engine::maprdb::admin {

const EdgeWords& tableEdges() {
    static constexpr EdgeWords kTables{"table",
                                       "the replica's table and its upstream record stay",
                                       TableMethod::PauseReplica,
                                       TableMethod::RemoveReplica,
                                       TableMethod::ListUpstreams,
                                       TableMethod::RemoveUpstream};
    return kTables;
}

const EdgeWords& streamEdges() {
    static constexpr EdgeWords kStreams{"stream",
                                        "the replica's messages and its upstream record stay",
                                        StreamMethod::PauseReplica,
                                        StreamMethod::RemoveReplica,
                                        StreamMethod::ListUpstreams,
                                        StreamMethod::RemoveUpstream};
    return kStreams;
}

Result<EdgePaths> edgePaths(const Command& command, const char* otherOption) {
    Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Result<std::string> other = command.path(otherOption);
    if (!other) return other.error();
    return EdgePaths{std::move(path).value(), std::move(other).value()};
}

std::string listReplicasCommand(const EdgeWords& edges, const std::string& path) {
    return fmt::format("maprcli {} replica list -path {}", edges.noun, shellWord(path));
}

std::string listUpstreamsCommand(const EdgeWords& edges, const std::string& path) {
    return fmt::format("maprcli {} upstream list -path {}", edges.noun, shellWord(path));
}

Error notListed(const EdgeWords& edges, const Error& error, const std::string& path) {
    const std::string fix = listReplicasCommand(edges, path);
    return withFix(error.code == ErrorCode::NotFound ? withWhere(error, "-replica") : error, fix);
}

void addLinkFields(Json& row, const Json& replica) {
    row["replicaState"] = textOf(replica, "state");
    row["paused"] = flagOf(replica, "paused");
    row["throttle"] = flagOf(replica, "throttle");
    row["idx"] = numberOf(replica, "idx");
    row["networkencryption"] = flagOf(replica, "networkencryption");
    row["synchronous"] = flagOf(replica, "synchronous");
    row["networkcompression"] = textOf(replica, "compression");
    row["propagateExistingData"] = numberOf(replica, "copypercent", -1) >= 0;
    row["isUptodate"] = flagOf(replica, "isuptodate");
    row["minPendingTS"] = numberOf(replica, "minpendingts");
    row["maxPendingTS"] = numberOf(replica, "maxpendingts");
    row["bytesPending"] = numberOf(replica, "bytespending");
    row["putsPending"] = numberOf(replica, "putspending");
    row["bucketsPending"] = numberOf(replica, "bucketspending");
}

void addCopyFields(Json& row, const Json& replica) {
    row["copyTableCompletionPercentage"] = std::max<std::int64_t>(0, numberOf(replica, "copypercent", -1));
    const auto error = replica.find("error");
    if (error == replica.end() || !error->is_object()) return;
    row["errors"] =
        Json{{"Code", textOf(*error, "code")}, {"Host", textOf(*error, "host")}, {"Msg", textOf(*error, "message")}};
}

void addEdited(Json& body, const Operation& op) {
    for (const char* name : {"throttle", "networkencryption", "synchronous"}) {
        if (op.has(name)) body[name] = op.flag(name);
    }
    if (op.has("networkcompression")) body["compression"] = op.text("networkcompression");
}

Result<Outcome> pauseReplica(const Command& command, const EdgeWords& edges, bool paused) {
    const auto ends = edgePaths(command, "replica");
    if (!ends) return ends.error();
    const Json body{{"path", ends->path}, {"replica", ends->other}, {"paused", paused}};
    const Result<Json> done = command.calls.callAt(ends->path, edges.pauseReplica, body);
    if (!done) return notListed(edges, done.error(), ends->path);
    return Outcome{};
}

Result<Outcome> removeReplica(const Command& command, const EdgeWords& edges) {
    const auto ends = edgePaths(command, "replica");
    if (!ends) return ends.error();
    const Json body{{"path", ends->path}, {"replica", ends->other}};
    const Result<Json> done = command.calls.callAt(ends->path, edges.removeReplica, body);
    if (!done) return notListed(edges, done.error(), ends->path);
    Outcome outcome;
    outcome.warnings.push_back(
        fmt::format("{}; to end the agreement there too: maprcli {} upstream remove -path {} -upstream {}", edges.left,
                    edges.noun, shellWord(ends->other), shellWord(ends->path)));
    return outcome;
}

Result<Outcome> listUpstreams(const Command& command, const EdgeWords& edges) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> answer = command.calls.callAt(*path, edges.listUpstreams, Json{{"path", *path}});
    if (!answer) return withWhere(answer.error(), "-path");
    Outcome outcome;
    for (const Json& upstream : answer->value("upstreams", Json::array())) {
        const std::string uuid = textOf(upstream, "uuid");
        const Result<Uuid> parsed = Uuid::parse(uuid);
        outcome.add(Json{{"cluster", textOf(upstream, "cluster")},
                         {std::string(edges.noun), textOf(upstream, "path")},
                         {"idx", numberOf(upstream, "idx")},
                         {"uuid", parsed ? parsed->escapedText() : uuid}});
    }
    return outcome;
}

Result<Outcome> removeUpstream(const Command& command, const EdgeWords& edges) {
    const auto ends = edgePaths(command, "upstream");
    if (!ends) return ends.error();
    const Json body{{"path", ends->path}, {"upstream", ends->other}};
    const Result<Json> done = command.calls.callAt(ends->path, edges.removeUpstream, body);
    if (done) return Outcome{};
    Error error = done.error();
    if (error.code == ErrorCode::NotFound) error = withWhere(error, "-upstream");
    return withFix(error, listUpstreamsCommand(edges, ends->path));
}

}  // namespace tributary::engine::maprdb::admin
