// Rules about what survives a crash: command logging, and the logs that wait for a consumer.
#include <fmt/format.h>

#include "core/systems/voltdb/rules/rulesets.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

constexpr std::size_t kGroupThatNeedsLogs = 3;

/// Clusters that replicate with at least one other.
std::vector<const Cluster*> joined(const RuleContext& context) {
    std::vector<const Cluster*> out;
    for (const Cluster* each : voltClusters(context)) {
        if (context.derived<Groups>().of(*each).size() > 1) out.push_back(each);
    }
    return out;
}

void commandLogAsynchronous(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : joined(context)) {
        if (commandLogOf(*cluster) != "asynchronous") continue;
        sink.add({whereOf(*cluster), cluster->pos,
                  fmt::format("{} logs commands asynchronously{}: after a crash clusters may disagree about the last "
                              "acknowledged transaction, and replication does not resume",
                              cluster->name, cluster->commandLog.empty() ? " (the default)" : ""),
                  "draw command-log: synchronous", setAttribute(idOf(*cluster), "command-log", "synchronous")});
    }
}

void commandLogOff(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : joined(context)) {
        if (commandLogOf(*cluster) != "off") continue;
        const std::size_t group = context.derived<Groups>().of(*cluster).size();
        const bool needed = group >= kGroupThatNeedsLogs;
        sink.add(needed ? Severity::Error : Severity::Warning,
                 {whereOf(*cluster), cluster->pos,
                  needed ? fmt::format("{} logs no commands in a group of {}: when it crashes after sending to one and "
                                       "not to another, they diverge and nobody notices",
                                       cluster->name, group)
                         : fmt::format("{} logs no commands: after a restart replication begins from scratch",
                                       cluster->name),
                  "draw command-log: synchronous", setAttribute(idOf(*cluster), "command-log", "synchronous")});
    }
}

void overflowUnwatched(const RuleContext& context, FindingSink& sink) {
    for (const Cluster* cluster : joined(context)) {
        const std::string role = roleOf(*cluster);
        if ((role != "master" && role != "xdcr") || !cluster->overflowLimit.empty()) continue;
        sink.add(
            {whereOf(*cluster), cluster->pos,
             fmt::format("nothing watches the disk of {} at {}: it fills while a consumer is away, until `voltadmin "
                         "dr reset`",
                         cluster->overflow.empty() ? std::string(kDefaultOverflow) : cluster->overflow, cluster->name),
             "draw overflow-limit: 80%", setAttribute(idOf(*cluster), "overflow-limit", "80%")});
    }
}

}  // namespace

void addDurabilityRules(std::vector<Rule>& rules) {
    rules.push_back({"voltdb.command-log-asynchronous", Severity::Warning,
                     "a cluster that replicates and may forget what it acknowledged",
                     "voltdb.md 1.4 (P43, P44), 2.1; seed 004", commandLogAsynchronous});
    rules.push_back({"voltdb.command-log-off", Severity::Warning,
                     "a cluster that replicates without a command log; error in a group of three or more",
                     "voltdb.md 1.3 (P34), 3.5", commandLogOff});
    rules.push_back({"voltdb.overflow-unwatched", Severity::Info,
                     "a producer whose overflow may fill its disk unnoticed", "voltdb.md 3.2, 4.1", overflowUnwatched});
}

}  // namespace tributary::voltdb
