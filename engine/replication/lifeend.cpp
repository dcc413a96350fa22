// Layout: origin 16 | from u64 | incarnation u64 | last u64.
#include "engine/replication/lifeend.h"

namespace tributary::engine {

Bytes encodeLifeEnd(const LifeEnd& end) {
    Bytes out(end.origin.bytes());
    for (const std::uint64_t number : {end.from, end.incarnation, end.last}) appendFixed<std::uint64_t>(out, number);
    return out;
}

Result<LifeEnd> decodeLifeEnd(BytesView payload) {
    ByteReader reader(payload);
    LifeEnd end;
    end.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    for (std::uint64_t* number : {&end.from, &end.incarnation, &end.last}) *number = reader.fixed<std::uint64_t>();
    const bool possible = end.from != 0 && end.from <= end.incarnation && end.incarnation != UINT64_MAX &&
                          end.last != 0 && end.last != UINT64_MAX;
    if (!reader.ok() || reader.remaining() != 0 || !possible) {
        return Error{ErrorCode::Corrupt, "the end of a life is damaged", {}, {}};
    }
    return end;
}

}  // namespace tributary::engine
