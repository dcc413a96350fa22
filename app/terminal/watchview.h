// The picture of `watch`, as lines that fit the terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/terminal/watchmodel.h"

namespace tributary::app {

struct WatchStyle {
    std::size_t columns = 80;
    std::size_t lines = 24;  ///< of the terminal; 0: as many as there are
    bool colour = false;
    bool unicode = true;
    bool keys = true;  ///< the last line tells the keys
    Millis nowMs = 0;
};

/// At most `lines` lines, none wider than `columns`. What does not fit is counted ("and 3 more links"). Under the
/// links stands a chart of the selected one when there is room for it.
[[nodiscard]] std::vector<std::string> renderWatch(const WatchModel& model, const WatchStyle& style);

/// The same as one document: links with figures and the age of what is known, alarms, the run.
[[nodiscard]] nlohmann::ordered_json watchJson(const WatchModel& model, Millis nowMs);

}  // namespace tributary::app
