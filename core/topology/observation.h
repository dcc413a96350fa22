// What was seen of running clusters at one moment: plain values that app fills from their answers.
//
// Every figure and attribute may be unknown (nullopt): what was not seen is never told as 0, false or "fine". Whoever
// compares (differences.h) or plans asks this and no engine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "core/topology/topology.h"

namespace tributary {

/// How long a table keeps its delete markers when nobody said so; ours, the vendor publishes none.
inline constexpr std::int64_t kDeleteTtlDefaultSeconds = 86'400;
/// What a replica record has for networkcompression when nobody said so.
inline constexpr std::string_view kNetworkCompressionDefault = "lz4";

struct ObservedGateway {
    std::string name;
    std::string endpoint;         ///< "host:port"; empty: unknown
    std::optional<bool> running;  ///< absent: unknown
};

struct ObservedFamily {
    std::string name;
    std::optional<std::int64_t> maxVersions;
    std::optional<std::int64_t> minVersions;
    std::optional<std::int64_t> ttlSeconds;  ///< 0: for ever
    std::optional<bool> inMemory;
    std::optional<std::string> compression;
    std::optional<std::string> jsonPath;                      ///< of a JSON table's family; empty: its default family
    std::optional<std::map<std::string, std::string>> perms;  ///< readperm, writeperm, ... -> expression
};

/// A replica record at its source, with the link that serves it.
struct ObservedReplica {
    std::string to;
    std::string uuid;  ///< of the table that the record means; empty: unknown
    std::optional<bool> paused;
    std::optional<bool> synchronous;
    std::optional<bool> throttle;
    std::optional<bool> networkEncryption;
    std::optional<std::string> networkCompression;
    std::optional<std::vector<std::string>> columns;  ///< empty list: everything
    std::string state;  ///< of the link, as the check link-state names it; empty or "?": unknown
    std::string error;  ///< of the link; empty: none is known
    std::optional<std::int64_t> operationsPending;
    std::optional<std::int64_t> bytesPending;
    bool ofStreams = false;  ///< commands about it begin with another word than those about tables
};

/// An upstream record at its replica.
struct ObservedUpstream {
    std::string from;
    std::string uuid;  ///< of the table that the record means; empty: unknown
};

struct ObservedDataset {
    std::string path;
    std::optional<DatasetKind> kind;
    std::string uuid;         ///< identity: another table at the same path has another; empty: unknown
    std::string creator;      ///< who created it; empty: unknown
    std::string unavailable;  ///< why its data or its description cannot be read; empty: they can
    std::vector<ObservedFamily> families;
    std::optional<bool> bulkLoad;
    std::optional<std::int64_t> deleteTtlSeconds;
    std::optional<std::map<std::string, std::string>> perms;  ///< as the system calls them: defaultreadperm, replperm
    std::optional<std::uint64_t> rows;                        ///< about: rows that are stored
    std::optional<std::uint64_t> bytes;                       ///< about: bytes that they take
    std::optional<std::vector<std::string>> topics;           ///< of a stream; absent: unknown
    std::optional<std::vector<ObservedReplica>> replicas;     ///< absent: unknown
    std::optional<std::vector<ObservedUpstream>> upstreams;   ///< absent: unknown

    [[nodiscard]] const ObservedFamily* family(std::string_view name) const;
    [[nodiscard]] const ObservedReplica* replica(std::string_view to) const;
    [[nodiscard]] const ObservedUpstream* upstream(std::string_view from) const;
};

/// A member of a cluster whose members are processes of their own.
struct ObservedMember {
    std::string name;
    std::string state;  ///< running, down, killed, loading, ...; "?": unknown
    bool drawn = true;
    std::optional<bool> readOnly;
    std::vector<std::pair<std::string, std::string>> told;  ///< more that it says of itself, for people: "vclock", ...
};

/// "at follows from": names of members with their clusters.
struct ObservedPeer {
    std::string at;
    std::string from;
    std::string state;  ///< as the reader tells it; "?": unknown
    std::string error;
    std::vector<std::pair<std::string, std::string>> told;  ///< its figures, for people: "lag", "idle", ...
};

struct ObservedCluster {
    std::string name;
    std::string state;     ///< up, down, killed, frozen, read-only, failed, ... ; "?" = does not answer
    std::string reason;    ///< of a state that is not up
    std::int64_t pid = 0;  ///< 0: unknown
    /// In the replication between clusters, as it tells itself; absent: unknown, or its system knows no roles.
    std::optional<std::string> role;
    bool answered = false;  ///< the datasets below are all that it has; else they are unknown
    std::optional<std::vector<ObservedGateway>> gateways;
    /// What `cluster gateway set` recorded here: destination cluster -> its gateways.
    std::optional<std::map<std::string, std::vector<std::string>>> gatewayRecords;
    std::optional<std::vector<std::string>> users;  ///< that it knows by name; empty: anybody
    std::optional<std::map<std::string, std::vector<std::string>>> groups;
    std::vector<ObservedDataset> datasets;
    std::vector<ObservedMember> members;  ///< of a cluster whose members are processes of their own
    std::vector<ObservedPeer> peers;      ///< who follows whom among them, or is told to

    /// Something lives there: it has a process, whatever that is able to do.
    [[nodiscard]] bool lives() const { return !state.empty() && state != "down"; }
};

/// The network from one cluster to another, as it is in force.
struct ObservedNetwork {
    std::string from;
    std::string to;
    std::optional<Micros> latencyUs;
    std::optional<std::uint64_t> bandwidthBytesPerSecond;  ///< 0: unlimited
    bool leftOut = false;                                  ///< somebody wants it left out (up --no-wan)
};

struct Observation {
    Millis atMs = 0;  ///< UTC, when the look ended
    std::vector<ObservedCluster> clusters;
    std::vector<ObservedNetwork> networks;  ///< of clusters that live

    [[nodiscard]] const ObservedCluster* cluster(std::string_view name) const;
};

/// Lookups in one observation that do not walk it. Borrows it: it must neither change nor go while the index lives.
class ObservationIndex {
public:
    explicit ObservationIndex(const Observation& observation);

    [[nodiscard]] const Observation& observation() const { return observation_; }
    [[nodiscard]] const ObservedCluster* cluster(std::string_view name) const;
    /// nullptr also when its cluster did not answer: see answeredFor().
    [[nodiscard]] const ObservedDataset* dataset(std::string_view path) const;
    [[nodiscard]] const ObservedReplica* replica(std::string_view from, std::string_view to) const;
    [[nodiscard]] const ObservedUpstream* upstream(std::string_view at, std::string_view from) const;
    /// The cluster that a path lies in, when it answered: "nothing is there" may be said then.
    [[nodiscard]] const ObservedCluster* answeredFor(std::string_view path) const;

private:
    const Observation& observation_;
    // Nobody walks these maps: their order reaches no output.
    std::unordered_map<std::string_view, const ObservedCluster*> clusters_;
    std::unordered_map<std::string_view, const ObservedDataset*> datasets_;
};

}  // namespace tributary
