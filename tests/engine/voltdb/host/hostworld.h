// Hosts of VoltDB with replication, each on a node of its own, in one simulated world.
#pragma once

#include <fmt/format.h>

#include <QtGlobal>
#include <optional>

#include "engine/systems/voltdb/host/hostreplication.h"
#include "tests/engine/voltdb/data/voltworld.h"

namespace tributary::test {

class HostWorld {
public:
    explicit HostWorld(std::uint64_t seed = 3) : world_(seed) {}

    /// Cluster ids count from 1; `sources` are ids. It is started.
    void add(vt::DrRole role, const std::vector<int>& sources, int sites = 2,
             const std::string& commandLog = "synchronous") {
        const int index = world_.hosts();
        auto settings = std::make_shared<vt::VoltSettings>();
        settings->clusterId = index + 1;
        settings->role = role;
        settings->sitesPerHost = sites;
        settings->commandLog = commandLog;
        vt::ReplicationSettings replication;
        replication.door = {"127.0.0.1", engine::sim::SimNetwork::portOf(index, 7), {}, {}};
        replication.flushIntervalMs = 100;
        replication.conflictFile = "/volume/conflicts.csv";
        replication.logLine = [this, index](const std::string& line) {
            lines.push_back(fmt::format("{} {}", index + 1, line));
        };
        for (const int each : sources) {
            replication.sources.push_back({"127.0.0.1", engine::sim::SimNetwork::portOf(each - 1, 7), {}, {}});
        }
        vt::addReplication(*settings, std::move(replication));
        engine::NodeConfig config;
        config.cluster = fmt::format("c{}", index + 1);
        config.volumeDir = "/volume";
        config.key = "key of the host";
        config.pid = 4711;
        config.snapshotEveryMs = 1'000;
        vt::tellHost(config, settings);
        world_.add(std::move(config), 64U << 20U);
        start(index + 1);
    }
    void start(int cluster) {
        const Status started = sim(cluster).start();
        if (!started) qFatal("%s", started.error().full().c_str());
        std::optional<Status> begun;
        control(cluster).begin([&](const Status& status) { begun = status; });
        if (!until([&] { return begun.has_value(); }) || !begun->ok()) qFatal("the host does not begin");
    }
    void kill(int cluster) { sim(cluster).kill(); }
    void powerCut(int cluster) { sim(cluster).powerCut(world_.splitSeed()); }
    engine::sim::SimNode& sim(int cluster) { return world_.host(cluster - 1); }
    engine::sim::SimNetwork& network() { return world_.network(); }
    vt::VoltControl& control(int cluster) { return vt::hostOf(sim(cluster).node()); }
    vt::HostReplication& replication(int cluster) { return *vt::replicationOf(control(cluster)); }
    bool until(const std::function<bool()>& done, Millis ms = 60'000) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    void pass(Millis ms) {
        (void)until([] { return false; }, ms);
    }
    vt::VoltAnswer call(int cluster, const std::string& procedure, vt::RowImage parameters = {}) {
        std::optional<vt::VoltAnswer> answer;
        control(cluster).call({procedure, std::move(parameters)},
                              [&](vt::VoltAnswer given) { answer = std::move(given); });
        if (!until([&] { return answer.has_value(); })) qFatal("no answer to %s", procedure.c_str());
        return *answer;
    }
    std::string sql(int cluster, const std::string& text) { return shown(call(cluster, "@AdHoc", {text})); }
    void must(int cluster, const std::string& text) {
        const std::string answer = sql(cluster, text);
        if (answer.starts_with("-")) qFatal("%s: %s", text.c_str(), answer.c_str());
    }
    void mustAll(const std::string& text) {
        for (int i = 1; i <= world_.hosts(); ++i) must(i, text);
    }
    std::string statistics(int cluster, const std::string& selector) {
        return shown(call(cluster, "@Statistics", {selector, std::int64_t{0}}));
    }
    /// "ROLE,STATE,REMOTE_CLUSTER_ID:" is left off.
    std::string roles(int cluster) {
        const std::string all = statistics(cluster, "DRROLE");
        return all.substr(all.find(':') + 1);
    }
    std::string failures(int cluster) {
        std::string out = replication(cluster).trouble();
        for (const auto& [remote, text] : replication(cluster).cluster().failures()) {
            out += fmt::format("{}: {}\n", remote, text);
        }
        return out;
    }
    /// All see all others active, and everything is acknowledged.
    bool isSettled() {
        for (int i = 1; i <= world_.hosts(); ++i) {
            if (!sim(i).up() || !control(i).isBegun()) return false;
            vt::DrCluster& cluster = replication(i).cluster();
            const engine::CommitLog& log = sim(i).node().log();
            if (static_cast<int>(cluster.states().size()) != world_.hosts() - 1) return false;
            for (const auto& [remote, state] : cluster.states()) {
                if (remote < 0 || state != vt::DrState::Active) return false;
            }
            if (cluster.seed() != nullptr) return false;
            const bool consumes = cluster.role() != vt::DrRole::Master;
            if (static_cast<int>(cluster.consumers().size()) != (consumes ? world_.hosts() - 1 : 0)) return false;
            for (const auto& [remote, talk] : cluster.producer().talks()) {
                if (!talk->isStreaming()) return false;
            }
            for (const auto& [remote, consumer] : cluster.consumers()) {
                if (consumer->state() != vt::DrConsumer::State::Receive) return false;
            }
            if (log.headLsn() != log.durableLsn() || !cluster.isProducerDrained()) return false;
        }
        return true;
    }
    bool settles() {
        if (until([this] { return isSettled(); })) return true;
        for (int i = 1; i <= world_.hosts(); ++i) {
            if (sim(i).up()) qWarning("%d: %s %s", i, roles(i).c_str(), failures(i).c_str());
        }
        return false;
    }
    std::vector<std::string> lines;

private:
    engine::sim::SimWorld world_;
};

}  // namespace tributary::test
