// Requests about replica and upstream records.
#include <fmt/format.h>

#include <algorithm>

#include "engine/security/tlsstream.h"
#include "engine/systems/maprdb/tables/defaults.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {

Status checkEncryption(const Node& node, const Json& body) {
    if (!body.value("networkencryption", false)) return okStatus();
    const NodeConfig& config = node.config();
    if (config.tls != nullptr && config.tls->identity && config.tls->identity().ok()) return okStatus();
    return Error{ErrorCode::Conflict,
                 fmt::format("networkencryption needs certificates, and cluster {} has none that hold", config.cluster),
                 {},
                 "tributary cert init, then tributary down and tributary up; or leave out -networkencryption"};
}

namespace {

using RecordEdit = std::function<Status(Node&, TableRecord&, const Json&)>;
using RecordEditAs = Status (*)(Node&, TableRecord&, const Json&, const std::string& user);

/// An edit that asks what its user may.
RecordEdit as(const std::string& user, RecordEditAs edit) {
    return [user, edit](Node& node, TableRecord& table, const Json& body) { return edit(node, table, body, user); };
}

/// Changes one table's record after checking permissions of it.
void editEdges(const ControlCall& call, const std::vector<std::string>& permissions, const RecordEdit& edit) {
    const Json body = Json::parse(call.body);
    const std::string path = body.at("path");
    Node* node = &call.node;
    call.node.change(
        [node, path, permissions, edit, body, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = recordOf(*node, path);
            if (!record) return record.error();
            for (const std::string& permission : permissions) {
                if (Status allowed = tablesOf(*node).access().require(*record.value(), permission, user); !allowed) {
                    return allowed.error();
                }
            }
            TableRecord table = tableOf(*record.value());
            if (Status edited = edit(*node, table, body); !edited) return edited.error();
            return CatalogChange::put(table.dataset());
        },
        [call](const Status& status) { call.replyStatus(status); });
}

const AnyTableKind& kindOf(Node& node, const TableRecord& table) {
    return *anyTableKind(node.catalog().byPath(table.path)->kind());
}

Status noReplica(const TableRecord& table, const std::string& replica) {
    return Error{ErrorCode::NotFound,
                 fmt::format("{} is not a replica of {}", replica, table.path),
                 {},
                 fmt::format("maprcli table replica list -path {}", table.path)};
}

/// What a link carries is read at the other end by whoever may there: its user must be one who may read it here.
Status checkReadable(Node& node, const TableRecord& table, const std::string& projection, const std::string& user) {
    return kindOf(node, table).requireRead(tablesOf(node).access(), table.path, table, projection, user);
}

Status addReplica(Node& node, TableRecord& table, const Json& body, const std::string& user) {
    ReplicaRecord replica;
    replica.path = body.at("replica");
    replica.cluster = body.at("cluster");
    if (Status asked = askSetup(node, body, user, replica); !asked) return asked;
    if (replica.uuid == table.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("table {} cannot be its own replica", table.path), {}, {}};
    }
    if (table.bulkload() && !replica.setup.is_null()) {
        replica.state = ReplicaState::WaitTillBulkload;
    } else if (table.bulkload()) {
        return Error{ErrorCode::Conflict,
                     fmt::format("table {} is in bulk-load mode and cannot be replicated", table.path),
                     {},
                     fmt::format("maprcli table edit -path {} -bulkload false", table.path)};
    }
    if (table.replicaByPath(replica.path) != nullptr) {
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("{} is a replica of {} already", replica.path, table.path),
                     {},
                     fmt::format("maprcli table replica list -path {}", table.path)};
    }
    if (table.replicas.size() >= kReplicasMax) {
        return Error{ErrorCode::Conflict,
                     fmt::format("table {} has {} replicas, which is the most", table.path, kReplicasMax),
                     {},
                     fmt::format("maprcli table replica remove -path {} -replica <path>", table.path)};
    }
    auto projection = kindOf(node, table).projectionOf(table.path, table, body.value("columns", std::string()));
    if (!projection) return projection.error();
    replica.projection = std::move(projection).value();
    if (Status readable = checkReadable(node, table, replica.projection, user); !readable) return readable;
    replica.paused = body.value("paused", false);
    if (replica.paused) replica.pausedMs = node.seams().clock.wallMs();
    replica.throttle = body.value("throttle", false);
    replica.networkEncryption = body.value("networkencryption", false);
    replica.synchronous = body.value("synchronous", false);
    replica.compression = body.value("compression", std::string("lz4"));
    if (Status able = checkEncryption(node, body); !able) return able;
    if (!replica.setup.is_null()) {
        replica.setup["columns"] = body.value("columns", std::string());
        if (const DatasetRuntime* runtime = node.dataset(table.id); runtime != nullptr && runtime->state) {
            replica.setup["rows"] = runtime->state->storedRows() + runtime->state->memoryRows();
        }
    }
    replica.idx = table.nextEdgeIdx++;
    table.replicas.push_back(std::move(replica));
    return okStatus();
}

}  // namespace

Status askSetup(Node& node, const Json& body, const std::string& user, ReplicaRecord& replica) {
    const bool setup = body.contains("autosetup");
    const Json asked = setup ? body.at("autosetup") : Json::object();
    if (setup && node.config().kinds->setups == nullptr) {
        return Error{ErrorCode::Unsupported, "this cluster does not set up replicas by itself", {}, {}};
    }
    if (setup && !asked.value("existing", false)) {
        replica.uuid = Uuid::fromRandom(node.seams().random.next(), node.seams().random.next());
    } else {
        const auto uuid = Uuid::parse(body.at("uuid").get<std::string>());
        if (!uuid) return uuid.error();
        replica.uuid = uuid.value();
    }
    if (!setup) return okStatus();
    replica.setup = Setups::asked(
        user, Json{{"multimaster", asked.value("multimaster", false)}, {"existing", asked.value("existing", false)}});
    replica.state = ReplicaState::CreateSchedule;
    replica.copyPercent = 0;
    return okStatus();
}

namespace {

Status alterReplica(Node& node, TableRecord& table, const Json& body, const std::string& user) {
    ReplicaRecord* replica = table.replicaByPath(body.at("replica").get<std::string>());
    if (replica == nullptr) return noReplica(table, body.at("replica"));
    if (body.contains("newreplica")) {
        const auto uuid = Uuid::parse(body.at("newuuid").get<std::string>());
        if (!uuid) return uuid.error();
        if (uuid.value() != replica->uuid) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is another table than {}: -newreplica is for a moved or renamed one",
                                     body.at("newreplica").get<std::string>(), replica->path),
                         {},
                         fmt::format("maprcli table replica remove -path {} -replica {}", table.path, replica->path)};
        }
        replica->path = body.at("newreplica");
        replica->cluster = body.value("newcluster", replica->cluster);
    }
    if (body.contains("columns")) {
        const auto asked = kindOf(node, table).projectionOf(table.path, table, body.at("columns"));
        if (!asked) return asked.error();
        if (asked.value() != replica->projection) {
            if (Status readable = checkReadable(node, table, asked.value(), user); !readable) return readable;
            // What is logged so far goes as it was: the edit is a barrier at the lsn of this change.
            replica->earlierProjections.emplace_back(0, replica->projection);
            replica->projection = asked.value();
        }
    }
    replica->throttle = body.value("throttle", replica->throttle);
    replica->synchronous = body.value("synchronous", replica->synchronous);
    replica->compression = body.value("compression", replica->compression);
    if (Status able = checkEncryption(node, body); !able) return able;
    replica->networkEncryption = body.value("networkencryption", replica->networkEncryption);
    return okStatus();
}

Status pauseReplica(Node& node, TableRecord& table, const Json& body) {
    ReplicaRecord* replica = table.replicaByPath(body.at("replica").get<std::string>());
    if (replica == nullptr) return noReplica(table, body.at("replica"));
    const bool paused = body.at("paused");
    if (paused && !replica->paused) replica->pausedMs = node.seams().clock.wallMs();
    if (!paused) replica->pausedMs = 0;
    replica->paused = paused;
    return okStatus();
}

Status removeReplica(Node&, TableRecord& table, const Json& body) {
    const std::string path = body.at("replica");
    if (table.replicaByPath(path) == nullptr) return noReplica(table, path);
    std::erase_if(table.replicas, [&](const ReplicaRecord& replica) { return replica.path == path; });
    return okStatus();
}

Status setReplicaState(Node&, TableRecord& table, const Json& body) {
    ReplicaRecord* replica = table.replicaByPath(body.at("replica").get<std::string>());
    if (replica == nullptr) return noReplica(table, body.at("replica"));
    if (!replica->setup.is_null()) {
        return Error{ErrorCode::Conflict,
                     fmt::format("the cluster of {} sets up {} by itself", table.path, replica->path),
                     {},
                     fmt::format("maprcli table replica list -path {}", table.path)};
    }
    const std::string wanted = body.at("state");
    for (int i = 0; i <= static_cast<int>(ReplicaState::Unexpected); ++i) {
        if (replicaStateName(static_cast<ReplicaState>(i)) != wanted) continue;
        replica->state = static_cast<ReplicaState>(i);
        replica->copyPercent = body.value("percent", replica->copyPercent);
        return okStatus();
    }
    return Error{ErrorCode::InvalidInput, fmt::format("unknown replica state {}", wanted), {}, {}};
}

Status addUpstream(Node&, TableRecord& table, const Json& body) {
    UpstreamRecord upstream;
    upstream.path = body.at("upstream");
    upstream.cluster = body.at("cluster");
    const auto uuid = Uuid::parse(body.at("uuid").get<std::string>());
    if (!uuid) return uuid.error();
    upstream.uuid = uuid.value();
    if (upstream.uuid == table.uuid) {
        return Error{ErrorCode::InvalidInput, fmt::format("table {} cannot be its own upstream", table.path), {}, {}};
    }
    if (table.upstreamByPath(upstream.path) != nullptr) {
        return Error{ErrorCode::AlreadyExists,
                     fmt::format("{} is an upstream of {} already", upstream.path, table.path),
                     {},
                     fmt::format("maprcli table upstream list -path {}", table.path)};
    }
    if (table.upstreams.size() >= kUpstreamsMax) {
        return Error{ErrorCode::Conflict,
                     fmt::format("table {} has {} upstreams, which is the most", table.path, kUpstreamsMax),
                     {},
                     fmt::format("maprcli table upstream remove -path {} -upstream <path>", table.path)};
    }
    upstream.idx = table.nextEdgeIdx++;
    table.upstreams.push_back(std::move(upstream));
    return okStatus();
}

Status removeUpstream(Node&, TableRecord& table, const Json& body) {
    const std::string path = body.at("upstream");
    if (table.upstreamByPath(path) == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("{} is not an upstream of {}", path, table.path),
                     {},
                     fmt::format("maprcli table upstream list -path {}", table.path)};
    }
    std::erase_if(table.upstreams, [&](const UpstreamRecord& upstream) { return upstream.path == path; });
    return okStatus();
}

}  // namespace

Json TableControl::linkJson(const ShownLink& link) const {
    Json json = shownLinkJson(node_, link);
    json["kind"] = std::string(link.dataset.kind().name());
    json["columns"] = anyTableKind(link.dataset.kind())->columnsOf(link.replica.projection);
    return json;
}

Json shownLinkJson(Node& node, const ShownLink& link) {
    const ReplicaRecord& replica = link.replica;
    const LinkStatus& status = link.status;
    const std::optional<Millis> stalledSinceMs = link.copyStalledSinceMs;
    const Millis nowMs = node.seams().clock.wallMs();
    const std::uint64_t bucketBytes = node.config().logSegmentBytes;
    const bool pending = status.operationsPending > 0;
    Json json{{"idx", replica.idx},
              {"cluster", replica.cluster},
              {"path", replica.path},
              {"uuid", replica.uuid.text()},
              {"paused", replica.paused},
              {"pausedms", replica.pausedMs == 0 ? Json() : Json(replica.pausedMs)},
              {"throttle", replica.throttle},
              {"networkencryption", replica.networkEncryption},
              {"synchronous", replica.synchronous},
              {"effectivesynchronous", status.synchronousNow},
              {"compression", replica.compression},
              {"state", status.errorCode == "ErrUuidMismatch" ? replicaStateName(ReplicaState::Unexpected)
                                                              : replicaStateName(replica.state)},
              {"copypercent", node.setups().percentOf(link.dataset.id, replica)},
              {"isuptodate", !pending && replica.state == ReplicaState::Replicating},
              {"minpendingts", pending ? status.oldestPendingMs : 0},
              {"maxpendingts", pending ? status.newestPendingMs : 0},
              {"bytespending", status.bytesPending},
              {"putspending", status.operationsPending},
              {"bucketspending", pending ? 1 + status.bytesPending / bucketBytes : 0},
              {"link", linkStateName(status.state)},
              {"lagms", pending ? Json(std::max<Millis>(0, nowMs - status.oldestPendingMs)) : Json(0)},
              {"transportlagms", status.transportLagMs < 0 ? Json() : Json(status.transportLagMs)},
              {"applylagms", status.applyLagMs < 0 ? Json() : Json(status.applyLagMs)},
              {"channel", status.channel},
              {"bytessent", status.bytesSent},
              {"bytespers", status.bytesPerS},
              {"operationspers", status.operationsPerS},
              {"drainms", status.drainMs < 0 ? Json() : Json(status.drainMs)}};
    if (!status.errorCode.empty()) {
        json["error"] = Json{{"code", status.errorCode}, {"host", status.errorHost}, {"message", status.errorMessage}};
        json["error"]["sincems"] = status.errorSinceMs;
        if (status.errorLsn != 0) json["error"]["lsn"] = status.errorLsn;
    }
    if (!status.stallReason.empty()) {
        json["stall"] = Json{{"forms", status.stallForMs}, {"reason", status.stallReason}};
    }
    if (replica.divergedMs != 0) json["divergedsincems"] = replica.divergedMs;
    // Nothing may be waiting in the log, and still the replica lacks what is not copied yet.
    if (isCopyState(replica.state) || !replica.setup.is_null()) json["lagms"] = Json();
    if (stalledSinceMs) {
        json["copystalledsincems"] = *stalledSinceMs;
        if (status.errorCode.empty()) {
            json["error"] = Json{{"code", "ErrCopyStalled"},
                                 {"host", ""},
                                 {"message", copyStalledText(*stalledSinceMs, replica.copyPercent)}};
        }
    }
    return json;
}

Json shownLinksJson(Node& node, const DatasetRecord& record, DatasetRuntime& runtime, bool refresh) {
    const Millis nowMs = node.seams().clock.wallMs();
    Json json{{"replicas", Json::array()}, {"agems", 0}};
    Millis ageMs = 0;
    for (const ReplicaRecord& replica : record.replicas) {
        const auto link = runtime.links.find(replica.idx);
        if (link == runtime.links.end()) continue;
        const LinkStatus live = link->second->status();
        auto& cached = runtime.cachedStats[replica.idx];
        const bool stale = cached.second == 0 || nowMs - cached.second >= kReplicaStatsCacheMs;
        if (refresh || stale) cached = {live, nowMs};
        LinkStatus shown = live;
        node.setups().addTrouble(runtime.id, replica, shown);
        // state and errors are always live, counters may be old (maprdb.md section 1.4)
        shown.bytesPending = cached.first.bytesPending;
        shown.operationsPending = cached.first.operationsPending;
        shown.oldestPendingMs = cached.first.oldestPendingMs;
        shown.newestPendingMs = cached.first.newestPendingMs;
        ageMs = std::max(ageMs, nowMs - cached.second);
        json["replicas"].push_back(node.control(record).linkJson(
            {record, replica, shown, node.copies().stalledSinceMs(runtime.id, replica.idx)}));
    }
    json["agems"] = ageMs;
    return json;
}

namespace {

void listReplicas(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const auto record = recordOf(call.node, body.at("path"));
    if (!record) {
        call.reply(record.error());
        return;
    }
    DatasetRuntime* runtime = call.node.dataset(record.value()->id);
    if (runtime == nullptr) {
        call.reply(Error{ErrorCode::NotFound, fmt::format("no table {}", record.value()->path), {}, {}});
        return;
    }
    call.replyJson(shownLinksJson(call.node, *record.value(), *runtime, body.value("refresh", false)));
}

void listUpstreams(const ControlCall& call) {
    const auto record = recordOf(call.node, Json::parse(call.body).at("path"));
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

void addEdgeRequests(ControlRequests& requests) {
    requests.add(TableMethod::AddReplica, [](const ControlCall& call) {
        // readperm of a binary table is per family and column; the table's default, which `table info` shows, counts
        // for the families to come.
        editEdges(call, {"defaultreadperm", "replperm"}, as(call.user, addReplica));
    });
    requests.add(TableMethod::AlterReplica,
                 [](const ControlCall& call) { editEdges(call, {"replperm"}, as(call.user, alterReplica)); });
    requests.add(TableMethod::PauseReplica,
                 [](const ControlCall& call) { editEdges(call, {"replperm"}, pauseReplica); });
    requests.add(TableMethod::RemoveReplica,
                 [](const ControlCall& call) { editEdges(call, {"replperm"}, removeReplica); });
    requests.add(TableMethod::SetReplicaState, [](const ControlCall& call) {
        editEdges(call, {"replperm"},
                  [session = call.session](Node& node, TableRecord& record, const Json& body) -> Status {
                      if (Status set = setReplicaState(node, record, body); !set) return set;
                      const ReplicaRecord* replica = record.replicaByPath(body.at("replica").get<std::string>());
                      if (isCopyState(replica->state)) node.copies().filledBy(record.id, replica->idx, session);
                      return okStatus();
                  });
    });
    requests.add(TableMethod::AddUpstream, [](const ControlCall& call) { editEdges(call, {"replperm"}, addUpstream); });
    requests.add(TableMethod::RemoveUpstream,
                 [](const ControlCall& call) { editEdges(call, {"replperm"}, removeUpstream); });
    requests.openToSetups({TableMethod::AddReplica, TableMethod::AddUpstream});
    requests.add(TableMethod::ListReplicas, listReplicas);
    requests.add(TableMethod::ListUpstreams, listUpstreams);
}

}  // namespace tributary::engine::maprdb
