// Failures follow each other; the first one since the last progress tells since when.
#include "engine/replication/linktrouble.h"

#include <algorithm>
#include <cassert>

namespace tributary::engine {

bool LinkTrouble::note(Failure failure) {
    assert(!failure.code.empty());
    if (!active()) {
        sinceWallMs_ = failure.wallMs;
        sinceMonotonicMs_ = failure.monotonicMs;
    }
    const bool news = failure_.code != failure.code || failure_.lsn != failure.lsn;
    backOffMs_ = std::clamp(backOffMs_ * 2, failure.waitMsMin, std::max(failure.waitMsMin, failure.waitMsMax));
    failure_ = std::move(failure);
    return news;
}

void LinkTrouble::clear() {
    failure_ = Failure();
    backOffMs_ = 0;
}

Millis LinkTrouble::nextTryMs(Random& random) const {
    const Millis half = backOffMs_ / 2;
    return half + static_cast<Millis>(random.below(static_cast<std::uint64_t>(half + 1)));
}

void LinkTrouble::fill(LinkStatus& status, Millis monotonicMs) const {
    status.errorHost = host_;
    if (!active()) return;
    status.errorCode = failure_.code;
    status.errorMessage = failure_.message;
    status.errorLsn = failure_.lsn;
    status.errorSinceMs = sinceWallMs_;
    status.errorForMs = monotonicMs - sinceMonotonicMs_;
}

}  // namespace tributary::engine
