// Rows to bytes and back.
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

Packet rowOf(PacketType type, Bytes body) {
    Packet row;
    row.header.type = static_cast<std::uint32_t>(type);
    row.body = std::move(body);
    return row;
}

}  // namespace

Bytes encodeRows(const std::vector<Packet>& rows) {
    Bytes out;
    Bytes one;
    for (const Packet& row : rows) {
        one.clear();
        appendRow(one, row.header, row.body);
        appendBlob(out, one);
    }
    return out;
}

Result<std::vector<Packet>> decodeRows(BytesView body) {
    std::vector<Packet> rows;
    ByteReader reader(body);
    while (!reader.atEnd() && reader.ok()) {
        auto row = decodePacket(reader.blob());
        if (!row) return row.error();
        if (rows.size() == kRowsMax) return Error{ErrorCode::Corrupt, "a transaction has too many rows", {}, {}};
        rows.push_back(std::move(row).value());
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a list of rows is damaged", {}, {}};
    return rows;
}

Packet putRow(PacketType type, std::uint32_t space, BytesView tuple) {
    return rowOf(type, BodyWriter().number(BodyKey::SpaceId, space).raw(BodyKey::Tuple, tuple).take());
}

Packet upsertRow(std::uint32_t space, BytesView tuple, BytesView operations) {
    return rowOf(PacketType::Upsert, BodyWriter()
                                         .number(BodyKey::SpaceId, space)
                                         .raw(BodyKey::Tuple, tuple)
                                         .raw(BodyKey::Operations, operations)
                                         .take());
}

Packet updateRow(std::uint32_t space, std::uint32_t index, BytesView key, BytesView operations) {
    return rowOf(PacketType::Update, BodyWriter()
                                         .number(BodyKey::SpaceId, space)
                                         .number(BodyKey::IndexId, index)
                                         .raw(BodyKey::Key, key)
                                         .raw(BodyKey::Tuple, operations)
                                         .take());
}

Packet deleteRow(std::uint32_t space, std::uint32_t index, BytesView key) {
    return rowOf(
        PacketType::Delete,
        BodyWriter().number(BodyKey::SpaceId, space).number(BodyKey::IndexId, index).raw(BodyKey::Key, key).take());
}

Bytes keyOf(std::initializer_list<std::uint32_t> numbers) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(numbers.size());
    for (const std::uint32_t number : numbers) writer.unsignedInteger(number);
    return out;
}

Bytes setField(std::uint64_t field, BytesView value) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(1);
    writer.array(3);
    writer.string("=");
    writer.unsignedInteger(field);
    writer.raw(value);
    return out;
}

std::uint32_t spaceOf(const Packet& row) {
    constexpr std::uint32_t kNone = UINT32_MAX;
    MsgpackReader reader(row.body);
    if (row.body.empty() || reader.type() != MsgpackType::Map) return kNone;
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        const bool isSpace = reader.unsignedInteger() == static_cast<std::uint64_t>(BodyKey::SpaceId);
        if (!isSpace) {
            (void)reader.value();
            continue;
        }
        const std::uint64_t space = reader.unsignedInteger();
        return reader.ok() && space < kNone ? static_cast<std::uint32_t>(space) : kNone;
    }
    return kNone;
}

}  // namespace tributary::engine::tarantool
