// layout.yaml: where the drawing's items are placed. Kept beside topology.yaml so that moving a box is no change of
// intent. The format is written down in app/desktop/document/README.md.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/desktop/document/itemref.h"
#include "core/base/result.h"

namespace tributary::desktop {

/// The newest layout.yaml that this program reads, and the one it writes.
inline constexpr int kLayoutFormat = 1;

/// A cluster's place on the canvas, or a dataset's inside its cluster's frame; in pixels at 100 %.
struct Placement {
    double x = 0;
    double y = 0;
    bool pinned = false;     ///< automatic layouts leave it where it is
    bool collapsed = false;  ///< clusters only
    friend bool operator==(const Placement&, const Placement&) = default;
};

/// Only clusters and datasets have a place; what is absent is placed by the canvas.
using LayoutSidecar = std::map<ItemRef, Placement>;

/// Reads layout.yaml. Errors: InvalidInput at file:line:column; Unsupported when the format is newer.
[[nodiscard]] Result<LayoutSidecar> parseLayout(std::string_view text, std::string_view file);
/// The canonical text: sorted, whole pixels.
[[nodiscard]] std::string writeLayout(const LayoutSidecar& layout);

}  // namespace tributary::desktop
