// Is everything as it should be: the machine, the workspace's files, its clusters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/result.h"

namespace tributary::app {

enum class Health { Good, Warning, Bad };
/// "ok", "warning", "bad".
[[nodiscard]] std::string_view healthName(Health health);

/// One thing that was looked at. What is not good has a fix: the next command or edit.
struct HealthFinding {
    std::string subject;
    Health health = Health::Good;
    std::string detail;
    std::string fix;
};

/// Deep reads every page of every volume that is not in use and compares its checksum: as long as the disk takes.
enum class HealthDepth { Usual, Deep };

/// Looks at everything and changes nothing. A workspace that is not there, or does not parse, is a finding. Blocks for
/// a few seconds when clusters hang.
[[nodiscard]] std::vector<HealthFinding> examineHealth(const std::string& workspaceDir, const std::string& user,
                                                       HealthDepth depth = HealthDepth::Usual);

/// {"healthy": bool, "findings": [{what, health, seen, fix}]}; healthy unless something is bad.
[[nodiscard]] nlohmann::ordered_json healthJson(const std::vector<HealthFinding>& findings);

}  // namespace tributary::app
