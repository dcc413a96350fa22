// What links ask of their node.
#include "engine/node/nodelinks.h"

#include <algorithm>

#include "engine/node/node.h"

namespace tributary::engine {

Seams& NodeLinks::linkSeams() {
    return node_.seams();
}

const LinkConfig& NodeLinks::linkConfig() const {
    return node_.config();
}

CommitLog& NodeLinks::linkLog() {
    return node_.log();
}

const DatasetRecord* NodeLinks::datasetRecord(std::uint32_t datasetId) const {
    return node_.catalog().byId(datasetId);
}

std::vector<std::string> NodeLinks::gatewaysTo(const std::string& cluster) const {
    const auto* set = node_.catalog().gatewaysFor(cluster);
    return set == nullptr ? std::vector<std::string>{} : *set;
}

OriginPlace NodeLinks::originOf(std::uint32_t datasetId) const {
    const DatasetRuntime* dataset = node_.dataset(datasetId);
    if (dataset == nullptr) return {node_.incarnation(), node_.lifeBefore(), 0};
    std::uint64_t next = dataset->nextSequence;
    for (const auto& [subKey, number] : dataset->ownLanes.numbers()) next = std::max(next, number);
    return {node_.incarnation(), node_.lifeBefore(), next};
}

void NodeLinks::peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) {
    node_.peerPositions(datasetId, peer, positions);
}

void NodeLinks::linkChanged() {
    node_.seams().executor.post([this, alive = node_.alive()] {
        if (*alive) node_.evaluateAlarms();
    });
}

}  // namespace tributary::engine
