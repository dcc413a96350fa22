// `stream replica ...` and `stream upstream ...` (maprdb.md section 1.6).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"
#include "engine/admin/streamadmin.h"

namespace tributary::engine::maprdb::admin {
namespace {

/// The fields of the vendor, in its order; like a table's, but for the stream and its path.
Json streamReplicaRow(const Json& replica) {
    Json row{{"cluster", textOf(replica, "cluster")},
             {"stream", textOf(replica, "path")},
             {"type", "MapRStream"},
             {"replicaPath", textOf(replica, "path")}};
    addLinkFields(row, replica);
    addCopyFields(row, replica);
    return row;
}

/// {topic: origins of its offsets}.
Result<std::map<std::string, std::set<std::string>>> originsAt(const Command& command, const std::string& path) {
    const Result<Json> answer = command.calls.callAt(path, StreamMethod::Topics, Json{{"path", path}});
    if (!answer) return answer.error();
    std::map<std::string, std::set<std::string>> out;
    for (const Json& topic : answer->value("topics", Json::array())) {
        for (const Json& partition : topic.value("partitions", Json::array())) {
            for (const Json& origin : partition.value("origins", Json::array())) {
                out[textOf(topic, "topic")].insert(origin.get<std::string>());
            }
        }
    }
    return out;
}

/// The replica has messages of a topic that the source has too, and not from it: their offsets will collide.
void warnOfTopics(const Command& command, const std::string& path, const std::string& replica, Outcome& outcome) {
    const auto here = originsAt(command, path);
    const auto there = originsAt(command, replica);
    if (!here || !there) return;  // its user may register what only others may read
    for (const auto& [topic, origins] : *there) {
        const auto known = here->find(topic);
        if (known == here->end()) continue;
        const auto strange = [&](const std::string& origin) { return known->second.count(origin) == 0; };
        if (std::none_of(origins.begin(), origins.end(), strange)) continue;
        outcome.warnings.push_back(
            fmt::format("topic {} of {} has messages that are not from {}: offsets of both collide, and the later ones "
                        "are kept apart; replicate each source to a stream of its own",
                        topic, replica, path));
    }
}

Status addNewStreamPath(const Command& command, const std::string& path, const std::string& replica, Json& body) {
    const Result<std::string> renamed = command.path("newreplica");
    if (!renamed) return renamed.error();
    const Result<Json> target = describeStreamAt(command.calls, *renamed, "-newreplica");
    if (!target) return target.error();
    const Result<Json> source = describeStreamAt(command.calls, path, "-path");
    if (!source) return source.error();
    for (const Json& record : source->value("replicas", Json::array())) {
        if (textOf(record, "path") != replica || textOf(record, "uuid") == textOf(*target, "uuid")) continue;
        return Error{ErrorCode::Conflict,
                     fmt::format("{} is another stream than the replica {} was", *renamed, replica), "-newreplica",
                     fmt::format("maprcli stream replica remove -path {} -replica {}, then replica add and copy",
                                 shellWord(path), shellWord(replica))};
    }
    body["newreplica"] = *renamed;
    body["newcluster"] = clusterOf(*renamed);
    body["newuuid"] = textOf(*target, "uuid");
    return okStatus();
}

/// Both ends of an edge, by two options.
struct StreamEnds : EdgePaths {
    Json here;
    Json there;
};

Result<StreamEnds> endsOf(const Command& command, const char* otherOption, const std::string& missingFix) {
    auto paths = edgePaths(command, otherOption);
    if (!paths) return paths.error();
    const std::string where = fmt::format("-{}", otherOption);
    Result<Json> here = describeStreamAt(command.calls, paths->path, "-path");
    if (!here) return here.error();
    auto there = findStream(command.calls, paths->other);
    if (!there) return withWhere(there.error(), where);
    if (!there->has_value()) {
        return Error{ErrorCode::NotFound, fmt::format("the stream {} does not exist", paths->other), where, missingFix};
    }
    return StreamEnds{std::move(paths).value(), std::move(here).value(), **there};
}

}  // namespace

Json replicaBodyOf(const Operation& op, const std::string& from, const Json& source, const std::string& to,
                   const Json& replica, bool paused) {
    std::string compression = op.text("networkcompression");
    if (compression.empty()) compression = textOf(source.value("attributes", Json::object()), "compression");
    return Json{{"path", from},
                {"replica", to},
                {"cluster", clusterOf(to)},
                {"uuid", textOf(replica, "uuid")},
                {"paused", paused},
                {"throttle", op.flag("throttle")},
                {"networkencryption", op.flag("networkencryption")},
                {"synchronous", op.flag("synchronous")},
                {"compression", compression.empty() ? "lz4" : compression}};
}

Result<Outcome> streamReplicaAdd(const Command& command) {
    const Operation& op = command.op;
    const auto ends = endsOf(command, "replica",
                             fmt::format("maprcli stream create -path {} -copymetafrom {}",
                                         shellWord(op.text("replica")), shellWord(op.text("path"))));
    if (!ends) return ends.error();
    const Json body = replicaBodyOf(op, ends->path, ends->here, ends->other, ends->there, op.flag("paused"));
    const Result<Json> added = command.calls.callAt(ends->path, StreamMethod::AddReplica, body);
    if (!added) {
        if (added.error().code != ErrorCode::AlreadyExists) return added.error();
        return withFix(withWhere(added.error(), "-replica"), listReplicasCommand(streamEdges(), ends->path));
    }
    Outcome outcome;
    warnOfTopics(command, ends->path, ends->other, outcome);
    const Json upstreams = ends->there.value("upstreams", Json::array());
    const bool agreed = std::any_of(upstreams.begin(), upstreams.end(), [&](const Json& upstream) {
        return textOf(upstream, "uuid") == textOf(ends->here, "uuid");
    });
    if (!agreed) {
        outcome.warnings.push_back(
            fmt::format("nothing is sent until the replica agrees: maprcli stream upstream add -path {} -upstream {}",
                        shellWord(ends->other), shellWord(ends->path)));
    }
    return outcome;
}

Result<Outcome> streamReplicaEdit(const Command& command) {
    const Operation& op = command.op;
    const auto ends = edgePaths(command, "replica");
    if (!ends) return ends.error();
    Json body{{"path", ends->path}, {"replica", ends->other}};
    const std::size_t unchanged = body.size();
    if (op.has("newreplica")) {
        if (Status status = addNewStreamPath(command, ends->path, ends->other, body); !status) return status.error();
    }
    addEdited(body, op);
    if (body.size() == unchanged) {
        return Error{
            ErrorCode::InvalidInput, "the command changes nothing", {}, "add what to change, as -throttle true"};
    }
    const Result<Json> changed = command.calls.callAt(ends->path, StreamMethod::AlterReplica, body);
    if (!changed) return notListed(streamEdges(), changed.error(), ends->path);
    return Outcome{};
}

Result<Outcome> streamReplicaList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Json body{{"path", *path}, {"refresh", command.op.flag("refreshnow")}};
    const Result<Json> answer = command.calls.callAt(*path, StreamMethod::ListReplicas, body);
    if (!answer) return withWhere(answer.error(), "-path");
    Outcome outcome;
    for (const Json& replica : answer->value("replicas", Json::array())) outcome.add(streamReplicaRow(replica));
    return outcome;
}

Result<Outcome> streamUpstreamAdd(const Command& command) {
    const auto ends = endsOf(command, "upstream", "name the source stream");
    if (!ends) return ends.error();
    const Json body{{"path", ends->path},
                    {"upstream", ends->other},
                    {"cluster", clusterOf(ends->other)},
                    {"uuid", textOf(ends->there, "uuid")}};
    const Result<Json> added = command.calls.callAt(ends->path, StreamMethod::AddUpstream, body);
    if (!added) {
        return withFix(withWhere(added.error(), "-upstream"), listUpstreamsCommand(streamEdges(), ends->path));
    }
    Outcome outcome;
    const Json replicas = ends->there.value("replicas", Json::array());
    const bool registered = std::any_of(replicas.begin(), replicas.end(), [&](const Json& replica) {
        return textOf(replica, "uuid") == textOf(ends->here, "uuid");
    });
    if (!registered) {
        outcome.warnings.push_back(
            fmt::format("nothing is sent until the source agrees: maprcli stream replica add -path {} -replica {}",
                        shellWord(ends->other), shellWord(ends->path)));
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
