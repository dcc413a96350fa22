// Making a large drawing.
#include "app/desktop/shell/largedrawing.h"

#include <array>
#include <set>

#include "core/topology/topology.h"
#include "core/workspace/topologyfile.h"

namespace tributary::desktop {

namespace {

constexpr std::array<const char*, 8> kRegions{"north-america", "south-america", "europe",   "middle-east",
                                              "africa",        "south-asia",    "far-east", "oceania"};
constexpr std::array<const char*, 4> kTables{"customers", "orders", "clicks", "stock"};
constexpr int kLinksEach = 8;
constexpr int kLacksEach = 97;  ///< one link in so many lacks a record

std::string siteName(int number) {
    const std::string digits = std::to_string(number);
    return "site-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::string tableOf(int cluster, std::size_t table) {
    return "/mapr/" + siteName(cluster) + "/" + kTables.at(table);
}

}  // namespace

std::string largeDrawingText(int clusters) {
    Topology out;
    const int each = (clusters + static_cast<int>(kRegions.size()) - 1) / static_cast<int>(kRegions.size());
    for (const char* name : kRegions) out.regions.push_back({name, {}, {}});
    for (int c = 0; c < clusters; ++c) {
        Cluster cluster;
        cluster.name = siteName(c);
        for (const char* number : {"-1", "-2"})
            cluster.gateways.emplace_back().name = "gw-" + std::to_string(c) + number;
        out.regions[static_cast<std::size_t>(c / each)].clusters.push_back(cluster.name);
        out.clusters.push_back(std::move(cluster));
        for (std::size_t t = 0; t < kTables.size(); ++t) {
            Dataset dataset;
            dataset.path = tableOf(c, t);
            dataset.families.emplace_back().name = "data";
            dataset.exists = c % each == 0;
            dataset.deleteTtlSeconds = 604800;
            out.datasets.push_back(std::move(dataset));
        }
    }
    std::erase_if(out.regions, [](const Region& region) { return region.clusters.empty(); });
    std::set<std::pair<std::string, std::string>> seen;
    const auto link = [&](int from, int target, std::size_t table) {
        if (from == target || !seen.emplace(tableOf(from, table), tableOf(target, table)).second) return;
        Replica replica;
        replica.from = tableOf(from, table);
        replica.to = tableOf(target, table);
        out.replicas.push_back(replica);
        if (seen.size() % kLacksEach != 0) out.upstreams.push_back({replica.to, replica.from, {}});
    };
    for (int c = 0; c < clusters; ++c) {
        const int first = c / each * each;
        const int size = std::min(each, clusters - first);
        for (int k = 0; k < kLinksEach; ++k) {
            const auto table = static_cast<std::size_t>(k) % kTables.size();
            const int near = first + (c - first + 1 + k) % size;
            link(c, k == kLinksEach - 1 && c % 3 == 0 ? (c + each * (1 + c % 4)) % clusters : near, table);
        }
    }
    return writeTopology(out);
}

}  // namespace tributary::desktop
