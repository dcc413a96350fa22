// How far one link is behind at one instant. Unknown is a value of its own, never 0.
#include "core/telemetry/lagsample.h"

#include <algorithm>
#include <limits>

#include "core/telemetry/humanunits.h"

namespace tributary {

namespace {

std::optional<std::int64_t> bounded(const std::optional<std::uint64_t>& value) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value) return std::nullopt;
    return static_cast<std::int64_t>(std::min(*value, kMax));
}

}  // namespace

std::optional<std::int64_t> figureOf(const LagSample& sample, LagFigure figure) {
    switch (figure) {
        case LagFigure::Lag: return sample.lagMs;
        case LagFigure::TransportLag: return sample.transportLagMs;
        case LagFigure::ApplyLag: return sample.applyLagMs;
        case LagFigure::BytesPending: return bounded(sample.bytesPending);
        case LagFigure::OperationsPending: return bounded(sample.operationsPending);
        case LagFigure::BytesPerS: return bounded(sample.bytesPerS);
        case LagFigure::OperationsPerS: return bounded(sample.operationsPerS);
        case LagFigure::Idle: return sample.idleMs;
        case LagFigure::PartsBehind: return bounded(sample.partsBehind);
    }
    return std::nullopt;
}

std::string_view figureName(LagFigure figure) {
    switch (figure) {
        case LagFigure::Lag: return "lag";
        case LagFigure::TransportLag: return "transport lag";
        case LagFigure::ApplyLag: return "apply lag";
        case LagFigure::BytesPending: return "bytes pending";
        case LagFigure::OperationsPending: return "operations pending";
        case LagFigure::BytesPerS: return "bytes per second";
        case LagFigure::OperationsPerS: return "operations per second";
        case LagFigure::Idle: return "idle";
        case LagFigure::PartsBehind: return "offsets behind";
    }
    return "lag";
}

std::string figureText(LagFigure figure, std::optional<std::int64_t> value) {
    if (!value) return "unknown";
    switch (figure) {
        case LagFigure::Lag:
        case LagFigure::TransportLag:
        case LagFigure::ApplyLag:
        case LagFigure::Idle: return humanDuration(*value);
        case LagFigure::BytesPending: return humanBytes(static_cast<std::uint64_t>(*value));
        case LagFigure::OperationsPending:
        case LagFigure::PartsBehind: return humanCount(static_cast<std::uint64_t>(*value));
        case LagFigure::BytesPerS: return humanBytes(static_cast<std::uint64_t>(*value)) + "/s";
        case LagFigure::OperationsPerS: return humanCount(static_cast<std::uint64_t>(*value)) + "/s";
    }
    return "unknown";
}

}  // namespace tributary
