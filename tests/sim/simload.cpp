// The clients: random writes at random nodes on few hot keys and many cold ones.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/replication/payload.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "simrun.h"

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

constexpr int kQualifiers = 3;

/// A body under construction: families are named once, in the order of their first use.
class BodyMaker {
public:
    std::uint32_t family(const std::string& name) {
        const auto at = std::find(names_.begin(), names_.end(), name);
        if (at != names_.end()) return static_cast<std::uint32_t>(at - names_.begin());
        names_.push_back(name);
        return static_cast<std::uint32_t>(names_.size() - 1);
    }
    maprdb::MutationBuilder& builder() { return builder_; }
    [[nodiscard]] Bytes body() const { return maprdb::encodeBody(names_, mutations_); }

private:
    std::vector<std::string> names_;
    Bytes mutations_;
    maprdb::MutationBuilder builder_{mutations_};
};

}  // namespace

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

Bytes SimRun::makeBody(int id, Op& op) {
    BodyMaker maker;
    const auto key = [this] {
        return random_.oneIn(3) ? fmt::format("c{}", random_.below(static_cast<std::uint64_t>(plan_.coldKeys)))
                                : fmt::format("h{}", random_.below(static_cast<std::uint64_t>(plan_.hotKeys)));
    };
    const bool isVolatile = random_.oneIn(8);
    const auto family = [&] { return std::string(isVolatile ? "v" : random_.oneIn(2) ? "a" : "b"); };
    const auto qualifier = [&] { return std::string(1, static_cast<char>('x' + random_.below(kQualifiers))); };
    int cells = 0;
    const auto value = [&] {
        Bytes text = fmt::format("o{}.{}", id, cells++);
        const std::size_t padding = random_.oneIn(20) ? 3'000 : random_.below(120);
        return text + Bytes(padding, '.');
    };
    op.watched = !isVolatile;
    const std::uint64_t what = random_.below(20);
    const std::string first = key();
    if (what >= 17) {
        // Deletes name nothing of the operation: a mark beside them does.
        const Bytes mark = fmt::format("o{}", id);
        const Bytes marked = value();
        maker.builder().put("marks", {maker.family("a"), mark, marked, {}});
        if (what == 17) maker.builder().deleteRow(first);
        if (what == 18) maker.builder().deleteFamily(first, maker.family(family()));
        if (what == 19) maker.builder().deleteColumn(first, maker.family(family()), qualifier());
        op.watched = true;
        op.what = fmt::format("delete {} ({})", first, what);
        return maker.body();
    }
    // Distinct keys: two operations of one body carry one stamp.
    std::set<std::string> keys{first};
    while (what >= 14 && keys.size() < 4) keys.insert(key());
    for (const std::string& row : keys) {
        std::set<std::pair<std::string, std::string>> places;
        const std::size_t width = what >= 10 && what < 14 ? 3 : 1;
        while (places.size() < width) places.insert({family(), qualifier()});
        maker.builder().beginPut(row);
        for (const auto& [cf, column] : places) maker.builder().addCell({maker.family(cf), column, value(), {}});
        maker.builder().endPut();
    }
    op.what = fmt::format("put {} cells from {}{}", cells, first, isVolatile ? " volatile" : "");
    return maker.body();
}

void SimRun::issue(int host) {
    const int id = static_cast<int>(ops_.size());
    ops_.emplace_back();
    Op& op = ops_.back();
    op.host = host;
    PutRequest request;
    request.user = "ana";
    request.path = pathOf(host);
    request.body = makeBody(id, op);
    if (random_.oneIn(15)) {
        request.path = fmt::format("/mapr/c{}/u", host);  // a table without links
        op.watched = false;
    }
    trace(fmt::format("host {} op {}: {}", host, id, op.what));
    ++pendingOps_;
    world_->host(host).node().put(std::move(request),
                                  [this, id, host, life = world_->host(host).lives()](const Result<Bytes>& answer) {
                                      const Status status = answer ? okStatus() : Status(answer.error());
                                      acknowledged(id, host, life, status);
                                  });
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
    DatasetRuntime* table = node.dataset(std::string_view(pathOf(host)));
    const DatasetRecord* record = node.catalog().byPath(pathOf(host));
    if (table == nullptr || record == nullptr) return;
    for (const ReplicaRecord& replica : record->replicas) {
        const auto link = table->links.find(replica.idx);
        if (!replica.synchronous || replica.paused || link == table->links.end()) continue;
        const LinkStatus status = link->second->status();
        if (!status.synchronousNow || status.state == LinkState::Paused) continue;
        ++outcome_.counts["synchronous-ack"];
        const bool volatileToo = !ops_[static_cast<std::size_t>(id)].watched;  // may go with its family
        if (!volatileToo && !wire_->reachedInPart(replica.uuid, lane, sequence)) {
            fail(fmt::format("synchronous: operation {} was acknowledged before {} had received it", id, replica.path));
        }
    }
}

/// A link that has fallen back becomes synchronous again when it is healthy, and not because somebody edits its record.
void SimRun::checkFallBacks(int host) {
    Node& node = world_->host(host).node();
    const DatasetRecord* record = node.catalog().byPath(pathOf(host));
    const DatasetRuntime* table = node.dataset(std::string_view(pathOf(host)));
    if (record == nullptr || table == nullptr) return;
    for (const ReplicaRecord& replica : record->replicas) {
        const auto link = table->links.find(replica.idx);
        if (!replica.synchronous || link == table->links.end()) continue;
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
