// Rules about clusters by themselves: ids, hosts, copies, intervals and limits.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/systems/voltdb/rules/rulesets.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

/// The least id that no drawn cluster has; nothing when all are taken.
std::optional<std::int64_t> freeId(const RuleContext& context) {
    std::set<std::int64_t> taken;
    for (const Cluster* each : voltClusters(context)) taken.insert(each->id.value_or(-1));
    for (std::int64_t id = 1; id <= kClusterIdMax; ++id) {
        if (!taken.contains(id)) return id;
    }
    return taken.contains(0) ? std::nullopt : std::optional<std::int64_t>(0);
}

EditPtr idEdit(const Cluster& cluster, std::optional<std::int64_t> id) {
    return id ? setAttribute(idOf(cluster), "id", std::to_string(*id)) : nullptr;
}

void idMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        if (cluster->id || roleOf(*cluster) == "none" || !replicates(context.topology, *cluster)) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("{} replicates and has no id: it needs one from 0 to {}, unlike those of the others",
                              cluster->name, kClusterIdMax),
                  "draw id: NUMBER", idEdit(*cluster, freeId(context))});
    }
}

void idTwice(const RuleContext& context, FindingSink& sink) {
    for (const std::vector<const Cluster*>& group : context.derived<Groups>().all()) {
        std::map<std::int64_t, const Cluster*> seen;
        for (const Cluster* cluster : group) {
            if (!cluster->id) continue;
            const auto [known, fresh] = seen.emplace(*cluster->id, cluster);
            if (fresh) continue;
            sink.add(
                {whereOf(*cluster), cluster->pos,
                 fmt::format("{} has the id {} of {}: clusters that replicate with each other are told apart by it",
                             cluster->name, *cluster->id, known->second->name),
                 "give it an id of its own", idEdit(*cluster, freeId(context))});
        }
    }
}

void membersMissing(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        if (!cluster->members.empty()) continue;
        sink.add({whereOf(*cluster), cluster->pos, fmt::format("{} has no host: nothing would run", cluster->name),
                  fmt::format("add to the cluster: members: {{{}1: {{}}}}", cluster->name)});
    }
}

void kfactorHosts(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        const auto hosts = static_cast<std::int64_t>(cluster->members.size());
        const std::int64_t kfactor = cluster->kfactor.value_or(0);
        if (hosts == 0 || kfactor < hosts) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("{} has {} host{} and kfactor: {}: {} copies of a partition need as many hosts",
                              cluster->name, hosts, hosts == 1 ? "" : "s", kfactor, kfactor + 1),
                  fmt::format("draw kfactor: {}, or more hosts", hosts - 1),
                  setAttribute(idOf(*cluster), "kfactor", std::to_string(hosts - 1))});
    }
}

void partitionsUneven(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        const auto hosts = static_cast<std::int64_t>(cluster->members.size());
        const std::int64_t kfactor = cluster->kfactor.value_or(0);
        if (hosts == 0 || kfactor >= hosts || partitionsOf(*cluster)) continue;
        const std::int64_t sites = cluster->sitesPerHost.value_or(kDefaultSites);
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("{} hosts with {} sites each are {} sites, which {} copies do not share evenly", hosts,
                              sites, hosts * sites, kfactor + 1),
                  fmt::format("draw sites-per-host: {}", (sites / (kfactor + 1) + 1) * (kfactor + 1)),
                  setAttribute(idOf(*cluster), "sites-per-host",
                               std::to_string((sites / (kfactor + 1) + 1) * (kfactor + 1)))});
    }
}

void addressTwice(const RuleContext& context, FindingSink& sink) {
    std::map<std::string, std::string> seen;
    for (const Cluster* cluster : voltClusters(context)) {
        for (const Member& host : cluster->members) {
            const std::string address = host.listen.empty()
                                            ? fmt::format("{}:{}", host.name, cluster->port.value_or(kDefaultPort))
                                            : host.listen;
            const auto [known, fresh] = seen.emplace(address, cluster->name + "/" + host.name);
            if (fresh) continue;
            sink.add({whereOf(*cluster), host.pos.known() ? host.pos : cluster->pos,
                      fmt::format("{} and {} are both reached at {}", known->second, cluster->name + "/" + host.name,
                                  address),
                      "draw another host, or listen: host:port with a port of its own"});
        }
    }
}

void flushInterval(const RuleContext& context, FindingSink& sink) {
    constexpr std::int64_t kMillisecondUs = 1000;
    for (const Cluster* cluster : voltClusters(context)) {
        if (!cluster->flushIntervalUs || *cluster->flushIntervalUs >= kFlushIntervalDefaultUs) continue;
        const bool refused = *cluster->flushIntervalUs < kFlushIntervalLeastUs;
        const std::int64_t ms = *cluster->flushIntervalUs / kMillisecondUs;
        sink.add(
            refused ? Severity::Error : Severity::Warning,
            {whereOf(*cluster), cluster->pos,
             ms == 0   ? std::string("DR Flush Interval must be greater than zero")
             : refused ? fmt::format("a flush interval of {}ms is refused: it is at least {}ms", ms,
                                     kFlushIntervalLeastUs / kMillisecondUs)
                       : fmt::format("DR flush interval ({}ms) in the configuration is smaller than the global minimum "
                                     "({}ms)",
                                     ms, kFlushIntervalDefaultUs / kMillisecondUs),
             "draw flush-interval: 1s, or leave it out", setAttribute(idOf(*cluster), "flush-interval", std::nullopt)});
    }
}

void consumerLimits(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        if (!cluster->maxBuffers || !cluster->maxBytes) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("{} limits its queue by buffers and by bytes: the deployment file takes one of the two",
                              cluster->name),
                  "remove max-buffers or max-bytes", setAttribute(idOf(*cluster), "max-buffers", std::nullopt)});
    }
}

/// Digits, then what `rest` takes.
template <typename Rest>
bool isNumberWith(const std::string& text, Rest rest) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    return end > 0 && rest(std::string_view(text).substr(end));
}

void conflictRetention(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        const std::string& text = cluster->conflictRetention;
        const auto unit = [](std::string_view rest) {
            return rest.size() == 1 && std::string_view("smhd").find(rest.front()) != std::string_view::npos;
        };
        if (text.empty() || isNumberWith(text, unit)) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("XDCR conflict retention '{}' is not valid. It should be an integer followed by one of "
                              "[s, m, h, d] for seconds, minutes, hours, days.",
                              text),
                  "draw conflict-retention: 7d", setAttribute(idOf(*cluster), "conflict-retention", std::nullopt)});
    }
}

void overflowLimit(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : voltClusters(context)) {
        const std::string& text = cluster->overflowLimit;
        const auto unit = [](std::string_view rest) { return rest.empty() || rest == "%"; };
        if (text.empty() || isNumberWith(text, unit)) continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("'{}' is neither a percentage nor a number of GiB", text), "draw overflow-limit: 80%",
                  setAttribute(idOf(*cluster), "overflow-limit", "80%")});
    }
}

}  // namespace

void addClusterRules(std::vector<Rule>& rules) {
    rules.push_back({"voltdb.id-missing", Severity::Error, "a cluster that replicates has no id",
                     "voltdb.md 1.2 (P14), 2.1", idMissing});
    rules.push_back({"voltdb.id-twice", Severity::Error, "two clusters of one group with the same id",
                     "voltdb.md 1.2 (P14)", idTwice});
    rules.push_back(
        {"voltdb.members-missing", Severity::Error, "a cluster without hosts", "voltdb.md 2.1", membersMissing});
    rules.push_back({"voltdb.kfactor-hosts", Severity::Error, "more copies of a partition than hosts",
                     "voltdb.md 1.1 (P3), 2.1", kfactorHosts});
    rules.push_back({"voltdb.partitions-uneven", Severity::Warning, "sites that copies do not share evenly",
                     "voltdb.md 2.1", partitionsUneven});
    rules.push_back(
        {"voltdb.address-twice", Severity::Error, "two hosts with one address", "voltdb.md 2.1", addressTwice});
    rules.push_back({"voltdb.flush-interval", Severity::Warning,
                     "a flush interval below the least one; error where it is refused", "voltdb.md 2.1",
                     flushInterval});
    rules.push_back({"voltdb.consumer-limits", Severity::Error, "a consumer's queue limited in two ways",
                     "voltdb.md 2.1", consumerLimits});
    rules.push_back({"voltdb.conflict-retention", Severity::Error, "a retention that is no number with a unit",
                     "voltdb.md 2.1", conflictRetention});
    rules.push_back({"voltdb.overflow-limit", Severity::Error, "a disk limit that is neither percent nor GiB",
                     "voltdb.md 2.1", overflowLimit});
}

}  // namespace tributary::voltdb
