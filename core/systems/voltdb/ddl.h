// The replicated tables of a drawn cluster as the statements that make them.
#pragma once

#include <string>
#include <string_view>

#include "core/topology/topology.h"

namespace tributary::voltdb {

/// CREATE TABLE, CREATE UNIQUE INDEX, PARTITION TABLE and DR TABLE of every table that is drawn at the cluster with its
/// columns, in the order of the drawing; empty when none is.
[[nodiscard]] std::string deriveDdl(const Topology& topology, std::string_view cluster);

}  // namespace tributary::voltdb
