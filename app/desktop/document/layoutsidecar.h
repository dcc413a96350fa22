// layout.yaml: where the drawing's items are placed. Kept beside topology.yaml so that moving a box is no change of
// intent. The format is written down in app/desktop/document/README.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/document/itemref.h"
#include "core/base/result.h"

namespace tributary::desktop {

/// The newest layout.yaml that this program reads. It writes 1 where that says all, so that older ones read it too.
inline constexpr int kLayoutFormat = 2;

/// A point that a link is led through; in the scene.
struct Bend {
    double x = 0;
    double y = 0;
    friend bool operator==(const Bend&, const Bend&) = default;
};

/// A cluster's or note's place on the canvas, or a dataset's inside its cluster's frame; in pixels at 100 %. A region
/// stands where its clusters stand, a link where its ends are: of them only the rest counts.
struct Placement {
    double x = 0;
    double y = 0;
    bool pinned = false;           ///< automatic layouts leave it where it is
    bool collapsed = false;        ///< clusters and regions only
    std::vector<Bend> bends = {};  ///< links only, from the source on
    std::string text = {};         ///< notes only
    double width = 0;              ///< notes only
    friend bool operator==(const Placement&, const Placement&) = default;
};

/// Clusters, datasets, regions that are collapsed, links with bends, notes; what is absent is placed by the canvas.
using LayoutSidecar = std::map<ItemRef, Placement>;

/// Reads layout.yaml. Errors: InvalidInput at file:line:column; Unsupported when the format is newer.
[[nodiscard]] Result<LayoutSidecar> parseLayout(std::string_view text, std::string_view file);
/// The canonical text: sorted, whole pixels.
[[nodiscard]] std::string writeLayout(const LayoutSidecar& layout);

}  // namespace tributary::desktop
