// Which of the systems and datasets that can be written down this version runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

/// Those of systemNames() (topology.h) that this version runs. The others can be drawn; nothing pretends to be them.
[[nodiscard]] const std::vector<std::string>& builtSystemNames();
[[nodiscard]] bool isBuiltSystem(std::string_view system);
/// Whether the dataset can come to be as drawn. Unsupported with reason and next step when it is to exist and this
/// version does not make datasets of its kind: what `check` finds and what starting it refuses, in the same words.
[[nodiscard]] Status requireBuiltKind(const Dataset& dataset);

}  // namespace tributary
