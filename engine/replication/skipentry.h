// What a filter kept back, as an entry of the log: it survives a crash and is told to further hops.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/replication/positions.h"

namespace tributary::engine {

/// "Sequences from..to of this lane hold nothing more for its projection." Layout: engine/README.md.
struct SkipEntry {
    Lane lane;
    std::uint64_t from = 0;  ///< >= 1
    std::uint64_t to = 0;    ///< >= from, included
};

[[nodiscard]] Bytes encodeSkipEntry(const SkipEntry& skip);
/// Errors: Corrupt.
Result<SkipEntry> decodeSkipEntry(BytesView payload);
/// Without decoding the rest; nil when it is too short.
[[nodiscard]] Uuid originOfSkipEntry(BytesView payload);

}  // namespace tributary::engine
