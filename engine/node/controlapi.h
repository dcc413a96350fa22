// The requests that a cluster answers at its control endpoint: numbers, shapes, and nothing else.
// Bodies are JSON unless marked binary. Every request acts as a user (Hello, or per request) and is checked against the
// permissions named. Paths are full ("/mapr/<cluster>/..."); a path of another cluster is InvalidInput.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

enum class Method : std::uint16_t {
    // ---- catalog -------------------------------------------------------------------------------------------------
    /// {path} -> the table record as engine/catalog/records.h writes it, plus "stats": {rows, rowsExact, diskBytes,
    /// memoryBytes, memoryRows} and "volume"; "unavailable" with the reason instead of stats when its file cannot be
    /// opened. NotFound with a fix when missing.
    Describe = 1,
    /// {} -> {"tables":[{path, kind, uuid, families:[names], rows}]}; a table whose file cannot be opened has rows null
    /// and "unavailable": the reason.
    ListTables = 2,
    /// {path, kind:"binary", attributes:{}, perms:{}, families:[{name, maxversions, minversions, ttl, inmemory,
    /// compression, perms:{}, columns:{}}]} -> record. AlreadyExists. Missing perms become u:<user>.
    CreateTable = 3,
    /// {path, attributes:{}, perms:{}}: only what changes. Needs adminaccessperm.
    AlterTable = 4,
    /// {path}. Needs adminaccessperm.
    DropTable = 5,
    /// {path, name, maxversions, minversions, ttl, inmemory, compression, perms:{}}. Needs createrenamefamilyperm.
    CreateFamily = 6,
    /// {path, name, newname?, maxversions?, minversions?, ttl?, inmemory?, compression?, perms?}
    AlterFamily = 7,
    /// {path, name}. Needs deletefamilyperm.
    DropFamily = 8,
    /// {path, family, column, perms:{readperm, writeperm, appendperm}}; empty perms delete the entry.
    SetColumnPerms = 9,

    // ---- agreement -----------------------------------------------------------------------------------------------
    /// {path, replica, cluster, uuid, columns, paused, throttle, networkencryption, synchronous, compression, state?}
    /// Needs replperm on path, and readperm of every family and column that the link carries. Conflict at 64,
    /// AlreadyExists, bulkload on = Conflict.
    AddReplica = 11,
    /// {path, replica, newreplica?, newcluster?, newuuid?, columns?, throttle?, networkencryption?, synchronous?,
    /// compression?}
    AlterReplica = 12,
    /// {path, replica, paused:true|false}. Needs replperm. Idempotent.
    PauseReplica = 13,
    /// {path, replica}. Needs replperm.
    RemoveReplica = 14,
    /// {path, refresh:bool} -> {"replicas":[{idx, cluster, path, uuid, columns, paused, throttle, networkencryption,
    /// synchronous, compression, state:"REPLICA_STATE_...", copypercent, isuptodate, minpendingts, maxpendingts,
    /// bytespending,
    /// putspending, bucketspending, link:"streaming|connecting|backing-off|paused|agreement-missing|...", lagms (or
    /// null),
    /// effectivesynchronous, copystalledsincems (only while a copy is stalled: nobody goes on with it),
    /// error:{code, host, message, sincems, lsn?} (absent when healthy; since when there is no progress, and the entry
    /// of
    /// the log that the link stands at), stall:{forms, reason} (absent unless it streams and nothing was acknowledged
    /// for
    /// a while)}], "agems":n}
    ListReplicas = 15,
    /// {path, upstream, cluster, uuid}. Needs replperm. Conflict at 64, AlreadyExists.
    AddUpstream = 16,
    /// {path, upstream}
    RemoveUpstream = 17,
    /// {path} -> {"upstreams":[{idx, cluster, path, uuid}]}
    ListUpstreams = 18,
    /// {path, replica, state:"REPLICA_STATE_...", percent} : progress of a copy, shown by replica list.
    SetReplicaState = 27,

    // ---- gateways, alarms, node ----------------------------------------------------------------------------------
    /// {cluster, gateways:["gw-ny-1", "host:port", ...]}: empty list deletes.
    SetGateways = 19,
    /// {} -> {"local":[{name, endpoint, running}], "set":{cluster:[...]}}
    GatewayInfo = 20,
    /// {name:""=all, action:"start|stop|restart"}
    GatewayService = 26,
    /// {} -> {"alarms":[{name, entity, type, state, raisedms, description}]}
    ListAlarms = 21,
    RaiseAlarm = 22,  ///< {name, entity, description}
    ClearAlarm = 23,  ///< {name, entity}: empty name = all
    /// {volume, lagthresholdseconds}
    SetVolume = 24,
    /// {} -> {cluster, pid, durability, uptimems, log:{head, durable, first, pinnedbytes}, memory:{used, max},
    /// links:[as
    /// ListReplicas plus table], incoming:[{fromcluster, frompath, table, sessions}], alarms:n, faults:[...],
    /// state:"ok|read-only|failed", gateways:[as GatewayInfo local], gatewayrecords:{as GatewayInfo set},
    /// users:[known by name], groups:{group:[users]}, reason}
    NodeStatus = 25,
    /// {what:"cut|delay|bandwidth|heal|kill|freeze|thaw|start|disk|clear|list", peer?, ms?, bytes?, mode?} ->
    /// {"faults":[...]}. At the host's door also {what:"network", leftout:bool, rules:[{to, ms, bytes}]}: the network
    /// under
    /// the faults from now on. There `list` and `network` answer it too, as "network":{leftout, rules}.
    Faults = 28,
    /// {alone:bool} -> {"stopping":[cluster, ...]}: clean stop, after the answer, of this cluster alone or of all that
    /// its process runs; the process ends with its last cluster. Conflict when the process runs them for itself (a
    /// run, a window). Alone only at the host's door.
    Shutdown = 29,
    /// {path, begin:bool}: while copy sessions are open, tombstones of the table are kept. A session ends with the
    /// connection that began it.
    CopySession = 30,
    /// {cluster} -> {}, and from then on the connection is one to that cluster's control endpoint, which this cluster
    /// dialled: a greeting of its own follows. What passes it gets the network between the two clusters. Unavailable
    /// when the cluster cannot be reached from here.
    Relay = 31,

    // ---- data ----------------------------------------------------------------------------------------------------
    /// binary: blob path, u8 flags (1 = copy: cells keep the timestamps and arrival stamps inside), then a body as
    /// encodeBody() makes it -> empty. Needs writeperm per family and column (bulkloadperm while bulkload is on).
    Put = 40,
    /// {path, key} -> {"cells":[{family, column, timestamp, value}]}; keys and values are JSON strings with \u00XX for
    /// bytes
    /// above 0x7f (Latin-1 mapping, see bytesToJson). Cells that readperm denies are left out; "complete":false then
    /// says
    /// that some family or column is closed to the user, whether or not anything is in it.
    Get = 41,
    /// {path, from, to, limit} -> {"rows":[{key, cells:[...]}], "next":key|null}. Fewer rows than `limit` come when
    /// they
    /// hold more than limits::kAnswerChunkBytes: `next` says where to go on. "complete":false as for Get.
    Scan = 42,
    /// binary: blob path, blob from, blob to, u32 rowsMax, u32 bytesMax, blob columns, u32 maxVersions (0 = all), i64
    /// startMs,
    /// i64 endMs (0 = none); PermissionDenied unless all that was asked for may be read -> binary: u8 atEnd, u32 rows,
    /// blob next key, body. Rows keep timestamps, stamps,
    /// tombstones.
    ReadRange = 43,
    /// {path, from, to, columns, boundaries:[keys] | rowsperrange:n} -> {"ranges":[{to, rows, hash, deletes?}]} over
    /// visible
    /// cells, `deletes` over the deletes that still mask something (without columns only);
    /// `to` of the last range is "" (end). With boundaries the ranges end there.
    Fingerprint = 44
};

/// JSON carries bytes as Latin-1: byte b becomes U+00b. Lossless both ways.
[[nodiscard]] std::string bytesToJson(BytesView bytes);
Result<Bytes> bytesFromJson(std::string_view text);

}  // namespace tributary::engine
