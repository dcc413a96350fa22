// Column lists of replica edges, as the rules read them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/topology/topology.h"

namespace tributary::maprdb {

/// The family a column of a binary table names: what stands before the colon.
[[nodiscard]] std::string familyOfColumn(const std::string& column);

/// Names of the source's drawn families that the edge carries. A JSON column belongs to the family with the longest
/// json path that begins it, or to the default family.
[[nodiscard]] std::set<std::string> carriedFamilies(const Dataset& source, const Replica& edge);

/// Whether everything that `narrow` carries is carried by `wide` too. An empty list is everything.
[[nodiscard]] bool covers(const std::vector<std::string>& wide, const std::vector<std::string>& narrow,
                          DatasetKind kind);

[[nodiscard]] const Family* findFamily(const Dataset& dataset, const std::string& name);

}  // namespace tributary::maprdb
