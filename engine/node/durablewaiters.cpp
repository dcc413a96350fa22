// Callbacks run after the map is settled: each may add another.
#include "engine/node/durablewaiters.h"

#include <vector>

namespace tributary::engine {

void DurableWaiters::release(Lsn lsn) {
    std::vector<Done> ready;
    const auto end = waiting_.upper_bound(lsn);
    for (auto at = waiting_.begin(); at != end; ++at) ready.push_back(std::move(at->second));
    waiting_.erase(waiting_.begin(), end);
    for (Done& done : ready) done(okStatus());
}

void DurableWaiters::fail(Lsn fromLsn, const Status& status) {
    std::vector<Done> failed;
    const auto first = waiting_.lower_bound(fromLsn);
    for (auto at = first; at != waiting_.end(); ++at) failed.push_back(std::move(at->second));
    waiting_.erase(first, waiting_.end());
    for (Done& done : failed) done(status);
}

}  // namespace tributary::engine
