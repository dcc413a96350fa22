// Renames clusters and dataset paths where they stand in the text, so that their comments and order survive.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/topology/topology.h"

namespace tributary::desktop {

/// Old name -> new name.
struct Renames {
    std::map<std::string, std::string> clusters;
    std::map<std::string, std::string> datasets;
};

/// The drawing with everything renamed, edges and wan lines included. Names that are absent stay.
[[nodiscard]] Topology renamed(Topology topology, const Renames& renames);
/// A cluster's new name with every dataset path that lies in it.
[[nodiscard]] Renames clusterRename(const Topology& topology, const std::string& from, const std::string& to);

/// The text of a topology.yaml with the names replaced where they stand; nullopt when the text has a shape that is not
/// understood (the caller patches instead).
[[nodiscard]] std::optional<std::string> renameInText(std::string_view text, std::string_view file,
                                                      const Renames& renames);

}  // namespace tributary::desktop
