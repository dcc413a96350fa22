// Rules about users: as whom instances follow each other, and with which roles.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/tarantool/rules/rulesets.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

constexpr std::string_view kReplicator = "replicator";

bool replicates(const Cluster& cluster) {
    return cluster.members.size() > 1;
}

SourcePos accountPlace(const Cluster& cluster, const Account& account) {
    return account.pos.known() ? account.pos : cluster.pos;
}

EditPtr withReplicator(const Cluster& cluster) {
    Cluster wanted = cluster;
    Account added;
    added.name = kReplicator;
    added.roles = {"replication"};
    wanted.accounts.push_back(std::move(added));
    return replaceCluster(cluster.name, std::move(wanted));
}

EditPtr withReplicationRole(const Cluster& cluster, const Account& account) {
    std::vector<std::string> roles = account.roles;
    roles.emplace_back("replication");
    return setAttribute(idOf(cluster), fmt::format("user.{}.roles", account.name), join(roles, ", "));
}

void replicatorMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (!replicates(*cluster) || !cluster->advertise.empty()) continue;
        if (std::any_of(cluster->accounts.begin(), cluster->accounts.end(), mayReplicate)) continue;
        const bool taken = cluster->account(kReplicator) != nullptr;
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("no user of {} has the role replication: an instance that follows another is refused (Read "
                         "access to universe '' is denied)",
                         cluster->name),
             "add to the cluster: users: {replicator: {roles: [replication]}}",
             taken ? withReplicationRole(*cluster, *cluster->account(kReplicator)) : withReplicator(*cluster)});
    }
}

void advertiseOpen(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (!replicates(*cluster) || !advertisedUser(*cluster).empty()) continue;
        std::vector<std::string> names;
        for (const Account& each : cluster->accounts) {
            if (mayReplicate(each)) names.push_back(each.name);
        }
        if (names.empty()) continue;  // a finding of its own
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("{} may replicate, and none is drawn as the one that instances advertise", join(names, ", ")),
             fmt::format("draw advertise: {}", names.front()),
             setAttribute(idOf(*cluster), "advertise", names.front())});
    }
}

void advertiseUnknown(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (cluster->advertise.empty() || cluster->account(cluster->advertise) != nullptr) continue;
        std::vector<std::string> names;
        for (const Account& each : cluster->accounts) names.push_back(each.name);
        const std::string near = nearest(cluster->advertise, names);
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("Cannot find user {} in the config to use its password in a replication peer URI",
                              cluster->advertise),
                  near.empty()
                      ? fmt::format("add to the cluster: users: {{{}: {{roles: [replication]}}}}", cluster->advertise)
                      : fmt::format("did you mean '{}'?", near),
                  near.empty() ? nullptr : setAttribute(idOf(*cluster), "advertise", near)});
    }
}

void advertiseWithoutRole(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const Account* account = cluster->account(cluster->advertise);
        if (!replicates(*cluster) || account == nullptr || mayReplicate(*account)) continue;
        sink.add(
            {whereOf(*cluster), accountPlace(*cluster, *account),
             fmt::format("instances follow each other as {}, which lacks the role replication (Read access to universe "
                         "'' is denied for user '{}')",
                         account->name, account->name),
             fmt::format("draw roles: [replication] at {}", account->name), withReplicationRole(*cluster, *account)});
    }
}

void roleUnknown(const RuleContext& context, FindingSink& sink) {
    const std::vector<std::string>& known = builtinRoles();
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Account& account : cluster->accounts) {
            for (const std::string& role : account.roles) {
                if (std::find(known.begin(), known.end(), role) != known.end()) continue;
                const std::string near = nearest(role, known);
                sink.add(
                    {whereOf(*cluster), accountPlace(*cluster, account),
                     fmt::format("{} has the role {}, which no Tarantool brings along: it must be created before the "
                                 "configuration applies",
                                 account.name, role),
                     near.empty() ? fmt::format("one of: {}", join(known, ", "))
                                  : fmt::format("did you mean '{}'?", near)});
            }
        }
    }
}

}  // namespace

void addUserRules(std::vector<Rule>& rules) {
    rules.push_back({"tarantool.replicator-missing", Severity::Error, "no user that instances may follow each other as",
                     "tarantool.md 2.2, 3.3; seed 003", replicatorMissing});
    rules.push_back({"tarantool.advertise-open", Severity::Error, "several users may replicate and none is advertised",
                     "tarantool.md 2.2", advertiseOpen});
    rules.push_back({"tarantool.advertise-unknown", Severity::Error, "an advertised user that is not drawn",
                     "tarantool.md 2.2", advertiseUnknown});
    rules.push_back({"tarantool.advertise-without-role", Severity::Error, "an advertised user that may not replicate",
                     "tarantool.md 2.2, 3.3", advertiseWithoutRole});
    rules.push_back({"tarantool.role-unknown", Severity::Warning, "a role that must be created by hand",
                     "tarantool.md 2.2", roleUnknown});
}

}  // namespace tributary::tarantool
