// The part of the status that tells of clusters whose members are processes of their own.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/observe/statusmodel.h"
#include "app/terminal/statusview.h"

namespace tributary::app {

/// A table of members, and what keeps those from running that do not; empty when there are none.
[[nodiscard]] std::string membersSection(const WorkspaceStatus& status, const StatusStyle& style);
/// Who follows whom; empty when nobody does.
[[nodiscard]] std::string followingSection(const WorkspaceStatus& status, const StatusStyle& style);
/// The spaces that replicate, by cluster; empty when there are none.
[[nodiscard]] std::string spacesSection(const WorkspaceStatus& status, const StatusStyle& style);

/// What a document of --json has of one such cluster beside what all clusters have.
[[nodiscard]] nlohmann::ordered_json membersJson(const ClusterRow& cluster);

/// "rw", "ro (config)", "?".
[[nodiscard]] std::string modeText(const MemberLook& member);
/// "{1: 9, 2: 5}"; "?" when it is not known.
[[nodiscard]] std::string positionsText(const MemberLook& member);

}  // namespace tributary::app
