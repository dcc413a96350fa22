// The keys of topology.yaml: what the loader takes, and what the help prints, from one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary {

/// One key of an element.
struct DrawingKey {
    std::string_view key;
    std::string_view form;      ///< "text", "flag", "[name, ...]", "duration"
    std::string_view fallback;  ///< "required", or what holds when the key is not there
    std::string_view meaning;
};

/// An element of the drawing, where it stands and its keys.
struct DrawingElement {
    std::string_view thing;    ///< as errors name it: "a cluster"
    std::string_view section;  ///< "clusters: NAME: {...}"
    std::string_view meaning;
    std::vector<DrawingKey> keys;
};

/// Every element, the file itself first.
[[nodiscard]] const std::vector<DrawingElement>& drawingElements();
/// The keys of one of them. `thing` is one of those in drawingElements().
[[nodiscard]] std::vector<std::string> drawingKeyNames(std::string_view thing);

}  // namespace tributary
