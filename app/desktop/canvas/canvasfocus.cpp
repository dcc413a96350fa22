// Filtering a drawing, and the neighbours of a selection.
#include "app/desktop/canvas/canvasfocus.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

ItemRef clusterOfEnd(const std::string& end) {
    return clusterRef(endpointOf(end).cluster);
}

ItemRef itemOfEnd(const std::string& end) {
    const Endpoint point = endpointOf(end);
    return point.isMember() ? memberRef(point.cluster, point.member) : datasetRef(end);
}

class Filtering {
public:
    Filtering(const Topology& topology, const std::vector<Finding>& findings, const ObservedState& observed,
              const CanvasFilter& filter)
        : topology_(topology),
          observed_(observed),
          filter_(filter),
          text_(toLower(filter.text.trimmed().toStdString())) {
        for (const Finding& each : findings) {
            if (each.severity != Severity::Info) problems_.insert(refOfPlace(each.where));
        }
    }

    FocusSet run() {
        for (const Cluster& each : topology_.clusters) {
            if (fits(clusterRef(each.name), each.name, &each)) take(clusterRef(each.name));
        }
        for (const Dataset& each : topology_.datasets) {
            const Cluster* home = topology_.clusterOfPath(each.path);
            const ItemRef ref = datasetRef(each.path);
            if (fits(ref, shortName(ref), home)) take(ref);
        }
        for (const ItemRef& each : linksOf(topology_)) {
            const Cluster* home = topology_.cluster(endpointOf(each.a).cluster);
            if (fits(each, each.a + " " + each.b, home)) take(each);
        }
        for (const Region& each : topology_.regions) {
            const bool named = !text_.empty() && toLower(each.name).find(text_) != std::string::npos;
            if (named && filter_.state == CanvasFilter::State::Any && filter_.system.empty()) takeRegion(each);
        }
        return std::move(out_);
    }

private:
    bool fits(const ItemRef& ref, const std::string& name, const Cluster* home) const {
        if (!text_.empty() && toLower(name).find(text_) == std::string::npos) return false;
        if (!filter_.system.empty() && (home == nullptr || home->system != filter_.system)) return false;
        return filter_.state == CanvasFilter::State::Any || isInState(ref);
    }

    [[nodiscard]] bool isInState(const ItemRef& ref) const {
        if (filter_.state == CanvasFilter::State::Problems) return problems_.contains(ref);
        if (ref.kind == ItemRef::Kind::Link) return isLinkInState(ref);
        if (ref.kind != ItemRef::Kind::Cluster || !observed_.known) return false;
        const auto seen = observed_.clusters.find(ref.a);
        const bool isKnown = seen != observed_.clusters.end();
        switch (filter_.state) {
            case CanvasFilter::State::Failing:
                return isKnown && (!seen->second.reachable || !seen->second.alarms.empty());
            case CanvasFilter::State::Unknown: return !isKnown;
            default: return false;
        }
    }

    [[nodiscard]] bool isLinkInState(const ItemRef& ref) const {
        if (!observed_.known) return false;
        const auto seen = observed_.links.find({ref.a, ref.b});
        if (seen == observed_.links.end()) return filter_.state == CanvasFilter::State::Differs;
        const LinkHealth health = seen->second.health();
        switch (filter_.state) {
            case CanvasFilter::State::Failing:
                return health == LinkHealth::Bad || !seen->second.error.empty() || !seen->second.fault.empty();
            case CanvasFilter::State::Held: return health == LinkHealth::Held;
            case CanvasFilter::State::Unknown: return health == LinkHealth::Unknown;
            case CanvasFilter::State::Differs:
                return !seen->second.ofMembers &&
                       ((topology_.replica(ref.a, ref.b) != nullptr) != seen->second.replicaListed ||
                        (topology_.upstream(ref.b, ref.a) != nullptr) != seen->second.upstreamListed);
            default: return false;
        }
    }

    void take(const ItemRef& ref) {
        out_.items.insert(ref);
        out_.shown.insert(ref);
        if (ref.kind == ItemRef::Kind::Dataset) out_.shown.insert(clusterRef(clusterOf(ref.a)));
        if (ref.kind != ItemRef::Kind::Link) return;
        for (const std::string& end : {ref.a, ref.b}) {
            out_.shown.insert(itemOfEnd(end));
            out_.shown.insert(clusterOfEnd(end));
        }
    }

    void takeRegion(const Region& region) {
        out_.items.insert(regionRef(region.name));
        out_.shown.insert(regionRef(region.name));
        for (const std::string& each : region.clusters) out_.shown.insert(clusterRef(each));
        for (const Dataset& each : topology_.datasets) {
            if (out_.shown.contains(clusterRef(clusterOf(each.path)))) out_.shown.insert(datasetRef(each.path));
        }
    }

    const Topology& topology_;
    const ObservedState& observed_;
    const CanvasFilter& filter_;
    std::string text_;
    std::set<ItemRef> problems_;
    FocusSet out_;
};

/// The clusters that an item of the drawing stands for.
void addChosen(const Topology& topology, const ItemRef& ref, std::set<std::string>& clusters, std::set<ItemRef>& ends) {
    const auto addRegion = [&](const std::string& name) {
        const Region* region = topology.region(name);
        if (region != nullptr) clusters.insert(region->clusters.begin(), region->clusters.end());
    };
    switch (ref.kind) {
        case ItemRef::Kind::Cluster:
        case ItemRef::Kind::Gateway: clusters.insert(ref.a); break;
        case ItemRef::Kind::Region: addRegion(ref.a); break;
        case ItemRef::Kind::Dataset:
        case ItemRef::Kind::Member: ends.insert(ref); break;
        default: break;
    }
}

}  // namespace

std::vector<ItemRef> linksOf(const Topology& topology) {
    std::set<ItemRef> out;
    for (const Replica& each : topology.replicas) out.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) out.insert(linkRef(each.from, each.at));
    for (ItemRef& each : memberLinks(topology)) out.insert(std::move(each));
    return {out.begin(), out.end()};
}

FocusSet filtered(const Topology& topology, const std::vector<Finding>& findings, const ObservedState& observed,
                  const CanvasFilter& filter) {
    return Filtering(topology, findings, observed, filter).run();
}

std::set<ItemRef> neighbourhood(const Topology& topology, const std::vector<ItemRef>& links,
                                const std::vector<ItemRef>& chosen) {
    std::set<std::string> clusters;
    std::set<ItemRef> ends;
    std::set<ItemRef> out(chosen.begin(), chosen.end());
    std::vector<std::pair<std::set<std::string>, std::set<std::string>>> pairs;  // of bundles
    for (const ItemRef& each : chosen) {
        addChosen(topology, each, clusters, ends);
        if (each.kind != ItemRef::Kind::Bundle) continue;
        std::set<ItemRef> none;
        auto& [a, b] = pairs.emplace_back();
        addChosen(topology, refOfEnd(each.a), a, none);
        addChosen(topology, refOfEnd(each.b), b, none);
    }
    const auto inBundle = [&](const std::string& from, const std::string& to) {
        return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
            return (pair.first.contains(from) && pair.second.contains(to)) ||
                   (pair.second.contains(from) && pair.first.contains(to));
        });
    };
    std::set<ItemRef> lit(chosen.begin(), chosen.end());
    for (const ItemRef& each : links) {
        const ItemRef from = itemOfEnd(each.a);
        const ItemRef to = itemOfEnd(each.b);
        const std::string fromCluster = endpointOf(each.a).cluster;
        const std::string toCluster = endpointOf(each.b).cluster;
        const bool touches = lit.contains(each) || ends.contains(from) || ends.contains(to) ||
                             clusters.contains(fromCluster) || clusters.contains(toCluster) ||
                             inBundle(fromCluster, toCluster);
        if (!touches) continue;
        out.insert(each);
        out.insert(from);
        out.insert(to);
        out.insert(clusterRef(fromCluster));
        out.insert(clusterRef(toCluster));
    }
    for (const std::string& each : clusters) out.insert(clusterRef(each));
    for (const ItemRef& each : ends) out.insert(clusterRef(clusterOfItem(each)));
    for (const ItemRef& each : chosen) {
        if (each.kind != ItemRef::Kind::Wan) continue;
        out.insert(clusterRef(each.a));
        out.insert(clusterRef(each.b));
    }
    for (const Dataset& each : topology.datasets) {
        if (clusters.contains(clusterOf(each.path))) out.insert(datasetRef(each.path));
    }
    for (const Wan& each : topology.wan) {
        if (clusters.contains(each.a) || clusters.contains(each.b)) out.insert(wanRef(each.a, each.b));
    }
    return out;
}

}  // namespace tributary::desktop
