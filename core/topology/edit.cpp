// The edits: insert, erase and replace of one element, and groups of edits.
#include "core/topology/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "core/base/naming.h"
#include "core/systems/naming.h"
#include "core/topology/attributes.h"

namespace tributary {

namespace {

std::vector<Cluster>& listOf(Topology& topology, const ClusterId& /*id*/) {
    return topology.clusters;
}
std::vector<Dataset>& listOf(Topology& topology, const DatasetId& /*id*/) {
    return topology.datasets;
}
std::vector<Replica>& listOf(Topology& topology, const ReplicaId& /*id*/) {
    return topology.replicas;
}
std::vector<Upstream>& listOf(Topology& topology, const UpstreamId& /*id*/) {
    return topology.upstreams;
}
std::vector<Peer>& listOf(Topology& topology, const PeerId& /*id*/) {
    return topology.peers;
}
std::vector<Connection>& listOf(Topology& topology, const ConnectionId& /*id*/) {
    return topology.connections;
}
std::vector<Wan>& listOf(Topology& topology, const WanId& /*id*/) {
    return topology.wan;
}
std::vector<Region>& listOf(Topology& topology, const RegionId& /*id*/) {
    return topology.regions;
}

/// A wan line is the same in both directions; everything else matches as written.
template <typename Id>
bool sameId(const Id& left, const Id& right) {
    return left == right;
}
bool sameId(const WanId& left, const WanId& right) {
    return left == right || (left.a == right.b && left.b == right.a);
}

/// Index of the element with `id`; `hint` is taken when it matches, since a broken drawing may hold duplicates.
template <typename Id>
std::optional<std::size_t> indexOf(Topology& topology, const Id& id, std::optional<std::size_t> hint = {}) {
    const auto& list = listOf(topology, id);
    if (hint && *hint < list.size() && sameId(idOf(list[*hint]), id)) return hint;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (sameId(idOf(list[i]), id)) return i;
    }
    return std::nullopt;
}

Error notDrawn(const ElementId& id) {
    return {ErrorCode::NotFound, fmt::format("the {} is not drawn", elementText(id)), {}, {}};
}
Error alreadyDrawn(const ElementId& id) {
    return {ErrorCode::AlreadyExists, fmt::format("the {} is already drawn", elementText(id)), {}, {}};
}

template <typename T>
class Erase;

/// Puts an element in. With a place it is the inverse of an Erase and restores even a duplicate.
template <typename T>
class Insert final : public Edit {
public:
    explicit Insert(T element, std::optional<std::size_t> place = {}) : element_(std::move(element)), place_(place) {}
    Result<EditPtr> apply(Topology& topology) const override {
        const auto id = idOf(element_);
        if (!place_ && indexOf(topology, id)) return alreadyDrawn(id);
        if constexpr (std::is_same_v<T, Cluster>) {
            // A place is the inverse's: what was drawn comes back as it was.
            if (const Status named = checkName("a cluster", element_.name); !place_ && !named) return named.error();
        }
        if constexpr (std::is_same_v<T, Region>) {
            if (const Status named = checkName("a region", element_.name); !place_ && !named) return named.error();
        }
        auto& list = listOf(topology, id);
        const std::size_t place = std::min(place_.value_or(list.size()), list.size());
        list.insert(list.begin() + static_cast<std::ptrdiff_t>(place), element_);
        return EditPtr(std::make_shared<Erase<T>>(id, place));
    }
    [[nodiscard]] std::string title() const override { return "Add " + elementText(idOf(element_)); }

private:
    T element_;
    std::optional<std::size_t> place_;
};

template <typename T>
class Erase final : public Edit {
public:
    using Id = decltype(idOf(std::declval<const T&>()));
    explicit Erase(Id id, std::optional<std::size_t> place = {}) : id_(std::move(id)), place_(place) {}
    Result<EditPtr> apply(Topology& topology) const override {
        const auto index = indexOf(topology, id_, place_);
        if (!index) return notDrawn(id_);
        auto& list = listOf(topology, id_);
        const auto at = list.begin() + static_cast<std::ptrdiff_t>(*index);
        auto inverse = std::make_shared<Insert<T>>(std::move(*at), *index);
        list.erase(at);
        return EditPtr(std::move(inverse));
    }
    [[nodiscard]] std::string title() const override { return "Remove " + elementText(id_); }

private:
    Id id_;
    std::optional<std::size_t> place_;
};

template <typename T>
class Replace final : public Edit {
public:
    using Id = decltype(idOf(std::declval<const T&>()));
    Replace(Id id, T with, std::optional<std::size_t> place = {})
        : id_(std::move(id)), with_(std::move(with)), place_(place) {}
    Result<EditPtr> apply(Topology& topology) const override {
        const auto index = indexOf(topology, id_, place_);
        if (!index) return notDrawn(id_);
        const Id newId = idOf(with_);
        // An inverse (it has a place) restores what was there, duplicates included.
        if (!place_ && !sameId(newId, id_) && indexOf(topology, newId)) return alreadyDrawn(newId);
        T& element = listOf(topology, id_)[*index];
        auto inverse = std::make_shared<Replace<T>>(newId, element, *index);
        element = with_;
        return EditPtr(std::move(inverse));
    }
    [[nodiscard]] std::string title() const override { return "Change " + elementText(id_); }

private:
    Id id_;
    T with_;
    std::optional<std::size_t> place_;
};

class SetAttribute final : public Edit {
public:
    SetAttribute(ElementId id, std::string name, std::optional<std::string> value)
        : id_(std::move(id)), name_(std::move(name)), value_(std::move(value)) {}
    Result<EditPtr> apply(Topology& topology) const override {
        return std::visit([&](const auto& id) { return applyTo(topology, id); }, id_);
    }
    [[nodiscard]] std::string title() const override {
        return value_ ? fmt::format("Set {} of {} to {}", name_, elementText(id_), *value_)
                      : fmt::format("Reset {} of {}", name_, elementText(id_));
    }

private:
    template <typename Id>
    Result<EditPtr> applyTo(Topology& topology, const Id& id) const {
        const auto index = indexOf(topology, id);
        if (!index) return notDrawn(id_);
        auto changed = listOf(topology, id)[*index];
        using T = decltype(changed);
        if (const Status status = assignAttribute(changed, name_, value_); !status) return status.error();
        const auto newId = idOf(changed);
        if (!sameId(newId, id) && indexOf(topology, newId)) return alreadyDrawn(newId);
        return Replace<T>(id, std::move(changed), *index).apply(topology);
    }

    ElementId id_;
    std::string name_;
    std::optional<std::string> value_;
};

class Group final : public Edit {
public:
    Group(std::string title, std::vector<EditPtr> edits) : title_(std::move(title)), edits_(std::move(edits)) {}
    Result<EditPtr> apply(Topology& topology) const override {
        Topology trial = topology;
        std::vector<EditPtr> inverses;
        inverses.reserve(edits_.size());
        for (const EditPtr& edit : edits_) {
            Result<EditPtr> inverse = edit->apply(trial);
            if (!inverse) return inverse.error();
            inverses.push_back(*inverse);
        }
        std::reverse(inverses.begin(), inverses.end());
        topology = std::move(trial);
        return EditPtr(std::make_shared<Group>(title_, std::move(inverses)));
    }
    [[nodiscard]] std::string title() const override { return title_; }

private:
    std::string title_;
    std::vector<EditPtr> edits_;
};

/// Removals of every edge for which `touches(path)` holds of one of its ends.
template <typename Touches>
std::vector<EditPtr> edgeRemovals(const Topology& topology, Touches touches) {
    std::vector<EditPtr> out;
    for (const Replica& edge : topology.replicas) {
        if (touches(edge.from) || touches(edge.to)) out.push_back(removeElement(idOf(edge)));
    }
    for (const Upstream& edge : topology.upstreams) {
        if (touches(edge.at) || touches(edge.from)) out.push_back(removeElement(idOf(edge)));
    }
    return out;
}

}  // namespace

ClusterId idOf(const Cluster& cluster) {
    return {cluster.name};
}
DatasetId idOf(const Dataset& dataset) {
    return {dataset.path};
}
ReplicaId idOf(const Replica& replica) {
    return {replica.from, replica.to};
}
UpstreamId idOf(const Upstream& upstream) {
    return {upstream.at, upstream.from};
}
PeerId idOf(const Peer& peer) {
    return {peer.at, peer.from};
}
ConnectionId idOf(const Connection& connection) {
    return {connection.at, connection.from};
}
WanId idOf(const Wan& wan) {
    return {wan.a, wan.b};
}
RegionId idOf(const Region& region) {
    return {region.name};
}

std::string elementText(const ElementId& id) {
    struct Text {
        std::string operator()(const ClusterId& each) const { return "cluster " + each.name; }
        std::string operator()(const DatasetId& each) const { return "dataset " + each.path; }
        std::string operator()(const ReplicaId& each) const {
            return fmt::format("replica {} -> {}", each.from, each.to);
        }
        std::string operator()(const UpstreamId& each) const {
            return fmt::format("upstream {} <- {}", each.at, each.from);
        }
        std::string operator()(const PeerId& each) const { return fmt::format("peer {} <- {}", each.at, each.from); }
        std::string operator()(const ConnectionId& each) const {
            return fmt::format("connection {} <- {}", each.at, each.from);
        }
        std::string operator()(const WanId& each) const { return fmt::format("wan {} - {}", each.a, each.b); }
        std::string operator()(const RegionId& each) const { return "region " + each.name; }
    };
    return std::visit(Text{}, id);
}

EditPtr addCluster(Cluster cluster) {
    return std::make_shared<Insert<Cluster>>(std::move(cluster));
}
EditPtr addDataset(Dataset dataset) {
    return std::make_shared<Insert<Dataset>>(std::move(dataset));
}
EditPtr addReplica(Replica replica) {
    return std::make_shared<Insert<Replica>>(std::move(replica));
}
EditPtr addUpstream(Upstream upstream) {
    return std::make_shared<Insert<Upstream>>(std::move(upstream));
}
EditPtr addPeer(Peer peer) {
    return std::make_shared<Insert<Peer>>(std::move(peer));
}
EditPtr addConnection(Connection connection) {
    return std::make_shared<Insert<Connection>>(std::move(connection));
}
EditPtr addWan(Wan wan) {
    return std::make_shared<Insert<Wan>>(std::move(wan));
}
EditPtr addRegion(Region region) {
    return std::make_shared<Insert<Region>>(std::move(region));
}

EditPtr removeElement(ElementId id) {
    struct Make {
        EditPtr operator()(ClusterId each) const { return std::make_shared<Erase<Cluster>>(std::move(each)); }
        EditPtr operator()(DatasetId each) const { return std::make_shared<Erase<Dataset>>(std::move(each)); }
        EditPtr operator()(ReplicaId each) const { return std::make_shared<Erase<Replica>>(std::move(each)); }
        EditPtr operator()(UpstreamId each) const { return std::make_shared<Erase<Upstream>>(std::move(each)); }
        EditPtr operator()(PeerId each) const { return std::make_shared<Erase<Peer>>(std::move(each)); }
        EditPtr operator()(ConnectionId each) const { return std::make_shared<Erase<Connection>>(std::move(each)); }
        EditPtr operator()(WanId each) const { return std::make_shared<Erase<Wan>>(std::move(each)); }
        EditPtr operator()(RegionId each) const { return std::make_shared<Erase<Region>>(std::move(each)); }
    };
    return std::visit(Make{}, std::move(id));
}

EditPtr replaceCluster(std::string name, Cluster with) {
    return std::make_shared<Replace<Cluster>>(ClusterId{std::move(name)}, std::move(with));
}
EditPtr replaceDataset(std::string path, Dataset with) {
    return std::make_shared<Replace<Dataset>>(DatasetId{std::move(path)}, std::move(with));
}
EditPtr replaceReplica(ReplicaId id, Replica with) {
    return std::make_shared<Replace<Replica>>(std::move(id), std::move(with));
}
EditPtr replaceUpstream(UpstreamId id, Upstream with) {
    return std::make_shared<Replace<Upstream>>(std::move(id), std::move(with));
}
EditPtr replacePeer(PeerId id, Peer with) {
    return std::make_shared<Replace<Peer>>(std::move(id), std::move(with));
}
EditPtr replaceConnection(ConnectionId id, Connection with) {
    return std::make_shared<Replace<Connection>>(std::move(id), std::move(with));
}
EditPtr replaceWan(WanId id, Wan with) {
    return std::make_shared<Replace<Wan>>(std::move(id), std::move(with));
}

EditPtr replaceRegion(std::string name, Region with) {
    return std::make_shared<Replace<Region>>(RegionId{std::move(name)}, std::move(with));
}

EditPtr setAttribute(ElementId id, std::string name, std::optional<std::string> value) {
    return std::make_shared<SetAttribute>(std::move(id), std::move(name), std::move(value));
}

EditPtr groupEdit(std::string title, std::vector<EditPtr> edits) {
    return std::make_shared<Group>(std::move(title), std::move(edits));
}

EditPtr removeDatasetAndEdges(const Topology& topology, std::string_view path) {
    std::vector<EditPtr> edits = edgeRemovals(topology, [&](const std::string& end) { return end == path; });
    edits.push_back(removeElement(DatasetId{std::string(path)}));
    return groupEdit(fmt::format("Remove dataset {} and its edges", path), std::move(edits));
}

EditPtr removeClusterAndContents(const Topology& topology, std::string_view name) {
    const auto inside = [&](const std::string& end) { return endpointOf(end).cluster == name; };
    std::vector<EditPtr> edits = edgeRemovals(topology, inside);
    for (const Dataset& dataset : topology.datasets) {
        if (inside(dataset.path)) edits.push_back(removeElement(idOf(dataset)));
    }
    for (const Peer& peer : topology.peers) {
        if (endpointOf(peer.at).cluster == name || endpointOf(peer.from).cluster == name) {
            edits.push_back(removeElement(idOf(peer)));
        }
    }
    for (const Connection& each : topology.connections) {
        if (each.at == name || each.from == name) edits.push_back(removeElement(idOf(each)));
    }
    for (const Wan& wan : topology.wan) {
        if (wan.a == name || wan.b == name) edits.push_back(removeElement(idOf(wan)));
    }
    for (const Region& region : topology.regions) {
        Region rest = region;
        std::erase(rest.clusters, name);
        if (rest == region) continue;
        edits.push_back(rest.clusters.empty() ? removeElement(idOf(region)) : replaceRegion(region.name, rest));
    }
    edits.push_back(removeElement(ClusterId{std::string(name)}));
    return groupEdit(fmt::format("Remove cluster {} and what it holds", name), std::move(edits));
}

EditPtr renameDataset(const Topology& topology, std::string_view path, std::string_view newPath) {
    std::vector<EditPtr> edits;
    const std::string to(newPath);
    edits.push_back(setAttribute(DatasetId{std::string(path)}, "path", to));
    for (const Replica& edge : topology.replicas) {
        Replica moved = edge;
        if (edge.from == path) moved.from = to;
        if (edge.to == path) moved.to = to;
        if (!(moved == edge)) edits.push_back(replaceReplica(idOf(edge), std::move(moved)));
    }
    for (const Upstream& edge : topology.upstreams) {
        Upstream moved = edge;
        if (edge.at == path) moved.at = to;
        if (edge.from == path) moved.from = to;
        if (!(moved == edge)) edits.push_back(replaceUpstream(idOf(edge), std::move(moved)));
    }
    return groupEdit(fmt::format("Rename {} to {}", path, newPath), std::move(edits));
}

}  // namespace tributary
