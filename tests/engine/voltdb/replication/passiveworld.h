// A master and its replica in a simulated world.
#pragma once

#include <QtGlobal>

#include "drworld.h"

namespace tributary::test {

/// A master and a replica, in step when `follows`.
struct Passive {
    explicit Passive(bool follows = true, std::uint64_t seed = 1, int masterPartitions = 2, int replicaPartitions = 2)
        : world(seed),
          master(world.add(engine::voltdb::DrRole::Master, {}, masterPartitions)),
          replica(world.add(engine::voltdb::DrRole::Replica, {1}, replicaPartitions)) {
        started = master.start();
        if (started) started = replica.start();
        if (!started || !follows) return;
        const std::vector<volt::DrTable> tables{memTable("T"), memTable("R", false)};
        master.store().setTables(tables);
        replica.store().setTables(tables);
        if (!world.until([this] { return isActive(); })) {
            qFatal("it does not become active: %s", replica.failures().c_str());
        }
    }
    bool isActive() {
        return master.up() && replica.up() && master.roles() == "MASTER ACTIVE 2" &&
               replica.roles() == "REPLICA ACTIVE 1";
    }
    /// Both have the same rows.
    bool isEqual() {
        return master.store().durable() == master.store().entries().size() &&
               master.store().published().rows == replica.store().published().rows;
    }
    std::string shown() {
        return master.roles() + " " + master.failures() + replica.roles() + " " + replica.failures() +
               (master.cluster().isProducerDrained() ? "drained" : "not drained") +
               (isEqual() ? " equal" : " not equal");
    }
    bool settles(Millis mostMs = 60'000) {
        return world.until([this] { return isActive() && master.cluster().isProducerDrained() && isEqual(); }, mostMs);
    }
    void insert(std::int64_t id, const std::string& value = "v") {
        const Status done = master.store().transact({{volt::DrOperation::Insert, "T", memRow(id, value)}});
        if (!done) qFatal("%s", done.error().text().c_str());
    }
    DrWorld world;
    DrHostSim& master;
    DrHostSim& replica;
    Status started;
};

inline std::size_t rowsOf(DrHostSim& host, const std::string& table = "T") {
    const auto at = host.store().published().rows.find(table);
    return at == host.store().published().rows.end() ? 0 : at->second.size();
}

}  // namespace tributary::test
