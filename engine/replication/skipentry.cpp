// Layout: origin 16 | incarnation u64 | from u64 | to u64 | projection to the end.
#include "engine/replication/skipentry.h"

namespace tributary::engine {

Bytes encodeSkipEntry(const SkipEntry& skip) {
    Bytes out;
    out.append(skip.lane.origin.bytes());
    appendFixed<std::uint64_t>(out, skip.lane.incarnation);
    appendFixed<std::uint64_t>(out, skip.from);
    appendFixed<std::uint64_t>(out, skip.to);
    out.append(skip.lane.projection);
    return out;
}

Result<SkipEntry> decodeSkipEntry(BytesView payload) {
    ByteReader reader(payload);
    SkipEntry skip;
    skip.lane.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    skip.lane.incarnation = static_cast<decltype(skip.lane.incarnation)>(reader.fixed<std::uint64_t>());
    skip.from = reader.fixed<std::uint64_t>();
    skip.to = reader.fixed<std::uint64_t>();
    if (!reader.ok() || skip.from == 0 || skip.to < skip.from || skip.to == UINT64_MAX) {
        return Error{ErrorCode::Corrupt, "a skip in the log is damaged", {}, {}};
    }
    skip.lane.projection = std::string(reader.position(), reader.remaining());
    return skip;
}

Uuid originOfSkipEntry(BytesView payload) {
    return Uuid::fromBytes(payload.size() < Uuid::kSize ? BytesView() : payload.substr(0, Uuid::kSize));
}

}  // namespace tributary::engine
