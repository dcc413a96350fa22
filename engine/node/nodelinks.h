// The node as its links see it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/replication/gateway.h"
#include "engine/replication/linkcontext.h"
#include "engine/replication/linkintake.h"

namespace tributary::engine {

class Node;

/// A part of its node; executor's thread only.
class NodeLinks final : public LinkHost, public SourceHost {
public:
    explicit NodeLinks(Node& node) : node_(node) {}

    [[nodiscard]] Seams& linkSeams() override;
    [[nodiscard]] const LinkConfig& linkConfig() const override;
    [[nodiscard]] CommitLog& linkLog() override;
    [[nodiscard]] const LinkKind& linkKind(std::uint32_t datasetId) const override;
    [[nodiscard]] const DatasetRecord* datasetRecord(std::uint32_t datasetId) const override;
    [[nodiscard]] std::vector<std::string> gatewaysTo(const std::string& cluster) const override;
    [[nodiscard]] OriginPlace originOf(std::uint32_t datasetId) const override;
    void makeCut(std::uint32_t datasetId, std::function<void(Result<Cut>)> done) override;
    void peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) override;
    void linkChanged() override;

    std::optional<std::variant<Link*, Refusal>> linkFor(const Hello& hello) override;
    void doorClosed(const std::string& gateway) override;

    /// Where the kind of the dataset wants it, its upstreams are called: those of the record, and no other.
    void refreshIntakes(const DatasetRecord& record, ReceiverHost& receiver);
    /// The dataset is gone.
    void dropIntakes(std::uint32_t datasetId);
    /// Nobody is called any more.
    void dropIntakes() { intakes_.clear(); }
    /// Gateways of other clusters are set anew.
    void redial();
    /// Whoever gave up reading looks again whether it may go on.
    void resumeReading();
    /// What has stood between the dataset and its upstreams for so long, a sentence for each.
    [[nodiscard]] std::vector<std::string> intakeTroubles(std::uint32_t datasetId, Millis lastingMs) const;

private:
    Node& node_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::unique_ptr<LinkIntake>> intakes_;  ///< by dataset, upstream
};

}  // namespace tributary::engine
