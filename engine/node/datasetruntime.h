// A dataset as its node works on it; a part of its node.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/node/nodecuts.h"
#include "engine/node/ownlanes.h"
#include "engine/node/pendingentries.h"
#include "engine/replication/bootstrap.h"
#include "engine/replication/link.h"
#include "engine/replication/positions.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

/// One dataset at work: its state, its positions, its links.
struct DatasetRuntime {
    std::uint32_t id = 0;
    std::unique_ptr<StateUnit> state;         ///< never null: a file that cannot be opened is stood in for
    std::unique_ptr<PendingEntries> pending;  ///< of a kind that decides; else null
    std::optional<Error> flushError;          ///< the last flush failed; empty once one succeeds
    bool reopening = false;          ///< the file of an unavailable state was opened, the log is being read for it
    Positions durable;               ///< what is logged durably, per lane; what a peer may rely on
    Positions received;              ///< durable plus what is queued in the log
    std::uint64_t nextSequence = 1;  ///< of this dataset as an origin, in the node's incarnation
    OwnLanes ownLanes;               ///< the same where its kind has several lanes
    std::map<std::uint32_t, std::unique_ptr<Link>> links;  ///< by replica idx
    Micros firstUnflushedUs = 0;                           ///< when the oldest row in memory arrived; 0 = none
    bool flushing = false;
    bool checkpointing = false;
    Bootstrap bootstrap;
    CutIntake intake;
    std::map<std::uint32_t, std::pair<LinkStatus, Millis>> cachedStats;  ///< replica list without refresh
};

}  // namespace tributary::engine
