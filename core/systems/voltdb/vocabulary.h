// The words of VoltDB's deployment file and of its tables, and what holds where a drawing says nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary::voltdb {

[[nodiscard]] const std::vector<std::string>& roleNames();        ///< master, replica, xdcr, none
[[nodiscard]] const std::vector<std::string>& commandLogNames();  ///< synchronous, asynchronous, off
[[nodiscard]] const std::vector<std::string>& columnTypeNames();  ///< tinyint, ..., varchar, ...
/// InvalidInput unless it is a type, with a size where it takes one: bigint, varchar(32).
[[nodiscard]] Status checkColumnType(std::string_view type);

inline constexpr std::int64_t kClusterIdMax = 127;
inline constexpr std::int64_t kSitesMax = 1024;
inline constexpr std::int64_t kKfactorMax = 127;
inline constexpr std::int64_t kNumberMax = std::int64_t{1} << 40;
inline constexpr std::int64_t kDefaultSites = 8;
inline constexpr std::int64_t kDefaultPort = 5555;
inline constexpr std::int64_t kFlushIntervalLeastUs = 20'000;       ///< of the element dr
inline constexpr std::int64_t kFlushIntervalDefaultUs = 1'000'000;  ///< the least that the system settings take, too
inline constexpr std::string_view kDefaultOverflow = "dr_overflow";

[[nodiscard]] std::string roleOf(const Cluster& cluster);        ///< master when nothing is drawn
[[nodiscard]] std::string commandLogOf(const Cluster& cluster);  ///< asynchronous when nothing is drawn
/// Unique partitions: sites of all hosts, by copies. Nothing without hosts or when the copies do not share them evenly.
[[nodiscard]] std::optional<std::int64_t> partitionsOf(const Cluster& cluster);
/// Whether the cluster has to do with database replication: an id, a role, or a connection at one of its ends.
[[nodiscard]] bool replicates(const Topology& topology, const Cluster& cluster);
/// The hosts that a connection dials: those it names, else all of the producer.
[[nodiscard]] std::vector<std::string> sourcesOf(const Topology& topology, const Connection& connection);

}  // namespace tributary::voltdb
