// Drawn against observed.
#include <fmt/format.h>

#include <algorithm>

#include "app/observe/statusmodel.h"
#include "core/base/text.h"
#include "core/rules/rule.h"
#include "core/systems/naming.h"

namespace tributary::app {
namespace {

class Comparison {
public:
    Comparison(const Topology& topology, const WorkspaceStatus& status) : topology_(topology), status_(status) {}

    std::vector<Difference> run() {
        for (const Dataset& dataset : topology_.datasets) drawnDataset(dataset);
        for (const ClusterRow& cluster : status_.clusters) observedCluster(cluster);
        for (const ClusterRow& cluster : status_.clusters) observedTables(cluster);
        for (const Replica& replica : topology_.replicas) drawnReplica(replica);
        for (const LinkRow& link : status_.links) {
            if (link.state != "?" && topology_.replica(link.from, link.to) == nullptr) {
                add("extra", "replica", link.from + " -> " + link.to, "is not drawn, but it runs: " + link.state, true);
            }
        }
        for (const Upstream& upstream : topology_.upstreams) drawnUpstream(upstream);
        for (const ClusterRow& cluster : status_.clusters) observedUpstreams(cluster);
        for (const NetworkRow& network : status_.networks) drawnNetworkOf(network);
        for (const ClusterRow& cluster : status_.clusters) {
            if (cluster.answered) continue;
            add("unknown", "cluster", cluster.name,
                fmt::format("is {}: what it holds cannot be told",
                            cluster.state == "?" ? "not answering" : cluster.state));
        }
        return std::move(out_);
    }

private:
    void add(std::string kind, std::string what, std::string where, std::string detail, bool runs = false) {
        out_.push_back({std::move(kind), std::move(what), std::move(where), std::move(detail), runs});
    }

    // Where a table is sent to and what it is sent, for one that the drawing does not have.
    std::string roleOf(const std::string& path) const {
        std::vector<std::string> parts;
        for (const LinkRow& link : status_.links) {
            if (link.from == path) parts.push_back("replicates to " + link.to);
        }
        for (const ClusterRow& cluster : status_.clusters) {
            for (const UpstreamRow& upstream : cluster.upstreams) {
                if (upstream.at == path) parts.push_back("is fed by " + upstream.from);
            }
        }
        return join(parts, ", ");
    }

    // The cluster a path lies in, when it answered.
    const ClusterRow* answeredFor(const std::string& path) const {
        const ClusterRow* row = status_.cluster(clusterOf(path));
        return row != nullptr && row->answered ? row : nullptr;
    }

    void drawnDataset(const Dataset& dataset) {
        const ClusterRow* cluster = answeredFor(dataset.path);
        if (cluster == nullptr) return;
        const auto table = std::find_if(cluster->tables.begin(), cluster->tables.end(),
                                        [&](const TableRow& row) { return row.path == dataset.path; });
        if (table == cluster->tables.end()) {
            add("missing", "dataset", dataset.path,
                dataset.exists ? "is drawn as existing and is not there" : "is drawn and not created yet");
            return;
        }
        for (const Family& family : dataset.families) {
            if (std::find(table->families.begin(), table->families.end(), family.name) == table->families.end()) {
                add("missing", "family", dataset.path, fmt::format("lacks the drawn family {}", family.name));
            }
        }
        for (const std::string& name : table->families) {
            const bool drawn = std::any_of(dataset.families.begin(), dataset.families.end(),
                                           [&](const Family& family) { return family.name == name; });
            if (!drawn) add("extra", "family", dataset.path, fmt::format("has family {}, which is not drawn", name));
        }
    }

    void drawnNetworkOf(const NetworkRow& row) {
        const std::string where = row.from + " -> " + row.to;
        if (row.state == "unknown") add("unknown", "wan", where, "which network is in force cannot be told");
        if (row.state != "differs") return;
        add("different", "wan", where,
            fmt::format("drawn {}, in force {}: tributary up puts the drawing in force", networkText(row.drawn),
                        networkText(*row.inForce)));
    }

    void observedCluster(const ClusterRow& cluster) {
        if (topology_.cluster(cluster.name) != nullptr || cluster.state == "down") return;
        const std::string pid = cluster.pid == 0 ? std::string() : fmt::format(" (process {})", cluster.pid);
        add("extra", "cluster", cluster.name, fmt::format("is not drawn, but it runs: {}{}", cluster.state, pid), true);
    }

    void observedTables(const ClusterRow& cluster) {
        for (const TableRow& table : cluster.tables) {
            if (topology_.dataset(table.path) != nullptr) continue;
            const std::string role = roleOf(table.path);
            if (role.empty()) {
                add("extra", "dataset", table.path, "is there and not drawn");
            } else {
                add("extra", "dataset", table.path, "is not drawn, but it runs: " + role, true);
            }
        }
    }

    void drawnReplica(const Replica& replica) {
        if (answeredFor(replica.from) == nullptr) return;
        const std::string where = edgeText(replica);
        const auto link = std::find_if(status_.links.begin(), status_.links.end(), [&](const LinkRow& row) {
            return row.from == replica.from && row.to == replica.to;
        });
        if (link == status_.links.end()) {
            add("missing", "replica", where, "is drawn and not registered at the source");
            return;
        }
        const auto differs = [&](const char* name, bool drawn, bool observed) {
            if (drawn != observed)
                add("different", "replica", where, fmt::format("{}: drawn {}, is {}", name, drawn, observed));
        };
        differs("synchronous", replica.synchronous, link->synchronous);
        differs("paused", replica.paused, link->paused);
        std::vector<std::string> drawn = replica.columns;
        std::vector<std::string> observed =
            link->columns.empty() ? std::vector<std::string>() : split(link->columns, ',');
        std::sort(drawn.begin(), drawn.end());
        std::sort(observed.begin(), observed.end());
        if (drawn == observed) return;
        const auto spelt = [](const std::vector<std::string>& list) { return list.empty() ? "all" : join(list, ","); };
        add("different", "replica", where, fmt::format("columns: drawn {}, is {}", spelt(drawn), spelt(observed)));
    }

    void drawnUpstream(const Upstream& upstream) {
        const ClusterRow* cluster = answeredFor(upstream.at);
        if (cluster == nullptr) return;
        const bool there =
            std::any_of(cluster->upstreams.begin(), cluster->upstreams.end(),
                        [&](const UpstreamRow& row) { return row.at == upstream.at && row.from == upstream.from; });
        if (!there) add("missing", "upstream", edgeText(upstream), "is drawn and not registered at the replica");
    }

    void observedUpstreams(const ClusterRow& cluster) {
        for (const UpstreamRow& row : cluster.upstreams) {
            if (topology_.upstream(row.at, row.from) == nullptr) {
                add("extra", "upstream", row.at + " <- " + row.from, "is registered and not drawn");
            }
        }
    }

    const Topology& topology_;
    const WorkspaceStatus& status_;
    std::vector<Difference> out_;
};

}  // namespace

std::vector<Difference> differencesOf(const Topology& topology, const WorkspaceStatus& status) {
    return Comparison(topology, status).run();
}

}  // namespace tributary::app
