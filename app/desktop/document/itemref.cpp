// Making, finding and naming references to the drawing's items.
#include "app/desktop/document/itemref.h"

#include <algorithm>

#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

std::string lastComponent(const std::string& path) {
    if (!path.starts_with('/') && path.find('/') == std::string::npos && endpointOf(path).isDataset()) {
        return endpointOf(path).dataset;
    }
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

ItemRef clusterRef(std::string name) {
    return {ItemRef::Kind::Cluster, std::move(name), {}};
}
ItemRef datasetRef(std::string path) {
    return {ItemRef::Kind::Dataset, std::move(path), {}};
}
ItemRef gatewayRef(std::string cluster, std::string name) {
    return {ItemRef::Kind::Gateway, std::move(cluster), std::move(name)};
}
ItemRef memberRef(std::string cluster, std::string name) {
    return {ItemRef::Kind::Member, std::move(cluster), std::move(name)};
}
ItemRef linkRef(std::string from, std::string to) {
    return {ItemRef::Kind::Link, std::move(from), std::move(to)};
}
ItemRef wanRef(std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    return {ItemRef::Kind::Wan, std::move(a), std::move(b)};
}

ItemRef regionRef(std::string name) {
    return {ItemRef::Kind::Region, std::move(name), {}};
}
ItemRef noteRef(std::string name) {
    return {ItemRef::Kind::Note, std::move(name), {}};
}
ItemRef bundleRef(std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    return {ItemRef::Kind::Bundle, std::move(a), std::move(b)};
}
std::string regionEnd(const std::string& region) {
    return "@" + region;  // no name begins with it (core/base/naming.h)
}
ItemRef refOfEnd(const std::string& end) {
    return end.starts_with('@') ? regionRef(end.substr(1)) : clusterRef(end);
}

bool isMemberLink(const ItemRef& ref) {
    return ref.kind == ItemRef::Kind::Link && endpointOf(ref.a).isMember() && endpointOf(ref.b).isMember();
}

std::vector<ItemRef> memberLinks(const Topology& topology) {
    std::vector<ItemRef> out;
    for (const Cluster& cluster : topology.clusters) {
        if (cluster.members.empty() || cluster.system != "tarantool") continue;
        const auto end = [&](const Member& each) { return joinedMember(cluster.name, each.name); };
        bool anyDrawn = false;
        for (const Peer& peer : topology.peers) {
            if (endpointOf(peer.at).cluster != cluster.name) continue;
            anyDrawn = true;
            const bool known = cluster.member(endpointOf(peer.at).member) != nullptr &&
                               cluster.member(endpointOf(peer.from).member) != nullptr;
            if (known && peer.at != peer.from) out.push_back(linkRef(peer.from, peer.at));
        }
        if (anyDrawn) continue;
        for (const Member& from : cluster.members) {
            for (const Member& at : cluster.members) {
                const bool follows = from.name != at.name && !from.anonymous && !from.listen.empty();
                if (follows) out.push_back(linkRef(end(from), end(at)));
            }
        }
    }
    // A connection is the consumer's: an arrow from the producer, drawn between the first hosts of both.
    for (const Connection& connection : topology.connections) {
        const Cluster* from = topology.cluster(connection.from);
        const Cluster* at = topology.cluster(connection.at);
        if (from == nullptr || at == nullptr || from->members.empty() || at->members.empty()) continue;
        out.push_back(linkRef(joinedMember(from->name, from->members.front().name),
                              joinedMember(at->name, at->members.front().name)));
    }
    return out;
}

bool isDrawn(const Topology& topology, const ItemRef& ref) {
    switch (ref.kind) {
        case ItemRef::Kind::None: return false;
        case ItemRef::Kind::Cluster: return topology.cluster(ref.a) != nullptr;
        case ItemRef::Kind::Dataset: return topology.dataset(ref.a) != nullptr;
        case ItemRef::Kind::Gateway: {
            const Cluster* cluster = topology.cluster(ref.a);
            return cluster != nullptr && std::any_of(cluster->gateways.begin(), cluster->gateways.end(),
                                                     [&](const Gateway& each) { return each.name == ref.b; });
        }
        case ItemRef::Kind::Member: {
            const Cluster* cluster = topology.cluster(ref.a);
            return cluster != nullptr && cluster->member(ref.b) != nullptr;
        }
        case ItemRef::Kind::Link:
            if (isMemberLink(ref)) {
                const std::vector<ItemRef> links = memberLinks(topology);
                return std::find(links.begin(), links.end(), ref) != links.end();
            }
            return topology.replica(ref.a, ref.b) != nullptr || topology.upstream(ref.b, ref.a) != nullptr;
        case ItemRef::Kind::Wan: return topology.wanBetween(ref.a, ref.b) != nullptr;
        case ItemRef::Kind::Region: return topology.region(ref.a) != nullptr;
        case ItemRef::Kind::Note:
        case ItemRef::Kind::Bundle: return false;
    }
    return false;
}

ItemRef refOfPlace(const std::string& place) {
    if (const std::size_t at = place.find(" -> "); at != std::string::npos) {
        return linkRef(place.substr(0, at), place.substr(at + 4));
    }
    if (const std::size_t at = place.find(" - "); place.starts_with("wan ") && at != std::string::npos) {
        return wanRef(place.substr(4, at - 4), place.substr(at + 3));
    }
    if (const std::size_t at = place.find(" <- "); at != std::string::npos) {
        return linkRef(place.substr(at + 4), place.substr(0, at));
    }
    if (place.starts_with("region ")) return regionRef(place.substr(7));
    if (place.starts_with("cluster ")) return clusterRef(place.substr(8));
    if (const Endpoint end = endpointOf(place); end.isMember()) return memberRef(end.cluster, end.member);
    if (place.starts_with('/')) return datasetRef(place);
    return place.empty() ? ItemRef{} : clusterRef(place);
}

std::string shortName(const ItemRef& ref) {
    switch (ref.kind) {
        case ItemRef::Kind::None: return {};
        case ItemRef::Kind::Cluster:
        case ItemRef::Kind::Region:
        case ItemRef::Kind::Note: return ref.a;
        case ItemRef::Kind::Bundle: return refOfEnd(ref.a).a + " \u2194 " + refOfEnd(ref.b).a;
        case ItemRef::Kind::Dataset: return lastComponent(ref.a);
        case ItemRef::Kind::Gateway:
        case ItemRef::Kind::Member: return ref.b;
        case ItemRef::Kind::Link:
            if (isMemberLink(ref)) return endpointOf(ref.a).member + " \u2192 " + endpointOf(ref.b).member;
            return clusterOf(ref.a) + " \u2192 " + clusterOf(ref.b);
        case ItemRef::Kind::Wan: return ref.a + " \u2194 " + ref.b;
    }
    return {};
}

std::string longName(const ItemRef& ref) {
    switch (ref.kind) {
        case ItemRef::Kind::None: return {};
        case ItemRef::Kind::Cluster: return "cluster " + ref.a;
        case ItemRef::Kind::Dataset: return "dataset " + ref.a;
        case ItemRef::Kind::Gateway: return "gateway " + ref.b + " of " + ref.a;
        case ItemRef::Kind::Member: return "instance " + ref.b + " of " + ref.a;
        case ItemRef::Kind::Link: return "link " + ref.a + " to " + ref.b;
        case ItemRef::Kind::Wan: return "network between " + ref.a + " and " + ref.b;
        case ItemRef::Kind::Region: return "region " + ref.a;
        case ItemRef::Kind::Note: return "note " + ref.a;
        case ItemRef::Kind::Bundle: return "links between " + refOfEnd(ref.a).a + " and " + refOfEnd(ref.b).a;
    }
    return {};
}

std::string clusterOfItem(const ItemRef& ref) {
    if (ref.kind == ItemRef::Kind::Cluster || ref.kind == ItemRef::Kind::Gateway || ref.kind == ItemRef::Kind::Member) {
        return ref.a;
    }
    return ref.kind == ItemRef::Kind::Dataset ? clusterOf(ref.a) : std::string();
}

SourcePos positionOf(const Topology& topology, const ItemRef& ref) {
    switch (ref.kind) {
        case ItemRef::Kind::None: return {};
        case ItemRef::Kind::Member: {
            const Cluster* cluster = topology.cluster(ref.a);
            const Member* found = cluster == nullptr ? nullptr : cluster->member(ref.b);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Cluster:
        case ItemRef::Kind::Gateway: {
            const Cluster* found = topology.cluster(ref.a);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Dataset: {
            const Dataset* found = topology.dataset(ref.a);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Link: {
            if (const Peer* found = topology.peer(ref.b, ref.a)) return found->pos;
            const Connection* dialled = topology.connection(endpointOf(ref.b).cluster, endpointOf(ref.a).cluster);
            if (dialled != nullptr && isMemberLink(ref)) return dialled->pos;
            if (const Replica* found = topology.replica(ref.a, ref.b)) return found->pos;
            const Upstream* found = topology.upstream(ref.b, ref.a);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Wan: {
            const Wan* found = topology.wanBetween(ref.a, ref.b);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Region: {
            const Region* found = topology.region(ref.a);
            return found == nullptr ? SourcePos{} : found->pos;
        }
        case ItemRef::Kind::Note:
        case ItemRef::Kind::Bundle: return {};
    }
    return {};
}

}  // namespace tributary::desktop
