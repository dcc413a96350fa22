// Counting is checking: every mutation is walked once, with its bounds.
#include "engine/node/payloadcheck.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine {

Result<OperationCount> countOperations(const PayloadView& view) {
    const auto checked = maprdb::countAndCheck(view.mutations, view.families.size());
    if (!checked) return checked.error();
    OperationCount count{checked.value(), false};
    maprdb::MutationReader reader(view.mutations, 0);
    maprdb::OpView op;
    while (reader.next(op)) count.deletes = count.deletes || op.kind != maprdb::OpKind::Put;
    return count;
}

Stamp newestOwnStamp(const PayloadView& view) {
    Stamp newest = 0;
    maprdb::MutationReader reader(view.mutations, 0);
    maprdb::OpView op;
    while (reader.next(op)) {
        auto cells = op.cells();
        maprdb::CellView cell;
        while (cells.next(cell)) {
            if (cell.ownStamp) newest = std::max(newest, cell.stamp);
        }
    }
    return newest;
}

}  // namespace tributary::engine
