// Words for upstreams.
#include "engine/systems/tarantool/replication/upstreamtrouble.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/tarantool/instance/spaceplan.h"
#include "engine/systems/tarantool/instance/tupletext.h"

namespace tributary::engine::tarantool {
namespace {

/// Read-only (while a new instance is registered), access, user, password, configuration, not registered, loading, too
/// early a subscription, a name that another instance has.
constexpr std::array<std::uint32_t, 9> kRetried{7, 42, 45, 47, 59, 62, 116, 220, 269};

std::string_view typeName(std::uint32_t type) {
    switch (static_cast<PacketType>(type)) {
        case PacketType::Insert: return "INSERT";
        case PacketType::Replace: return "REPLACE";
        case PacketType::Update: return "UPDATE";
        case PacketType::Delete: return "DELETE";
        case PacketType::Upsert: return "UPSERT";
        case PacketType::Nop: return "NOP";
        default: return "UNKNOWN";
    }
}

}  // namespace

UpstreamTrouble troubleOfDialling(const PeerAddress& address, const Error& error) {
    return {fmt::format("connect to {}: {}", address.endpoint.text(), error.what), error.what};
}

UpstreamTrouble troubleOfEnd(const PeerAddress& address, const std::optional<SocketNames>& names) {
    const std::string called =
        names ? fmt::format("called on fd {}, aka {}, peer of {}", names->descriptor, names->here, names->there)
              : fmt::format("peer of {}", address.endpoint.text());
    return {fmt::format("unexpected EOF when reading from socket, {}: Broken pipe", called), "Broken pipe"};
}

ApplierState stateAfter(const BoxFailure& failure) {
    const bool isGap = failure.message.starts_with("Missing .xlog file");  // the picture of a join is needed
    const bool isRetried = std::find(kRetried.begin(), kRetried.end(), failure.code) != kRetried.end();
    return isRetried || isGap ? ApplierState::Loading : ApplierState::Stopped;
}

std::string rowText(const Packet& row) {
    std::string out = fmt::format("{{type: '{}', replica_id: {}, lsn: {}", typeName(row.header.type),
                                  row.header.replicaId, row.header.lsn);
    if (const auto body = PacketBody::decode(row.body)) {
        const std::uint64_t space = body.value().number(BodyKey::SpaceId).value_or(0);
        out += fmt::format(", space_id: {}, index_id: {}", space, body.value().number(BodyKey::IndexId).value_or(0));
        if (space < kFirstUserSpace) return out + "}";  // users among them, with what proves their passwords
        if (const auto key = body.value().field(BodyKey::Key)) out += ", key: " + tupleText(*key);
        if (const auto tuple = body.value().field(BodyKey::Tuple)) out += ", tuple: " + tupleText(*tuple);
    }
    return out + "}";
}

}  // namespace tributary::engine::tarantool
