// Numbers of a node's own log.
#pragma once

#include <cstdint>

namespace tributary::engine {

/// Local log sequence number of a node: 1, 2, 3 ... in the order of its commit log. 0 = nothing.
using Lsn = std::uint64_t;

}  // namespace tributary::engine
