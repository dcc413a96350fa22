// Holders, spread along the links that run.
#include "runbooks/planner/plancontents.h"

#include <algorithm>

#include "core/systems/naming.h"

namespace tributary::runbooks::detail {
namespace {

// What a copy does where the network sets no limit: rows and bytes a second, measured on two cores.
constexpr double kRowsPerSecond = 200'000;
constexpr double kBytesPerSecond = 40e6;

/// It carries the whole table, and has both halves.
bool carries(const ObservedDataset& source, const ObservedReplica& link, const ObservedDataset* replica) {
    const bool whole = link.columns && link.columns->empty();
    const bool open = !link.paused.value_or(true);
    return whole && open && replica != nullptr && replica->upstream(source.path) != nullptr;
}

}  // namespace

Contents::Contents(const PlanWork& work) : work_(work) {
    std::map<std::string, std::vector<std::string>> leads;
    std::vector<std::string> full;
    for (const ObservedCluster& cluster : work.seen.observation().clusters) {
        for (const ObservedDataset& dataset : cluster.datasets) {
            if (dataset.rows != 0) full.push_back(dataset.path);  // unknown counts: nothing may be missed
            for (const ObservedReplica& link : dataset.replicas.value_or(std::vector<ObservedReplica>{})) {
                if (carries(dataset, link, work.seen.dataset(link.to))) leads[dataset.path].push_back(link.to);
            }
        }
    }
    for (const std::string& holder : full) {
        std::vector<std::string> open{holder};
        while (!open.empty()) {
            const std::string path = open.back();
            open.pop_back();
            if (!holders_[path].insert(holder).second) continue;
            for (const std::string& next : leads[path]) open.push_back(next);
        }
    }
}

const std::set<std::string>& Contents::of(const std::string& path) const {
    static const std::set<std::string> kNothing;
    const auto at = holders_.find(path);
    return at == holders_.end() ? kNothing : at->second;
}

bool Contents::needsCopy(const std::string& from, const std::string& to) const {
    const std::set<std::string>& there = of(to);
    const std::set<std::string>& here = of(from);
    return !std::includes(there.begin(), there.end(), here.begin(), here.end());
}

StepCost Contents::cost(const std::string& from, const std::string& to) const {
    StepCost out;
    const ObservedDataset* source = work_.seen.dataset(from);
    if (source == nullptr) return out;
    out.rows = source->rows;
    out.bytes = source->bytes;
    if (!out.rows || !out.bytes) return out;
    const Wan* wan = work_.drawn.wanBetween(clusterOf(from), clusterOf(to));
    const double limit = wan == nullptr || wan->bandwidthBytesPerSecond == 0
                             ? kBytesPerSecond
                             : std::min(kBytesPerSecond, static_cast<double>(wan->bandwidthBytesPerSecond));
    const double seconds =
        std::max(static_cast<double>(*out.bytes) / limit, static_cast<double>(*out.rows) / kRowsPerSecond);
    out.seconds = static_cast<std::int64_t>(seconds) + 1;
    return out;
}

}  // namespace tributary::runbooks::detail
