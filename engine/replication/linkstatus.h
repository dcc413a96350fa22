// What an operator sees of a link, and what is kept of it on disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/units.h"
#include "engine/log/lsn.h"
#include "engine/replication/positions.h"

namespace tributary::engine {

/// Where a link is. Names (linkStateName) are what status and the lag line show.
enum class LinkState { Paused, Connecting, AgreementMissing, Streaming, BackingOff };
[[nodiscard]] std::string_view linkStateName(LinkState state);

/// What an operator sees of a link. Counters are exact; times are of the source's wall clock.
struct LinkStatus {
    LinkState state = LinkState::Connecting;
    std::string errorCode;  ///< "ErrAllGatewaysUnreachable", ...; empty when healthy
    std::string errorHost;
    std::string errorMessage;
    Lsn errorLsn = 0;         ///< the entry of the log that the link stands at; 0 = the error is about none
    Millis errorSinceMs = 0;  ///< wall time of the first failure since the last progress
    Millis errorForMs = 0;    ///< so long no progress
    std::string stallReason;  ///< streaming, and nothing was acknowledged for a while: why; else empty
    Millis stallForMs = 0;
    std::uint64_t bytesPending = 0;
    std::uint64_t operationsPending = 0;
    Millis oldestPendingMs = 0;  ///< 0 when nothing is pending
    Millis newestPendingMs = 0;
    Lsn cursorLsn = 0;  ///< everything at or below it is durable at the replica, or not for it
    Lsn sentLsn = 0;
    Lsn receivedLsn = 0;
    Millis transportLagMs = -1;   ///< stamp of a payload -> its RECEIVED ack; -1 = unknown
    Millis applyLagMs = -1;       ///< stamp of a payload -> its DURABLE ack; -1 = unknown
    bool synchronousNow = false;  ///< configured synchronous and not fallen back
    std::string channel;          ///< "TLS 1.3, TLS_AES_256_GCM_SHA384"; empty without TLS, or without a session
    std::uint64_t bytesSent = 0;  ///< since the node started
    /// What became durable at the replica, per second, over the last three seconds (throughput.h); raw payload bytes.
    std::uint64_t bytesPerS = 0;
    std::uint64_t operationsPerS = 0;
    Millis drainMs = -1;  ///< until nothing is pending, if it goes on like that; -1 = nothing is, or it does not shrink
};

/// Durable part of a link, kept in the node snapshot.
struct LinkSnapshot {
    Lsn cursorLsn = 0;
    std::uint64_t bytesPending = 0;
    std::uint64_t operationsPending = 0;
    Millis oldestPendingMs = 0;
    Millis newestPendingMs = 0;
    std::uint64_t epoch = 0;
    Positions base{};  ///< what the replica has to hold (linkcut.h); of kinds with cuts
};

}  // namespace tributary::engine
