// A replica set as its instances tell of it, put together: members, who follows whom, and what nobody mentions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/instances/boxinfo.h"
#include "app/instances/instanceprocess.h"
#include "app/systems/membersystem.h"

namespace tributary::app {

/// What was heard of one instance.
struct InstanceHeard {
    std::string name;
    InstanceSeen seen;
    std::optional<BoxInfo> info;  ///< it answered
    std::vector<MemberAlert> alerts;
    std::optional<Error> silence;  ///< why it did not, or why it cannot be told whether it runs
};

/// `configured` is the replica set as its instances are told it, with the edges of `peers` (none: everybody follows
/// everybody); `drawn` as the drawing has it, or nullptr. An instance never lists a peer that it has not reached yet,
/// so what is configured is held against what is told.
[[nodiscard]] ClusterLook lookOf(const Cluster& configured, const std::vector<Peer>& peers, const Cluster* drawn,
                                 const std::vector<InstanceHeard>& heard);

}  // namespace tributary::app
