// `stream create|edit|info|delete` (maprdb.md section 1.6).
#include "engine/admin/streamadmin.h"

#include <fmt/format.h>

#include <array>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"

namespace tributary::engine::maprdb::admin {
namespace {

constexpr std::array kStreamAttributes{"ttl", "autocreate", "defaultpartitions", "compression"};
constexpr std::array kStreamPermissions{"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"};

void addStreamOptions(const Operation& op, Json& body) {
    for (const char* name : kStreamAttributes) {
        if (op.has(name)) body["attributes"][name] = op.text(name);
    }
    for (const char* name : kStreamPermissions) {
        if (op.has(name)) body["perms"][name] = op.text(name);
    }
}

Error streamExists(Error error, const std::string& path) {
    if (error.code != ErrorCode::AlreadyExists) return withWhere(std::move(error), "-path");
    error.fix = fmt::format("look at it with: maprcli stream info -path {}", shellWord(path));
    return withWhere(std::move(error), "-path");
}

}  // namespace

Result<std::optional<Json>> findStream(ClusterCalls& calls, const std::string& path) {
    if (const auto there = calls.client(clusterOf(path)); !there) return there.error();
    auto found = calls.callAt(path, StreamMethod::Describe, Json{{"path", path}});
    if (found) return std::optional(std::move(found).value());
    if (found.error().code == ErrorCode::NotFound) return std::optional<Json>();
    return found.error();
}

Result<Json> describeStreamAt(ClusterCalls& calls, const std::string& path, std::string_view where) {
    auto found = findStream(calls, path);
    if (!found) return withWhere(found.error(), where);
    if (found->has_value()) return **found;
    return Error{ErrorCode::NotFound, fmt::format("no stream {}", path), std::string(where),
                 fmt::format("maprcli stream create -path {}", shellWord(path))};
}

Result<Json> putParts(ClusterCalls& calls, const std::string& path, const Bytes& parts, bool copy) {
    auto client = calls.client(clusterOf(path));
    if (!client) return client.error();
    const auto timeoutMs = calls.budget(kDataCallTimeoutMs);
    if (!timeoutMs) return timeoutMs.error();
    const auto answer = (*client)->call(StreamMethod::Put, encodePut(path, copy, parts), *timeoutMs);
    if (!answer) return answer.error();
    const Json placed = Json::parse(*answer, nullptr, false);
    return placed.is_discarded() ? Json::array() : placed;
}

Json createStreamLike(const Json& model, const std::string& path) {
    return Json{{"path", path},
                {"attributes", model.value("attributes", Json::object())},
                {"perms", model.value("perms", Json::object())}};
}

Result<Outcome> streamCreate(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Json body{{"path", *path}, {"attributes", Json::object()}, {"perms", Json::object()}};
    if (command.op.has("copymetafrom")) {
        const Result<std::string> from = command.path("copymetafrom");
        if (!from) return from.error();
        const Result<Json> model = describeStreamAt(command.calls, *from, "-copymetafrom");
        if (!model) return model.error();
        body = createStreamLike(*model, *path);
    }
    addStreamOptions(command.op, body);
    const Result<Json> created = command.calls.callAt(*path, StreamMethod::Create, body);
    if (!created) return streamExists(created.error(), *path);
    return Outcome{};
}

Result<Outcome> streamEdit(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    Json body{{"path", *path}, {"attributes", Json::object()}, {"perms", Json::object()}};
    addStreamOptions(command.op, body);
    if (body["attributes"].empty() && body["perms"].empty()) {
        return Error{ErrorCode::InvalidInput, "the command changes nothing", {}, "add what to change, as -ttl 86400"};
    }
    const Result<Json> changed = command.calls.callAt(*path, StreamMethod::Alter, body);
    if (!changed) return withWhere(changed.error(), "-path");
    return Outcome{};
}

Result<Outcome> streamInfo(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> found = describeStreamAt(command.calls, *path, "-path");
    if (!found) return found.error();
    const Json attributes = found->value("attributes", Json::object());
    const Json perms = found->value("perms", Json::object());
    const Json stats = found->value("stats", Json());
    const auto attribute = [&](const char* name, const char* otherwise) {
        const std::string text = textOf(attributes, name);
        return text.empty() ? std::string(otherwise) : text;
    };
    const bool known = stats.is_object();
    const std::int64_t disk = known ? numberOf(stats, "diskBytes") : 0;
    const std::int64_t memory = known ? numberOf(stats, "memoryBytes") : 0;
    Json row{{"path", *path},
             {"physicalsize", known ? Json(disk) : Json()},
             {"logicalsize", known ? Json(disk + memory) : Json()},
             {"numtopics", known ? Json(numberOf(*found, "topics")) : Json()},
             {"defaultpartitions", std::stoll(attribute("defaultpartitions", "1"))},
             {"ttl", std::stoll(attribute("ttl", "604800"))},
             {"compression", attribute("compression", "lz4")},
             {"autocreate", attribute("autocreate", "true") == "true"}};
    for (const char* name : kStreamPermissions) row[name] = textOf(perms, name);
    Outcome outcome;
    outcome.add(std::move(row));
    if (const std::string why = textOf(*found, "unavailable"); !why.empty()) outcome.warnings.push_back(why);
    return outcome;
}

Result<Outcome> streamDelete(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> dropped = command.calls.callAt(*path, StreamMethod::Drop, Json{{"path", *path}});
    if (!dropped) return withWhere(dropped.error(), "-path");
    return Outcome{};
}

Result<Outcome> dispatchStream(const Command& command) {
    switch (command.op.verb) {
        case Verb::StreamCreate: return streamCreate(command);
        case Verb::StreamEdit: return streamEdit(command);
        case Verb::StreamInfo: return streamInfo(command);
        case Verb::StreamDelete: return streamDelete(command);
        case Verb::StreamTopicCreate: return topicChange(command, TopicChange::Mode::Create);
        case Verb::StreamTopicEdit: return topicChange(command, TopicChange::Mode::Grow);
        case Verb::StreamTopicDelete: return topicChange(command, TopicChange::Mode::Drop);
        case Verb::StreamTopicInfo: return topicInfo(command);
        case Verb::StreamTopicList: return topicList(command);
        case Verb::StreamCursorList: return cursorList(command);
        case Verb::StreamCursorDelete: return cursorDelete(command);
        case Verb::StreamReplicaAdd: return streamReplicaAdd(command);
        case Verb::StreamReplicaAutosetup: return streamReplicaAutosetup(command);
        case Verb::StreamReplicaEdit: return streamReplicaEdit(command);
        case Verb::StreamReplicaList: return streamReplicaList(command);
        case Verb::StreamReplicaPause: return pauseReplica(command, streamEdges(), true);
        case Verb::StreamReplicaResume: return pauseReplica(command, streamEdges(), false);
        case Verb::StreamReplicaRemove: return removeReplica(command, streamEdges());
        case Verb::StreamUpstreamAdd: return streamUpstreamAdd(command);
        case Verb::StreamUpstreamList: return listUpstreams(command, streamEdges());
        case Verb::StreamUpstreamRemove: return removeUpstream(command, streamEdges());
        case Verb::StreamAssignList: return assignList(command);
        case Verb::CopyStream: return copyStream(command);
        case Verb::DiffStreams:
        case Verb::DiffStreamsWithCrc: return diffStreamsTool(command);
        case Verb::PerfProducer: return perfProducerTool(command);
        case Verb::PerfConsumer: return perfConsumerTool(command);
        case Verb::StreamAnalyzer: return streamAnalyzerTool(command);
        default: break;
    }
    return Error{ErrorCode::Internal, fmt::format("'{}' is not carried out", verbName(command.op.verb)), {}, {}};
}

}  // namespace tributary::engine::maprdb::admin
