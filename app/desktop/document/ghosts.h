// What runs and is not drawn, as the views show it: pale, named in words, to be adopted or removed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/document/itemref.h"
#include "core/topology/differences.h"

namespace tributary::desktop {

/// One look at what runs, shared by the views; nullptr: nothing was observed.
using ObservationPtr = std::shared_ptr<const Observation>;

struct Ghost {
    ItemRef ref;                      ///< a cluster, a dataset or a link
    std::vector<ElementId> elements;  ///< what the drawing lacks of it: of a link one record, or both
    std::string words;                ///< a sentence's end: "is not drawn, but it runs: up"
    std::optional<DatasetKind> kind;  ///< of a dataset; absent: unknown
    friend bool operator==(const Ghost&, const Ghost&) = default;
};

/// Clusters, datasets and links of the list that run and are not drawn, in its order; the two records of a link are one
/// ghost. Of a link that is half drawn the other half is a ghost too. Parts of drawn elements are none.
[[nodiscard]] std::vector<Ghost> ghostsOf(const std::vector<Difference>& differences, const Observation& observation);
/// nullptr when it is none of them.
[[nodiscard]] const Ghost* ghostOf(const std::vector<Ghost>& ghosts, const ItemRef& ref);

/// Those of the ghosts that `topology` does not hold, not even a half of.
[[nodiscard]] std::vector<Ghost> undrawnOf(const std::vector<Ghost>& ghosts, const Topology& topology);

/// What must be adopted, in this order, so that `elements` are drawn: a dataset needs its cluster (which brings all
/// that it holds), a link needs its ends.
[[nodiscard]] std::vector<ElementId> adoptionOrder(const std::vector<ElementId>& elements, const Topology& topology);

}  // namespace tributary::desktop
