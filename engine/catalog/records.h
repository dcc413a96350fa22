// What a cluster knows about its tables: immutable ids and uuids, names, permissions, replica and upstream records.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/log/lsn.h"

namespace tributary::engine {

using Json = nlohmann::ordered_json;
using Permissions = std::map<std::string, std::string>;  ///< permission name ("readperm") -> ACE text

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
    Permissions perms;                           ///< readperm, writeperm, appendperm, versionperm, ...
    std::map<std::string, Permissions> columns;  ///< qualifier -> readperm/writeperm/appendperm (colperm)
    Lsn createdLsn = 0;
    Lsn droppedLsn = 0;  ///< 0 = live

    [[nodiscard]] bool live() const { return droppedLsn == 0; }
};

/// States of a replica as `table replica list` names them (maprdb.md section 1.4).
enum class ReplicaState {
    Replicating,
    CreateSchedule,
    CopySchedule,
    CopyInProgress,
    CopyInRecover,
    DeletingCursors,
    WaitTillBulkload,
    Unexpected
};
[[nodiscard]] std::string_view replicaStateName(ReplicaState state);
/// True while the replica is being filled, or waits for whoever fills it to go on.
[[nodiscard]] bool isCopyState(ReplicaState state);

/// An edge at the source: "send to that table".
struct ReplicaRecord {
    std::uint32_t idx = 0;  ///< 1.. within the table, never reused
    std::string cluster;
    std::string path;     ///< the replica's full path
    Uuid uuid;            ///< the replica's identity: the path may change, this may not
    std::string columns;  ///< canonical "cf,cf:qual"; empty = whole table
    bool paused = false;
    Millis pausedMs = 0;  ///< UTC, since when; 0 = not paused, or not known
    /// UTC, since when a change waited for longer than delete markers live: the tables may differ for good. 0 = never,
    /// or an administrator has cleared it.
    Millis divergedMs = 0;
    bool throttle = false;
    bool networkEncryption = false;
    bool synchronous = false;
    std::string compression = "lz4";  ///< off | lz4 | zstd | lzf | zlib
    Lsn fromLsn = 0;                  ///< entries above it are this link's; set when registered
    ReplicaState state = ReplicaState::Replicating;
    std::int32_t copyPercent = -1;  ///< copyTableCompletionPercentage; -1 = no copy was run
    /// Earlier column lists and the last lsn each applies to: an edited filter is a barrier, what was logged before it
    /// is shipped as it was then.
    std::vector<std::pair<Lsn, std::string>> earlierColumns;

    /// The column list that an entry at `lsn` is filtered with.
    [[nodiscard]] const std::string& columnsAt(Lsn lsn) const;
};

/// An edge at the replica: "accept from that table".
struct UpstreamRecord {
    std::uint32_t idx = 0;
    std::string cluster;
    std::string path;
    Uuid uuid;
};

/// One table.
struct TableRecord {
    std::uint32_t id = 0;  ///< local, never reused
    Uuid uuid;
    std::string path;
    std::string kind = "binary";
    std::string creator;
    Millis createdMs = 0;
    std::map<std::string, std::string>
        attributes;  ///< regionsizemb, autosplit, audit, metricsinterval, bulkload, deletettl
    Permissions perms;
    std::vector<FamilyRecord> families;
    std::vector<ReplicaRecord> replicas;
    std::vector<UpstreamRecord> upstreams;
    Lsn createdLsn = 0;  ///< of the entry that created it: nothing of this table lies at or below
    std::uint32_t nextFamilyId = 1;
    std::uint32_t nextEdgeIdx = 1;

    [[nodiscard]] const FamilyRecord* family(std::string_view name) const;             ///< live one
    [[nodiscard]] const FamilyRecord* familyAt(std::string_view name, Lsn lsn) const;  ///< as it was at lsn
    [[nodiscard]] const ReplicaRecord* replicaByPath(std::string_view path) const;
    [[nodiscard]] ReplicaRecord* replicaByPath(std::string_view path);
    [[nodiscard]] const UpstreamRecord* upstreamByPath(std::string_view path) const;
    [[nodiscard]] const UpstreamRecord* upstreamByUuid(const Uuid& uuid) const;
    [[nodiscard]] const UpstreamRecord* upstreamByIdx(std::uint32_t idx) const;
    [[nodiscard]] bool bulkload() const;
    [[nodiscard]] Millis deleteTtlMs() const;
};

/// JSON forms: the format of catalog entries and of the node snapshot.
[[nodiscard]] Json toJson(const TableRecord& table);
Result<TableRecord> tableFromJson(const Json& json);

}  // namespace tributary::engine
