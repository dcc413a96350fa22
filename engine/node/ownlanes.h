// Which sequences a dataset gives next as an origin, on each of its lanes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/dataset/lanes.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

/// Lanes with sub-keys, of one dataset in the node's incarnation; the lane without one is DatasetRuntime::nextSequence.
/// Executor's thread only.
class OwnLanes {
public:
    /// The pieces that a body becomes if it is appended now.
    [[nodiscard]] std::vector<PieceHeader> next(const std::vector<LaneShare>& shares) const;
    /// It was appended.
    void give(const PayloadView& view);
    /// The log refused it: its numbers are given again.
    void takeBack(const PayloadView& view);
    /// A new incarnation begins.
    void restart() { next_.clear(); }

    [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& numbers() const { return next_; }
    void restore(const std::string& subKey, std::uint64_t next) { next_[subKey] = next; }

private:
    std::map<std::string, std::uint64_t, std::less<>> next_;  ///< by sub-key; not there: 1
};

}  // namespace tributary::engine
