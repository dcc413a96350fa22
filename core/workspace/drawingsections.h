// The sections of topology.yaml and the vectors of a drawing that they fill.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/topology/topology.h"

namespace tributary {

inline constexpr std::array<std::string_view, 8> kSectionNames{"clusters", "datasets",    "replicas", "upstreams",
                                                               "peers",    "connections", "wan",      "regions"};

/// visit(place in kSectionNames, vector of its elements).
template <typename Drawing, typename Visit>
void eachSection(Drawing& topology, Visit visit) {
    visit(std::size_t{0}, topology.clusters);
    visit(std::size_t{1}, topology.datasets);
    visit(std::size_t{2}, topology.replicas);
    visit(std::size_t{3}, topology.upstreams);
    visit(std::size_t{4}, topology.peers);
    visit(std::size_t{5}, topology.connections);
    visit(std::size_t{6}, topology.wan);
    visit(std::size_t{7}, topology.regions);
}

/// The vector of the same section in another drawing.
inline std::vector<Cluster>& sectionOf(Topology& topology, const std::vector<Cluster>& /*like*/) {
    return topology.clusters;
}
inline std::vector<Dataset>& sectionOf(Topology& topology, const std::vector<Dataset>& /*like*/) {
    return topology.datasets;
}
inline std::vector<Replica>& sectionOf(Topology& topology, const std::vector<Replica>& /*like*/) {
    return topology.replicas;
}
inline std::vector<Upstream>& sectionOf(Topology& topology, const std::vector<Upstream>& /*like*/) {
    return topology.upstreams;
}
inline std::vector<Peer>& sectionOf(Topology& topology, const std::vector<Peer>& /*like*/) {
    return topology.peers;
}
inline std::vector<Connection>& sectionOf(Topology& topology, const std::vector<Connection>& /*like*/) {
    return topology.connections;
}
inline std::vector<Wan>& sectionOf(Topology& topology, const std::vector<Wan>& /*like*/) {
    return topology.wan;
}
inline std::vector<Region>& sectionOf(Topology& topology, const std::vector<Region>& /*like*/) {
    return topology.regions;
}

}  // namespace tributary
