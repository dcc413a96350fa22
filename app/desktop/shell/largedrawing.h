// A drawing of a hundred clusters in eight regions, for pictures and measurements.
#pragma once

#include <string>

namespace tributary::desktop {

/// The text of a topology.yaml: `clusters` clusters with four tables each, eight links a cluster, most of them inside
/// its region; a few lack a record. The same text every time.
[[nodiscard]] std::string largeDrawingText(int clusters = 100);

}  // namespace tributary::desktop
