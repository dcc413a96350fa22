// Rules about who writes, who leads and who founds the replica set.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/tarantool/rules/rulesets.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

std::vector<const Member*> writersOf(const Cluster& cluster) {
    std::vector<const Member*> out;
    for (const Member& each : cluster.members) {
        if (mayWrite(cluster, each)) out.push_back(&each);
    }
    return out;
}

std::string namesOf(const std::vector<const Member*>& members) {
    std::vector<std::string> names;
    names.reserve(members.size());
    for (const Member* each : members) names.push_back(each->name);
    return join(names, ", ");
}

const Member* firstRegistered(const Cluster& cluster) {
    const auto found = std::find_if(cluster.members.begin(), cluster.members.end(),
                                    [](const Member& each) { return !each.anonymous; });
    return found == cluster.members.end() ? nullptr : &*found;
}

void noWriter(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (cluster->members.empty() || !writersOf(*cluster).empty()) continue;
        const Member* first = firstRegistered(*cluster);
        const bool manual = failoverOf(*cluster) == "manual";
        std::string fix = "draw an instance that is not anonymous";
        EditPtr edit;
        if (first != nullptr && manual) {
            fix = fmt::format("draw leader: {}", first->name);
            if (cluster->leader.empty()) edit = setAttribute(idOf(*cluster), "leader", first->name);
        } else if (first != nullptr) {
            fix = fmt::format("draw mode: rw at {}", first->name);
            edit = memberEdit(*cluster, *first, "mode", "rw");
        }
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("no instance of {} takes writes: all are read-only, so nobody can found the replica set or "
                         "register another instance",
                         cluster->name),
             std::move(fix), std::move(edit)});
    }
}

void twoWriters(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const std::vector<const Member*> writers = writersOf(*cluster);
        if (failoverOf(*cluster) != "off" || writers.size() < 2) continue;
        sink.add(
            {whereOf(*cluster), placeOf(*cluster, *writers[1]),
             fmt::format("{} take writes with failover: off: two inserts of one key stop replication in both "
                         "directions until one instance is bootstrapped again",
                         namesOf(writers)),
             "keep the keys of the writers apart or resolve by a before_replace trigger; else draw mode: ro at all "
             "but one"});
    }
}

void modeWithFailover(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const std::string failover = failoverOf(*cluster);
        if (failover == "off") continue;
        for (const Member& member : cluster->members) {
            if (member.mode.empty()) continue;
            sink.add(
                {whereOf(*cluster), placeOf(*cluster, member),
                 fmt::format("database.mode = \"{}\" is set for instance \"{}\" of replicaset \"{}\" of group \"{}\", "
                             "but this option cannot be used together with replication.failover = \"{}\"",
                             member.mode, member.name, cluster->name, groupOf(*cluster), failover),
                 "remove the mode", memberEdit(*cluster, member, "mode", std::nullopt)});
        }
    }
}

void leaderMisplaced(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const std::string failover = failoverOf(*cluster);
        if (cluster->leader.empty() || failover == "manual") continue;
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("\"leader\" = \"{}\" option is set for replicaset \"{}\" of group \"{}\", but this option "
                         "cannot be used together with replication.failover = \"{}\"",
                         cluster->leader, cluster->name, groupOf(*cluster), failover),
             "remove the leader, or draw failover: manual", setAttribute(idOf(*cluster), "leader", std::nullopt)});
    }
}

void leaderUnknown(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        std::vector<std::string> names;
        for (const Member& each : cluster->members) names.push_back(each.name);
        const auto check = [&](std::string_view attribute, const std::string& name) {
            if (name.empty() || cluster->member(name) != nullptr) return;
            const std::string near = nearest(name, names);
            sink.add(
                {whereOf(*cluster), cluster->pos,
                 fmt::format("{} is {}, but instance \"{}\" is not found in this replicaset", attribute, name, name),
                 near.empty() ? fmt::format("one of: {}", join(names, ", ")) : fmt::format("did you mean '{}'?", near),
                 near.empty() ? nullptr : setAttribute(idOf(*cluster), std::string(attribute), near)});
        };
        check("leader", cluster->leader);
        check("bootstrap-leader", cluster->bootstrapLeader);
    }
}

void founderReadOnly(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const Member* founder = cluster->member(cluster->bootstrapLeader);
        if (founder == nullptr || mayWrite(*cluster, *founder)) continue;
        const bool byMode = failoverOf(*cluster) == "off" && !founder->anonymous;
        sink.add({whereOf(*cluster), placeOf(*cluster, *founder),
                  fmt::format("{} is to found the replica set and is read-only (Trying to bootstrap a local read-only "
                              "instance as master)",
                              founder->name),
                  byMode ? "draw mode: rw at it, or another bootstrap-leader" : "draw another bootstrap-leader",
                  byMode ? memberEdit(*cluster, *founder, "mode", "rw") : nullptr});
    }
}

void founderMisplaced(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const bool byConfig = cluster->bootstrapStrategy == "config";
        if (!cluster->bootstrapLeader.empty() && !byConfig) {
            sink.add({whereOf(*cluster), cluster->pos,
                      "a bootstrap-leader is drawn, which only bootstrap-strategy: config asks for",
                      "draw bootstrap-strategy: config, or remove the bootstrap-leader",
                      setAttribute(idOf(*cluster), "bootstrap-strategy", "config")});
        } else if (cluster->bootstrapLeader.empty() && byConfig) {
            const std::vector<const Member*> writers = writersOf(*cluster);
            sink.add(
                {whereOf(*cluster), cluster->pos,
                 "bootstrap-strategy: config is drawn, and no bootstrap-leader that it needs",
                 "draw the bootstrap-leader",
                 writers.empty() ? nullptr : setAttribute(idOf(*cluster), "bootstrap-leader", writers.front()->name)});
        }
    }
}

void anonymousWriter(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Member& member : cluster->members) {
            if (!member.anonymous || member.mode != "rw") continue;
            sink.add({whereOf(*cluster), placeOf(*cluster, member),
                      fmt::format("{} is anonymous and drawn to write: an anonymous replica has no id to write under",
                                  member.name),
                      "draw mode: ro, or register it (no anonymous)", memberEdit(*cluster, member, "mode", "ro")});
        }
    }
}

void electionOfTwo(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const std::size_t count = registeredCount(*cluster);
        if (failoverOf(*cluster) != "election" || count == 0 || count > 2) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("an election among {} needs all of them: when one is down nobody leads", count),
                  "draw a third instance, or failover: manual"});
    }
}

void supervised(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (failoverOf(*cluster) != "supervised") continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  "failover: supervised needs the coordinator of the Enterprise Edition",
                  "draw failover: election or manual where it is not at hand"});
    }
}

}  // namespace

void addWriterRules(std::vector<Rule>& rules) {
    rules.push_back({"tarantool.no-writer", Severity::Error, "a replica set of which no instance takes writes",
                     "tarantool.md 2.3, 4.3", noWriter});
    rules.push_back({"tarantool.two-writers", Severity::Warning, "several instances take writes with failover: off",
                     "tarantool.md 4.5; seed 003", twoWriters});
    rules.push_back({"tarantool.mode-with-failover", Severity::Error, "a mode although failover is not off",
                     "tarantool.md 2.3", modeWithFailover});
    rules.push_back({"tarantool.leader-misplaced", Severity::Error, "a leader although failover is not manual",
                     "tarantool.md 2.3", leaderMisplaced});
    rules.push_back({"tarantool.leader-unknown", Severity::Error, "a leader that is no instance of the replica set",
                     "tarantool.md 2.3", leaderUnknown});
    rules.push_back({"tarantool.founder-read-only", Severity::Error, "a bootstrap leader that is read-only",
                     "tarantool.md 4.3", founderReadOnly});
    rules.push_back({"tarantool.founder-misplaced", Severity::Error,
                     "a bootstrap leader without its strategy, or the strategy without its leader", "tarantool.md 2.3",
                     founderMisplaced});
    rules.push_back({"tarantool.anonymous-writer", Severity::Error, "an anonymous replica that is to write",
                     "tarantool.md 4.9", anonymousWriter});
    rules.push_back({"tarantool.election-of-two", Severity::Warning, "an election that one failure makes impossible",
                     "tarantool.md 2.2, 4.10", electionOfTwo});
    rules.push_back({"tarantool.supervised", Severity::Info, "failover that needs the Enterprise Edition",
                     "tarantool.md 2.2", supervised});
}

}  // namespace tributary::tarantool
