// Who begins a replica set: what an instance without data does once it has seen its peers' ballots.
#pragma once

#include <vector>

#include "engine/systems/tarantool/iproto/replication.h"

namespace tributary::engine::tarantool {

/// An instance that could be joined: itself, or a peer whose ballot has come.
struct BeginningCandidate {
    Uuid uuid;
    Ballot ballot;
    bool isSelf = false;
};

struct BeginningChoice {
    enum class What {
        Wait,       ///< more peers have to be seen
        Bootstrap,  ///< it is this one that begins
        Join,       ///< `from` begins, or has begun
        NoLeader    ///< everybody is seen, and nobody may write
    };
    What what = What::Wait;
    Uuid from;
};

/// `candidates` has this instance, whatever the list says, and those peers that answer; `instances` is how many the
/// replica set has. `isLate`: the time for connecting is over.
///
/// Who has data is joined, and at once when it also may write; before others one that may write, then the one with the
/// largest clock, then the lowest uuid. Where nobody has data, and all are seen, or in the end more than half of them,
/// the lowest uuid of those that may write begins. `seesAll`: nobody is joined before all are seen, as 2.6 does it.
[[nodiscard]] BeginningChoice chooseBeginning(const std::vector<BeginningCandidate>& candidates, std::size_t instances,
                                              bool isLate, bool seesAll = false);

}  // namespace tributary::engine::tarantool
