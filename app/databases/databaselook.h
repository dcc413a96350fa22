// A cluster as its host tells it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/databases/databaseedges.h"
#include "app/databases/hostprocess.h"

namespace tributary::app {

/// What was heard of a host. What could not be asked is absent.
struct HostHeard {
    HostSeen seen;
    std::optional<Error> silence;       ///< why it does not answer, or cannot be looked at
    std::optional<NamedRows> overview;  ///< @SystemInformation OVERVIEW
    std::optional<NamedRows> role;      ///< @Statistics DRROLE
    std::optional<NamedRows> tables;    ///< @SystemCatalog TABLES
    Millis heardAtMs = 0;               ///< UTC
};

/// Asks a host, three seconds at most for each question.
[[nodiscard]] HostHeard hearHost(const HostPlace& place, Millis nowMs);

/// Its queues for other clusters, as @Statistics DRPRODUCERPARTITION shows them; nothing when it does not answer.
[[nodiscard]] std::optional<NamedRows> hearQueues(const HostPlace& place);

/// The cluster of one host. `clusterOfId`: for the id of a remote cluster its first host, "east/east1".
[[nodiscard]] ClusterLook databaseLookOf(const Cluster& cluster, const std::vector<HostPlace>& places,
                                         const std::vector<HostHeard>& heard,
                                         const std::map<std::int64_t, std::string>& clusterOfId,
                                         const QueuesOf& queuesOf);

}  // namespace tributary::app
