// Whom the drawn permissions keep from writing.
#pragma once

#include <string>
#include <vector>

#include "core/topology/topology.h"

namespace tributary {

/// Tables of which a drawn permission (a family's writeperm, else the table's defaultwriteperm) keeps `user` from some
/// family. A permission that is not drawn is that of whoever creates the table, and closes nothing here.
[[nodiscard]] std::vector<std::string> tablesClosedToWriter(const Topology& topology, const std::string& user);

}  // namespace tributary
