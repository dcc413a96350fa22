// A master in a simulated world, and what its replicas ask of it.
#pragma once

#include <string>

#include "engine/systems/tarantool/iproto/greeting.h"
#include "replicaclient.h"

namespace tributary::test {

inline tt::InstanceUser account(const std::string& name, const std::string& password,
                                const std::vector<std::string>& roles) {
    return {name, tt::passwordProof(password), roles};
}

/// A writable master with a space.
struct Master {
    explicit Master(std::uint64_t segmentBytes = 64U << 20U) : world(false, segmentBytes) {
        world.settings().options.users = {account("replicator", "topsecret", {"replication"}),
                                          account("nobody", "x", {})};
        world.begin();
        (void)world.lua("box.schema.space.create('bands')");
        (void)world.lua("box.space.bands:create_index('primary', { parts = { { 1, 'unsigned' } } })");
        (void)world.lua("box.space.bands:insert { 1, 'Roxette', 1986 }");
    }
    void insert(int from, int to) {
        (void)world.lua("for i = " + std::to_string(from) + ", " + std::to_string(to) +
                        " do box.space.bands:replace { i, string.rep('x', 100) } end");
    }
    [[nodiscard]] std::string clock() { return world.control().ballot().clock.text(); }
    [[nodiscard]] std::uint64_t reached(const std::string& name) {
        const auto& reach = world.host().faults().reach();
        const auto at = reach.find(name);
        return at == reach.end() ? 0 : at->second;
    }
    [[nodiscard]] std::string downstream(int id) {
        return world.lua("return box.info.replication[" + std::to_string(id) + "].downstream.status");
    }
    InstanceWorld world;
};

inline ReplicaClient::Plan plan(InstanceWorld& world, const std::string& name, const tt::Vclock& clock = {}) {
    ReplicaClient::Plan plan;
    plan.subscription.replicaset = world.settings().replicasetUuid;
    plan.subscription.instance = tt::uuidFromName(name);
    plan.subscription.clock = clock;
    return plan;
}
inline ReplicaClient::Plan joining(InstanceWorld& world, const std::string& name) {
    ReplicaClient::Plan joins = plan(world, name);
    joins.wantsData = true;
    return joins;
}
inline ReplicaClient::Plan anonymous(InstanceWorld& world, const std::string& name, const tt::Vclock& clock = {}) {
    ReplicaClient::Plan asks = plan(world, name, clock);
    asks.subscription.isAnonymous = true;
    return asks;
}

inline const std::string kFollows = "---\n- follow\n...\n";
inline const std::string kStopped = "---\n- stopped\n...\n";
inline constexpr engine::Lsn kHoldsNothing = std::numeric_limits<engine::Lsn>::max();

}  // namespace tributary::test
