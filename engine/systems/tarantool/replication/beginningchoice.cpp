// Ballots compared.
#include "engine/systems/tarantool/replication/beginningchoice.h"

#include <algorithm>

namespace tributary::engine::tarantool {
namespace {

using What = BeginningChoice::What;

bool hasData(const BeginningCandidate& candidate) {
    return candidate.ballot.clock.signature() > 0;
}

/// Whether the first is the better one to join.
bool isBetter(const BeginningCandidate& one, const BeginningCandidate& other) {
    if (hasData(one) != hasData(other)) return hasData(one);
    if (one.ballot.isReadOnly != other.ballot.isReadOnly) return !one.ballot.isReadOnly;
    const std::int64_t mine = one.ballot.clock.signature();
    const std::int64_t theirs = other.ballot.clock.signature();
    return mine != theirs ? mine > theirs : one.uuid.bytes() < other.uuid.bytes();  // as text sorts
}

}  // namespace

BeginningChoice chooseBeginning(const std::vector<BeginningCandidate>& candidates, std::size_t instances, bool isLate,
                                bool seesAll) {
    const auto best = std::min_element(candidates.begin(), candidates.end(), isBetter);
    if (best == candidates.end()) return {};
    const bool isWhole = candidates.size() >= instances;
    if (hasData(*best)) {
        if ((!best->ballot.isReadOnly && !seesAll) || isWhole || isLate) return {What::Join, best->uuid};
        return {};
    }
    const bool isMost = candidates.size() * 2 > instances;
    if (!isWhole && !(isLate && isMost)) return {};
    if (best->ballot.isReadOnly) return {isWhole ? What::NoLeader : What::Wait, {}};
    return best->isSelf ? BeginningChoice{What::Bootstrap, {}} : BeginningChoice{What::Join, best->uuid};
}

}  // namespace tributary::engine::tarantool
