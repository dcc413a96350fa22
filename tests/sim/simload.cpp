// The clients: random writes at random nodes on few hot keys and many cold ones.
#include <fmt/format.h>

#include "engine/replication/entryparts.h"
#include "simrun.h"

namespace tributary::simtest {

using namespace tributary::engine;

void SimRun::nextOp() {
    if (ops_.size() >= static_cast<std::size_t>(plan_.ops)) return;
    // Bursts: a few writes in one instant form one group commit.
    const std::int64_t burst = random_.oneIn(6) ? random_.between(2, 6) : 1;
    for (std::int64_t i = 0; i < burst && ops_.size() < static_cast<std::size_t>(plan_.ops); ++i) {
        const int host = plan_.writers[random_.below(plan_.writers.size())];
        if (usable(host)) issue(host);
    }
    world_->after(random_.between(1, 2 * plan_.opGapUs), [this] { nextOp(); });
}

void SimRun::issue(int host) {
    const int id = static_cast<int>(ops_.size());
    ops_.emplace_back();
    Op& op = ops_.back();
    op.host = host;
    SimWrite write = plan_.kind->write(random_, plan_, id);
    op.watched = write.watched;
    op.what = write.what;
    const bool apart = random_.oneIn(15);  // into a dataset without links
    if (apart) op.watched = false;
    put(host, id, std::move(write), apart ? "u" : "t");
}

void SimRun::put(int host, int id, SimWrite write, const std::string& dataset) {
    PutRequest request;
    request.user = "ana";
    request.path = plan_.kind->pathOf(host, dataset);
    request.body = std::move(write.body);
    trace(fmt::format("host {} op {}: {}", host, id, write.what));
    ++pendingOps_;
    world_->host(host).node().put(std::move(request),
                                  [this, id, host, life = world_->host(host).lives()](const Result<Bytes>& answer) {
                                      const Status status = answer ? okStatus() : Status(answer.error());
                                      acknowledged(id, host, life, status);
                                  });
}

/// The link has an error.
bool SimRun::stands(const Edge& edge) {
    Node& node = world_->host(edge.from).node();
    const DatasetRecord* record = node.catalog().byPath(pathOf(edge.from));
    const ReplicaRecord* replica = record == nullptr ? nullptr : record->replicaByPath(pathOf(edge.to));
    const DatasetRuntime* runtime = record == nullptr ? nullptr : node.dataset(record->id);
    if (replica == nullptr || runtime == nullptr) return false;
    const auto link = runtime->links.find(replica->idx);
    return link != runtime->links.end() && !link->second->status().errorCode.empty();
}

/// An operator looks at links that stand before an entry which their replica does not take, and makes room for it.
void SimRun::makeRoom() {
    for (const Edge& edge : plan_.edges) {
        if (!usable(edge.from) || !usable(edge.to) || !stands(edge)) continue;
        absorb(edge.from);
        absorb(edge.to);
        if (outcome_.violation) return;
        const std::optional<LogEntry> missing = firstMissing(edge);
        if (!missing) continue;
        const NodeModel& target = *sites_[static_cast<std::size_t>(edge.to)].model;
        const auto view = parsePayload(partsOf(*missing).payload, false);
        const int id = static_cast<int>(ops_.size());
        auto write = target.rows().makeRoom(*target.catalog().byPath(pathOf(edge.to)), view.value(), id);
        if (!write) continue;
        ++outcome_.counts["room made"];
        ops_.push_back({edge.to, OpState::Pending, write->watched, write->what});
        put(edge.to, id, std::move(*write), "t");
    }
    world_->after(random_.between(20'000, 200'000), [this] { makeRoom(); });
}

void SimRun::acknowledged(int id, int host, std::uint64_t life, const Status& status) {
    // A node that dies lets go of its callbacks; some it may still call: those clients are gone, too.
    if (world_ == nullptr || !world_->host(host).up() || world_->host(host).lives() != life) return;
    Op& op = ops_[static_cast<std::size_t>(id)];
    if (op.state != OpState::Pending) {
        fail(fmt::format("answer: operation {} was answered twice", id));
        return;
    }
    --pendingOps_;
    world_->events().note(static_cast<std::uint64_t>(id), status ? 1 : 2);
    if (!status) {
        op.state = OpState::Refused;
        ++outcome_.counts["refused " + std::string(errorCodeName(status.error().code))];
        trace(fmt::format("host {} op {} refused: {}", host, id, status.error().text()));
        return;
    }
    op.state = OpState::Acked;
    trace(fmt::format("host {} op {} acked", host, id));
    absorb(host);
    if (!sites_[static_cast<std::size_t>(host)].model->holdsOp(id)) {
        fail(fmt::format("acked: operation {} ({}) was acknowledged by host {}, and its log does not hold it", id,
                         op.what, host));
        return;
    }
    checkSynchronous(id, host);
    if (faultsOn_ && plan_.swarm.crashAfterAck && random_.oneIn(60)) {
        world_->after(0, [this, host] {
            if (!world_->host(host).up()) return;
            ++outcome_.counts["fault crash-after-ack"];
            powerCut(host, downTime());
        });
    }
}

/// While a link is synchronous, what is acknowledged has reached its replica.
void SimRun::checkSynchronous(int id, int host) {
    Node& node = world_->host(host).node();
    const auto& [lane, sequence] = sites_[static_cast<std::size_t>(host)].model->placeOf(id);
    if (lane.origin != uuidOf(host)) return;
    DatasetRuntime* runtime = node.dataset(std::string_view(pathOf(host)));
    const DatasetRecord* record = node.catalog().byPath(pathOf(host));
    if (runtime == nullptr || record == nullptr) return;
    for (const ReplicaRecord& replica : record->replicas) {
        const auto link = runtime->links.find(replica.idx);
        if (!replica.synchronous || replica.paused || link == runtime->links.end()) continue;
        const LinkStatus status = link->second->status();
        if (!status.synchronousNow || status.state == LinkState::Paused) continue;
        ++outcome_.counts["synchronous-ack"];
        const bool volatileToo = !ops_[static_cast<std::size_t>(id)].watched;  // a part of it may be dropped
        if (!volatileToo && !wire_->reachedInPart(replica.uuid, lane, sequence)) {
            fail(fmt::format("synchronous: operation {} was acknowledged before {} had received it", id, replica.path));
        }
    }
}

/// A link that has fallen back becomes synchronous again when it is healthy, and not because somebody edits its record.
void SimRun::checkFallBacks(int host) {
    Node& node = world_->host(host).node();
    const DatasetRecord* record = node.catalog().byPath(pathOf(host));
    const DatasetRuntime* runtime = node.dataset(std::string_view(pathOf(host)));
    if (record == nullptr || runtime == nullptr) return;
    for (const ReplicaRecord& replica : record->replicas) {
        const auto link = runtime->links.find(replica.idx);
        if (!replica.synchronous || link == runtime->links.end()) continue;
        const LinkStatus status = link->second->status();
        const auto [at, isNew] =
            synchronous_.try_emplace({host, world_->host(host).lives(), replica.idx}, status.synchronousNow);
        const bool returned = !isNew && !at->second && status.synchronousNow;
        at->second = status.synchronousNow;
        if (!returned || (status.state == LinkState::Streaming && status.stallReason.empty())) continue;
        fail(fmt::format("fall-back: link {} -> {} is synchronous again while it is {}{}", host, replica.path,
                         linkStateName(status.state), status.stallReason.empty() ? "" : " and stalled"));
    }
}

}  // namespace tributary::simtest
