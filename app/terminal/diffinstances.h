// diff of two instances of a replica set: their spaces, row by row.
#pragma once

#include <string>
#include <vector>

#include "app/instances/spacefingerprint.h"
#include "app/terminal/verb.h"
#include "core/base/result.h"

namespace tributary::app {

/// Whether the word names a member of a cluster: "replicaset001/instance001".
[[nodiscard]] bool namesMember(const std::string& word);

/// Compares `spaces` (none: every one that replicates) of both, and prints what differs. Exit codes as of `diff`.
[[nodiscard]] int diffInstances(const VerbContext& context, const std::string& a, const std::string& b,
                                const std::vector<std::string>& spaces);

/// As text: a line for each space, then the rows that differ.
[[nodiscard]] std::string comparisonText(const std::string& a, const std::string& b,
                                         const std::vector<SpaceComparison>& spaces);
/// 0 identical, 1 different, 3 still changing.
[[nodiscard]] int comparisonExit(const std::vector<SpaceComparison>& spaces);

}  // namespace tributary::app
