// Random words for one node, seeded by the operating system.
#include "engine/machine/realrandom.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstdlib>

namespace tributary::engine {

RealRandom::RealRandom() {
    // 32 bytes come whole or not at all (getrandom(2)); it fails only on kernels older than 3.17. Guessable ids are
    // worse than no start.
    const auto size = static_cast<ssize_t>(sizeof(state_));
    if (::getrandom(state_.data(), sizeof(state_), 0) != size) std::abort();
    if (state_ == std::array<std::uint64_t, 4>{}) state_[0] = 1;  // the one state it cannot leave
}

std::uint64_t RealRandom::next() {
    const std::uint64_t out = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return out;
}

void RealRandom::fill(char* out, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::getrandom(out, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) std::abort();  // as above
        out += got;
        size -= static_cast<std::size_t>(got);
    }
}

}  // namespace tributary::engine
