// The end of an origin's life, as an entry of the log: positions need not name what is complete for ever.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/uuid.h"

namespace tributary::engine {

/// "The life `incarnation` of this origin is over: it wrote sequences 1..last, and from..incarnation holds no other
/// life that is not told to be over." Only the origin says so, and who holds all of it passes it on: nobody is told by
/// it what he holds, each counts for himself (Positions::close). Layout: origin 16 | from, incarnation, last u64.
struct LifeEnd {
    Uuid origin;
    std::uint64_t from = 0;         ///< 1..incarnation
    std::uint64_t incarnation = 0;  ///< not the one that the origin writes in now
    std::uint64_t last = 0;         ///< >= 1
};

[[nodiscard]] Bytes encodeLifeEnd(const LifeEnd& end);
/// Errors: Corrupt.
Result<LifeEnd> decodeLifeEnd(BytesView payload);

}  // namespace tributary::engine
