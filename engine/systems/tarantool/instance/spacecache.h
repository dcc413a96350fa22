// Spaces read from what a state keeps of them, so that not every decision reads them again.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "engine/systems/tarantool/data/space.h"

namespace tributary::engine::tarantool {

/// Spaces without tuples, by the bytes that say what they are (spaceplan.h). Any thread.
///
/// Decision: the bytes are the key, not a version that somebody counts. What a decision sees of a space that changes
/// meanwhile, in its own transaction or in one that is not durable yet, are other bytes, and so it is never given a
/// space that is not the one that it sees.
class SpaceCache {
public:
    /// nullptr when it is not known, or known as something else.
    [[nodiscard]] std::shared_ptr<const Space> find(std::uint32_t id, BytesView plan) const;
    /// In the place of what was known of that id.
    void keep(std::uint32_t id, BytesView plan, std::shared_ptr<const Space> space);

private:
    static constexpr std::size_t kSpacesMax = 4'096;
    struct Known {
        Bytes plan;
        std::shared_ptr<const Space> space;
    };
    mutable std::mutex mutex_;
    std::map<std::uint32_t, Known> known_;
};

}  // namespace tributary::engine::tarantool
