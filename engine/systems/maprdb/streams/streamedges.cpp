// Requests about replica and upstream records of streams: whole streams, never a part.
#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/maprdb/streams/streamchecks.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/tables/defaults.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {
namespace {

using EdgeEdit = Status (*)(Node&, DatasetRecord&, const Json&, const std::string& user);

/// Changes one stream's record after checking permissions of it.
void editEdges(const ControlCall& call, const std::vector<const char*>& permissions, EdgeEdit edit) {
    const Json body = Json::parse(call.body);
    Node* node = &call.node;
    call.node.change(
        [node, permissions, edit, body, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = streamRecordOf(*node, body.at("path"));
            if (!record) return record.error();
            for (const char* permission : permissions) {
                Access& access = streamsOf(*node).access();
                if (Status allowed = requireAnyOf(access, *record.value(), {permission}, user); !allowed) {
                    return allowed.error();
                }
            }
            DatasetRecord changed = *record.value();
            if (Status edited = edit(*node, changed, body, user); !edited) return edited.error();
            return CatalogChange::put(std::move(changed));
        },
        [call](const Status& status) { call.replyStatus(status); });
}

Error noReplica(const DatasetRecord& stream, const std::string& replica) {
    return Error{ErrorCode::NotFound,
                 fmt::format("{} is not a replica of {}", replica, stream.path),
                 {},
                 fmt::format("maprcli stream replica list -path {}", stream.path)};
}

Status addReplica(Node& node, DatasetRecord& stream, const Json& body, const std::string& user) {
    ReplicaRecord replica;
    replica.path = body.at("replica");
    replica.cluster = body.at("cluster");
    if (Status asked = askSetup(node, body, user, replica); !asked) return asked;
    if (replica.uuid == stream.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("stream {} cannot be its own replica", stream.path), {}, {}};
    }
    if (stream.replicaByPath(replica.path) != nullptr) {
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("{} is a replica of {} already", replica.path, stream.path),
                     {},
                     fmt::format("maprcli stream replica list -path {}", stream.path)};
    }
    if (stream.replicas.size() >= kReplicasMax) {
        return Error{ErrorCode::Conflict,
                     fmt::format("stream {} has {} replicas, which is the most", stream.path, kReplicasMax),
                     {},
                     fmt::format("maprcli stream replica remove -path {} -replica <path>", stream.path)};
    }
    if (Status able = checkEncryption(node, body); !able) return able;
    replica.networkEncryption = body.value("networkencryption", false);
    replica.paused = body.value("paused", false);
    if (replica.paused) replica.pausedMs = node.seams().clock.wallMs();
    replica.throttle = body.value("throttle", false);
    replica.synchronous = body.value("synchronous", false);
    replica.compression = body.value("compression", std::string("lz4"));
    replica.idx = stream.nextEdgeIdx++;
    stream.replicas.push_back(std::move(replica));
    return okStatus();
}

Status alterReplica(Node& node, DatasetRecord& stream, const Json& body, const std::string&) {
    ReplicaRecord* replica = stream.replicaByPath(body.at("replica").get<std::string>());
    if (replica == nullptr) return noReplica(stream, body.at("replica"));
    if (body.contains("newreplica")) {
        const auto uuid = Uuid::parse(body.at("newuuid").get<std::string>());
        if (!uuid) return uuid.error();
        if (uuid.value() != replica->uuid) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is another stream than {}: -newreplica is for a moved or renamed one",
                                     body.at("newreplica").get<std::string>(), replica->path),
                         {},
                         fmt::format("maprcli stream replica remove -path {} -replica {}", stream.path, replica->path)};
        }
        replica->path = body.at("newreplica");
        replica->cluster = body.value("newcluster", replica->cluster);
    }
    if (Status able = checkEncryption(node, body); !able) return able;
    replica->networkEncryption = body.value("networkencryption", replica->networkEncryption);
    replica->throttle = body.value("throttle", replica->throttle);
    replica->synchronous = body.value("synchronous", replica->synchronous);
    replica->compression = body.value("compression", replica->compression);
    return okStatus();
}

Status pauseReplica(Node& node, DatasetRecord& stream, const Json& body, const std::string&) {
    ReplicaRecord* replica = stream.replicaByPath(body.at("replica").get<std::string>());
    if (replica == nullptr) return noReplica(stream, body.at("replica"));
    const bool paused = body.at("paused");
    if (paused && !replica->paused) replica->pausedMs = node.seams().clock.wallMs();
    if (!paused) replica->pausedMs = 0;
    replica->paused = paused;
    return okStatus();
}

Status removeReplica(Node&, DatasetRecord& stream, const Json& body, const std::string&) {
    const std::string path = body.at("replica");
    if (stream.replicaByPath(path) == nullptr) return noReplica(stream, path);
    std::erase_if(stream.replicas, [&](const ReplicaRecord& replica) { return replica.path == path; });
    return okStatus();
}

Status addUpstream(Node&, DatasetRecord& stream, const Json& body, const std::string&) {
    UpstreamRecord upstream;
    upstream.path = body.at("upstream");
    upstream.cluster = body.at("cluster");
    const auto uuid = Uuid::parse(body.at("uuid").get<std::string>());
    if (!uuid) return uuid.error();
    upstream.uuid = uuid.value();
    if (upstream.uuid == stream.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("stream {} cannot be its own upstream", stream.path), {}, {}};
    }
    if (stream.upstreamByPath(upstream.path) != nullptr) {
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("{} is an upstream of {} already", upstream.path, stream.path),
                     {},
                     fmt::format("maprcli stream upstream list -path {}", stream.path)};
    }
    if (stream.upstreams.size() >= kUpstreamsMax) {
        return Error{ErrorCode::Conflict,
                     fmt::format("stream {} has {} upstreams, which is the most", stream.path, kUpstreamsMax),
                     {},
                     fmt::format("maprcli stream upstream remove -path {} -upstream <path>", stream.path)};
    }
    upstream.idx = stream.nextEdgeIdx++;
    stream.upstreams.push_back(std::move(upstream));
    return okStatus();
}

Status removeUpstream(Node&, DatasetRecord& stream, const Json& body, const std::string&) {
    const std::string path = body.at("upstream");
    if (stream.upstreamByPath(path) == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("{} is not an upstream of {}", path, stream.path),
                     {},
                     fmt::format("maprcli stream upstream list -path {}", stream.path)};
    }
    std::erase_if(stream.upstreams, [&](const UpstreamRecord& upstream) { return upstream.path == path; });
    return okStatus();
}

void listReplicas(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const auto record = streamRecordOf(call.node, body.at("path"));
    DatasetRuntime* runtime = record ? call.node.dataset(record.value()->id) : nullptr;
    if (runtime == nullptr) {
        call.reply(record ? Error{ErrorCode::NotFound, "no such stream", {}, {}} : record.error());
        return;
    }
    call.replyJson(shownLinksJson(call.node, *record.value(), *runtime, body.value("refresh", false)));
}

void listUpstreams(const ControlCall& call) {
    const auto record = streamRecordOf(call.node, Json::parse(call.body).at("path"));
    if (!record) {
        call.reply(record.error());
        return;
    }
    Json json{{"upstreams", Json::array()}};
    for (const UpstreamRecord& upstream : record.value()->upstreams) {
        json["upstreams"].push_back(Json{{"idx", upstream.idx},
                                         {"cluster", upstream.cluster},
                                         {"path", upstream.path},
                                         {"uuid", upstream.uuid.text()}});
    }
    call.replyJson(json);
}

}  // namespace

void addStreamEdgeRequests(ControlRequests& requests) {
    const auto admin = [&](Method method, EdgeEdit edit) {
        requests.add(method, [edit](const ControlCall& call) { editEdges(call, {"adminperm"}, edit); });
    };
    requests.add(StreamMethod::AddReplica, [](const ControlCall& call) {
        editEdges(call, {"adminperm", "copyperm"}, addReplica);
    });
    admin(StreamMethod::AlterReplica, alterReplica);
    admin(StreamMethod::PauseReplica, pauseReplica);
    admin(StreamMethod::RemoveReplica, removeReplica);
    admin(StreamMethod::AddUpstream, addUpstream);
    admin(StreamMethod::RemoveUpstream, removeUpstream);
    requests.openToSetups({StreamMethod::AddReplica, StreamMethod::AddUpstream});
    requests.add(StreamMethod::ListReplicas, listReplicas);
    requests.add(StreamMethod::ListUpstreams, listUpstreams);
}

}  // namespace tributary::engine::maprdb
