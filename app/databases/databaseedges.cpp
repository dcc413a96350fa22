// Rows of statistics as edges.
#include "app/databases/databaseedges.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "engine/systems/voltdb/dr/drstamp.h"

namespace tributary::app {
namespace {

namespace volt = engine::voltdb;

constexpr std::int64_t kMicrosPerMs = 1'000;

/// Times that never were read as VoltDB's epoch, or as 1970 while a snapshot is sent.
std::optional<std::int64_t> timeAt(const NamedRows& rows, std::size_t row, const std::string& column) {
    const auto us = volt::timestampOf(rows.at(row, column));
    return us && *us > volt::kEpochMs * kMicrosPerMs ? std::optional(*us) : std::nullopt;
}

/// How much one partition adds to what is behind.
QueueLag partitionLag(const NamedRows& rows, std::size_t row) {
    const auto queued = rows.numberAt(row, "LASTQUEUEDDRID");
    const auto acked = rows.numberAt(row, "LASTACKDRID");
    if (!queued || rows.at(row, "STREAMTYPE") == "SNAPSHOT_SYNC") return {};
    if (*queued < 0 || acked == queued) return {0, 0};
    // Nothing was acknowledged yet: there is nothing to count from.
    if (!acked || *acked < 0) return {};
    QueueLag out;
    out.pending = std::max<std::int64_t>(*queued - *acked, 0);
    const auto last = timeAt(rows, row, "LASTQUEUEDTIMESTAMP");
    const auto first = timeAt(rows, row, "LASTACKTIMESTAMP");
    if (last && first) out.delayUs = std::max<std::int64_t>(*last - *first, 0);
    return out;
}

}  // namespace

QueueLag queueLagOf(const NamedRows& queues, const std::string& remoteId) {
    QueueLag out{0, 0};
    bool isAny = false;
    for (std::size_t row = 0; row < queues.size(); ++row) {
        if (queues.at(row, "REMOTE_CLUSTER_ID") != remoteId) continue;
        isAny = true;
        const QueueLag one = partitionLag(queues, row);
        if (!one.delayUs) out.delayUs.reset();
        if (!one.pending) out.pending.reset();
        if (out.delayUs) out.delayUs = std::max(*out.delayUs, *one.delayUs);
        if (out.pending) out.pending = *out.pending + *one.pending;
    }
    return isAny ? out : QueueLag();
}

std::vector<EdgeLook> edgesOf(const NamedRows& role, const EdgeOwner& owner,
                              const std::map<std::int64_t, std::string>& names, const QueuesOf& queuesOf) {
    std::vector<EdgeLook> edges;
    for (std::size_t row = 0; row < role.size(); ++row) {
        const auto id = role.numberAt(row, "REMOTE_CLUSTER_ID");
        if (!id || *id < 0 || role.at(row, "ROLE") == "MASTER") continue;
        const auto name = names.find(*id);
        EdgeLook edge;
        edge.from = name == names.end() ? "cluster " + std::to_string(*id) : name->second;
        edge.to = owner.to;
        edge.state = toLower(role.at(row, "STATE"));
        if (edge.state == "stopped") {
            edge.error = fmt::format("broken, and stays so: voltdb/{}/voltdbroot/log/volt.log says why", owner.to);
        }
        if (const auto queues = owner.id.empty() ? std::nullopt : queuesOf(*id)) {
            const QueueLag lag = queueLagOf(*queues, owner.id);
            if (lag.delayUs) edge.lagMs = *lag.delayUs / kMicrosPerMs;
            edge.rowsBehind = lag.pending;
        }
        edges.push_back(std::move(edge));
    }
    return edges;
}

}  // namespace tributary::app
