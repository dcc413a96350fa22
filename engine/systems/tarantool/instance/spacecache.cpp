// Known spaces.
#include "engine/systems/tarantool/instance/spacecache.h"

namespace tributary::engine::tarantool {

std::shared_ptr<const Space> SpaceCache::find(std::uint32_t id, BytesView plan) const {
    const std::lock_guard lock(mutex_);
    const auto at = known_.find(id);
    return at != known_.end() && at->second.plan == plan ? at->second.space : nullptr;
}

void SpaceCache::keep(std::uint32_t id, BytesView plan, std::shared_ptr<const Space> space) {
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kSpacesMax && !known_.contains(id)) known_.clear();
    known_[id] = {Bytes(plan), std::move(space)};
}

}  // namespace tributary::engine::tarantool
