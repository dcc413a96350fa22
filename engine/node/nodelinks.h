// The node as its outgoing links see it.
#pragma once

#include "engine/replication/linkcontext.h"

namespace tributary::engine {

class Node;

/// A part of its node; executor's thread only.
class NodeLinks final : public LinkHost {
public:
    explicit NodeLinks(Node& node) : node_(node) {}

    [[nodiscard]] Seams& linkSeams() override;
    [[nodiscard]] const LinkConfig& linkConfig() const override;
    [[nodiscard]] CommitLog& linkLog() override;
    [[nodiscard]] const DatasetRecord* datasetRecord(std::uint32_t datasetId) const override;
    [[nodiscard]] std::vector<std::string> gatewaysTo(const std::string& cluster) const override;
    [[nodiscard]] OriginPlace originOf(std::uint32_t datasetId) const override;
    void peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) override;
    void linkChanged() override;

private:
    Node& node_;
};

}  // namespace tributary::engine
