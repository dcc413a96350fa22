// What links ask of their node.
#include "engine/node/nodelinks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

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

const LinkKind& NodeKinds::linksOf(const DatasetKind& kind) const {
    const auto& all = kinds.all();
    const auto at = std::find(all.begin(), all.end(), &kind);
    assert(at != all.end() && links.size() == all.size());
    return *links[static_cast<std::size_t>(at - all.begin())];
}

const LinkKind& NodeLinks::linkKind(std::uint32_t datasetId) const {
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    assert(record != nullptr);
    return node_.config().kinds->linksOf(record->kind());
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

void NodeLinks::makeCut(std::uint32_t datasetId, std::function<void(Result<Cut>)> done) {
    node_.cuts().make(datasetId, std::move(done));
}

void NodeLinks::peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions) {
    node_.peerPositions(datasetId, peer, positions);
}

void NodeLinks::linkChanged() {
    node_.seams().executor.post([this, alive = node_.alive()] {
        if (*alive) node_.evaluateAlarms();
    });
}

std::optional<std::variant<Link*, Refusal>> NodeLinks::linkFor(const Hello& hello) {
    const DatasetRecord* record = node_.catalog().byPath(hello.toPath);
    const DatasetRuntime* runtime = record == nullptr ? nullptr : node_.dataset(record->id);
    if (runtime == nullptr || node_.config().kinds->linksOf(record->kind()).dials() == Dials::Source) {
        return std::nullopt;
    }
    if (record->uuid != hello.toUuid) {
        return Refusal{"ErrUuidMismatch",
                       fmt::format("{} is another {} than the one registered (it was deleted and made anew)",
                                   hello.toPath, record->kind().words().noun),
                       0};
    }
    for (const ReplicaRecord& replica : record->replicas) {
        const auto link = runtime->links.find(replica.idx);
        if (replica.uuid != hello.fromUuid || link == runtime->links.end()) continue;
        if (replica.held()) return Refusal{"ErrPaused", fmt::format("{} sends nothing for now", hello.toPath), 0};
        return link->second.get();
    }
    return Refusal{"ErrNoReplica", fmt::format("{} is not registered as replica of {}", hello.fromPath, hello.toPath),
                   0};
}

void NodeLinks::doorClosed(const std::string& gateway) {
    for (const auto& [id, record] : node_.catalog().datasets()) {
        DatasetRuntime* runtime = node_.dataset(id);
        if (runtime == nullptr) continue;
        for (auto& [idx, link] : runtime->links) link->doorClosed(gateway);
    }
}

void NodeLinks::refreshIntakes(const DatasetRecord& record, ReceiverHost& receiver) {
    if (linkKind(record.id).dials() == Dials::Source) return;
    std::erase_if(intakes_, [&](const auto& item) {
        return item.first.first == record.id && record.upstreamByIdx(item.first.second) == nullptr;
    });
    for (const UpstreamRecord& upstream : record.upstreams) {
        auto& intake = intakes_[{record.id, upstream.idx}];
        if (intake == nullptr) intake = std::make_unique<LinkIntake>(*this, receiver, record.id, upstream.idx);
        intake->update();
    }
}

void NodeLinks::dropIntakes(std::uint32_t datasetId) {
    std::erase_if(intakes_, [&](const auto& item) { return item.first.first == datasetId; });
}

void NodeLinks::redial() {
    for (auto& [place, intake] : intakes_) intake->update();
}

void NodeLinks::resumeReading() {
    node_.gateways().resumeSessions();
    for (auto& [place, intake] : intakes_) intake->resumeIfPossible();
}

std::vector<std::string> NodeLinks::intakeTroubles(std::uint32_t datasetId, Millis lastingMs) const {
    std::vector<std::string> out;
    for (const auto& [place, intake] : intakes_) {
        if (place.first != datasetId) continue;
        const LinkStatus status = intake->status();
        if (status.errorCode.empty() || status.errorForMs < lastingMs) continue;
        const DatasetRecord* record = datasetRecord(datasetId);
        const UpstreamRecord* upstream = record == nullptr ? nullptr : record->upstreamByIdx(place.second);
        if (upstream == nullptr) continue;
        out.push_back(
            fmt::format("{} <- {} ({}: {})", record->path, upstream->path, status.errorCode, status.errorMessage));
    }
    return out;
}

}  // namespace tributary::engine
