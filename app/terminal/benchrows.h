// The rows that every system is measured with: a 16-byte key and 100 random bytes, the same on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/rows/customerrows.h"

namespace tributary::app {

/// Row i has the key "k" and 15 decimal digits of i, or 16 hexadecimal digits of mixedWord(i) in random order; its
/// value are 100 bytes at (i * 104729) mod (16 MiB - 100) of a pool of mixedWord(42), mixedWord(43), ...
class BenchRows {
public:
    static constexpr std::size_t kKeyBytes = 16;
    static constexpr std::size_t kValueBytes = 100;

    explicit BenchRows(KeyOrder order);
    [[nodiscard]] std::string key(std::uint64_t number) const;
    /// Borrowed from the generator.
    [[nodiscard]] std::string_view value(std::uint64_t number) const;

private:
    KeyOrder order_;
    std::vector<char> pool_;
};

}  // namespace tributary::app
