// Damages bytes by a fixed rule, so that a decoder meets thousands of almost right inputs, the same in each run.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.h"

namespace tributary::test {

/// Bits flipped, ends cut, bytes inserted, removed and repeated; lengths and counts made extreme. One seed, one
/// sequence.
class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}

    Bytes damaged(Bytes bytes) {
        const std::uint64_t times = 1 + below(3);
        for (std::uint64_t i = 0; i < times; ++i) damageOnce(bytes);
        return bytes;
    }
    std::uint64_t below(std::uint64_t limit) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return limit == 0 ? 0 : state_ % limit;
    }

private:
    void damageOnce(Bytes& bytes) {
        const auto at = static_cast<std::size_t>(below(bytes.size() + 1));
        switch (below(7)) {
            case 0:
                if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1U << below(8)));
                break;
            case 1: bytes.resize(at); break;
            case 2:
                bytes.insert(at, Bytes(1 + static_cast<std::size_t>(below(8)), static_cast<char>(below(256))));
                break;
            case 3: bytes.erase(at, 1 + static_cast<std::size_t>(below(8))); break;
            case 4: bytes.insert(at, bytes.substr(at, static_cast<std::size_t>(below(16)))); break;
            case 5:
                for (std::size_t i = at; i < bytes.size() && i < at + 4; ++i) bytes[i] = '\xff';
                break;
            default:
                for (std::size_t i = at; i < bytes.size() && i < at + 4; ++i) bytes[i] = '\0';
                break;
        }
    }

    std::uint64_t state_;
};

}  // namespace tributary::test
