// What a cluster's links and their doors are told when it starts; nothing in it changes afterwards.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

/// A door of this cluster for links.
struct GatewayConfig {
    std::string name;
    Endpoint listen;  ///< port 0 = chosen by the system, then kept
};

struct LinkConfig {
    std::string cluster;
    std::vector<GatewayConfig> gateways;
    Bytes key;  ///< this cluster's: who comes in proves to know it; empty = nobody comes in
    /// Keys of the clusters that links go to. Called when a link dials; empty = no links from here.
    std::function<Result<Bytes>(const std::string& cluster)> keyOf;
    /// Where other clusters' gateways listen now. Called when a link dials; gateway name or "host:port" -> endpoint.
    /// The first argument is the destination cluster; an empty gateway list means "those as drawn".
    std::function<std::vector<Endpoint>(const std::string& cluster, const std::vector<std::string>& gateways)> resolve;
    std::size_t inFlightBytesMax = 8U << 20U;  ///< per link, sent and not acknowledged as durable
    std::size_t cutChunkBytes = 256U << 10U;   ///< of a cut, about, in one frame and one entry of the replica's log
    Millis heartbeatMs = 1'000;
    Millis peerTimeoutMs = 4'000;
    Millis backOffMsMin = 100;
    Millis backOffMsMax = 5'000;
    Millis syncLatencyMsMax = 2'000;              ///< a synchronous link slower than this falls back to asynchronous
    std::uint64_t throttleBytesPerS = 2U << 20U;  ///< rate of a link with throttle=true
    /// Of the copies that a source makes of what is there when it sets up a replica, all together.
    std::uint64_t setupBytesPerS = 16U << 20U;
    Millis setupAnswerMs = 10'000;  ///< a gateway that has not answered a request of a set-up for so long has failed
};

}  // namespace tributary::engine
