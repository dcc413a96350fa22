// How far one link is behind at one instant. Unknown is a value of its own, never 0.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/units.h"

namespace tributary {

/// One observation of a link, put together from both ends. A figure that an end could not tell (unreachable, not
/// sampled yet) is empty. Nothing pending at a reachable end is a known 0. Plain data: crosses threads by copy.
struct LagSample {
    std::string linkId;
    Millis atMs = 0;  ///< UTC, when the sample was put together

    std::optional<std::uint64_t> headLsn;      ///< last position at the source
    std::optional<std::uint64_t> sentLsn;      ///< handed to the network
    std::optional<std::uint64_t> receivedLsn;  ///< in the destination's memory
    std::optional<std::uint64_t> durableLsn;   ///< in the destination's synced log
    std::optional<std::uint64_t> appliedLsn;   ///< visible to the destination's readers

    std::optional<std::uint64_t> bytesPending;       ///< logged at the source, not yet durable at the destination
    std::optional<std::uint64_t> operationsPending;  ///< the same in row operations

    std::optional<std::uint64_t> bytesPerS;       ///< became durable at the destination, over the last seconds
    std::optional<std::uint64_t> operationsPerS;  ///< the same in row operations

    std::optional<Millis> transportLagMs;      ///< age of the oldest entry not yet received; negative = clock skew
    std::optional<Millis> applyLagMs;          ///< received until applied
    std::optional<Millis> lagMs;               ///< age of the oldest entry not yet applied
    std::optional<Millis> idleMs;              ///< since the last row or heartbeat, where the reader tells it
    std::optional<std::uint64_t> partsBehind;  ///< what all parts lack (offsets of partitions), where they are counted
    std::optional<Millis> drainMs;  ///< until nothing is pending, at the rates of now; unknown also: not in sight

    std::string state;                  ///< "replicating", "paused", ...; empty = unknown
    std::optional<Millis> sampleAgeMs;  ///< how old the older end's figures are
};

/// The figures of a sample that are worth a curve.
enum class LagFigure {
    Lag,
    TransportLag,
    ApplyLag,
    BytesPending,
    OperationsPending,
    BytesPerS,
    OperationsPerS,
    Idle,
    PartsBehind
};
inline constexpr std::size_t kLagFigures = 9;
inline constexpr std::array<LagFigure, kLagFigures> kAllLagFigures{LagFigure::Lag,
                                                                   LagFigure::TransportLag,
                                                                   LagFigure::ApplyLag,
                                                                   LagFigure::BytesPending,
                                                                   LagFigure::OperationsPending,
                                                                   LagFigure::BytesPerS,
                                                                   LagFigure::OperationsPerS,
                                                                   LagFigure::Idle,
                                                                   LagFigure::PartsBehind};

/// One figure of a sample; empty = unknown.
[[nodiscard]] std::optional<std::int64_t> figureOf(const LagSample& sample, LagFigure figure);
/// "lag", "transport lag", "apply lag", "bytes pending", "operations pending", "bytes per second", ...
[[nodiscard]] std::string_view figureName(LagFigure figure);
/// A value of the figure with its unit for people: "1.2 s", "340 MB", "12,345".
[[nodiscard]] std::string figureText(LagFigure figure, std::optional<std::int64_t> value);

}  // namespace tributary
