// Records, their look-ups and their JSON form.
#include "engine/catalog/records.h"

#include <array>

#include "engine/systems/maprdb/tables/defaults.h"

namespace tributary::engine {
namespace {

constexpr std::array<std::string_view, 8> kStateNames{
    "REPLICA_STATE_REPLICATING",        "REPLICA_STATE_CREATE_SCHEDULE", "REPLICA_STATE_COPY_SCHEDULE",
    "REPLICA_STATE_COPY_IN_PROGRESS",   "REPLICA_STATE_COPY_IN_RECOVER", "REPLICA_STATE_DELETING_CURSORS",
    "REPLICA_STATE_WAIT_TILL_BULKLOAD", "REPLICA_STATE_UNEXPECTED"};

Json familyJson(const FamilyRecord& family) {
    Json json{{"id", family.id},
              {"name", family.name},
              {"maxversions", family.maxVersions},
              {"minversions", family.minVersions},
              {"ttl", family.ttlSeconds},
              {"inmemory", family.inMemory},
              {"compression", family.compression},
              {"perms", family.perms},
              {"created", family.createdLsn},
              {"dropped", family.droppedLsn}};
    if (!family.columns.empty()) json["columns"] = family.columns;
    return json;
}

FamilyRecord familyFrom(const Json& json) {
    FamilyRecord family;
    family.id = json.at("id");
    family.name = json.at("name");
    family.maxVersions = json.at("maxversions");
    family.minVersions = json.at("minversions");
    family.ttlSeconds = json.at("ttl");
    family.inMemory = json.at("inmemory");
    family.compression = json.at("compression");
    family.perms = json.at("perms").get<Permissions>();
    family.createdLsn = json.at("created");
    family.droppedLsn = json.at("dropped");
    if (json.contains("columns")) family.columns = json.at("columns").get<std::map<std::string, Permissions>>();
    return family;
}

Json replicaJson(const ReplicaRecord& replica) {
    return Json{{"idx", replica.idx},
                {"cluster", replica.cluster},
                {"path", replica.path},
                {"uuid", replica.uuid.text()},
                {"columns", replica.columns},
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
                {"earliercolumns", replica.earlierColumns}};
}

ReplicaRecord replicaFrom(const Json& json) {
    ReplicaRecord replica;
    replica.idx = json.at("idx");
    replica.cluster = json.at("cluster");
    replica.path = json.at("path");
    replica.uuid = Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{});
    replica.columns = json.at("columns");
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
    replica.earlierColumns = json.at("earliercolumns").get<std::vector<std::pair<Lsn, std::string>>>();
    return replica;
}

template <typename List, typename Test>
auto* findIn(List& list, Test test) {
    for (auto& item : list) {
        if (test(item)) return &item;
    }
    return static_cast<decltype(&*list.begin())>(nullptr);
}

std::int64_t integerAttribute(const std::map<std::string, std::string>& attributes, const char* name,
                              std::int64_t otherwise) {
    const auto at = attributes.find(name);
    if (at == attributes.end()) return otherwise;
    return std::strtoll(at->second.c_str(), nullptr, 10);
}

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

const std::string& ReplicaRecord::columnsAt(Lsn lsn) const {
    for (const auto& [upTo, earlier] : earlierColumns) {
        if (lsn <= upTo) return earlier;
    }
    return columns;
}

const FamilyRecord* TableRecord::family(std::string_view name) const {
    return findIn(families, [&](const FamilyRecord& f) { return f.live() && f.name == name; });
}

const FamilyRecord* TableRecord::familyAt(std::string_view name, Lsn lsn) const {
    return findIn(families, [&](const FamilyRecord& f) {
        return f.name == name && f.createdLsn <= lsn && (f.live() || lsn < f.droppedLsn);
    });
}

const ReplicaRecord* TableRecord::replicaByPath(std::string_view wanted) const {
    return findIn(replicas, [&](const ReplicaRecord& r) { return r.path == wanted; });
}

ReplicaRecord* TableRecord::replicaByPath(std::string_view wanted) {
    return findIn(replicas, [&](const ReplicaRecord& r) { return r.path == wanted; });
}

const UpstreamRecord* TableRecord::upstreamByPath(std::string_view wanted) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.path == wanted; });
}

const UpstreamRecord* TableRecord::upstreamByUuid(const Uuid& wanted) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.uuid == wanted; });
}

const UpstreamRecord* TableRecord::upstreamByIdx(std::uint32_t idx) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.idx == idx; });
}

bool TableRecord::bulkload() const {
    const auto at = attributes.find("bulkload");
    return at != attributes.end() && at->second == "true";
}

Millis TableRecord::deleteTtlMs() const {
    return integerAttribute(attributes, "deletettl", maprdb::kDeleteTtlSeconds) * 1000;
}

Json toJson(const TableRecord& table) {
    Json json{{"id", table.id},
              {"uuid", table.uuid.text()},
              {"path", table.path},
              {"kind", table.kind},
              {"creator", table.creator},
              {"created", table.createdMs},
              {"attributes", table.attributes},
              {"perms", table.perms},
              {"families", Json::array()},
              {"replicas", Json::array()},
              {"upstreams", Json::array()},
              {"nextfamily", table.nextFamilyId},
              {"nextedge", table.nextEdgeIdx},
              {"createdlsn", table.createdLsn}};
    for (const auto& family : table.families) json["families"].push_back(familyJson(family));
    for (const auto& replica : table.replicas) json["replicas"].push_back(replicaJson(replica));
    for (const auto& upstream : table.upstreams) {
        json["upstreams"].push_back(Json{{"idx", upstream.idx},
                                         {"cluster", upstream.cluster},
                                         {"path", upstream.path},
                                         {"uuid", upstream.uuid.text()}});
    }
    return json;
}

Result<TableRecord> tableFromJson(const Json& json) try {
    TableRecord table;
    table.id = json.at("id");
    table.uuid = Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{});
    table.path = json.at("path");
    table.kind = json.at("kind");
    table.creator = json.at("creator");
    table.createdMs = json.at("created");
    table.attributes = json.at("attributes").get<std::map<std::string, std::string>>();
    table.perms = json.at("perms").get<Permissions>();
    for (const auto& family : json.at("families")) table.families.push_back(familyFrom(family));
    for (const auto& replica : json.at("replicas")) table.replicas.push_back(replicaFrom(replica));
    for (const auto& item : json.at("upstreams")) {
        table.upstreams.push_back(UpstreamRecord{item.at("idx"), item.at("cluster"), item.at("path"),
                                                 Uuid::parse(item.at("uuid").get<std::string>()).valueOr(Uuid{})});
    }
    table.nextFamilyId = json.at("nextfamily");
    table.nextEdgeIdx = json.at("nextedge");
    table.createdLsn = json.at("createdlsn");
    return table;
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("table record: ") + problem.what(), {}, {}};
}

}  // namespace tributary::engine
