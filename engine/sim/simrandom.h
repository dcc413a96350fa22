// Random words from one seed; every stream of a simulated world is split off the world's.
#pragma once

#include <cstdint>

#include "engine/seams/random.h"

namespace tributary::engine::sim {

/// SplitMix64: small, fast, and the same on every machine and compiler.
class SimRandom final : public Random {
public:
    explicit SimRandom(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() override {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t x = state_;
        x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31U);
    }
    /// Uniform in [from, to], both included; from <= to.
    std::int64_t between(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(to - from) + 1));
    }
    /// True once in `n` times on average; false when n is 0.
    bool oneIn(std::uint64_t n) { return n != 0 && below(n) == 0; }
    /// A seed for a stream of its own.
    std::uint64_t split() { return next() ^ 0xd1b54a32d192ed03ULL; }

private:
    std::uint64_t state_;
};

}  // namespace tributary::engine::sim
