// What the outline shows of a drawing, as plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/document/ghosts.h"
#include "app/desktop/document/itemref.h"
#include "core/topology/topology.h"

namespace tributary::desktop {

/// What a row says beside its name.
enum class OutlineState { Plain, Exists, ToBeMade, Whole, UpstreamMissing, ReplicaMissing, NotDrawn };

/// Everything a row shows but for problems; not yet in words, since most rows stay the same at an edit.
struct OutlineFacts {
    ItemRef ref;
    std::string_view icon;  ///< a name of style/icons
    std::string name;
    std::string detail;  ///< in place of the state's words; may be empty; of what is not drawn: what is known of it
    OutlineState state = OutlineState::Plain;
    friend bool operator==(const OutlineFacts&, const OutlineFacts&) = default;
};

struct OutlineBranch {
    OutlineFacts facts;
    std::vector<OutlineBranch> children;
};

/// Regions with their clusters, and clusters with their datasets (each with the links that leave it) and gateways, then
/// the networks, in the drawing's order. `undrawn` stand where they belong, after what is drawn there; those that
/// belong nowhere at the end.
[[nodiscard]] std::vector<OutlineBranch> outlineOf(const Topology& topology, const std::vector<Ghost>& undrawn = {});

}  // namespace tributary::desktop
