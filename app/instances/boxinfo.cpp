// Reading the map, field by field.
#include "app/instances/boxinfo.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "engine/systems/tarantool/msgpack/msgpackreader.h"

namespace tributary::app {
namespace {

using engine::tarantool::MsgpackReader;
using engine::tarantool::MsgpackType;

/// The largest lag that can be one: what is told before the first row, or after a row without a time, is larger.
constexpr double kLagMostS = 1e8;

/// Reads a map of texts to values: `field` takes the value of each key, or leaves it.
template <typename Field>
void eachField(MsgpackReader& reader, const Field& field) {
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        if (reader.type() != MsgpackType::String) {
            (void)reader.value();
            (void)reader.value();
            continue;
        }
        const BytesView key = reader.string();
        const BytesView value = reader.value();
        if (reader.ok()) field(key, value);
    }
}

std::string text(BytesView value) {
    MsgpackReader reader(value);
    return reader.type() == MsgpackType::String ? std::string(reader.string()) : std::string();
}

std::int64_t whole(BytesView value) {
    MsgpackReader reader(value);
    const bool isWhole = reader.type() == MsgpackType::Unsigned || reader.type() == MsgpackType::Negative;
    const std::int64_t number = isWhole ? reader.integer() : 0;
    return reader.ok() ? number : 0;
}

std::optional<double> real(BytesView value) {
    MsgpackReader reader(value);
    switch (reader.type()) {
        case MsgpackType::Unsigned:
        case MsgpackType::Negative: return static_cast<double>(whole(value));
        case MsgpackType::Float:
        case MsgpackType::Double: return reader.real();
        default: return std::nullopt;
    }
}

std::uint32_t idOf(BytesView value) {
    const std::int64_t number = whole(value);
    return number >= 0 && number <= UINT32_MAX ? static_cast<std::uint32_t>(number) : 0;
}

/// A map of ids, or a list, which is what a script makes of ids that begin at 1.
template <typename Entry>
void eachNumbered(BytesView value, const Entry& entry) {
    MsgpackReader reader(value);
    if (reader.type() == MsgpackType::Array) {
        const std::uint32_t count = reader.array();
        for (std::uint32_t i = 1; i <= count && reader.ok(); ++i) entry(i, reader.value());
        return;
    }
    if (reader.type() != MsgpackType::Map) return;
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        const std::uint32_t id = idOf(reader.value());
        const BytesView each = reader.value();
        if (reader.ok()) entry(id, each);
    }
}

ClockValues clockOf(BytesView value) {
    ClockValues clock;
    eachNumbered(value, [&](std::uint32_t id, BytesView lsn) { clock[id] = whole(lsn); });
    return clock;
}

std::optional<PeerHalf> halfOf(BytesView value) {
    MsgpackReader reader(value);
    if (reader.type() != MsgpackType::Map) return std::nullopt;
    PeerHalf half;
    eachField(reader, [&](BytesView key, BytesView field) {
        if (key == "status") half.status = text(field);
        if (key == "message") half.message = text(field);
        if (key == "peer") half.peer = text(field);
        if (key == "idle") half.idleS = real(field);
        if (key == "lag") half.lagS = real(field);
        if (key == "vclock") half.clock = clockOf(field);
    });
    return half;
}

PeerInfo peerOf(std::uint32_t id, BytesView value) {
    PeerInfo peer;
    peer.id = id;
    MsgpackReader reader(value);
    if (reader.type() != MsgpackType::Map) return peer;
    eachField(reader, [&](BytesView key, BytesView field) {
        if (key == "uuid") peer.uuid = text(field);
        if (key == "name") peer.name = text(field);
        if (key == "lsn") peer.lsn = whole(field);
        if (key == "upstream") peer.upstream = halfOf(field);
        if (key == "downstream") peer.downstream = halfOf(field);
    });
    return peer;
}

/// "2026-01-31T09:00:00.000Z"; 0 for anything else.
std::int64_t timeOf(const std::string& iso) {
    std::tm parts{};
    const char* end = strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    return end == nullptr ? 0 : static_cast<std::int64_t>(timegm(&parts)) * 1'000;
}

MemberAlert alertOf(BytesView value) {
    MemberAlert alert;
    MsgpackReader reader(value);
    if (reader.type() != MsgpackType::Map) return alert;
    eachField(reader, [&](BytesView key, BytesView field) {
        if (key == "type") alert.type = text(field);
        if (key == "message") alert.message = text(field);
        if (key == "timestamp") alert.sinceMs = timeOf(text(field));
    });
    return alert;
}

/// Where the one map of an answer begins. Errors: Corrupt.
Result<MsgpackReader> mapOf(BytesView answer, const std::string& name) {
    if (!engine::tarantool::isOneMsgpackValue(answer)) {
        return Error{ErrorCode::Corrupt, name + " cannot be read", {}, {}};
    }
    MsgpackReader reader(answer);
    if (reader.type() != MsgpackType::Array || reader.array() == 0 || reader.type() != MsgpackType::Map) {
        return Error{ErrorCode::Corrupt, name + " is no map", {}, {}};
    }
    return reader;
}

}  // namespace

Result<std::vector<MemberAlert>> readAlerts(BytesView answer) {
    auto reader = mapOf(answer, "config:info()");
    if (!reader) return reader.error();
    std::vector<MemberAlert> alerts;
    eachField(reader.value(), [&](BytesView key, BytesView field) {
        if (key != "alerts") return;
        eachNumbered(field, [&](std::uint32_t, BytesView each) { alerts.push_back(alertOf(each)); });
    });
    std::erase_if(alerts, [](const MemberAlert& each) { return each.message.empty(); });
    return alerts;
}

Result<BoxInfo> readBoxInfo(BytesView answer) {
    auto map = mapOf(answer, "box.info");
    if (!map) return map.error();
    MsgpackReader& reader = map.value();
    BoxInfo info;
    eachField(reader, [&](BytesView key, BytesView field) {
        if (key == "id") info.id = idOf(field);
        if (key == "uuid") info.uuid = text(field);
        if (key == "name") info.name = text(field);
        if (key == "status") info.status = text(field);
        if (key == "ro") {
            MsgpackReader flag(field);
            if (flag.type() == MsgpackType::Boolean) info.readOnly = flag.boolean();
        }
        if (key == "ro_reason") info.readOnlyReason = text(field);
        if (key == "pid") info.pid = whole(field);
        if (key == "listen") info.listen = text(field);
        if (key == "uptime") info.uptimeS = real(field);
        if (key == "vclock") info.clock = clockOf(field);
        if (key == "replication") {
            eachNumbered(field,
                         [&](std::uint32_t id, BytesView each) { info.replication.push_back(peerOf(id, each)); });
        }
    });
    std::sort(info.replication.begin(), info.replication.end(),
              [](const PeerInfo& one, const PeerInfo& other) { return one.id < other.id; });
    return info;
}

const PeerInfo* BoxInfo::peer(std::string_view peerName, std::string_view peerUuid) const {
    for (const PeerInfo& each : replication) {
        if (!peerName.empty() && each.name == peerName) return &each;
    }
    for (const PeerInfo& each : replication) {
        if (!peerUuid.empty() && each.uuid == peerUuid) return &each;
    }
    return nullptr;
}

std::optional<double> reportedLagS(const PeerHalf& half) {
    const bool isOne = half.status == "follow" && half.lagS && *half.lagS >= 0 && *half.lagS <= kLagMostS;
    return isOne ? half.lagS : std::nullopt;
}

std::int64_t rowsBehind(const ClockValues& source, const ClockValues& reader) {
    std::int64_t rows = 0;
    for (const auto& [id, lsn] : source) {
        const auto at = reader.find(id);
        const std::int64_t has = at == reader.end() ? 0 : at->second;
        if (id > 0 && lsn > has) rows += lsn - has;
    }
    return rows;
}

std::string clockText(const ClockValues& clock) {
    std::string out;
    for (const auto& [id, lsn] : clock) out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", id, lsn);
    return "{" + out + "}";
}

}  // namespace tributary::app
