// Requests that read rows, for kinds of tables whose rows are no cells: each answers in the shape of tableapi.h.
#pragma once

#include "engine/node/controlserver.h"

namespace tributary::engine::maprdb {

/// What a ControlKind of such tables is, too. Executor's thread only.
class TableReads {
public:
    virtual ~TableReads() = default;
    virtual void get(const ControlCall& call) = 0;
    virtual void scan(const ControlCall& call) = 0;
    virtual void readRange(const ControlCall& call) = 0;
    virtual void fingerprint(const ControlCall& call) = 0;
};

using ReadRequest = void (TableReads::*)(const ControlCall&);

/// `handler` for binary tables, and the kind's own for others. `body` tells where the path stands.
[[nodiscard]] ControlHandler byTableKind(ControlHandler handler, ReadRequest own, ControlRequests::Body body);

/// What a ReadRange asks for.
struct RangeRequest {
    std::string path;
    Bytes from;
    Bytes to;
    std::uint32_t rowsMax = 0;
    std::uint32_t bytesMax = 0;
    std::string columns;
    std::uint32_t maxVersions = 0;
    Millis startMs = 0;
    Millis endMs = 0;
};
/// Errors: InvalidInput.
[[nodiscard]] Result<RangeRequest> parseRangeRequest(BytesView body);
/// `body` holds the rows that the kind shows of `rows`.
[[nodiscard]] Bytes encodeRangeAnswer(const ScanChunk& rows, BytesView body);

}  // namespace tributary::engine::maprdb
