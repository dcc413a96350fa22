// All rules of Tarantool, and what several of them need.
#include <fmt/format.h>

#include <algorithm>

#include "core/systems/rulesets.h"
#include "core/systems/tarantool/rules/rulesets.h"

namespace tributary {

void rulesets::addTarantoolRules(std::vector<Rule>& rules) {
    tarantool::addInstanceRules(rules);
    tarantool::addWriterRules(rules);
    tarantool::addUserRules(rules);
    tarantool::addPeerRules(rules);
    tarantool::addSpaceRules(rules);
}

namespace tarantool {

std::vector<const Cluster*> replicaSets(const RuleContext& context) {
    std::vector<const Cluster*> out;
    for (const Cluster& each : context.topology.clusters) {
        if (each.system == "tarantool") out.push_back(&each);
    }
    return out;
}

std::size_t registeredCount(const Cluster& cluster) {
    return static_cast<std::size_t>(std::count_if(cluster.members.begin(), cluster.members.end(),
                                                  [](const Member& each) { return !each.anonymous; }));
}

std::string whereOf(const Cluster& cluster) {
    return "cluster " + cluster.name;
}

SourcePos placeOf(const Cluster& cluster, const Member& member) {
    return member.pos.known() ? member.pos : cluster.pos;
}

EditPtr memberEdit(const Cluster& cluster, const Member& member, std::string_view attribute,
                   std::optional<std::string> value) {
    return setAttribute(idOf(cluster), fmt::format("member.{}.{}", member.name, attribute), std::move(value));
}

}  // namespace tarantool

}  // namespace tributary
