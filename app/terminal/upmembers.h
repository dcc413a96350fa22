// up and down of clusters whose members are processes of their own: what was asked for, by system.
#pragma once

#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/systems/membersystem.h"

namespace tributary::app {

/// The clusters that were asked for, parted by who runs them.
struct PartedClusters {
    std::vector<std::string> hosted;                                                ///< by the daemon
    std::vector<std::pair<const MemberSystem*, std::vector<std::string>>> members;  ///< by themselves

    [[nodiscard]] bool anyMembers() const { return !members.empty(); }
};

/// Of `names`, or of all for none; `hosted` are those that the daemon may run. Errors: InvalidInput with the nearest
/// name.
[[nodiscard]] Result<PartedClusters> partClusters(Session& session, const std::vector<std::string>& names,
                                                  const std::vector<std::string>& hosted);

/// Over all systems; the first problem ends it. Audited.
[[nodiscard]] Result<MembersStarted> startMembers(Session& session, const PartedClusters& parted);
[[nodiscard]] MembersStopped stopMembers(Session& session, const PartedClusters& parted);

}  // namespace tributary::app
