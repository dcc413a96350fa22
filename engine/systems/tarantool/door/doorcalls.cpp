// Keys of bodies to arguments.
#include "engine/systems/tarantool/door/doorcalls.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/data/updates.h"
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::string_view kWho = "Tributary";
constexpr std::array<std::string_view, 7> kIterators{"EQ", "REQ", "ALL", "LT", "LE", "GE", "GT"};

BoxFailure missing(std::string_view key) {
    return {69, fmt::format("Missing mandatory field '{}' in request", key), {}};
}

BoxFailure damaged() {
    return {20, "Invalid MsgPack - packet body", {}};
}

/// The arguments of one call, in order.
class Arguments {
public:
    Arguments& number(std::uint64_t value) {
        ++count_;
        MsgpackWriter(values_).unsignedInteger(value);
        return *this;
    }
    Arguments& text(std::string_view value) {
        ++count_;
        MsgpackWriter(values_).string(value);
        return *this;
    }
    Arguments& raw(BytesView value) {
        ++count_;
        values_.append(value);
        return *this;
    }
    [[nodiscard]] Bytes take() const {
        Bytes out;
        MsgpackWriter(out).array(count_);
        return out + values_;
    }

private:
    std::size_t count_ = 0;
    Bytes values_;
};

std::variant<DoorCall, BoxFailure> selectCall(const PacketBody& body, std::uint32_t space, std::uint64_t index) {
    const auto key = body.field(BodyKey::Key);
    const auto limit = body.number(BodyKey::Limit);
    if (!limit) return missing("limit");
    const std::uint64_t iterator = body.number(BodyKey::Iterator).value_or(0);
    if (iterator >= kIterators.size()) return BoxFailure{72, fmt::format("Unknown iterator type '{}'", iterator), {}};
    if (key && !isArray(*key)) return failures::tupleNotArray();
    return DoorCall{"select",
                    Arguments()
                        .number(space)
                        .number(index)
                        .raw(key.value_or("\x90"))
                        .text(kIterators[iterator])
                        .number(body.number(BodyKey::Offset).value_or(0))
                        .number(*limit)
                        .take(),
                    space,
                    false,
                    {}};
}

std::variant<DoorCall, BoxFailure> changeCall(const Packet& packet, const PacketBody& body, std::uint32_t space,
                                              std::uint64_t index) {
    const bool countsFromOne = body.number(BodyKey::IndexBase).value_or(0) == 1;
    const auto key = body.field(BodyKey::Key);
    const auto tuple = body.field(BodyKey::Tuple);
    const auto operations = body.field(BodyKey::Operations);
    switch (static_cast<PacketType>(packet.header.type)) {
        case PacketType::Insert:
        case PacketType::Replace:
            if (!tuple) return missing("tuple");
            if (!isArray(*tuple)) return failures::tupleNotArray();
            return DoorCall{packet.header.is(PacketType::Insert) ? "insert" : "replace",
                            {},
                            space,
                            true,
                            putRow(static_cast<PacketType>(packet.header.type), space, *tuple)};
        case PacketType::Delete:
            if (!key) return missing("key");
            return DoorCall{"delete", Arguments().number(space).number(index).raw(*key).take(), space, true, {}};
        case PacketType::Update:
            if (!key) return missing("key");
            if (!tuple) return missing("tuple");
            return DoorCall{"update",
                            Arguments()
                                .number(space)
                                .number(index)
                                .raw(*key)
                                .raw(countsFromOne ? Bytes(*tuple) : countedFromOne(*tuple))
                                .take(),
                            space,
                            true,
                            {}};
        default: break;
    }
    if (!tuple) return missing("tuple");
    if (!operations) return missing("operations");
    return DoorCall{"upsert",
                    Arguments()
                        .number(space)
                        .raw(*tuple)
                        .raw(countsFromOne ? Bytes(*operations) : countedFromOne(*operations))
                        .take(),
                    space,
                    true,
                    {}};
}

std::optional<BoxFailure> notCarried(std::uint32_t type) {
    switch (static_cast<PacketType>(type)) {
        case PacketType::Select:
        case PacketType::Insert:
        case PacketType::Replace:
        case PacketType::Update:
        case PacketType::Delete:
        case PacketType::Upsert: return std::nullopt;
        case PacketType::Execute:
        case PacketType::Prepare: return failures::unsupported(kWho, "SQL");
        default: return BoxFailure{48, fmt::format("Unknown request type {}", type), {}};
    }
}

}  // namespace

std::variant<DoorCall, BoxFailure> doorCall(const Packet& packet) {
    if (auto refused = notCarried(packet.header.type)) return *refused;
    const auto body = PacketBody::decode(packet.body);
    if (!body) return damaged();
    const auto space = body->number(BodyKey::SpaceId);
    if (!space) return missing("space_id");
    if (*space > std::numeric_limits<std::uint32_t>::max()) return failures::noSuchSpace(std::to_string(*space));
    const auto id = static_cast<std::uint32_t>(*space);
    const std::uint64_t index = body->number(BodyKey::IndexId).value_or(0);
    return packet.header.is(PacketType::Select) ? selectCall(*body, id, index) : changeCall(packet, *body, id, index);
}

std::variant<DoorScript, BoxFailure> doorScript(const Packet& packet) {
    const auto body = PacketBody::decode(packet.body);
    if (!body) return damaged();
    DoorScript script;
    script.isCall = packet.header.is(PacketType::Call);
    const auto text = body->text(script.isCall ? BodyKey::FunctionName : BodyKey::Expression);
    if (!text) return missing(script.isCall ? "function_name" : "expr");
    script.expression = Bytes(*text);
    const BytesView arguments = body->field(BodyKey::Tuple).value_or("\x90");
    if (!isArray(arguments)) return failures::tupleNotArray();
    script.arguments = Bytes(arguments);
    return script;
}

std::variant<DoorProof, BoxFailure> doorProof(const Packet& packet) {
    const auto body = PacketBody::decode(packet.body);
    if (!body) return damaged();
    const auto user = body->text(BodyKey::UserName);
    if (!user) return missing("user_name");
    DoorProof proof{std::string(*user), {}};
    const auto tuple = body->field(BodyKey::Tuple);
    if (!tuple || !isArray(*tuple)) return missing("tuple");
    MsgpackReader reader(*tuple);
    const std::uint32_t parts = reader.array();
    if (parts == 0) return proof;
    const std::string_view method = reader.string();
    if (!reader.ok() || method != "chap-sha1") {
        return BoxFailure{108, fmt::format("Unknown authentication method '{}'", method), {}};
    }
    if (parts < 2) return proof;
    const BytesView scramble = reader.type() == MsgpackType::Binary ? reader.binary() : reader.string();
    if (!reader.ok()) return damaged();
    proof.scramble = Bytes(scramble);
    return proof;
}

}  // namespace tributary::engine::tarantool
