// Keys and values of bench rows.
#include "app/terminal/benchrows.h"

#include <cstring>

namespace tributary::app {
namespace {

constexpr std::size_t kPoolBytes = 16U << 20U;
constexpr std::uint64_t kPoolSeed = 42;
constexpr std::uint64_t kStride = 104'729;

}  // namespace

BenchRows::BenchRows(KeyOrder order) : order_(order), pool_(kPoolBytes) {
    std::uint64_t number = kPoolSeed;
    for (std::size_t at = 0; at < pool_.size(); at += sizeof(number)) {
        const std::uint64_t word = mixedWord(number++);
        std::memcpy(&pool_[at], &word, sizeof(word));
    }
}

std::string BenchRows::key(std::uint64_t number) const {
    std::string key(kKeyBytes, 'k');
    if (order_ == KeyOrder::Random) {
        constexpr std::string_view kHex = "0123456789abcdef";
        std::uint64_t word = mixedWord(number);
        for (std::size_t at = kKeyBytes; at-- > 0; word >>= 4U) key[at] = kHex[word & 15U];
        return key;
    }
    for (std::size_t at = kKeyBytes; at-- > 1; number /= 10) key[at] = static_cast<char>('0' + number % 10);
    return key;
}

std::string_view BenchRows::value(std::uint64_t number) const {
    return {&pool_[(number * kStride) % (pool_.size() - kValueBytes)], kValueBytes};
}

}  // namespace tributary::app
