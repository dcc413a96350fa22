// env: the system's commands by their own names in this shell.
#pragma once

#include <string>

#include "app/terminal/verb.h"

namespace tributary::app {

/// A PATH without one folder, in the order that it has.
[[nodiscard]] std::string pathWithout(const std::string& path, const std::string& folder);

[[nodiscard]] Verb envVerb();

}  // namespace tributary::app
