// Who follows whom, as consumers tell it, and how far behind they are, as the queues of their producers tell it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/databases/namedrows.h"
#include "app/systems/membersystem.h"

namespace tributary::app {

/// What a producer keeps for a consumer. Absent is unknown: 0 only where everything is acknowledged.
struct QueueLag {
    std::optional<std::int64_t>
        delayUs;  ///< of the worst partition: from what was acknowledged to what was queued last
    std::optional<std::int64_t> pending;  ///< transactions that are not acknowledged, of all partitions
};

/// Of rows of @Statistics DRPRODUCERPARTITION, for the cluster of that id. While a sync snapshot is sent, both are
/// unknown.
[[nodiscard]] QueueLag queueLagOf(const NamedRows& queues, const std::string& remoteId);

/// Asks the producer of that id for its queues; nothing when it does not answer.
using QueuesOf = std::function<std::optional<NamedRows>(std::int64_t cluster)>;

/// Whom a consumer follows.
struct EdgeOwner {
    std::string id;  ///< of its cluster; empty: unknown
    std::string to;  ///< as edges name it
};

/// Of rows of @Statistics DRROLE of a consumer; of a producer none, its consumers tell them. `names`: for the id of a
/// remote cluster how edges name it.
[[nodiscard]] std::vector<EdgeLook> edgesOf(const NamedRows& role, const EdgeOwner& owner,
                                            const std::map<std::int64_t, std::string>& names, const QueuesOf& queuesOf);

}  // namespace tributary::app
