// Randomness by constructor: ids, jitter, salts, challenges, keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tributary::engine {

/// A stream of random words, one per node. Only the node's executor calls it.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
    /// Bytes for challenges and keys: nobody guesses them from what next() or fill() gave before. A simulated stream
    /// draws them like everything else.
    virtual void fill(char* out, std::size_t size) {
        while (size > 0) {
            const std::uint64_t word = next();
            const std::size_t taken = size < sizeof(word) ? size : sizeof(word);
            std::memcpy(out, &word, taken);
            out += taken;
            size -= taken;
        }
    }
    /// Uniform in [0, bound); 0 when bound is 0.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
};

}  // namespace tributary::engine
