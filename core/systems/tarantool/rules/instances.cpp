// Rules about instances: names, addresses, identities, how many there may be.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/hostport.h"
#include "core/systems/tarantool/rules/rulesets.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

constexpr std::size_t kNameMax = 63;
/// A vector clock has 32 components, of which 0 is for rows that are not replicated.
constexpr std::size_t kRegisteredMax = 31;
constexpr std::uint16_t kFirstPort = 3301;

/// ^[a-z][a-z0-9_-]*$
bool isName(std::string_view name) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !name.empty() && name.size() <= kNameMax && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), fits);
}

void nameForm(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const auto check = [&](std::string_view thing, const std::string& name, SourcePos pos) {
            if (isName(name)) return;
            sink.add(
                {whereOf(*cluster), pos,
                 fmt::format("'{}' is no name of {}: config.yaml takes a lower-case letter, then lower-case letters, "
                             "digits, _ and -, at most {} in all",
                             name, thing, kNameMax),
                 "give it another name"});
        };
        check("a replica set", cluster->name, cluster->pos);
        check("a group", groupOf(*cluster), cluster->pos);
        for (const Member& member : cluster->members) check("an instance", member.name, placeOf(*cluster, member));
    }
}

void nameTwice(const RuleContext& context, FindingSink& sink) {
    std::map<std::pair<std::string, std::string>, const Cluster*> seen;  // application and instance
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Member& member : cluster->members) {
            const auto [known, fresh] = seen.emplace(std::pair(appOf(*cluster), member.name), cluster);
            if (fresh) continue;
            sink.add(
                {whereOf(*cluster), placeOf(*cluster, member),
                 fmt::format("instance {} is already one of {}, which has the same config.yaml (app: {}): names of "
                             "instances are unique in it",
                             member.name, known->second->name, appOf(*cluster)),
                 "give it another name, or the replica set another app"});
        }
    }
}

void membersMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (!cluster->members.empty()) continue;
        sink.add({whereOf(*cluster), cluster->pos, fmt::format("{} has no instance: nothing would run", cluster->name),
                  "add to the cluster: members: {instance001: {mode: rw, listen: '127.0.0.1:3301'}}"});
    }
}

void tooMany(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        const std::size_t count = registeredCount(*cluster);
        if (count <= kRegisteredMax) continue;
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("{} has {} registered instances: ids go from 1 to {}, and one more is refused (Replica count "
                         "limit reached)",
                         cluster->name, count, kRegisteredMax),
             "draw the rest with anonymous: true, or in another replica set"});
    }
}

/// Whether another instance can dial what this one listens at.
bool canBeDialled(const std::string& listen) {
    const auto address = parseHostPort(listen);
    return address && address->host != "0.0.0.0" && address->host != "::";
}

/// The next port of 127.0.0.1 that nobody in the drawing listens at.
std::string freeAddress(const Topology& topology) {
    std::set<std::string> taken;
    for (const Cluster& cluster : topology.clusters) {
        for (const Member& member : cluster.members) taken.insert(member.listen);
    }
    for (std::uint16_t port = kFirstPort;; ++port) {
        std::string address = fmt::format("127.0.0.1:{}", port);
        if (!taken.contains(address)) return address;
    }
}

void listenMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : replicaSets(context)) {
        if (cluster->members.size() < 2) continue;
        for (const Member& member : cluster->members) {
            if (member.anonymous || canBeDialled(member.listen)) continue;
            sink.add(
                {whereOf(*cluster), placeOf(*cluster, member),
                 member.listen.empty()
                     ? fmt::format("{} does not listen: nobody can follow it (no suitable peer URI)", member.name)
                     : fmt::format("{} listens at {}, which names no host that the others could dial", member.name,
                                   member.listen),
                 member.listen.empty() ? "draw listen: host:port" : "draw the address by which the others reach it",
                 member.listen.empty() ? memberEdit(*cluster, member, "listen", freeAddress(context.topology))
                                       : nullptr});
        }
    }
}

void listenTwice(const RuleContext& context, FindingSink& sink) {
    std::map<std::string, std::string> seen;
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Member& member : cluster->members) {
            if (member.listen.empty()) continue;
            const auto [known, fresh] = seen.emplace(member.listen, member.name);
            if (fresh) continue;
            sink.add({whereOf(*cluster), placeOf(*cluster, member),
                      fmt::format("{} listens at {}, as {} does: one of them does not start", member.name,
                                  member.listen, known->second),
                      "give it a port of its own",
                      memberEdit(*cluster, member, "listen", freeAddress(context.topology))});
        }
    }
}

void uuidTwice(const RuleContext& context, FindingSink& sink) {
    std::map<std::string, std::string> seen;
    for (const Cluster* cluster : replicaSets(context)) {
        for (const Member& member : cluster->members) {
            if (member.uuid.empty()) continue;
            const auto [known, fresh] = seen.emplace(member.uuid, member.name);
            if (fresh) continue;
            sink.add({whereOf(*cluster), placeOf(*cluster, member),
                      fmt::format("{} has the uuid of {}: a replica set knows its instances by it", member.name,
                                  known->second),
                      "remove the uuid, and the system draws one", memberEdit(*cluster, member, "uuid", std::nullopt)});
        }
    }
}

}  // namespace

void addInstanceRules(std::vector<Rule>& rules) {
    rules.push_back({"tarantool.members-missing", Severity::Error, "a replica set without instances",
                     "tarantool.md 2.1; seed 003", membersMissing});
    rules.push_back({"tarantool.name-form", Severity::Error, "a name that config.yaml does not take",
                     "tarantool.md 2.1", nameForm});
    rules.push_back({"tarantool.name-twice", Severity::Error, "one instance name twice in one config.yaml",
                     "tarantool.md 2.1", nameTwice});
    rules.push_back({"tarantool.replica-limit", Severity::Error, "more registered instances than there are ids",
                     "tarantool.md 4.1", tooMany});
    rules.push_back({"tarantool.listen-missing", Severity::Error, "an instance that the others cannot dial",
                     "tarantool.md 2.2, 2.3", listenMissing});
    rules.push_back(
        {"tarantool.listen-twice", Severity::Error, "two instances with one address", "tarantool.md 2.2", listenTwice});
    rules.push_back(
        {"tarantool.uuid-twice", Severity::Error, "two instances with one uuid", "tarantool.md 4.2", uuidTwice});
}

}  // namespace tributary::tarantool
