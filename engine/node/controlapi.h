// The requests that any cluster answers at its control endpoint: numbers, shapes, and nothing else.
// Bodies are JSON unless marked binary. Every request acts as a user (Hello, or per request) and is checked against the
// permissions named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// A request's number. Named here are the node's own; each kind of data names its requests in a header of its own, in
/// numbers that nobody else has. 1 to 18, 24, 27, 30 and 40 to 44 are those of the first kind, given before there were
/// ranges; a kind that is added takes a hundred of its own, from 100 on.
struct Method {
    std::uint16_t number = 0;
    constexpr operator std::uint16_t() const { return number; }  // NOLINT(google-explicit-constructor): for switches

    // ---- gateways, alarms, node ----------------------------------------------------------------------------------
    /// {cluster, gateways:["gw-ny-1", "host:port", ...]}: empty list deletes.
    static const Method SetGateways;
    /// {} -> {"local":[{name, endpoint, running}], "set":{cluster:[...]}}
    static const Method GatewayInfo;
    /// {name:""=all, action:"start|stop|restart"}
    static const Method GatewayService;
    /// {} -> {"alarms":[{name, entity, type, state, raisedms, description}]}
    static const Method ListAlarms;
    static const Method RaiseAlarm;  ///< {name, entity, description}
    static const Method ClearAlarm;  ///< {name, entity}: empty name = all
    /// {} -> {cluster, pid, durability, uptimems, log:{head, durable, first, pinnedbytes}, memory:{used, max},
    /// links:[as its kind shows it, plus dataset, pinnedbytes], incoming:[{fromcluster, frompath, dataset, gateway}],
    /// alarms:n, faults:[...], state:"ok|read-only|failed", gateways:[as GatewayInfo local], gatewayrecords:{as
    /// GatewayInfo set}, users:[known by name], groups:{group:[users]}, reason}
    static const Method NodeStatus;
    /// {what:"cut|delay|bandwidth|heal|kill|freeze|thaw|start|disk|clear|list", peer?, ms?, bytes?, mode?} ->
    /// {"faults":[...]}. At the host's door also {what:"network", leftout:bool, rules:[{to, ms, bytes}]}: the network
    /// under
    /// the faults from now on. There `list` and `network` answer it too, as "network":{leftout, rules}.
    static const Method Faults;
    /// {alone:bool} -> {"stopping":[cluster, ...]}: clean stop, after the answer, of this cluster alone or of all that
    /// its process runs; the process ends with its last cluster. Conflict when the process runs them for itself (a
    /// run, a window). Alone only at the host's door.
    static const Method Shutdown;
    /// {cluster} -> {}, and from then on the connection is one to that cluster's control endpoint, which this cluster
    /// dialled: a greeting of its own follows. What passes it gets the network between the two clusters. Unavailable
    /// when the cluster cannot be reached from here.
    static const Method Relay;
};
inline constexpr Method Method::SetGateways{19};
inline constexpr Method Method::GatewayInfo{20};
inline constexpr Method Method::GatewayService{26};
inline constexpr Method Method::ListAlarms{21};
inline constexpr Method Method::RaiseAlarm{22};
inline constexpr Method Method::ClearAlarm{23};
inline constexpr Method Method::NodeStatus{25};
inline constexpr Method Method::Faults{28};
inline constexpr Method Method::Shutdown{29};
inline constexpr Method Method::Relay{31};

/// JSON carries bytes as Latin-1: byte b becomes U+00b. Lossless both ways.
[[nodiscard]] std::string bytesToJson(BytesView bytes);
Result<Bytes> bytesFromJson(std::string_view text);

}  // namespace tributary::engine
