// Dialling doors in turn, and what to say when none of them is one.
#include "engine/replication/linkroute.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

#include "core/base/escape.h"
#include "engine/wire/greeting.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kStrangersTextBytesMax = 200;

}  // namespace

bool LinkRoute::begin(const std::string& cluster, const std::vector<std::string>& gateways, bool encrypted) {
    cluster_ = cluster;
    encrypted_ = encrypted;
    endpoints_ = config_.resolve(cluster, gateways);
    tried_ = 0;
    unproven_ = Error{};
    fenced_ = false;
    return !endpoints_.empty();
}

/// A gateway is up when it has proved to be one: what answers without that is as good as nothing.
Error LinkRoute::failure() const {
    if (endpoints_.empty()) {
        return {ErrorCode::Unavailable,
                fmt::format("no gateway of cluster {} is configured", cluster_),
                "ErrNoGateways",
                {}};
    }
    const std::string none = fmt::format("All configured gateways to cluster {} are unreachable", cluster_);
    if (unproven_.what.empty()) return {ErrorCode::Unavailable, none, "ErrAllGatewaysUnreachable", {}};
    const bool version = unproven_.where == kErrVersion;
    return {
        ErrorCode::Unavailable, none + ": " + unproven_.what, version ? kErrVersion : "ErrAllGatewaysUnreachable", {}};
}

Result<DialledDoor> LinkRoute::dial(ConnectionClass kind) {
    assert(!exhausted());
    const auto key =
        config_.keyOf
            ? config_.keyOf(cluster_)
            : Result<Bytes>(
                  Error{ErrorCode::NotFound, fmt::format("the key of cluster {} is not known here", cluster_), {}, {}});
    if (!key) return Error{key.error().code, key.error().text(), kErrAuthentication, {}};
    ++tried_;
    const Endpoint endpoint = endpoints_[next_++ % endpoints_.size()];
    if (encrypted_ && !endpoint.tls && !seams_.faults.hit("bug-encryption-ignored")) {
        seams_.faults.reached("plain-door-passed-over");
        return Error{
            ErrorCode::Conflict,
            fmt::format("networkencryption is set, and the doors of cluster {} speak no TLS (try: tributary cert "
                        "init {}, then tributary down --cluster {} and tributary up --cluster {})",
                        cluster_, cluster_, cluster_, cluster_),
            kErrTls,
            {}};
    }
    DialledDoor door;
    door.host = endpoint.text();
    door.wire = Wire::dialling(wireDoorOf(endpoint, cluster_), kind, key.value(), seams_.random);
    if (seams_.faults.hit("bug-proof-unchecked")) door.wire.leaveProofUnchecked();
    door.connection = seams_.transport.dial(endpoint);
    return door;
}

void LinkRoute::unproven(const Error& why) {
    seams_.faults.reached("gateway-unproven");
    unproven_ = why;
}

Error LinkRoute::strangersRefusal(const std::string& place, BytesView body) {
    const auto refusal = decodeRefusal(body);
    const std::string said = refusal ? refusal.value().code + ": " + refusal.value().message : "a malformed refusal";
    return {ErrorCode::PermissionDenied,
            fmt::format("what answers at {} refuses: {}", place, shownLine(said.substr(0, kStrangersTextBytesMax))),
            refusal && refusal.value().code == kErrVersion ? kErrVersion : kErrAuthentication,
            {}};
}

bool LinkRoute::again() {
    if (std::exchange(fenced_, true)) return false;
    --next_;
    --tried_;
    return true;
}

}  // namespace tributary::engine
