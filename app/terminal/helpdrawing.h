// The help topic drawing: the format of topology.yaml.
#pragma once

#include <string>

namespace tributary::app {

/// Keys come from the loader's table, words and permissions from where they are defined.
[[nodiscard]] std::string drawingText(int columns);

}  // namespace tributary::app
