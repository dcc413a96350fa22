// What a cluster knows about a table beyond what it knows of any dataset: attributes, permissions, column families.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/datasetrecord.h"

namespace tributary::engine::maprdb {

using Permissions = std::map<std::string, std::string>;  ///< permission name ("readperm") -> ACE text

class AnyTableKind;

/// A column family. Ids are never reused; a dropped record stays until no state unit can need it, because entries
/// resolve a name at their own lsn: createdLsn <= lsn < droppedLsn.
struct FamilyRecord {
    std::uint32_t id = 0;
    std::string name;
    std::uint32_t maxVersions = 1;
    std::uint32_t minVersions = 0;
    std::int64_t ttlSeconds = 0;  ///< 0 = for ever (shown as 2147483647, maprdb.md section 1.3)
    bool inMemory = false;
    std::string compression = "lz4";
    /// Where it begins in the documents of a JSON table; empty for its default family, and in binary tables.
    std::string jsonPath;
    Permissions perms;                           ///< readperm, writeperm, appendperm, versionperm, ...
    std::map<std::string, Permissions> columns;  ///< qualifier -> readperm/writeperm/appendperm (colperm)
    Lsn createdLsn = 0;
    Lsn droppedLsn = 0;  ///< 0 = live

    [[nodiscard]] bool live() const { return droppedLsn == 0; }
};

/// What only tables have.
struct TableSchema {
    std::map<std::string, std::string>
        attributes;  ///< regionsizemb, autosplit, audit, metricsinterval, bulkload, deletettl
    Permissions perms;
    std::vector<FamilyRecord> families;
    std::uint32_t nextFamilyId = 1;

    [[nodiscard]] const FamilyRecord* family(std::string_view name) const;             ///< live one
    [[nodiscard]] const FamilyRecord* familyAt(std::string_view name, Lsn lsn) const;  ///< as it was at lsn
    [[nodiscard]] bool bulkload() const;
    [[nodiscard]] Millis deleteTtlMs() const;
};

/// A whole table, to be read or edited. Privately a dataset's record: given away as one it would lose its families, so
/// dataset() is the way back into a catalog.
struct TableRecord : private DatasetRecord, public TableSchema {
    TableRecord() = default;
    using DatasetRecord::createdLsn;
    using DatasetRecord::createdMs;
    using DatasetRecord::creator;
    using DatasetRecord::id;
    using DatasetRecord::nextEdgeIdx;
    using DatasetRecord::path;
    using DatasetRecord::replicaByPath;
    using DatasetRecord::replicas;
    using DatasetRecord::upstreamByIdx;
    using DatasetRecord::upstreamByPath;
    using DatasetRecord::upstreamByUuid;
    using DatasetRecord::upstreams;
    using DatasetRecord::uuid;
    std::string kind = "binary";  ///< as its cluster calls it

    /// Of the kind that it has, or is to have when it is new.
    [[nodiscard]] DatasetRecord dataset() const;
    [[nodiscard]] DatasetRecord dataset(const AnyTableKind& ofKind) const;

private:
    friend TableRecord tableOf(const DatasetRecord& record);
    friend Result<TableRecord> tableFromJson(const Json& json);
    friend Json toJson(const TableRecord& table);
};

/// What a dataset that is a table (anytablekind.h) has of its own.
[[nodiscard]] const TableSchema& schemaOf(const DatasetRecord& record);
[[nodiscard]] const TableSchema& schemaOf(const DatasetSchema& schema);
[[nodiscard]] SchemaPtr makeSchema(const AnyTableKind& kind, TableSchema schema);
/// The same of a binary table.
[[nodiscard]] SchemaPtr makeSchema(TableSchema schema);
/// What folds go by while the table has this schema.
[[nodiscard]] std::shared_ptr<const FoldRules> foldRulesOf(const DatasetSchema& schema);
/// A copy to edit.
[[nodiscard]] TableRecord tableOf(const DatasetRecord& record);

/// JSON forms: the format of catalog entries, of the node snapshot, and of answers to Describe.
[[nodiscard]] Json toJson(const TableRecord& table);
Result<TableRecord> tableFromJson(const Json& json);
/// The table's own members of it. Reading throws what the JSON library throws.
void writeJson(const TableSchema& schema, Json& json);
[[nodiscard]] TableSchema schemaFromJson(const Json& json);

/// "/mapr/<cluster>/<rest>" -> cluster, or empty.
[[nodiscard]] std::string clusterOfPath(std::string_view path);
/// The volume of a path, as alarms name it: "/mapr/<cluster>" for a table at the top, else its first folder.
[[nodiscard]] std::string volumeOfPath(std::string_view path);

}  // namespace tributary::engine::maprdb
