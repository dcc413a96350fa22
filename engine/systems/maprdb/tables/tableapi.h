// The requests of tables: numbers, shapes, and nothing else (engine/node/controlapi.h has those of any cluster).
// Bodies are JSON unless marked binary. Every request acts as a user (Hello, or per request) and is checked against the
// permissions named. Paths are full ("/mapr/<cluster>/..."); a path of another cluster is InvalidInput.
#pragma once

#include "engine/node/controlapi.h"

namespace tributary::engine::maprdb {

struct TableMethod {
    // ---- catalog ----------------------------------------------------------------------------------------------
    /// {path} -> the table record as tablerecord.h writes it, plus "stats": {rows (at most), diskBytes,
    /// memoryBytes, memoryRows} and "volume"; "unavailable" with the reason instead of stats when its file cannot be
    /// opened. NotFound with a fix when missing.
    static constexpr Method Describe{1};
    /// {} -> {"tables":[{path, kind, uuid, families:[names], rows}]}; a table whose file cannot be opened has rows null
    /// and "unavailable": the reason.
    static constexpr Method ListTables{2};
    /// {path, kind:"binary", attributes:{}, perms:{}, families:[{name, maxversions, minversions, ttl, inmemory,
    /// compression, perms:{}, columns:{}}]} -> record. AlreadyExists. Missing perms become u:<user>.
    static constexpr Method CreateTable{3};
    /// {path, attributes:{}, perms:{}}: only what changes. Needs adminaccessperm.
    static constexpr Method AlterTable{4};
    /// {path}. Needs adminaccessperm.
    static constexpr Method DropTable{5};
    /// {path, name, maxversions, minversions, ttl, inmemory, compression, perms:{}}. Needs createrenamefamilyperm.
    static constexpr Method CreateFamily{6};
    /// {path, name, newname?, maxversions?, minversions?, ttl?, inmemory?, compression?, perms?}
    static constexpr Method AlterFamily{7};
    /// {path, name}. Needs deletefamilyperm.
    static constexpr Method DropFamily{8};
    /// {path, family, column, perms:{readperm, writeperm, appendperm}}; empty perms delete the entry.
    static constexpr Method SetColumnPerms{9};

    // ---- agreement --------------------------------------------------------------------------------------------
    /// {path, replica, cluster, uuid, columns, paused, throttle, networkencryption, synchronous, compression,
    /// autosetup?:{multimaster, existing}}; with autosetup the source makes the replica (uuid left out), or takes the
    /// existing one, and fills it by itself: the answer comes at once.
    /// Needs replperm on path, and readperm of every family and column that the link carries. Conflict at 64,
    /// AlreadyExists, bulkload on = Conflict.
    static constexpr Method AddReplica{11};
    /// {path, replica, newreplica?, newcluster?, newuuid?, columns?, throttle?, networkencryption?, synchronous?,
    /// compression?}
    static constexpr Method AlterReplica{12};
    /// {path, replica, paused:true|false}. Needs replperm. Idempotent.
    static constexpr Method PauseReplica{13};
    /// {path, replica}. Needs replperm.
    static constexpr Method RemoveReplica{14};
    /// {path, refresh:bool} -> {"replicas":[{idx, kind, cluster, path, uuid, columns,
    /// paused, throttle, networkencryption,
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
    static constexpr Method ListReplicas{15};
    /// {path, upstream, cluster, uuid}. Needs replperm. Conflict at 64, AlreadyExists.
    static constexpr Method AddUpstream{16};
    /// {path, upstream}
    static constexpr Method RemoveUpstream{17};
    /// {path} -> {"upstreams":[{idx, cluster, path, uuid}]}
    static constexpr Method ListUpstreams{18};
    /// {path, replica, state:"REPLICA_STATE_...", percent} : progress of a copy, shown by replica list.
    static constexpr Method SetReplicaState{27};
    /// {volume, lagthresholdseconds}
    static constexpr Method SetVolume{24};
    /// {path, begin:bool}: while copy sessions are open, tombstones of the table are kept. A session ends with the
    /// connection that began it.
    static constexpr Method CopySession{30};

    // ---- data -------------------------------------------------------------------------------------------------
    /// binary: blob path, u8 flags (1 = copy: cells keep the timestamps and arrival stamps inside), then a body as
    /// encodeBody() makes it -> empty. Needs writeperm per family and column (bulkloadperm while bulkload is on).
    static constexpr Method Put{40};
    /// {path, key} -> {"cells":[{family, column, timestamp, value}]}; keys and values are JSON strings with \u00XX for
    /// bytes
    /// above 0x7f (Latin-1 mapping, see bytesToJson). Cells that readperm denies are left out; "complete":false then
    /// says
    /// that some family or column is closed to the user, whether or not anything is in it.
    static constexpr Method Get{41};
    /// {path, from, to, limit} -> {"rows":[{key, cells:[...]}], "next":key|null}. Fewer rows than `limit` come when
    /// they
    /// hold more than limits::kAnswerChunkBytes: `next` says where to go on. "complete":false as for Get.
    static constexpr Method Scan{42};
    /// binary: blob path, blob from, blob to, u32 rowsMax, u32 bytesMax, blob columns, u32 maxVersions (0 = all), i64
    /// startMs,
    /// i64 endMs (0 = none); PermissionDenied unless all that was asked for may be read -> binary: u8 atEnd, u32 rows,
    /// blob next key, body. Rows keep timestamps, stamps,
    /// tombstones.
    static constexpr Method ReadRange{43};
    /// {path, from, to, columns, boundaries:[keys] | rowsperrange:n} -> {"ranges":[{to, rows, hash, deletes?}]} over
    /// visible
    /// cells, `deletes` over the deletes that still mask something (without columns only);
    /// `to` of the last range is "" (end). With boundaries the ranges end there.
    static constexpr Method Fingerprint{44};
};

}  // namespace tributary::engine::maprdb
