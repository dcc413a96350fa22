// Clusters in memory: the catalog and the edges; data is in fakeclusterdata.cpp.
#include "fakeclusters.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/maprdb/streams/streamapi.h"

namespace tributary::test {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::TableMethod;

std::string nameOf(Method method) {
    switch (method) {
        case TableMethod::CreateTable: return "CreateTable";
        case TableMethod::AlterTable: return "AlterTable";
        case TableMethod::DropTable: return "DropTable";
        case TableMethod::AddReplica: return "AddReplica";
        case TableMethod::PauseReplica: return "PauseReplica";
        case TableMethod::AddUpstream: return "AddUpstream";
        case TableMethod::SetReplicaState: return "SetReplicaState";
        case TableMethod::CopySession: return "CopySession";
        case TableMethod::Put: return "Put";
        case TableMethod::ReadRange: return "ReadRange";
        case TableMethod::Fingerprint: return "Fingerprint";
        case TableMethod::AlterFamily: return "AlterFamily";
        default: return std::to_string(static_cast<int>(method));
    }
}

Error notFound(const std::string& what) {
    return Error{ErrorCode::NotFound, what, {}, {}};
}

engine::maprdb::FamilyRecord familyFrom(const Json& json, std::uint32_t id) {
    engine::maprdb::FamilyRecord family;
    family.id = id;
    family.name = json.at("name");
    family.maxVersions = json.value("maxversions", 1U);
    family.minVersions = json.value("minversions", 0U);
    family.ttlSeconds = json.value("ttl", std::int64_t{0});
    family.inMemory = json.value("inmemory", false);
    family.compression = json.value("compression", std::string("lz4"));
    family.perms = json.value("perms", Json::object()).get<engine::maprdb::Permissions>();
    for (const char* perm : {"readperm", "writeperm"}) family.perms.try_emplace(perm, "u:ana");
    return family;
}

}  // namespace

FakeTable& FakeCluster::add(const std::string& local, const std::vector<std::string>& families, int identity) {
    FakeTable table;
    table.record.path = "/mapr/" + name_ + local;
    table.record.id = nextId_++;
    table.record.uuid = Uuid::fromRandom(static_cast<std::uint64_t>(identity), 7);
    table.record.creator = "ana";
    for (const char* perm : {"replperm", "bulkloadperm", "adminaccessperm", "createrenamefamilyperm", "defaultreadperm",
                             "defaultwriteperm"}) {
        table.record.perms[perm] = "u:ana";
    }
    for (const std::string& family : families) {
        table.record.families.push_back(familyFrom(Json{{"name", family}}, table.record.nextFamilyId++));
    }
    const std::string path = table.record.path;
    return tables_[path] = std::move(table);
}

FakeTable* FakeCluster::at(const std::string& path) {
    const auto found = tables_.find(path);
    return found == tables_.end() ? nullptr : &found->second;
}

Result<Bytes> FakeCluster::handle(Method method, BytesView body) {
    std::string line = nameOf(method);
    if (method == TableMethod::SetReplicaState) {
        const Json json = Json::parse(body);
        line += " " + json.at("state").get<std::string>().substr(std::string("REPLICA_STATE_").size());
    }
    log.push_back(line);
    auto& due = failures_[method];
    if (!due.empty() && due.front().first-- == 0) {
        const Error error = due.front().second;
        due.pop_front();
        return error;
    }
    return dispatch(method, body);
}

Result<Bytes> FakeCluster::dispatch(Method method, BytesView body) {
    if (method == TableMethod::ReadRange) return readRange(body);
    if (method == TableMethod::Put) return put(body);
    return answerJson(method, Json::parse(body));
}

Result<Bytes> FakeCluster::answerJson(Method method, const Json& body) {
    switch (method) {
        case TableMethod::CreateTable: return create(body);
        case TableMethod::ListTables: {
            Json out{{"tables", Json::array()}};
            for (const auto& [path, table] : tables_) out["tables"].push_back(Json{{"path", path}});
            return out.dump();
        }
        case engine::maprdb::StreamMethod::List: return Json{{"streams", Json::array()}}.dump();  // it has none
        case Method::SetGateways:
            gatewaysSet[body.at("cluster")] = body.at("gateways").get<std::vector<std::string>>();
            return Bytes("{}");
        case Method::GatewayInfo: {
            Json out{{"local", gatewaysLocal}, {"set", Json::object()}, {"known", gatewaysKnown}};
            for (const auto& [cluster, names] : gatewaysSet) out["set"][cluster] = names;
            return out.dump();
        }
        case Method::ListAlarms: return Json{{"alarms", alarms}}.dump();
        case Method::NodeStatus:
            return Json{{"state", state}, {"reason", ""}, {"links", linkRows()}, {"groups", groups}}.dump();
        case Method::GatewayService:
        case TableMethod::SetVolume:
        case Method::RaiseAlarm:
        case Method::ClearAlarm: return Bytes("{}");
        default: break;
    }
    FakeTable* table = at(body.at("path"));
    if (table == nullptr) return notFound("no table " + body.at("path").get<std::string>());
    return catalog(method, body, *table);
}

Result<Bytes> FakeCluster::create(const Json& body) {
    const std::string path = body.at("path");
    if (at(path) != nullptr) return Error{ErrorCode::AlreadyExists, path + ": File exists", {}, {}};
    FakeTable table;
    table.record.path = path;
    table.record.id = nextId_++;
    table.record.uuid = Uuid::fromRandom(1000 + nextId_, std::hash<std::string>{}(name_));
    table.record.creator = "ana";
    table.record.attributes = body.at("attributes").get<std::map<std::string, std::string>>();
    table.record.perms = body.at("perms").get<engine::maprdb::Permissions>();
    for (const Json& family : body.at("families")) {
        table.record.families.push_back(familyFrom(family, table.record.nextFamilyId++));
    }
    tables_[path] = std::move(table);
    return Bytes("{}");
}

Result<Bytes> FakeCluster::catalog(Method method, const Json& body, FakeTable& table) {
    engine::maprdb::TableRecord& record = table.record;
    switch (method) {
        case TableMethod::Describe: {
            Json out = toJson(record);
            out["stats"] = Json{{"rows", table.rows.size()}, {"diskBytes", 4096}, {"memoryBytes", 100}};
            out["volume"] = "/mapr/" + name_;
            return out.dump();
        }
        case TableMethod::AlterTable:
            for (const auto& [name, value] : body.at("attributes").items()) record.attributes[name] = value;
            for (const auto& [name, value] : body.at("perms").items()) record.perms[name] = value;
            return Bytes("{}");
        case TableMethod::DropTable: tables_.erase(record.path); return Bytes("{}");
        case TableMethod::CopySession: {
            const bool begin = body.at("begin");
            table.sessions += begin ? 1 : -1;
            table.sessionsBegun += begin ? 1 : 0;
            return Bytes("{}");
        }
        case TableMethod::Fingerprint: return fingerprint(body, table).dump();
        case TableMethod::Scan: return scan(body, table).dump();
        case TableMethod::Get: {
            Json cells = Json::array();
            const Json found = scan(Json{{"from", body.at("key")}, {"limit", 1}}, table);
            for (const Json& row : found["rows"]) {
                if (row["key"] == body.at("key")) cells = row["cells"];
            }
            return Json{{"cells", cells}}.dump();
        }
        case TableMethod::CreateFamily:
        case TableMethod::AlterFamily:
        case TableMethod::DropFamily:
        case TableMethod::SetColumnPerms: return families(method, body, table);
        default: return edges(method, body, table);
    }
}

Result<Bytes> FakeCluster::families(Method method, const Json& body, FakeTable& table) {
    engine::maprdb::TableRecord& record = table.record;
    const std::string name = body.value(method == TableMethod::SetColumnPerms ? "family" : "name", std::string());
    const auto found = std::find_if(record.families.begin(), record.families.end(),
                                    [&](const auto& family) { return family.name == name; });
    if (method == TableMethod::CreateFamily) {
        if (found != record.families.end()) return Error{ErrorCode::AlreadyExists, "family exists", {}, {}};
        record.families.push_back(familyFrom(body, record.nextFamilyId++));
        return Bytes("{}");
    }
    if (found == record.families.end()) return notFound("no family " + name);
    if (method == TableMethod::DropFamily) {
        record.families.erase(found);
    } else if (method == TableMethod::SetColumnPerms) {
        const auto perms = body.at("perms").get<engine::maprdb::Permissions>();
        if (perms.empty()) {
            found->columns.erase(body.at("column").get<std::string>());
        } else {
            found->columns[body.at("column")] = perms;
        }
    } else if (body.contains("newname")) {
        found->name = body.at("newname");
    } else {
        found->maxVersions = body.value("maxversions", found->maxVersions);
        found->ttlSeconds = body.value("ttl", found->ttlSeconds);
    }
    return Bytes("{}");
}

Json FakeCluster::replicaRow(const engine::ReplicaRecord& replica) {
    Json row{{"idx", replica.idx},
             {"cluster", replica.cluster},
             {"path", replica.path},
             {"uuid", replica.uuid.text()},
             {"columns", replica.projection},
             {"paused", replica.paused},
             {"throttle", replica.throttle},
             {"networkencryption", replica.networkEncryption},
             {"synchronous", replica.synchronous},
             {"compression", replica.compression},
             {"state", std::string(replicaStateName(replica.state))},
             {"copypercent", replica.copyPercent},
             {"isuptodate", true},
             {"minpendingts", 0},
             {"maxpendingts", 0},
             {"bytespending", 0},
             {"putspending", 0},
             {"bucketspending", 0},
             {"link", replica.paused ? "paused" : "streaming"},
             {"lagms", 0}};
    for (const auto& [name, value] : linkFigures[replica.path].items()) row[name] = value;
    return row;
}

Json FakeCluster::linkRows() {
    Json out = Json::array();
    for (const auto& [path, table] : tables_) {
        for (const auto& replica : table.record.replicas) {
            out.push_back(replicaRow(replica));
            out.back()["dataset"] = path;
        }
    }
    return out;
}

Result<Bytes> FakeCluster::edges(Method method, const Json& body, FakeTable& table) {
    engine::maprdb::TableRecord& record = table.record;
    if (method == TableMethod::ListReplicas) {
        Json out{{"replicas", Json::array()}, {"agems", 0}};
        for (const auto& replica : record.replicas) out["replicas"].push_back(replicaRow(replica));
        return out.dump();
    }
    if (method == TableMethod::ListUpstreams) return Json{{"upstreams", toJson(record)["upstreams"]}}.dump();
    if (method == TableMethod::AddUpstream || method == TableMethod::RemoveUpstream) {
        const std::string path = body.at("upstream");
        const bool there = record.upstreamByPath(path) != nullptr;
        if (method == TableMethod::RemoveUpstream) {
            if (!there) return notFound("no upstream");
            std::erase_if(record.upstreams, [&](const auto& item) { return item.path == path; });
            return Bytes("{}");
        }
        if (there) return Error{ErrorCode::AlreadyExists, "is an upstream already", {}, {}};
        record.upstreams.push_back(
            {record.nextEdgeIdx++, body.at("cluster"), path, *Uuid::parse(body.at("uuid").get<std::string>())});
        return Bytes("{}");
    }
    const std::string path = body.at("replica");
    engine::ReplicaRecord* replica = record.replicaByPath(path);
    if (method == TableMethod::AddReplica) {
        if (replica != nullptr) return Error{ErrorCode::AlreadyExists, "is a replica already", {}, {}};
        engine::ReplicaRecord made;
        made.idx = record.nextEdgeIdx++;
        made.cluster = body.at("cluster");
        made.path = path;
        if (body.contains("autosetup")) {
            made.setup = body.at("autosetup");
            made.state = engine::ReplicaState::CreateSchedule;
        }
        if (body.contains("uuid")) made.uuid = *Uuid::parse(body.at("uuid").get<std::string>());
        made.projection = body.at("columns");
        made.paused = body.at("paused");
        made.synchronous = body.at("synchronous");
        made.throttle = body.at("throttle");
        made.compression = body.at("compression");
        record.replicas.push_back(made);
        return Bytes("{}");
    }
    if (replica == nullptr) return notFound(path + " is not a replica");
    switch (method) {
        case TableMethod::AlterReplica:
            replica->projection = body.value("columns", replica->projection);
            replica->path = body.value("newreplica", replica->path);
            replica->throttle = body.value("throttle", replica->throttle);
            break;
        case TableMethod::PauseReplica: replica->paused = body.at("paused"); break;
        case TableMethod::RemoveReplica:
            std::erase_if(record.replicas, [&](const auto& item) { return item.path == path; });
            break;
        case TableMethod::SetReplicaState:
            for (int i = 0; i <= static_cast<int>(engine::ReplicaState::Unexpected); ++i) {
                const auto value = static_cast<engine::ReplicaState>(i);
                if (replicaStateName(value) == body.at("state").get<std::string>()) replica->state = value;
            }
            replica->copyPercent = body.at("percent");
            break;
        default: return Error{ErrorCode::Unsupported, "the fake does not know this request", {}, {}};
    }
    return Bytes("{}");
}

}  // namespace tributary::test
