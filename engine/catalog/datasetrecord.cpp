// Look-ups in a record, and its JSON form.
#include "engine/catalog/datasetrecord.h"

namespace tributary::engine {
namespace {

template <typename List, typename Test>
auto* findIn(List& list, Test test) {
    for (auto& item : list) {
        if (test(item)) return &item;
    }
    return static_cast<decltype(&*list.begin())>(nullptr);
}

}  // namespace

const ReplicaRecord* DatasetRecord::replicaByPath(std::string_view wanted) const {
    return findIn(replicas, [&](const ReplicaRecord& r) { return r.path == wanted; });
}

ReplicaRecord* DatasetRecord::replicaByPath(std::string_view wanted) {
    return findIn(replicas, [&](const ReplicaRecord& r) { return r.path == wanted; });
}

const UpstreamRecord* DatasetRecord::upstreamByPath(std::string_view wanted) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.path == wanted; });
}

const UpstreamRecord* DatasetRecord::upstreamByUuid(const Uuid& wanted) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.uuid == wanted; });
}

const UpstreamRecord* DatasetRecord::upstreamByIdx(std::uint32_t idx) const {
    return findIn(upstreams, [&](const UpstreamRecord& u) { return u.idx == idx; });
}

Json commonToJson(const DatasetRecord& record, std::string_view kind) {
    Json json{{"id", record.id},
              {"uuid", record.uuid.text()},
              {"path", record.path},
              {"kind", kind},
              {"creator", record.creator},
              {"created", record.createdMs},
              {"replicas", Json::array()},
              {"upstreams", Json::array()},
              {"nextedge", record.nextEdgeIdx},
              {"createdlsn", record.createdLsn}};
    for (const auto& replica : record.replicas) json["replicas"].push_back(toJson(replica));
    for (const auto& upstream : record.upstreams) json["upstreams"].push_back(toJson(upstream));
    return json;
}

DatasetRecord commonFromJson(const Json& json) {
    DatasetRecord record;
    record.id = json.at("id");
    record.uuid = Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{});
    record.path = json.at("path");
    record.creator = json.at("creator");
    record.createdMs = json.at("created");
    for (const auto& replica : json.at("replicas")) record.replicas.push_back(replicaFromJson(replica));
    for (const auto& upstream : json.at("upstreams")) record.upstreams.push_back(upstreamFromJson(upstream));
    record.nextEdgeIdx = json.at("nextedge");
    record.createdLsn = json.at("createdlsn");
    return record;
}

Json toJson(const DatasetRecord& record) {
    Json json = commonToJson(record, record.kind().name());
    record.kind().writeSchema(*record.schema, json);
    return json;
}

Result<DatasetRecord> datasetFromJson(const Json& json, const Kinds& kinds) try {
    const auto kind = kinds.named(json.at("kind").get<std::string>());
    if (!kind) return kind.error();
    DatasetRecord record = commonFromJson(json);
    auto schema = kind.value()->parseSchema(json);
    if (!schema) return schema.error();
    record.schema = std::move(schema).value();
    return record;
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("record of a dataset: ") + problem.what(), {}, {}};
}

}  // namespace tributary::engine
