// Changes the text of a topology.yaml so that it draws something else, and leaves the rest of the text alone.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/topology/edit.h"
#include "core/topology/topology.h"

namespace tributary {

struct PatchedText {
    std::string text;
    /// The text could not be patched in place and was written anew: its first comment block is kept, others are lost.
    bool rewritten = false;
};

/// Makes `text` draw `wanted`: unchanged elements keep their bytes, comments and order; a changed value is replaced
/// where it stands; new elements follow the last one of their section; removed ones leave with their line. The result
/// is parsed again and compared before it is returned. Errors: what parseTopology says about `text`; Internal when even
/// the rewritten text would not draw `wanted` (names that YAML cannot hold).
[[nodiscard]] Result<PatchedText> patchTopology(std::string_view text, std::string_view file, const Topology& wanted);

/// Applies one edit to the drawing in `text`. Errors: those of parseTopology, the edit and patchTopology.
[[nodiscard]] Result<PatchedText> patchTopology(std::string_view text, std::string_view file, const Edit& edit);

/// Equal drawings: positions and the order of elements do not count.
[[nodiscard]] bool sameDrawing(const Topology& left, const Topology& right);

}  // namespace tributary
