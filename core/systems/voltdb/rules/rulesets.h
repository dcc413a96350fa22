// The rules of VoltDB, one file per theme.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/rules/rule.h"

namespace tributary::voltdb {

void addClusterRules(std::vector<Rule>& rules);     ///< ids, hosts, copies, intervals and limits
void addConnectionRules(std::vector<Rule>& rules);  ///< who dials whom, roles, which groups there may be
void addDurabilityRules(std::vector<Rule>& rules);  ///< command logging, overflow
void addTableRules(std::vector<Rule>& rules);       ///< replicated tables by themselves, data before the start
void addSchemaRules(std::vector<Rule>& rules);      ///< replicated tables of clusters that replicate

/// The clusters of VoltDB in a drawing, in its order.
[[nodiscard]] std::vector<const Cluster*> voltClusters(const RuleContext& context);
/// A drawn cluster of VoltDB of that name, or nullptr.
[[nodiscard]] const Cluster* voltCluster(const RuleContext& context, std::string_view name);
/// "cluster east".
[[nodiscard]] std::string whereOf(const Cluster& cluster);
/// "west <- east".
[[nodiscard]] std::string edgeText(const Connection& connection);

/// Which clusters replicate with each other, over any number of connections.
class Groups {
public:
    explicit Groups(const RuleContext& context);
    /// In the drawing's order; a cluster without a connection is a group of its own.
    [[nodiscard]] const std::vector<std::vector<const Cluster*>>& all() const { return all_; }
    [[nodiscard]] const std::vector<const Cluster*>& of(const Cluster& cluster) const;

private:
    std::vector<std::vector<const Cluster*>> all_;
    std::map<const Cluster*, std::size_t> placeOf_;
};

/// A producer and a consumer. Clusters with role xdcr of one group all fetch from each other, whoever is dialled first.
struct Flow {
    const Cluster* from;
    const Cluster* to;
};
[[nodiscard]] std::vector<Flow> flowsOf(const RuleContext& context);

/// The replicated tables that are drawn in a cluster, by their names in it.
[[nodiscard]] std::map<std::string, const Dataset*> tablesOf(const RuleContext& context, const Cluster& cluster);

}  // namespace tributary::voltdb
