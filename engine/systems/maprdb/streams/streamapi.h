// The requests of streams: numbers, shapes, and nothing else (engine/node/controlapi.h has those of any cluster).
// Bodies are JSON unless marked binary. Every request acts as a user (Hello, or per request) and is checked against the
// permissions named; copyperm stands for produceperm, consumeperm and topicperm together, adminperm for topicperm.
// Paths are full ("/mapr/<cluster>/..."); a path of another cluster is InvalidInput.
#pragma once

#include "engine/node/controlapi.h"

namespace tributary::engine::maprdb {

struct StreamMethod {
    // ---- catalog ----------------------------------------------------------------------------------------------
    /// {path} -> the record: {path, kind:"stream", uuid, creator, created, attributes, perms, replicas, upstreams,
    /// volume, topics (count), topicnames, stats:{diskBytes, memoryBytes, rows}}, or "unavailable" with the reason
    /// instead of topics and sizes; rows = messages at most: those whose time is over count until their topic goes.
    /// NotFound with a fix when missing.
    static constexpr Method Describe{200};
    /// {} -> {"streams":[{path, uuid}]}
    static constexpr Method List{201};
    /// {path, attributes:{}, perms:{}} -> {}. AlreadyExists. Missing perms become u:<user>.
    static constexpr Method Create{202};
    /// {path, attributes:{}, perms:{}}: only what changes. Needs adminperm.
    static constexpr Method Alter{203};
    /// {path}. Needs adminperm.
    static constexpr Method Drop{204};

    // ---- agreement: as TableMethod's, autosetup included, without columns; all need adminperm, AddReplica copyperm
    // too -----------------
    static constexpr Method AddReplica{210};
    static constexpr Method AlterReplica{211};
    static constexpr Method PauseReplica{212};
    static constexpr Method RemoveReplica{213};
    static constexpr Method ListReplicas{214};
    static constexpr Method AddUpstream{215};
    static constexpr Method RemoveUpstream{216};
    static constexpr Method ListUpstreams{217};

    // ---- data -------------------------------------------------------------------------------------------------
    /// binary: blob path, u8 flags (1 = copy: batches keep the offsets inside), then a body (streambody.h) -> JSON
    /// [{topic, partition, first, count}] of what got offsets. Produce needs produceperm, Placed copyperm and the flag,
    /// Topic topicperm, Cursor consumeperm. NotFound, AlreadyExists, InvalidInput: nothing was done.
    static constexpr Method Put{220};
    /// {path, topic, partition, offset, messages, bytes, waitms, apart?:bool} -> binary: u64 offset to go on from, u64
    /// next offset of the partition, u32 count, batches as blobs, of which the first may begin before `offset`. With
    /// `waitms` an empty answer comes when so much time has passed. `apart`: what a conflict kept apart, from
    /// `offset` on. Needs consumeperm.
    static constexpr Method Read{221};
    /// {path, topic?} -> {"topics":[{topic, partitions:[{partition, next, low, bytes, newestms, oldestms,
    /// origins:[uuids], conflicts:[{origin, holder, first, messages}]}]}]}; low = offset of the oldest message that is
    /// there; origins = streams that gave the offsets. Needs consumeperm, as Cursors.
    static constexpr Method Topics{222};
    /// {path} -> {"cursors":[{group, topic, partition, offset, committedms, stamp, next, newestms}]}
    static constexpr Method Cursors{223};
    /// {path, group, topics:[names], member?, leave?:bool} -> {member, generation, heartbeatms, coming, partitions:[
    /// {topic, partition}]}: joins a consumer group, and is its heartbeat, which says that what was read has been
    /// committed; without it, and with the connection, the member is out and its partitions go to others. coming = how
    /// many partitions more it gets when their readers have been heard. Needs consumeperm, as Assignments.
    static constexpr Method Join{224};
    /// {path} -> {"assignments":[{group, member, topic, partition, generation, heardmsago}]}
    static constexpr Method Assignments{225};
};

}  // namespace tributary::engine::maprdb
