// Records of the engine to plain observed values.
#include "app/adapters/observedtable.h"

#include "core/base/text.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::app {

std::vector<std::string> columnList(const std::string& columns) {
    return columns.empty() ? std::vector<std::string>() : split(columns, ',');
}

ObservedReplica observedReplica(const engine::ReplicaRecord& record) {
    ObservedReplica out;
    out.to = record.path;
    out.uuid = record.uuid.text();
    out.paused = record.paused;
    out.synchronous = record.synchronous;
    out.throttle = record.throttle;
    out.networkEncryption = record.networkEncryption;
    out.networkCompression = record.compression;
    out.columns = columnList(record.projection);
    return out;
}

ObservedDataset observedTable(const engine::maprdb::TableRecord& record) {
    ObservedDataset out;
    out.path = record.path;
    if (record.kind == "binary") out.kind = DatasetKind::BinaryTable;
    if (record.kind == "json") out.kind = DatasetKind::JsonTable;
    if (record.kind == "stream") out.kind = DatasetKind::Stream;
    out.uuid = record.uuid.text();
    out.creator = record.creator;
    out.bulkLoad = record.bulkload();
    out.deleteTtlSeconds = record.deleteTtlMs() / 1000;
    out.perms = record.perms;
    for (const engine::maprdb::FamilyRecord& family : record.families) {
        if (!family.live()) continue;
        ObservedFamily& made = out.families.emplace_back();
        made.name = family.name;
        made.maxVersions = family.maxVersions;
        made.minVersions = family.minVersions;
        made.ttlSeconds = family.ttlSeconds;
        made.inMemory = family.inMemory;
        made.compression = family.compression;
        made.perms = family.perms;
        if (record.kind == "json") made.jsonPath = family.jsonPath;
    }
    out.replicas.emplace();
    for (const engine::ReplicaRecord& replica : record.replicas) {
        out.replicas->push_back(observedReplica(replica));
        if (record.kind != "json") continue;
        out.replicas->back().columns = columnList(engine::maprdb::jsonTableKind().columnsOf(replica.projection));
    }
    out.upstreams.emplace();
    for (const engine::UpstreamRecord& upstream : record.upstreams) {
        out.upstreams->push_back({upstream.path, upstream.uuid.text()});
    }
    return out;
}

}  // namespace tributary::app
