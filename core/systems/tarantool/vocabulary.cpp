// Words and defaults of Tarantool.
#include "core/systems/tarantool/vocabulary.h"

#include <algorithm>

namespace tributary::tarantool {

const std::vector<std::string>& failoverNames() {
    static const std::vector<std::string> kNames{"off", "manual", "election", "supervised"};
    return kNames;
}

const std::vector<std::string>& modeNames() {
    static const std::vector<std::string> kNames{"rw", "ro"};
    return kNames;
}

const std::vector<std::string>& bootstrapStrategyNames() {
    static const std::vector<std::string> kNames{"auto", "config", "supervised", "native", "legacy"};
    return kNames;
}

const std::vector<std::string>& engineNames() {
    static const std::vector<std::string> kNames{"memtx", "vinyl"};
    return kNames;
}

const std::vector<std::string>& fieldTypeNames() {
    static const std::vector<std::string> kNames{"any",       "unsigned", "string",   "number",  "double",
                                                 "integer",   "boolean",  "scalar",   "decimal", "uuid",
                                                 "varbinary", "datetime", "interval", "array",   "map"};
    return kNames;
}

const std::vector<std::string>& builtinRoles() {
    static const std::vector<std::string> kNames{"public", "replication", "super", "sharding"};
    return kNames;
}

std::string appOf(const Cluster& cluster) {
    return cluster.app.empty() ? cluster.name : cluster.app;
}

std::string groupOf(const Cluster& cluster) {
    return cluster.group.empty() ? std::string(kDefaultGroup) : cluster.group;
}

std::string failoverOf(const Cluster& cluster) {
    return cluster.failover.empty() ? "off" : cluster.failover;
}

bool mayReplicate(const Account& account) {
    const auto has = [&](std::string_view role) {
        return std::find(account.roles.begin(), account.roles.end(), role) != account.roles.end();
    };
    return has("replication") || has("super");
}

std::string advertisedUser(const Cluster& cluster) {
    if (!cluster.advertise.empty()) return cluster.advertise;
    const auto first = std::find_if(cluster.accounts.begin(), cluster.accounts.end(), mayReplicate);
    if (first == cluster.accounts.end()) return {};
    return std::any_of(first + 1, cluster.accounts.end(), mayReplicate) ? std::string() : first->name;
}

bool mayWrite(const Cluster& cluster, const Member& member) {
    if (member.anonymous) return false;
    const std::string failover = failoverOf(cluster);
    if (failover == "manual") return member.name == cluster.leader;
    if (failover != "off") return true;
    return member.mode.empty() ? cluster.members.size() == 1 : member.mode == "rw";
}

}  // namespace tributary::tarantool
