// A cluster as its host tells it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/databases/hostprocess.h"
#include "app/systems/membersystem.h"
#include "engine/systems/voltdb/data/resulttable.h"

namespace tributary::app {

/// A table with its cells as texts, found by name.
class NamedRows {
public:
    NamedRows() = default;
    explicit NamedRows(const engine::voltdb::ResultTable& table);
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] bool has(const std::string& column) const { return columns_.contains(column); }
    /// Empty for NULL and for a column that is not there.
    [[nodiscard]] std::string at(std::size_t row, const std::string& column) const;
    [[nodiscard]] std::optional<std::int64_t> numberAt(std::size_t row, const std::string& column) const;

private:
    std::map<std::string, std::size_t> columns_;
    std::vector<std::vector<std::optional<std::string>>> rows_;
};

/// The value of a key of @SystemInformation; empty when it is not told.
[[nodiscard]] std::string toldValue(const NamedRows& information, const std::string& key);

/// What was heard of a host. What could not be asked is absent.
struct HostHeard {
    HostSeen seen;
    std::optional<Error> silence;         ///< why it does not answer, or cannot be looked at
    std::optional<NamedRows> overview;    ///< @SystemInformation OVERVIEW
    std::optional<NamedRows> role;        ///< @Statistics DRROLE
    std::optional<NamedRows> partitions;  ///< @Statistics DRCONSUMERPARTITION
    std::optional<NamedRows> queues;      ///< @Statistics DRPRODUCERPARTITION
    std::optional<NamedRows> tables;      ///< @SystemCatalog TABLES
    Millis heardAtMs = 0;                 ///< UTC
};

/// Asks a host, three seconds at most for each question.
[[nodiscard]] HostHeard hearHost(const HostPlace& place, Millis nowMs);

/// The cluster of one host. `clusterOfId`: for the id of a remote cluster its first host, "east/east1".
[[nodiscard]] ClusterLook databaseLookOf(const Cluster& cluster, const std::vector<HostPlace>& places,
                                         const std::vector<HostHeard>& heard,
                                         const std::map<std::int64_t, std::string>& clusterOfId);

}  // namespace tributary::app
