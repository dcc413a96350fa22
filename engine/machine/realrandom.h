// Random words for one node, seeded by the operating system.
#pragma once

#include <array>

#include "engine/seams/random.h"

namespace tributary::engine {

/// xoshiro256** seeded with 256 bits from getrandom(2): good for ids, jitter and salts.
/// Challenges and keys (fill()) come from getrandom(2) each time. One per node; the node's executor only.
class RealRandom final : public Random {
public:
    RealRandom();
    std::uint64_t next() override;
    void fill(char* out, std::size_t size) override;

private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace tributary::engine
