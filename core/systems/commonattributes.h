// Rows that the tables of all systems begin with.
#pragma once

#include "core/systems/attributes.h"

namespace tributary::attribute {

[[nodiscard]] Attribute<Cluster> clusterName();
[[nodiscard]] Attribute<Cluster> clusterSystem();
[[nodiscard]] Attribute<Dataset> datasetPath();
/// `kinds` names those of one system for the help.
[[nodiscard]] Attribute<Dataset> datasetKind(std::string_view kinds);

}  // namespace tributary::attribute
