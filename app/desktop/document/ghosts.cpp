// From the list of differences to ghosts.
#include "app/desktop/document/ghosts.h"

#include <algorithm>

#include "core/systems/naming.h"
#include "core/topology/topologyindex.h"

namespace tributary::desktop {

namespace {

struct RefOf {
    ItemRef operator()(const ClusterId& id) const { return clusterRef(id.name); }
    ItemRef operator()(const DatasetId& id) const { return datasetRef(id.path); }
    ItemRef operator()(const ReplicaId& id) const { return linkRef(id.from, id.to); }
    ItemRef operator()(const UpstreamId& id) const { return linkRef(id.from, id.at); }
    ItemRef operator()(const PeerId&) const { return {}; }
    ItemRef operator()(const ConnectionId&) const { return {}; }
    ItemRef operator()(const WanId&) const { return {}; }
    ItemRef operator()(const RegionId&) const { return {}; }
};

/// Walks from an element to what has to be drawn before it.
class Order {
public:
    explicit Order(const Topology& topology) : topology_(topology) {}

    void operator()(const DatasetId& id) {
        const std::string cluster = clusterOf(id.path);
        if (topology_.cluster(cluster) == nullptr) return add(ClusterId{cluster});
        add(id);
    }
    void operator()(const ReplicaId& id) { link(id, id.from, id.to); }
    void operator()(const UpstreamId& id) { link(id, id.from, id.at); }
    template <typename Id>
    void operator()(const Id& id) {
        add(id);
    }
    std::vector<ElementId> take() { return std::move(out_); }

private:
    void link(const ElementId& id, const std::string& from, const std::string& to) {
        for (const std::string& end : {from, to}) {
            if (topology_.dataset(end) == nullptr) (*this)(DatasetId{end});
        }
        add(id);
    }
    void add(const ElementId& id) {
        if (std::find(out_.begin(), out_.end(), id) == out_.end()) out_.push_back(id);
    }
    const Topology& topology_;
    std::vector<ElementId> out_;
};

}  // namespace

std::vector<Ghost> ghostsOf(const std::vector<Difference>& differences, const Observation& observation) {
    std::vector<Ghost> out;
    const ObservationIndex seen(observation);
    for (const Difference& each : differences) {
        if (each.kind != DifferenceKind::Extra || !each.attribute.empty()) continue;
        const ItemRef ref = std::visit(RefOf(), each.element);
        if (!ref.valid()) continue;
        const auto same = std::find_if(out.begin(), out.end(), [&](const Ghost& other) { return other.ref == ref; });
        if (same != out.end()) {
            same->elements.push_back(each.element);
            continue;
        }
        Ghost& made = out.emplace_back(Ghost{ref, {each.element}, each.detail, {}});
        if (ref.kind != ItemRef::Kind::Dataset) continue;
        if (const ObservedDataset* there = seen.dataset(ref.a)) made.kind = there->kind;
    }
    return out;
}

const Ghost* ghostOf(const std::vector<Ghost>& ghosts, const ItemRef& ref) {
    const auto found = std::find_if(ghosts.begin(), ghosts.end(), [&](const Ghost& each) { return each.ref == ref; });
    return found == ghosts.end() ? nullptr : &*found;
}

std::vector<Ghost> undrawnOf(const std::vector<Ghost>& ghosts, const Topology& topology) {
    std::vector<Ghost> out;
    if (ghosts.empty()) return out;
    const TopologyIndex drawn(topology);
    std::copy_if(ghosts.begin(), ghosts.end(), std::back_inserter(out), [&](const Ghost& each) {
        const ItemRef& ref = each.ref;
        if (ref.kind == ItemRef::Kind::Cluster) return drawn.cluster(ref.a) == nullptr;
        if (ref.kind == ItemRef::Kind::Dataset) return drawn.dataset(ref.a) == nullptr;
        return drawn.replica(ref.a, ref.b) == nullptr && drawn.upstream(ref.b, ref.a) == nullptr;
    });
    return out;
}

std::vector<ElementId> adoptionOrder(const std::vector<ElementId>& elements, const Topology& topology) {
    Order order(topology);
    for (const ElementId& each : elements) std::visit(order, each);
    return order.take();
}

}  // namespace tributary::desktop
