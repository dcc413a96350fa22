// The course of a run: set up, load under faults, heal, rest, judge.
#include "simrun.h"

#include "engine/storage/openfiles.h"

#include <fmt/format.h>

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

constexpr Micros kSecondUs = 1'000'000;
constexpr std::uint64_t kInvariantsEvery = 16;

}  // namespace

SimRun::SimRun(Plan plan, std::function<void(const std::string&)> trace)
    : plan_(std::move(plan)),
      kinds_(plan_.kind->nodeKinds()),
      trace_(std::move(trace)),
      random_(plan_.seed ^ 0x10adULL) {}

SimRun::~SimRun() = default;

const LinkKind& SimRun::links() const {
    return kinds_->linksOf(kinds_->kinds.speaker());
}

void SimRun::fail(const std::string& violation) {
    if (outcome_.violation) return;
    outcome_.violation = violation;
    trace("VIOLATION " + violation);
}

void SimRun::trace(const std::string& line) {
    if (trace_) trace_(fmt::format("{:>12.6f} s  {}", static_cast<double>(world_->events().nowUs()) / 1e6, line));
}

Uuid SimRun::uuidOf(int host) const {
    return Uuid::fromRandom(plan_.seed * 1'000'003 + static_cast<std::uint64_t>(host), 0x7ab1e);
}

bool SimRun::usable(int host) {
    return world_->host(host).up() && !world_->host(host).node().failed();
}

void SimRun::addHosts() {
    sites_.resize(static_cast<std::size_t>(plan_.nodes));
    for (Site& site : sites_) site.model = std::make_unique<NodeModel>(known_, *plan_.kind);
    for (int i = 0; i < plan_.nodes; ++i) {
        NodeConfig config;
        config.kinds = kinds_;
        config.cluster = fmt::format("c{}", i);
        config.volumeDir = "/volume";
        config.durability = plan_.durability;
        config.gateways = {{fmt::format("gw-{}-1", i), {"127.0.0.1", sim::SimNetwork::portOf(i, 1), {}, {}}},
                           {fmt::format("gw-{}-2", i), {"127.0.0.1", sim::SimNetwork::portOf(i, 2), {}, {}}}};
        config.key = "key of " + config.cluster;
        config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
        config.logSegmentBytes = plan_.segmentBytes;
        config.checkpointWalBytes = plan_.checkpointWalBytes;
        config.snapshotEveryMs = plan_.snapshotEveryMs;
        config.flushEveryMs = plan_.flushEveryMs;
        config.flushRows = plan_.flushRows;
        config.inFlightBytesMax = plan_.inFlightBytesMax;
        config.cutChunkBytes = plan_.cutChunkBytes;
        config.openFiles = std::make_shared<OpenFiles>(1);  // two datasets take turns
        config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
            const int host = std::stoi(cluster.substr(1));
            std::vector<Endpoint> doors;
            for (const int door : {1, 2})
                doors.push_back({"127.0.0.1", sim::SimNetwork::portOf(host, door), {}, cluster});
            return doors;
        };
        auto& host = world_->add(std::move(config), plan_.poolBytes);
        for (const std::string& bug : {plan_.bug, plan_.bugBeside}) {
            if (!bug.empty()) host.faults().arm(bug);
        }
    }
}

void SimRun::edit(int host, Edit change) {
    if (!usable(host)) return;
    Site& site = sites_[static_cast<std::size_t>(host)];
    ++site.editsOpen;
    const std::uint64_t life = world_->host(host).lives();
    world_->host(host).node().change(
        [path = pathOf(host), change = std::move(change)](const Catalog& catalog) -> Result<CatalogChange> {
            const DatasetRecord* record = catalog.byPath(path);
            if (record == nullptr) return Error{ErrorCode::NotFound, "no dataset", path, {}};
            DatasetRecord changed = *record;
            if (!change(changed)) return Error{ErrorCode::Cancelled, "nothing to change", path, {}};
            return CatalogChange::put(std::move(changed));
        },
        [this, host, life](const Status& status) {
            if (world_->host(host).lives() != life) return;
            --sites_[static_cast<std::size_t>(host)].editsOpen;
            ++outcome_.counts[status ? "edit" : "edit-refused"];
        });
}

void SimRun::createDatasets(int host) {
    for (const char* name : {"t", "u"}) {
        DatasetRecord record;
        record.uuid =
            name[0] == 't' ? uuidOf(host) : Uuid::fromRandom(plan_.seed, static_cast<std::uint64_t>(host) + 77);
        record.path = plan_.kind->pathOf(host, name);
        record.schema = plan_.kind->newSchema(record.uuid);
        Site& site = sites_[static_cast<std::size_t>(host)];
        ++site.editsOpen;
        world_->host(host).node().change(
            [record](const Catalog& catalog) -> Result<CatalogChange> {
                DatasetRecord made = record;
                made.id = catalog.nextId();
                return CatalogChange::put(std::move(made));
            },
            [this, host](const Status& status) {
                if (!status) fail("set-up: " + status.error().text());
                --sites_[static_cast<std::size_t>(host)].editsOpen;
            });
    }
}

void SimRun::addEdge(const Edge& edge) {
    edit(edge.to, [this, edge](DatasetRecord& record) {
        if (record.upstreamByUuid(uuidOf(edge.from)) != nullptr) return false;
        record.upstreams.push_back(
            {record.nextEdgeIdx++, fmt::format("c{}", edge.from), pathOf(edge.from), uuidOf(edge.from)});
        return true;
    });
    edit(edge.from, [this, edge](DatasetRecord& record) {
        if (record.replicaByPath(pathOf(edge.to)) != nullptr) return false;
        ReplicaRecord replica;
        replica.idx = record.nextEdgeIdx++;
        replica.cluster = fmt::format("c{}", edge.to);
        replica.path = pathOf(edge.to);
        replica.uuid = uuidOf(edge.to);
        replica.projection = edge.filter;
        replica.synchronous = edge.synchronous;
        replica.compression = plan_.compression;
        record.replicas.push_back(std::move(replica));
        return true;
    });
}

bool SimRun::setUp() {
    addHosts();
    for (int i = 0; i < plan_.nodes; ++i) {
        if (Status started = world_->host(i).start(); !started) {
            fail("set-up: " + started.error().text());
            return false;
        }
        createDatasets(i);
    }
    const auto settled = [this] {
        for (const Site& site : sites_) {
            if (site.editsOpen != 0) return false;
        }
        return true;
    };
    if (!world_->runUntil(5 * kSecondUs, settled)) fail("set-up: the datasets were not made in time");
    drawLines();
    for (const Edge& edge : plan_.edges) addEdge(edge);
    if (!world_->runUntil(10 * kSecondUs, settled)) fail("set-up: the edges were not made in time");
    // With Write a power cut may take what was not synced; the datasets themselves are not part of the experiment.
    for (int i = 0; i < plan_.nodes; ++i) world_->host(i).node().log().syncSoon();
    const auto synced = [this] {
        for (int i = 0; i < plan_.nodes; ++i) {
            const CommitLog& log = world_->host(i).node().log();
            if (log.syncedLsn() != log.durableLsn()) return false;
        }
        return true;
    };
    if (!world_->runUntil(15 * kSecondUs, synced)) fail("set-up: the datasets were not synced in time");
    return !outcome_.violation;
}

bool SimRun::afterEvent() {
    const bool full = world_->events().executed() % kInvariantsEvery == 0;
    for (int i = 0; i < plan_.nodes; ++i) {
        sim::SimNode& host = world_->host(i);
        if (!host.up()) continue;
        Node& node = host.node();
        Site& site = sites_[static_cast<std::size_t>(i)];
        if (node.log().durableLsn() != site.model->head()) absorb(i);
        site.syncedLsn = node.log().syncedLsn();
        if (node.failed() && !site.restartPlanned) {
            trace(fmt::format("host {} stopped: {}", i, node.failure()->text()));
            if (!faultsOn_ && !site.ioFaults) fail("stopped: " + node.failure()->full());
            planRestart(i, random_.between(1'000, 500'000));
        }
        if (!full || node.failed()) continue;
        if (const std::string broken = node.checkInvariants(); !broken.empty()) {
            fail(fmt::format("invariant: host {}: {}", i, broken));
        }
        checkFallBacks(i);
    }
    if (wire_->violation()) fail(*wire_->violation());
    return !outcome_.violation.has_value();
}

Outcome SimRun::run() {
    HostFacts facts;
    facts.agreed = [this](int host, const Hello& hello) {
        if (!world_->host(host).up()) return true;
        const Catalog& catalog = world_->host(host).node().catalog();
        if (links().dials() == Dials::Replica) {
            const DatasetRecord* source = catalog.byUuid(hello.fromUuid);
            const ReplicaRecord* replica = source == nullptr ? nullptr : source->replicaByPath(hello.toPath);
            return replica != nullptr && replica->uuid == hello.toUuid;
        }
        const DatasetRecord* record = catalog.byPath(hello.toPath);
        return record != nullptr && record->uuid == hello.toUuid && record->upstreamByUuid(hello.fromUuid) != nullptr;
    };
    facts.logged = [this](int host, const Uuid& dataset, const Lane& lane, std::uint64_t from, std::uint64_t to) {
        return loggedAt(host, dataset, lane, from, to);
    };
    facts.dropped = [this](int host, const Uuid& dataset, const PayloadView& payload) {
        return droppedAt(host, dataset, payload);
    };
    facts.allowed = [this](int host, const Hello& hello, const PayloadView& payload) {
        return allowedAt(host, hello, payload);
    };
    facts.mayTravel = [this](const PayloadView& payload) { return plan_.kind->mayTravel(payload); };
    wire_ = std::make_unique<WireOracle>(std::move(facts), links());
    world_ = std::make_unique<sim::SimWorld>(plan_.seed);
    world_->network().setTap(wire_.get());
    rogue_ = std::make_unique<SimRogue>(world_->network(), plan_.seed ^ 0x4095ULL);
    world_->setAfterEvent([this] { return afterEvent(); });
    world_->setOnPowerLost([this](int host) { powerCut(host, downTime()); });
    if (setUp()) {
        faultsOn_ = true;
        world_->after(plan_.opGapUs, [this] { nextOp(); });
        world_->after(plan_.faultGapUs, [this] { nextFault(); });
        if (plan_.linksMayStand) makeRoom();
        const Micros until = world_->events().nowUs() + 3 * plan_.loadUs() + 60 * kSecondUs;
        const auto issued = [this] { return ops_.size() >= static_cast<std::size_t>(plan_.ops); };
        if (!world_->runUntil(until, issued) && !outcome_.violation) fail("liveness: the load could not be issued");
        if (!outcome_.violation) {
            healAll();
            if (settle("after the heal")) checkEverywhere();
            outcome_.healUs = world_->events().nowUs() - lastHealUs_;
            if (!outcome_.violation && plan_.durability == Durability::Fsync && random_.oneIn(2)) cutEverybody();
        }
    }
    for (int i = 0; i < world_->hosts(); ++i) {
        for (const auto& [name, times] : world_->host(i).faults().reach()) outcome_.counts["reached " + name] += times;
    }
    for (const Op& op : ops_) {
        outcome_.acked += op.state == OpState::Acked ? 1 : 0;
        outcome_.refused += op.state == OpState::Refused ? 1 : 0;
    }
    outcome_.traceHash = world_->events().traceHash();
    outcome_.events = world_->events().executed();
    outcome_.virtualUs = world_->events().nowUs();
    rogue_.reset();
    world_.reset();
    return std::move(outcome_);
}

}  // namespace tributary::simtest
