// Reversible edits of the drawing: apply() changes it and returns the edit that undoes the change.
//
// Undo is total: apply(e) followed by apply(inverse) gives back an equal topology, order and positions included. An
// edit that fails leaves the topology as it was. Edits are immutable values that name elements by id and hold no
// pointers, so the terminal, tests and an undo stack share them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

class Edit {
public:
    virtual ~Edit() = default;
    /// Changes `topology`. Errors: NotFound, AlreadyExists, InvalidInput; then nothing changed.
    virtual Result<std::shared_ptr<const Edit>> apply(Topology& topology) const = 0;
    /// For the undo menu: "Add replica /mapr/a/t -> /mapr/b/t".
    [[nodiscard]] virtual std::string title() const = 0;
};
using EditPtr = std::shared_ptr<const Edit>;

/// The identity of an element.
struct ClusterId {
    std::string name;
    friend bool operator==(const ClusterId&, const ClusterId&) = default;
};
struct DatasetId {
    std::string path;
    friend bool operator==(const DatasetId&, const DatasetId&) = default;
};
struct ReplicaId {
    std::string from;
    std::string to;
    friend bool operator==(const ReplicaId&, const ReplicaId&) = default;
};
struct UpstreamId {
    std::string at;
    std::string from;
    friend bool operator==(const UpstreamId&, const UpstreamId&) = default;
};
struct PeerId {
    std::string at;
    std::string from;
    friend bool operator==(const PeerId&, const PeerId&) = default;
};
struct ConnectionId {
    std::string at;
    std::string from;
    friend bool operator==(const ConnectionId&, const ConnectionId&) = default;
};
struct WanId {
    std::string a;
    std::string b;
    friend bool operator==(const WanId&, const WanId&) = default;
};
struct RegionId {
    std::string name;
    friend bool operator==(const RegionId&, const RegionId&) = default;
};
using ElementId = std::variant<ClusterId, DatasetId, ReplicaId, UpstreamId, WanId, PeerId, ConnectionId, RegionId>;

[[nodiscard]] ClusterId idOf(const Cluster& cluster);
[[nodiscard]] DatasetId idOf(const Dataset& dataset);
[[nodiscard]] ReplicaId idOf(const Replica& replica);
[[nodiscard]] UpstreamId idOf(const Upstream& upstream);
[[nodiscard]] PeerId idOf(const Peer& peer);
[[nodiscard]] ConnectionId idOf(const Connection& connection);
[[nodiscard]] WanId idOf(const Wan& wan);
[[nodiscard]] RegionId idOf(const Region& region);
/// "cluster sanfrancisco", "replica /mapr/a/t -> /mapr/b/t", ...
[[nodiscard]] std::string elementText(const ElementId& id);

/// Appends an element. Errors: AlreadyExists when one with the same id is drawn.
[[nodiscard]] EditPtr addCluster(Cluster cluster);
[[nodiscard]] EditPtr addDataset(Dataset dataset);
[[nodiscard]] EditPtr addReplica(Replica replica);
[[nodiscard]] EditPtr addUpstream(Upstream upstream);
[[nodiscard]] EditPtr addPeer(Peer peer);
[[nodiscard]] EditPtr addConnection(Connection connection);
[[nodiscard]] EditPtr addWan(Wan wan);
[[nodiscard]] EditPtr addRegion(Region region);

/// Removes one element and nothing else. Errors: NotFound.
[[nodiscard]] EditPtr removeElement(ElementId id);

/// Replaces an element (its id may change; edges that name it do not follow). Errors: NotFound, AlreadyExists.
[[nodiscard]] EditPtr replaceCluster(std::string name, Cluster with);
[[nodiscard]] EditPtr replaceDataset(std::string path, Dataset with);
[[nodiscard]] EditPtr replaceReplica(ReplicaId id, Replica with);
[[nodiscard]] EditPtr replaceUpstream(UpstreamId id, Upstream with);
[[nodiscard]] EditPtr replacePeer(PeerId id, Peer with);
[[nodiscard]] EditPtr replaceConnection(ConnectionId id, Connection with);
[[nodiscard]] EditPtr replaceWan(WanId id, Wan with);
[[nodiscard]] EditPtr replaceRegion(std::string name, Region with);

/// Sets one attribute, named and written as in topology.yaml (core/topology/attributes.h); nullopt takes the default.
[[nodiscard]] EditPtr setAttribute(ElementId id, std::string name, std::optional<std::string> value);

/// Several edits as one step: all or nothing.
[[nodiscard]] EditPtr groupEdit(std::string title, std::vector<EditPtr> edits);

/// A dataset with every edge that names it.
[[nodiscard]] EditPtr removeDatasetAndEdges(const Topology& topology, std::string_view path);
/// A cluster with its datasets, their edges, its members' edges, its connections and its wan lines; its region goes
/// on without it, or goes too when nothing is left in it.
[[nodiscard]] EditPtr removeClusterAndContents(const Topology& topology, std::string_view name);
/// Gives a dataset another path; every edge that names it follows.
[[nodiscard]] EditPtr renameDataset(const Topology& topology, std::string_view path, std::string_view newPath);

}  // namespace tributary
