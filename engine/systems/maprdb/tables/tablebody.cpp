// Counting is checking: every mutation is walked once, with its bounds.
#include "engine/systems/maprdb/tables/tablebody.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::uint64_t kFamiliesMax = 1024;

}  // namespace

Bytes encodeBody(const std::vector<std::string>& families, BytesView mutations) {
    Bytes body;
    body.reserve(16 + mutations.size());
    appendVarint(body, families.size());
    for (const auto& family : families) appendBlob(body, family);
    body.append(mutations);
    return body;
}

Result<TableBody> parseBody(BytesView bytes) {
    const auto malformed = [] { return Error{ErrorCode::InvalidInput, "malformed batch", {}, {}}; };
    ByteReader reader(bytes);
    TableBody body;
    const std::uint64_t count = reader.varint();
    if (count > kFamiliesMax) return malformed();
    body.families.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) body.families.push_back(reader.blob());
    if (!reader.ok()) return malformed();
    body.mutations = BytesView(reader.position(), reader.remaining());
    return body;
}

Result<BodyCount> countOperations(const TableBody& body) {
    const auto checked = countAndCheck(body.mutations, body.families.size());
    if (!checked) return checked.error();
    BodyCount count{checked.value(), false};
    MutationReader reader(body.mutations, 0);
    OpView op;
    while (reader.next(op)) count.deletes = count.deletes || op.kind != OpKind::Put;
    return count;
}

Stamp newestOwnStamp(const TableBody& body) {
    Stamp newest = 0;
    MutationReader reader(body.mutations, 0);
    OpView op;
    while (reader.next(op)) {
        auto cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            if (cell.ownStamp) newest = std::max(newest, cell.stamp);
        }
    }
    return newest;
}

}  // namespace tributary::engine::maprdb
