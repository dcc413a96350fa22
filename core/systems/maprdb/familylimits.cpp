// For ever is longer than anything.
#include "core/systems/maprdb/familylimits.h"

#include <limits>

namespace tributary::maprdb {

std::int64_t timeToLive(std::int64_t seconds) {
    return seconds >= std::numeric_limits<std::int32_t>::max() ? 0 : seconds;
}

bool livesShorter(std::int64_t nowSeconds, std::int64_t wantedSeconds) {
    const std::int64_t now = timeToLive(nowSeconds);
    const std::int64_t wanted = timeToLive(wantedSeconds);
    return wanted != 0 && (now == 0 || wanted < now);
}

}  // namespace tributary::maprdb
