// Which of the systems that can be written down this version runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary {

/// Those of systemNames() (topology.h) that this version runs. The others can be drawn; nothing pretends to be them.
[[nodiscard]] const std::vector<std::string>& builtSystemNames();
[[nodiscard]] bool isBuiltSystem(std::string_view system);

}  // namespace tributary
