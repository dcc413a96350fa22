// The checks of runbooks, answered by what instances and their files say.
#pragma once

#include <string>
#include <vector>

#include "app/instanceruns/instanceworld.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Evaluates one check of runbooks/dialects/tt/checks. False is only said of what an instance answered, of files, and
/// of a process that is known not to run; what cannot be asked is Unknown. Blocks.
[[nodiscard]] runbooks::CheckOutcome evaluateInstanceCheck(InstanceWorld& world, const std::string& name,
                                                           const std::vector<std::string>& arguments);

/// The entry of `peer` in box.info.replication of an instance, by its name, or by uuid where members have none.
/// nullptr when there is none.
[[nodiscard]] const PeerInfo* memberOf(const BoxInfo& info, const std::string& peer, const std::string& peerUuid = {});

/// Files in var/lib of an instance that decide that it has data; empty when it would bootstrap or join.
[[nodiscard]] std::vector<std::string> dataFilesOf(const InstancePlace& place);

}  // namespace tributary::app
