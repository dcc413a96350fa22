// What a family keeps of its cells: the limits that age and number of versions set.
#pragma once

#include <cstdint>

namespace tributary::maprdb {

/// Seconds that cells live, 0 for ever, however it was written: the real commands show 2147483647 for it
/// (maprdb.md 1.3).
[[nodiscard]] std::int64_t timeToLive(std::int64_t seconds);

/// A change of a family's time to live drops cells that it keeps now. Both in seconds, as written.
[[nodiscard]] bool livesShorter(std::int64_t nowSeconds, std::int64_t wantedSeconds);

/// A change of a family's greatest number of versions drops cells that it keeps now.
[[nodiscard]] inline bool keepsFewer(std::int64_t nowVersions, std::int64_t wantedVersions) {
    return wantedVersions < nowVersions;
}

}  // namespace tributary::maprdb
