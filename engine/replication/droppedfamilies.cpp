// A name means what it meant at the entry's own lsn.
#include "engine/replication/droppedfamilies.h"

#include <algorithm>

#include "core/operations/columns.h"

namespace tributary::engine {
namespace {

bool isDropped(const TableRecord& table, std::string_view name, Lsn lsn) {
    const FamilyRecord* then = table.familyAt(name, lsn);
    if (then == nullptr || then->live()) return false;
    // A rename ends the old name's record and goes on under the same id.
    return std::none_of(table.families.begin(), table.families.end(),
                        [&](const FamilyRecord& family) { return family.live() && family.id == then->id; });
}

}  // namespace

bool namesDroppedFamily(const TableRecord& table, const PayloadView& payload, Lsn lsn) {
    return std::any_of(payload.families.begin(), payload.families.end(),
                       [&](BytesView name) { return isDropped(table, name, lsn); });
}

std::string withoutDropped(const std::string& asked, const TableRecord& table, Lsn lsn) {
    ColumnList list;
    if (asked.empty()) {
        for (const FamilyRecord& family : table.families) {
            if (family.live()) list.push_back(ColumnSpec{family.name, std::nullopt});
        }
    } else if (auto parsed = parseColumns(asked)) {
        list = std::move(parsed).value();
    }
    std::erase_if(list, [&](const ColumnSpec& column) { return isDropped(table, column.family, lsn); });
    return list.empty() ? std::string() : printColumns(canonicalColumns(std::move(list)));
}

}  // namespace tributary::engine
