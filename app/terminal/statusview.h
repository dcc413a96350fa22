// The status of a workspace as text for people and as JSON for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/observe/statusmodel.h"

namespace tributary::app {

struct StatusStyle {
    int columns = 80;  ///< of the terminal
    bool fit = false;  ///< shorten what does not fit (a terminal); off for pipes and files
    bool colour = false;
    Millis nowMs = 0;         ///< UTC, for ages of alarms
    std::string hereOptions;  ///< VerbContext::hereOptions(), behind our own commands to try next
};

/// The status with every text on one line and escaped: what terminals are shown.
[[nodiscard]] WorkspaceStatus shownStatus(WorkspaceStatus status);

/// Sections: clusters, tables, links, alarms, faults, drawn and observed, what to try next. Unknown is '?'.
[[nodiscard]] std::string statusText(const WorkspaceStatus& status, const StatusStyle& style);

/// One document; figures that are unknown are null.
[[nodiscard]] nlohmann::ordered_json statusJson(const WorkspaceStatus& status);

/// The exit code of a verb that only shows the status: 3 when a cluster does not answer and may be anything, else 0.
[[nodiscard]] int statusExit(const WorkspaceStatus& status);

}  // namespace tributary::app
