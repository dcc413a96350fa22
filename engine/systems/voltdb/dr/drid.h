// A DR id: which transaction of which cluster and partition. Bit 63 marks an empty id, 7 bits hold the cluster, 55 the
// number within its partition, which begins at 0.
#pragma once

#include <compare>
#include <cstdint>

namespace tributary::engine::voltdb {

inline constexpr int kMpPartition = 16383;  ///< the stream of what touches several partitions, or replicated tables
inline constexpr std::uint64_t kSequenceBits = 55;
inline constexpr std::uint64_t kSequenceMax = (std::uint64_t{1} << kSequenceBits) - 1;
inline constexpr std::uint64_t kClusterMask = 127;

class DrId {
public:
    constexpr DrId() = default;
    constexpr explicit DrId(std::uint64_t bits) : bits_(bits) {}
    /// `cluster` 0 to 127, `sequence` at most kSequenceMax; more bits are cut off.
    static constexpr DrId of(int cluster, std::uint64_t sequence) {
        return DrId(((static_cast<std::uint64_t>(cluster) & kClusterMask) << kSequenceBits) |
                    (sequence & kSequenceMax));
    }
    /// The id of nothing: a cluster of which nothing was received.
    static constexpr DrId empty(int cluster) {
        return DrId(of(cluster, kSequenceMax).bits_ | (std::uint64_t{1} << 63U));
    }

    [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
    [[nodiscard]] constexpr bool isEmpty() const { return (bits_ >> 63U) != 0; }
    [[nodiscard]] constexpr int cluster() const { return static_cast<int>((bits_ >> kSequenceBits) & kClusterMask); }
    [[nodiscard]] constexpr std::uint64_t sequence() const { return bits_ & kSequenceMax; }

    friend constexpr auto operator<=>(const DrId&, const DrId&) = default;

private:
    std::uint64_t bits_ = 0;
};

}  // namespace tributary::engine::voltdb
