// Randomness by constructor: ids, jitter, salts.
#pragma once

#include <cstdint>

namespace tributary::engine {

/// A stream of random words, one per node. Only the node's executor calls it.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
    /// Uniform in [0, bound); 0 when bound is 0.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
};

}  // namespace tributary::engine
