// What of a drawing is in focus: what a filter leaves, and what the selection touches. Pure functions of names.
#pragma once

#include <QString>
#include <set>
#include <string>
#include <vector>

#include "app/desktop/canvas/observed.h"
#include "app/desktop/document/itemref.h"
#include "core/rules/findings.h"

namespace tributary::desktop {

/// What is looked for; what does not fit is faded, never hidden.
struct CanvasFilter {
    enum class State { Any, Problems, Failing, Held, Unknown, Differs };
    QString text;        ///< in a name, in any case; empty: any
    std::string system;  ///< a word of systemNames(); empty: any
    State state = State::Any;
    [[nodiscard]] bool isOn() const { return !text.trimmed().isEmpty() || !system.empty() || state != State::Any; }
    friend bool operator==(const CanvasFilter&, const CanvasFilter&) = default;
};

/// The items that fit, with the clusters and ends that they belong to, so that each can be found where it is.
struct FocusSet {
    std::set<ItemRef> items;  ///< fit by themselves
    std::set<ItemRef> shown;  ///< these, and what they belong to
};

/// Clusters, datasets, links and regions of the drawing that fit. What could not be observed fits "unknown" only.
[[nodiscard]] FocusSet filtered(const Topology& topology, const std::vector<Finding>& findings,
                                const ObservedState& observed, const CanvasFilter& filter);

/// The chosen items, what they hold, the links that begin or end there, and those links' other ends.
[[nodiscard]] std::set<ItemRef> neighbourhood(const Topology& topology, const std::vector<ItemRef>& links,
                                              const std::vector<ItemRef>& chosen);

/// All links of a drawing: of datasets (whole or half) and of members.
[[nodiscard]] std::vector<ItemRef> linksOf(const Topology& topology);

}  // namespace tributary::desktop
