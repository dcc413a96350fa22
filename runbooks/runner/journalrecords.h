// How records change a run's state; inside the runner only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runbooks/runner/runstate.h"

namespace tributary::runbooks::detail {

inline constexpr int kJournalVersion = 1;

/// Applies one record. Throws nlohmann::json::exception when members are missing or of another type.
void applyRecord(RunState& state, const std::string& type, Millis atMs, const nlohmann::json& data);

}  // namespace tributary::runbooks::detail
