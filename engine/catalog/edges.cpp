// Edges, their states and their JSON form.
#include "engine/catalog/edges.h"

#include <array>

namespace tributary::engine {
namespace {

constexpr std::array<std::string_view, 8> kStateNames{
    "REPLICA_STATE_REPLICATING",        "REPLICA_STATE_CREATE_SCHEDULE", "REPLICA_STATE_COPY_SCHEDULE",
    "REPLICA_STATE_COPY_IN_PROGRESS",   "REPLICA_STATE_COPY_IN_RECOVER", "REPLICA_STATE_DELETING_CURSORS",
    "REPLICA_STATE_WAIT_TILL_BULKLOAD", "REPLICA_STATE_UNEXPECTED"};

}  // namespace

bool isCopyState(ReplicaState state) {
    switch (state) {
        case ReplicaState::CreateSchedule:
        case ReplicaState::CopySchedule:
        case ReplicaState::CopyInProgress:
        case ReplicaState::CopyInRecover:
        case ReplicaState::DeletingCursors: return true;
        default: return false;
    }
}

std::string_view replicaStateName(ReplicaState state) {
    return kStateNames.at(static_cast<std::size_t>(state));
}

const std::string& ReplicaRecord::projectionAt(Lsn lsn) const {
    for (const auto& [upTo, earlier] : earlierProjections) {
        if (lsn <= upTo) return earlier;
    }
    return projection;
}

Json toJson(const ReplicaRecord& replica) {
    Json json{{"idx", replica.idx},
              {"cluster", replica.cluster},
              {"path", replica.path},
              {"uuid", replica.uuid.text()},
              {"columns", replica.projection},
              {"paused", replica.paused},
              {"pausedms", replica.pausedMs},
              {"divergedms", replica.divergedMs},
              {"throttle", replica.throttle},
              {"networkencryption", replica.networkEncryption},
              {"synchronous", replica.synchronous},
              {"compression", replica.compression},
              {"from", replica.fromLsn},
              {"state", static_cast<int>(replica.state)},
              {"copypercent", replica.copyPercent},
              {"earliercolumns", replica.earlierProjections}};
    if (!replica.setup.is_null()) json["setup"] = replica.setup;
    return json;
}

ReplicaRecord replicaFromJson(const Json& json) {
    ReplicaRecord replica;
    replica.idx = json.at("idx");
    replica.cluster = json.at("cluster");
    replica.path = json.at("path");
    replica.uuid = Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{});
    replica.projection = json.at("columns");
    replica.paused = json.at("paused");
    replica.pausedMs = json.value("pausedms", Millis{0});
    replica.divergedMs = json.value("divergedms", Millis{0});
    replica.throttle = json.at("throttle");
    replica.networkEncryption = json.at("networkencryption");
    replica.synchronous = json.at("synchronous");
    replica.compression = json.at("compression");
    replica.fromLsn = json.at("from");
    replica.state = static_cast<ReplicaState>(json.at("state").get<int>());
    replica.copyPercent = json.at("copypercent");
    replica.setup = json.value("setup", Json());
    replica.earlierProjections = json.at("earliercolumns").get<std::vector<std::pair<Lsn, std::string>>>();
    return replica;
}

Json toJson(const UpstreamRecord& upstream) {
    return Json{
        {"idx", upstream.idx}, {"cluster", upstream.cluster}, {"path", upstream.path}, {"uuid", upstream.uuid.text()}};
}

UpstreamRecord upstreamFromJson(const Json& json) {
    return UpstreamRecord{json.at("idx"), json.at("cluster"), json.at("path"),
                          Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{})};
}

}  // namespace tributary::engine
