// What all parts of a link share: its node, and its record as it is now.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/catalog/datasetrecord.h"
#include "engine/log/commitlog.h"
#include "engine/replication/linkconfig.h"
#include "engine/replication/linkkind.h"
#include "engine/replication/positions.h"
#include "engine/seams/seams.h"

namespace tributary::engine {

/// What a link needs of its node. Executor's thread only; outlives the link.
class LinkHost {
public:
    virtual ~LinkHost() = default;
    [[nodiscard]] virtual Seams& linkSeams() = 0;
    [[nodiscard]] virtual const LinkConfig& linkConfig() const = 0;
    /// Links exist before the log is open (recovery): ask for it when it is used, not before.
    [[nodiscard]] virtual CommitLog& linkLog() = 0;
    /// How links of the dataset speak. It must be there.
    [[nodiscard]] virtual const LinkKind& linkKind(std::uint32_t datasetId) const = 0;
    /// The dataset as it is now; nullptr when gone.
    [[nodiscard]] virtual const DatasetRecord* datasetRecord(std::uint32_t datasetId) const = 0;
    /// Gateway names set for a destination (`cluster gateway set`), or empty = those as drawn.
    [[nodiscard]] virtual std::vector<std::string> gatewaysTo(const std::string& cluster) const = 0;
    [[nodiscard]] virtual OriginPlace originOf(std::uint32_t datasetId) const = 0;
    /// Cuts the dataset at an entry of its own, which has to become durable first; `done` runs on the executor. Errors:
    /// as an append.
    virtual void makeCut(std::uint32_t datasetId, std::function<void(Result<Cut>)> done) = 0;
    /// A replica of the dataset greeted, and told how far it is.
    virtual void peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) = 0;
    /// Error, state or synchronous mode of a link changed: alarms are due.
    virtual void linkChanged() = 0;
};

/// One link's place in its node.
struct LinkContext {
    LinkHost& host;
    std::uint32_t datasetId = 0;
    std::uint32_t replicaIdx = 0;
    const LinkKind& kind;

    [[nodiscard]] const DatasetRecord* dataset() const { return host.datasetRecord(datasetId); }
    [[nodiscard]] const ReplicaRecord* replica() const;
    [[nodiscard]] Seams& seams() const { return host.linkSeams(); }
    [[nodiscard]] const LinkConfig& config() const { return host.linkConfig(); }
    [[nodiscard]] Millis monotonicMs() const { return seams().clock.monotonicUs() / 1000; }
};

}  // namespace tributary::engine
