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

struct Cluster {
    std::string name;
    std::string system = "maprdb";  ///< one of systemNames()
    std::vector<Gateway> gateways;
    std::vector<std::string> users;                          ///< known users; empty means "not drawn", not "nobody"
    std::map<std::string, std::vector<std::string>> groups;  ///< group -> its users
    bool secure = false;                                     ///< tickets and wire encryption are set up
    SourcePos pos;
    friend bool operator==(const Cluster&, const Cluster&) = default;
};

enum class DatasetKind { BinaryTable, JsonTable, Stream };

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

struct Dataset {
    std::string path;  ///< as drawn; a rule says when it is not /mapr/<cluster>/<path>
    DatasetKind kind = DatasetKind::BinaryTable;
    std::vector<Family> families;
    bool exists = false;                           ///< `up` creates it; otherwise a command or runbook does
    std::optional<bool> bulkLoad;                  ///< absent: false
    std::optional<std::int64_t> deleteTtlSeconds;  ///< how long tombstones stay; absent: the system's default
    std::vector<std::string> topics;               ///< of a stream: topics produced here, when drawn
    Permissions perms;                             ///< readperm, replperm, ... (permissionNames)
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

struct Topology {
    std::vector<Cluster> clusters;
    std::vector<Dataset> datasets;
    std::vector<Replica> replicas;
    std::vector<Upstream> upstreams;
    std::vector<Wan> wan;

    /// Borrowed pointers, valid until the vectors change; nullptr when absent. The first match wins.
    [[nodiscard]] const Cluster* cluster(std::string_view name) const;
    [[nodiscard]] const Dataset* dataset(std::string_view path) const;
    [[nodiscard]] const Replica* replica(std::string_view from, std::string_view to) const;
    [[nodiscard]] const Upstream* upstream(std::string_view at, std::string_view from) const;
    /// The network between two clusters, in either order.
    [[nodiscard]] const Wan* wanBetween(std::string_view a, std::string_view b) const;
    /// The cluster a dataset path lies in, or nullptr when the path is not global or the cluster is not drawn.
    [[nodiscard]] const Cluster* clusterOfPath(std::string_view path) const;
    [[nodiscard]] bool empty() const;

    friend bool operator==(const Topology&, const Topology&) = default;
};

/// The same drawing with every position unknown: what "equal drawings" means when one was loaded from a file.
[[nodiscard]] Topology withoutPositions(Topology topology);

/// "binary-table", "json-table", "stream".
[[nodiscard]] std::string_view datasetKindName(DatasetKind kind);
/// Errors: InvalidInput with the nearest kind as the fix.
[[nodiscard]] Result<DatasetKind> parseDatasetKind(std::string_view text);

/// The words the drawing knows; also what completion offers.
[[nodiscard]] const std::vector<std::string>& systemNames();
[[nodiscard]] const std::vector<std::string>& datasetKindNames();
[[nodiscard]] const std::vector<std::string>& compressionNames();
/// Refuses `readperm` beside `defaultreadperm`: both say who may read a table's new families, and only the latter is a
/// word of the real system. Whoever draws both means one of them.
[[nodiscard]] Status checkPermissionNames(const Permissions& perms);

/// Permission names of a dataset kind (maprdb.md 1.2, 1.6); tables also know `readperm`, short for defaultreadperm.
[[nodiscard]] const std::vector<std::string>& permissionNames(DatasetKind kind);
[[nodiscard]] const std::vector<std::string>& familyPermissionNames();

}  // namespace tributary
