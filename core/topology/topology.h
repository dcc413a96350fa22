// The drawing: clusters, datasets and edges as plain values. It is intent; what runs is observed elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/topology/sourcepos.h"

namespace tributary {

/// A gateway of a cluster: the door replicated writes come in by.
struct Gateway {
    std::string name;
    std::string address;  ///< "host:port", or empty: the engine chooses the port
    SourcePos pos;
    friend bool operator==(const Gateway&, const Gateway&) = default;
};

/// A node of a cluster that is drawn by itself: an instance of a replica set, a host.
struct Member {
    std::string name;
    std::string mode;        ///< rw or ro; empty: the system's default
    std::string listen;      ///< "host:port", or empty: it does not listen
    std::string uuid;        ///< its lasting identity, or empty: the system draws one
    bool anonymous = false;  ///< follows without being registered, and never writes
    SourcePos pos;
    friend bool operator==(const Member&, const Member&) = default;
};

/// A user of a system whose users have roles. Its password never stands in a drawing.
struct Account {
    std::string name;
    std::vector<std::string> roles;
    SourcePos pos;
    friend bool operator==(const Account&, const Account&) = default;
};

struct Cluster {
    std::string name;
    std::string system = "maprdb";  ///< one of systemNames()
    std::vector<Gateway> gateways;
    std::vector<std::string> users;                          ///< known users; empty means "not drawn", not "nobody"
    std::map<std::string, std::vector<std::string>> groups;  ///< group -> its users
    bool secure = false;                                     ///< tickets and wire encryption are set up
    std::string app;                ///< of a replica set: its folder in instances.enabled; empty: the cluster's name
    std::string group;              ///< of a replica set: the group in config.yaml; empty: group001
    std::string failover;           ///< who names the leader: off, manual, election, supervised; empty: off
    std::string leader;             ///< the member that writes, with failover manual
    std::string bootstrapStrategy;  ///< auto, config, supervised, native, legacy; empty: auto
    std::string bootstrapLeader;    ///< the member that founds the replica set, with bootstrap strategy config
    std::string advertise;          ///< the user as whom members follow each other; empty: the one that may replicate
    std::vector<Member> members;
    std::vector<Account> accounts;  ///< users with roles
    // Of a cluster that takes part in database replication (VoltDB):
    std::optional<std::int64_t> id;               ///< its number in the group, 0 to 127
    std::string role;                             ///< master, replica, xdcr, none; empty: master
    std::optional<std::int64_t> sitesPerHost;     ///< absent: 8
    std::optional<std::int64_t> kfactor;          ///< copies of a partition beside the first; absent: 0
    std::string commandLog;                       ///< synchronous, asynchronous, off; empty: asynchronous
    std::string schema;                           ///< the file with its DDL, beside the drawing; empty: not drawn
    std::optional<std::int64_t> port;             ///< where producers listen; absent: 5555
    std::optional<std::int64_t> flushIntervalUs;  ///< how long a change may wait to be sent; absent: 1 s
    std::string conflictRetention;                ///< how long conflict logs are kept, "7d"; empty: not drawn
    std::optional<std::int64_t> maxBuffers;       ///< of a consumer's queue, per partition; absent: 256
    std::optional<std::int64_t> maxBytes;         ///< the same, in bytes; absent: 52428800
    std::string overflow;                         ///< folder of logs that memory does not hold; empty: dr_overflow
    std::string overflowLimit;                    ///< of that folder's disk, "80%" or "20" (GiB); empty: none
    SourcePos pos;

    /// Borrowed, or nullptr.
    [[nodiscard]] const Member* member(std::string_view memberName) const;
    [[nodiscard]] const Account* account(std::string_view accountName) const;
    friend bool operator==(const Cluster&, const Cluster&) = default;
};

enum class DatasetKind { BinaryTable, JsonTable, Stream, Space, DrTable };

/// One access control expression as drawn; its syntax is the rules' business (see core/topology/ace.h).
struct Permission {
    std::string ace;
    SourcePos pos;
    friend bool operator==(const Permission&, const Permission&) = default;
};
using Permissions = std::map<std::string, Permission>;

struct Family {
    std::string name;
    std::optional<std::int64_t> maxVersions;  ///< absent: 1
    std::optional<std::int64_t> minVersions;  ///< absent: 0
    std::optional<std::int64_t> ttlSeconds;   ///< absent or 0: forever
    std::string compression;                  ///< off, lzf, lz4, zlib; empty: the folder's setting
    std::optional<bool> inMemory;             ///< absent: false
    std::string jsonPath;                     ///< of a JSON table's family; empty: the default family or a binary table
    Permissions perms;                        ///< readperm, writeperm, ... (familyPermissionNames)
    SourcePos pos;
    friend bool operator==(const Family&, const Family&) = default;
};

/// One field of a space's tuples, one column of an SQL table.
struct FieldFormat {
    std::string name;
    std::string type;  ///< unsigned, string, ...; varchar(32)
    bool nullable = false;
    SourcePos pos;
    friend bool operator==(const FieldFormat&, const FieldFormat&) = default;
};

struct Dataset {
    std::string path;  ///< as drawn (core/systems/naming.h); a rule says when it has not the form of its system
    DatasetKind kind = DatasetKind::BinaryTable;
    std::vector<Family> families;
    bool exists = false;                           ///< `up` creates it; otherwise a command or runbook does
    std::optional<bool> bulkLoad;                  ///< absent: false
    std::optional<std::int64_t> deleteTtlSeconds;  ///< how long tombstones stay; absent: the system's default
    std::vector<std::string> topics;               ///< of a stream: topics produced here, when drawn
    Permissions perms;                             ///< readperm, replperm, ... (core/systems/maprdb/vocabulary.h)
    std::vector<FieldFormat> format;               ///< of a space or SQL table, when drawn
    std::vector<std::string> primary;              ///< of the same: the fields of its primary index
    std::vector<std::string> unique;               ///< of an SQL table: unique indexes, each "column, column"
    std::string partition;                         ///< of an SQL table: its partitioning column
    bool data = false;                             ///< of an SQL table: it has rows before replication starts
    std::string engine;                            ///< of a space: memtx, vinyl; empty: memtx
    bool local = false;                            ///< of a space: its rows stay on the member that wrote them
    bool temporary = false;                        ///< of a space: its rows are neither logged nor sent
    bool synchronous = false;                      ///< of a space: a commit waits for a quorum
    SourcePos pos;
    friend bool operator==(const Dataset&, const Dataset&) = default;
};

/// "from sends to to", recorded at the source.
struct Replica {
    std::string from;
    std::string to;
    bool synchronous = false;
    bool paused = false;
    bool throttle = false;
    std::vector<std::string> columns;  ///< empty: everything. JSON: an empty text is the default family
    std::string networkCompression;    ///< off, on (lz4), lzf, lz4, zlib; empty: on for tables, a stream's own
    bool networkEncryption = false;
    SourcePos pos;
    friend bool operator==(const Replica&, const Replica&) = default;
};

/// "at accepts from from", recorded at the replica.
struct Upstream {
    std::string at;
    std::string from;
    SourcePos pos;
    friend bool operator==(const Upstream&, const Upstream&) = default;
};

/// "at follows from": a member that reads another one's log. A cluster without any: everybody follows everybody.
struct Peer {
    std::string at;    ///< "replicaset001/instance001"
    std::string from;  ///< a member of the same cluster
    SourcePos pos;
    friend bool operator==(const Peer&, const Peer&) = default;
};

/// "at dials from": a consumer that fetches a producer's logs, recorded at the consumer.
struct Connection {
    std::string at;                   ///< a cluster
    std::string from;                 ///< another one
    std::vector<std::string> source;  ///< hosts of `from` that are dialled first; empty: all that are drawn
    bool preferred = false;           ///< asked for the snapshot before others
    SourcePos pos;
    friend bool operator==(const Connection&, const Connection&) = default;
};

/// The network between two clusters, in both directions.
struct Wan {
    std::string a;
    std::string b;
    Micros latencyUs = 0;                       ///< one way
    std::uint64_t bandwidthBytesPerSecond = 0;  ///< 0: unlimited
    std::int64_t outageSeconds = 0;             ///< longest cut to be expected; 0: not drawn
    SourcePos pos;
    friend bool operator==(const Wan&, const Wan&) = default;
};

/// Clusters that are looked at as one: a continent, a company. What runs knows nothing of it.
struct Region {
    std::string name;
    std::vector<std::string> clusters;  ///< names, in the order of the drawing
    SourcePos pos;
    friend bool operator==(const Region&, const Region&) = default;
};

struct Topology {
    std::vector<Cluster> clusters;
    std::vector<Dataset> datasets;
    std::vector<Replica> replicas;
    std::vector<Upstream> upstreams;
    std::vector<Peer> peers;
    std::vector<Connection> connections;
    std::vector<Wan> wan;
    std::vector<Region> regions;

    /// Borrowed pointers, valid until the vectors change; nullptr when absent. The first match wins.
    [[nodiscard]] const Cluster* cluster(std::string_view name) const;
    [[nodiscard]] const Dataset* dataset(std::string_view path) const;
    [[nodiscard]] const Replica* replica(std::string_view from, std::string_view to) const;
    [[nodiscard]] const Upstream* upstream(std::string_view at, std::string_view from) const;
    [[nodiscard]] const Peer* peer(std::string_view at, std::string_view from) const;
    [[nodiscard]] const Connection* connection(std::string_view at, std::string_view from) const;
    /// The network between two clusters, in either order.
    [[nodiscard]] const Wan* wanBetween(std::string_view a, std::string_view b) const;
    [[nodiscard]] const Region* region(std::string_view name) const;
    /// The region a cluster is drawn in, the first that names it; nullptr when it stands alone.
    [[nodiscard]] const Region* regionOf(std::string_view cluster) const;
    /// The cluster a dataset lies in, or nullptr when its name has no known form or the cluster is not drawn.
    [[nodiscard]] const Cluster* clusterOfPath(std::string_view path) const;
    [[nodiscard]] bool empty() const;

    friend bool operator==(const Topology&, const Topology&) = default;
};

/// The same drawing with every position unknown: what "equal drawings" means when one was loaded from a file.
[[nodiscard]] Topology withoutPositions(Topology topology);

/// The word of a drawing for a kind: "binary-table", "json-table", "stream", "space", "dr-table".
[[nodiscard]] std::string_view datasetKindName(DatasetKind kind);
/// Errors: InvalidInput with the nearest kind as the fix.
[[nodiscard]] Result<DatasetKind> parseDatasetKind(std::string_view text);

/// The words the drawing knows; also what completion offers.
[[nodiscard]] const std::vector<std::string>& systemNames();
[[nodiscard]] const std::vector<std::string>& datasetKindNames();

}  // namespace tributary
