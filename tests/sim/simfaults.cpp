// The weather: every fault class of the plan, at random instants; and the heal.
#include <fmt/format.h>

#include "simrun.h"

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

constexpr Micros kMilliUs = 1'000;
constexpr Micros kRetryStartUs = 300'000;

}  // namespace

Micros SimRun::downTime() {
    return random_.oneIn(6) ? random_.between(1'000'000, 5'000'000) : random_.between(200, 400'000);
}

void SimRun::nextFault() {
    if (!faultsOn_) return;
    injectOne();
    world_->after(random_.between(1, 2 * plan_.faultGapUs), [this] { nextFault(); });
}

void SimRun::injectOne() {
    const Swarm& s = plan_.swarm;
    const int host = static_cast<int>(random_.below(static_cast<std::uint64_t>(plan_.nodes)));
    std::vector<std::function<void()>> choices;
    const auto offer = [&](bool on, const char* name, std::function<void()> act) {
        if (!on) return;
        choices.push_back([this, name, host, act = std::move(act)] {
            ++outcome_.counts[std::string("fault ") + name];
            trace(fmt::format("fault {} at host {}", name, host));
            act();
        });
    };
    const bool up = world_->host(host).up();
    offer(s.powerCuts && up, "power-cut", [this, host] { powerCut(host, downTime()); });
    offer(s.powerCutsInside && up, "power-cut-inside",
          [this, host] { world_->host(host).disk().cutPowerAfter(random_.below(60)); });
    offer(s.kills && up, "kill", [this, host] { kill(host, downTime()); });
    offer(s.diskFull && up, "disk-full", [this, host] { diskTrouble(host, true); });
    offer(s.ioErrors && up, "io-error", [this, host] { diskTrouble(host, false); });
    offer(s.fewHandles, "few-handles", [this, host] { takeHandles(host); });
    offer(s.skew, "skew", [this, host] { world_->host(host).clock().setSkewMs(random_.between(-12'000, 12'000)); });
    offer(s.farSkew, "far-skew", [this, host] {
        world_->host(host).clock().setSkewMs(random_.between(65'000, 90'000));
        world_->after(random_.between(1, 4 * plan_.faultGapUs),
                      [this, host] { world_->host(host).clock().setSkewMs(random_.between(-5'000, 5'000)); });
    });
    offer(s.cuts || s.resets || s.slowNet || s.slowLine || s.refusals, "network", [this] { netTrouble(); });
    offer(s.pauses || s.upstreamEdits || s.replicaEdits || s.filterEdits || s.schemaEdits, "catalog",
          [this] { catalogTrouble(); });
    offer(s.slowWorkers, "slow-workers", [this, host] {
        const auto kind = static_cast<WorkKind>(random_.below(4));
        world_->host(host).workers().setPace(kind,
                                             {100, random_.between(500, 20'000), 10, random_.between(1'000, 900'000)});
    });
    if (!choices.empty()) choices[random_.below(choices.size())]();
}

/// What the host's clients may still count on after its death.
void SimRun::loseOps(int host, bool power) {
    for (Op& op : ops_) {
        if (op.host != host) continue;
        if (op.state == OpState::Pending) {
            op.state = OpState::Lost;
            --pendingOps_;
        }
        // With Write an acknowledgement does not survive a power cut.
        if (power && op.state == OpState::Acked && plan_.durability == Durability::Write) op.state = OpState::Lost;
    }
}

void SimRun::powerCut(int host, Micros downUs) {
    sim::SimNode& victim = world_->host(host);
    if (!victim.up()) return;
    trace(fmt::format("host {} loses power", host));
    Site& site = sites_[static_cast<std::size_t>(host)];
    // Power may have gone inside an event that published nothing more: what is known is what was published before it.
    victim.powerCut(random_.split());
    loseOps(host, true);
    site.editsOpen = 0;
    site.restartPlanned = false;
    planRestart(host, downUs);
}

void SimRun::kill(int host, Micros downUs) {
    if (!world_->host(host).up()) return;
    trace(fmt::format("host {} is killed", host));
    world_->host(host).kill();
    loseOps(host, false);
    if (plan_.swarm.rogues && faultsOn_) standIn(host);
    Site& site = sites_[static_cast<std::size_t>(host)];
    site.editsOpen = 0;
    site.restartPlanned = false;
    planRestart(host, downUs);
}

/// Somebody without the key takes the places of a dead host's gateways until it comes back.
void SimRun::standIn(int host) {
    trace(fmt::format("a stranger stands at the gateways of host {}", host));
    ++outcome_.counts["fault rogue"];
    std::optional<Endpoint> live;
    for (int other = 0; other < plan_.nodes; ++other) {
        if (other != host && usable(other)) live = Endpoint{"127.0.0.1", sim::SimNetwork::portOf(other, 1), {}, {}};
    }
    for (const int door : {1, 2}) rogue_->stand({"127.0.0.1", sim::SimNetwork::portOf(host, door), {}, {}}, live);
}

void SimRun::planRestart(int host, Micros afterUs) {
    Site& site = sites_[static_cast<std::size_t>(host)];
    if (site.restartPlanned) return;
    site.restartPlanned = true;
    world_->after(afterUs, [this, host] {
        sites_[static_cast<std::size_t>(host)].restartPlanned = false;
        restart(host);
    });
}

void SimRun::restart(int host) {
    sim::SimNode& node = world_->host(host);
    Site& site = sites_[static_cast<std::size_t>(host)];
    if (node.up()) {
        if (!node.node().failed()) return;
        kill(host, 0);  // a stopped node is ended by its operator first; kill() plans the start
        return;
    }
    rogue_->leave();
    const Status started = node.start();
    if (!started) {
        trace(fmt::format("host {} does not start: {}", host, started.error().text()));
        const ErrorCode code = started.error().code;
        const bool limited = site.ioFaults || node.disk().capacityBytes() != UINT64_MAX;
        if (node.disk().powerIsOff()) {  // lost power again while it recovered
            node.powerCut(random_.split());
            loseOps(host, true);
        } else if (!limited || (code != ErrorCode::Io && code != ErrorCode::DiskFull)) {
            fail(fmt::format("recovery: host {} does not start again: {}", host, started.error().full()));
            return;
        }
        planRestart(host, kRetryStartUs);
        return;
    }
    trace(fmt::format("host {} is back, log ends with {}, {} known: {}", host, node.node().log().headLsn(),
                      site.model->head(), node.node().recoveryNote()));
    wire_->restarted(host);
    const Lsn head = node.node().log().durableLsn();  // what was found; the entry of the start is on its way
    const Lsn promised = plan_.durability == Durability::Fsync ? site.model->head() : site.syncedLsn;
    if (head < promised) {
        fail(fmt::format("durable: host {} came back with entry {} as its last, {} had been published", host, head,
                         promised));
    }
    (void)site.model->cutAbove(head);
    absorb(host);
    checkAcked(host);
    checkState(host);
    checkCatalog(host);
}

void SimRun::diskTrouble(int host, bool full) {
    sim::SimNode& node = world_->host(host);
    Site& site = sites_[static_cast<std::size_t>(host)];
    if (full) {
        node.disk().setCapacityBytes(node.disk().usedBytes() + random_.below(40'000));
    } else {
        site.ioFaults = true;
        const std::uint64_t oneIn = 1ULL << static_cast<unsigned>(random_.between(2, 7));
        const bool reads = random_.oneIn(3);
        node.setDiskFaults(
            [this, oneIn, reads](DiskOperation operation, const std::string&) -> std::optional<ErrorCode> {
                if (operation == DiskOperation::Open || (operation == DiskOperation::Read && !reads))
                    return std::nullopt;
                return random_.oneIn(oneIn) ? std::optional(ErrorCode::Io) : std::nullopt;
            });
    }
    world_->after(random_.between(10 * kMilliUs, full ? 1'500 * kMilliUs : 250 * kMilliUs), [this, host, full] {
        if (full) world_->host(host).disk().setCapacityBytes(UINT64_MAX);
        if (full) return;
        world_->host(host).setDiskFaults(nullptr);
        sites_[static_cast<std::size_t>(host)].ioFaults = false;
    });
}

/// Somebody else has taken the descriptors: what is open stays open, and little more can be opened, starts included.
void SimRun::takeHandles(int host) {
    sites_[static_cast<std::size_t>(host)].ioFaults = true;
    const std::uint64_t oneIn = random_.oneIn(2) ? 1 : 2;
    world_->host(host).setDiskFaults(
        [this, oneIn](DiskOperation operation, const std::string&) -> std::optional<ErrorCode> {
            if (operation != DiskOperation::Open || !random_.oneIn(oneIn)) return std::nullopt;
            return ErrorCode::Io;
        });
    world_->after(random_.between(10 * kMilliUs, 1'500 * kMilliUs), [this, host] {
        world_->host(host).setDiskFaults(nullptr);
        sites_[static_cast<std::size_t>(host)].ioFaults = false;
    });
}

/// The lines of the plan, which no heal makes faster.
void SimRun::drawLines() {
    if (plan_.lineBytesPerS == 0) return;
    sim::PathRule rule;
    rule.bytesPerSecond = plan_.lineBytesPerS;
    for (const Edge& edge : plan_.edges) {
        world_->network().setRule(edge.from, edge.to, rule);
        world_->network().setRule(edge.to, edge.from, rule);
    }
}

void SimRun::setCut(int from, int to, Micros forUs) {
    world_->network().cut(from, to, true);
    world_->after(forUs, [this, from, to] { world_->network().cut(from, to, false); });
}

void SimRun::netTrouble() {
    const Swarm& s = plan_.swarm;
    sim::SimNetwork& net = world_->network();
    const Edge& edge = plan_.edges[random_.below(plan_.edges.size())];
    const int a = random_.oneIn(2) ? edge.from : edge.to;
    const int b = a == edge.from ? edge.to : edge.from;
    std::vector<std::function<void()>> choices;
    const Micros forUs =
        random_.oneIn(5) ? random_.between(1'000, 12'000) * kMilliUs : random_.between(1, 800) * kMilliUs;
    if (s.cuts) {
        choices.push_back([&] { setCut(a, b, forUs); });
        choices.push_back([&] {
            setCut(a, b, forUs);
            setCut(b, a, forUs);
        });
    }
    if (s.resets) choices.push_back([&] { net.resetStreams(a, b); });
    if (s.refusals) {
        choices.push_back([&] {
            net.refuseDials(b, true);
            world_->after(forUs, [this, b] { world_->network().refuseDials(b, false); });
        });
    }
    if (s.slowNet) {
        choices.push_back([&] {
            sim::PathRule rule = net.rule(a, b);
            rule.latencyUs = random_.between(200, 90'000);
            rule.jitterUs = random_.between(0, rule.latencyUs);
            rule.stallOneIn = random_.oneIn(2) ? 25 : 0;
            net.setRule(a, b, rule);
        });
    }
    if (s.slowLine) {
        choices.push_back([&] {
            ++outcome_.counts["fault slow-line"];
            sim::PathRule rule = net.rule(a, b);
            rule.bytesPerSecond = static_cast<std::uint64_t>(random_.between(2'000, 60'000));
            net.setRule(a, b, rule);
        });
    }
    if (!choices.empty()) choices[random_.below(choices.size())]();
}

void SimRun::catalogTrouble() {
    const Swarm& s = plan_.swarm;
    const Edge edge = plan_.edges[random_.below(plan_.edges.size())];
    const auto atSource = [&](std::function<bool(ReplicaRecord&)> change) {
        if (!usable(edge.from)) return;
        edit(edge.from, [path = pathOf(edge.to), change = std::move(change)](DatasetRecord& record) {
            ReplicaRecord* replica = record.replicaByPath(path);
            return replica != nullptr && change(*replica);
        });
    };
    std::vector<std::function<void()>> choices;
    if (s.pauses) {
        choices.push_back([&] {
            const bool paused = random_.oneIn(2);
            atSource([paused](ReplicaRecord& replica) {
                replica.paused = paused;
                return true;
            });
        });
    }
    if (s.filterEdits && !edge.filter.empty()) {
        choices.push_back([&] {
            const std::string filter = plan_.kind->drawFilter(random_);
            atSource([filter](ReplicaRecord& replica) {
                if (replica.projection == filter) return false;
                replica.earlierProjections.emplace_back(0, replica.projection);
                replica.projection = filter;
                return true;
            });
        });
    }
    if (s.replicaEdits || s.upstreamEdits) {
        choices.push_back([&] {
            const bool upstream = !s.replicaEdits || random_.oneIn(2);
            const int host = upstream ? edge.to : edge.from;
            if (!usable(host)) return;
            if (random_.oneIn(2)) {
                addEdge({edge.from, edge.to, edge.filter, edge.synchronous});
                return;
            }
            edit(host, [this, edge, upstream](DatasetRecord& record) {
                return upstream ? std::erase_if(record.upstreams,
                                                [&](const auto& u) { return u.path == pathOf(edge.from); }) > 0
                                : std::erase_if(record.replicas,
                                                [&](const auto& r) { return r.path == pathOf(edge.to); }) > 0;
            });
        });
    }
    if (s.schemaEdits) {
        choices.push_back([&] {
            const int host = static_cast<int>(random_.below(static_cast<std::uint64_t>(plan_.nodes)));
            if (!usable(host)) return;
            edit(host, [this](DatasetRecord& record) { return plan_.kind->editSchema(record); });
        });
    }
    if (!choices.empty()) choices[random_.below(choices.size())]();
}

/// Everything that was broken is whole again; clocks stay as wrong as they are, but for those that are far off.
void SimRun::healAll() {
    trace("heal");
    faultsOn_ = false;
    lastHealUs_ = world_->events().nowUs();
    world_->network().healAll();
    drawLines();
    for (int i = 0; i < plan_.nodes; ++i) {
        sim::SimNode& host = world_->host(i);
        host.disk().setCapacityBytes(UINT64_MAX);
        host.disk().cutPowerAfter(std::nullopt);
        host.setDiskFaults(nullptr);
        sites_[static_cast<std::size_t>(i)].ioFaults = false;
        if (plan_.swarm.farSkew) host.clock().setSkewMs(random_.between(-5'000, 5'000));
        for (int kind = 0; kind < 4; ++kind) host.workers().setPace(static_cast<WorkKind>(kind), {});
        repairCatalogs(i);
    }
}

/// Asks the node to bring its records to the plan's, again and again until they are: it may be down or stopped now.
void SimRun::repairCatalogs(int host) {
    if (usable(host) && sites_[static_cast<std::size_t>(host)].editsOpen == 0) {
        for (const Edge& edge : plan_.edges) {
            if (edge.from == host || edge.to == host) addEdge(edge);
        }
        edit(host, [this](DatasetRecord& record) {
            bool changed = false;
            for (ReplicaRecord& replica : record.replicas) changed = std::exchange(replica.paused, false) || changed;
            return plan_.kind->repairSchema(record) || changed;
        });
    }
    world_->after(1'000 * kMilliUs, [this, host] {
        if (!faultsOn_) repairCatalogs(host);
    });
}

}  // namespace tributary::simtest
