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

}  // namespace tributary::engine::tarantool
