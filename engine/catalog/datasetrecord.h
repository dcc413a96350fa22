// What a cluster knows about one dataset: immutable ids and uuids, name, edges; the rest is its kind's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/edges.h"
#include "engine/dataset/kinds.h"

namespace tributary::engine {

/// One dataset. A value; the schema is shared and immutable.
struct DatasetRecord {
    std::uint32_t id = 0;  ///< local, never reused
    Uuid uuid;
    std::string path;  ///< its name, unique in the cluster
    SchemaPtr schema;  ///< never null in a catalog
    std::string creator;
    Millis createdMs = 0;
    std::vector<ReplicaRecord> replicas;
    std::vector<UpstreamRecord> upstreams;
    Lsn createdLsn = 0;  ///< of the entry that created it: nothing of this dataset lies at or below
    std::uint32_t nextEdgeIdx = 1;

    [[nodiscard]] const DatasetKind& kind() const { return schema->kind(); }
    [[nodiscard]] const ReplicaRecord* replicaByPath(std::string_view path) const;
    [[nodiscard]] ReplicaRecord* replicaByPath(std::string_view path);
    [[nodiscard]] const UpstreamRecord* upstreamByPath(std::string_view path) const;
    [[nodiscard]] const UpstreamRecord* upstreamByUuid(const Uuid& uuid) const;
    [[nodiscard]] const UpstreamRecord* upstreamByIdx(std::uint32_t idx) const;
};

/// The JSON form, in catalog entries and in the node snapshot: one object that holds the members of the record beside
/// those of its kind (DatasetKind::writeSchema).
[[nodiscard]] Json toJson(const DatasetRecord& record);
/// Errors: Corrupt, Unsupported (a kind that is not in the list).
Result<DatasetRecord> datasetFromJson(const Json& json, const Kinds& kinds);
/// The members that every kind's record has; the schema is left null. Throws what the JSON library throws.
[[nodiscard]] DatasetRecord commonFromJson(const Json& json);
/// The same members of a record, of the kind that is called `kind`.
[[nodiscard]] Json commonToJson(const DatasetRecord& record, std::string_view kind);

}  // namespace tributary::engine
