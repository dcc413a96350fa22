// Attributes by name, from the tables of the element's system.
#include "core/topology/attributes.h"

#include "core/systems/attributes.h"

namespace tributary {

using Value = std::optional<std::string>;

Status assignAttribute(Cluster& cluster, std::string_view name, const Value& value) {
    return assignFrom(clusterAttributes(cluster.system), cluster, name, value);
}

Status assignAttribute(Dataset& dataset, std::string_view name, const Value& value) {
    return assignFrom(datasetAttributes(dataset.kind), dataset, name, value);
}

Status assignAttribute(Replica& replica, std::string_view name, const Value& value) {
    return assignFrom(replicaAttributes(), replica, name, value);
}

Status assignAttribute(Upstream& upstream, std::string_view name, const Value& value) {
    return assignFrom(upstreamAttributes(), upstream, name, value);
}

Status assignAttribute(Peer& peer, std::string_view name, const Value& value) {
    return assignFrom(peerAttributes(), peer, name, value);
}

Status assignAttribute(Connection& connection, std::string_view name, const Value& value) {
    return assignFrom(connectionAttributes(), connection, name, value);
}

Status assignAttribute(Wan& wan, std::string_view name, const Value& value) {
    return assignFrom(wanAttributes(), wan, name, value);
}

Status assignAttribute(Region& region, std::string_view name, const Value& value) {
    return assignFrom(regionAttributes(), region, name, value);
}

}  // namespace tributary
