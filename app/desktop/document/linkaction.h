// What can be done to a running link from the window, and what it is told to do before it is done.
#pragma once

#include <QString>
#include <optional>
#include <string>

#include "core/topology/observation.h"

namespace tributary::desktop {

/// Pause and Resume change the running link at once; Compare only reads; Resync opens a runbook, which runs when a
/// person starts it.
enum class LinkAction { Pause, Resume, Compare, Resync };

/// A link action in words, before anything is done.
struct LinkActionWords {
    QString title;    ///< of its button: "Pause"
    QString says;     ///< what it will do, in sentences
    QString command;  ///< the line that is run, as it may be typed; empty: none
};
/// `seen`: the record as it was observed; nullptr: unknown.
[[nodiscard]] LinkActionWords wordsOf(LinkAction action, const std::string& from, const std::string& to,
                                      const ObservedReplica* seen);

/// Whether it makes sense for what was observed: a paused link is resumed, one that is not is paused.
[[nodiscard]] bool isPossible(LinkAction action, const ObservedReplica* seen);

}  // namespace tributary::desktop
