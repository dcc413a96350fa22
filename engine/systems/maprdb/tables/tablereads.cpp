// Which kind of table answers a request.
#include "engine/systems/maprdb/tables/tablereads.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {

ControlHandler byTableKind(ControlHandler handler, ReadRequest own, ControlRequests::Body body) {
    return [handler = std::move(handler), own, body](const ControlCall& call) {
        std::string path;
        if (body == ControlRequests::Body::Text) {
            path = Json::parse(call.body).at("path");
        } else {
            path = Bytes(ByteReader(call.body).blob());
        }
        const DatasetRecord* record = call.node.catalog().byPath(path);
        auto* reads = record == nullptr ? nullptr : dynamic_cast<TableReads*>(&call.node.control(*record));
        if (reads == nullptr) {
            handler(call);
        } else {
            (reads->*own)(call);
        }
    };
}

Result<RangeRequest> parseRangeRequest(BytesView body) {
    ByteReader reader(body);
    RangeRequest request;
    request.path = std::string(reader.blob());
    request.from = Bytes(reader.blob());
    request.to = Bytes(reader.blob());
    request.rowsMax = std::min<std::uint32_t>(reader.fixed<std::uint32_t>(), 1U << 20U);
    request.bytesMax = std::min<std::uint32_t>(reader.fixed<std::uint32_t>(), 8U << 20U);
    request.columns = std::string(reader.blob());
    request.maxVersions = reader.fixed<std::uint32_t>();
    request.startMs = reader.fixed<std::int64_t>();
    request.endMs = reader.fixed<std::int64_t>();
    if (reader.ok() && request.rowsMax != 0 && request.bytesMax != 0) return request;
    return Error{ErrorCode::InvalidInput, "malformed range request", {}, {}};
}

Bytes encodeRangeAnswer(const ScanChunk& rows, BytesView body) {
    Bytes out;
    out.reserve(body.size() + 64);
    const bool atEnd = rows.atEnd || rows.rows.empty();
    appendFixed<std::uint8_t>(out, atEnd ? 1 : 0);
    appendFixed<std::uint32_t>(out, static_cast<std::uint32_t>(rows.rows.size()));
    appendBlob(out, rows.rows.empty() ? Bytes() : rows.rows.back().key + '\0');
    out.append(body);
    return out;
}

}  // namespace tributary::engine::maprdb
