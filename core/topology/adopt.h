// Taking what runs into the drawing: the other way to close a difference.
#pragma once

#include "core/base/result.h"
#include "core/topology/differences.h"
#include "core/topology/edit.h"
#include "core/topology/observation.h"

namespace tributary {

/// A table or link as the drawing would have it: only what differs from the defaults is written down.
[[nodiscard]] Dataset drawnAs(const ObservedDataset& seen);
[[nodiscard]] Replica drawnAs(const std::string& from, const ObservedReplica& seen);
[[nodiscard]] Cluster drawnAs(const ObservedCluster& seen);

/// The edit after which the drawing has `element` as it runs: an undrawn one is added (a table with the records that
/// link it with drawn ones, a cluster with what it holds), a drawn one takes the observed attributes, one that is drawn
/// and not there is taken out. Errors: NotFound (neither drawn nor there), Unavailable (could not be observed),
/// Conflict (it is drawn as it runs; or what differs has no word in a drawing).
[[nodiscard]] Result<EditPtr> adoptEdit(const ElementId& element, const Topology& drawing,
                                        const Observation& observation);

}  // namespace tributary
