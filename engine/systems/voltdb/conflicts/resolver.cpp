// The table of decisions.
#include "engine/systems/voltdb/conflicts/resolver.h"

#include <algorithm>
#include <cassert>

namespace tributary::engine::voltdb {

const std::vector<ResolverRow>& resolverTable() {
    using Op = DrOperation;
    constexpr Conflicts kMiss{true, false, false};
    constexpr Conflicts kMismatch{false, true, false};
    constexpr Conflicts kConstraint{false, false, true};
    constexpr Conflicts kMissConstraint{true, false, true};
    constexpr Conflicts kMismatchConstraint{false, true, true};
    constexpr LoggedImages kNewOnly{true, false, true};   // EXT, NEW
    constexpr LoggedImages kAll{true, true, true};        // EXT, EXP, NEW or DEL
    constexpr LoggedImages kNotThere{false, true, true};  // EXP, NEW or DEL
    static const std::vector<ResolverRow> kTable{
        {Op::Insert, kConstraint, Lateness::Any, false, true, kNewOnly,
         "test II_CV, IU_CV; same primary key: not found"},
        {Op::Update, kConstraint, Lateness::Any, false, true, kAll, "test IU_CV, UU_CV"},
        {Op::Update, kMismatch, Lateness::Wins, true, false, kAll, "test UU_TM; at the same time: recollection"},
        {Op::Update, kMismatch, Lateness::Loses, false, false, kAll, "test UU_TM; at the same time: recollection"},
        {Op::Update, kMiss, Lateness::Any, false, true, kNotThere, "test UD"},
        {Op::Update, kMissConstraint, Lateness::Any, false, true, kAll, "recollection, by analogy with UU_CV"},
        {Op::Update, kMismatchConstraint, Lateness::Any, false, true, kAll, "recollection, by analogy with UU_CV"},
        {Op::Delete, kMismatch, Lateness::Any, true, false, kAll, "test UD: a delete always wins"},
        {Op::Delete, kMiss, Lateness::Any, false, false, kNotThere, "test DD_MR"},
    };
    return kTable;
}

Resolution resolve(DrOperation operation, const Conflicts& conflicts, DrStamp incoming, DrStamp existing) {
    if (!conflicts.any()) return {};
    const StampOrder order = orderOf(incoming, existing);
    const bool wins = order == StampOrder::Newer || order == StampOrder::SameTimeLowerCluster;
    const Lateness lateness = wins ? Lateness::Wins : Lateness::Loses;
    const std::vector<ResolverRow>& table = resolverTable();
    const auto row = std::find_if(table.begin(), table.end(), [&](const ResolverRow& each) {
        return each.operation == operation && each.conflicts == conflicts &&
               (each.lateness == Lateness::Any || each.lateness == lateness);
    });
    assert(row != table.end() && "conflictsOf() makes combinations of the table alone");
    return {row->accepted, row->divergent, row->images};
}

Conflicts conflictsOf(DrOperation operation, bool found, DrStamp existing, DrStamp expected, bool collides) {
    Conflicts out;
    if (operation != DrOperation::Insert) {
        out.missing = !found;
        out.mismatch = found && !(existing == expected);
    }
    // An insert finds nothing by its own key unless another row is there: that is a violation, too.
    out.constraint = operation != DrOperation::Delete && (collides || (operation == DrOperation::Insert && found));
    return out;
}

}  // namespace tributary::engine::voltdb
