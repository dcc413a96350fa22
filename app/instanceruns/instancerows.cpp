// What a comparison found, as counts, keys and lines.
#include "app/instanceruns/instancerows.h"

#include <fmt/format.h>

#include "app/instanceruns/boxjson.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

std::string keyTextOf(BytesView key) {
    const auto parts = jsonOfMsgpack(key);
    if (!parts) return "?";
    return jsonText(parts->size() == 1 ? parts->front() : *parts);
}

void take(RowsOnlyHere& into, const DifferingRow& row, BytesView own, std::size_t kept) {
    if (own.empty()) return;
    ++into.count;
    if (into.rows.size() < kept) into.rows.push_back({row.space, keyTextOf(row.key), std::string(own)});
}

}  // namespace

std::vector<std::string> differencesOf(const std::vector<SpaceComparison>& spaces) {
    std::vector<std::string> lines;
    for (const SpaceComparison& each : spaces) {
        if (each.isIdentical()) continue;
        if (!each.shape.empty()) {
            lines.push_back(fmt::format("space {}: {}", each.space(), each.shape));
        } else if (each.a.rows != each.b.rows) {
            lines.push_back(fmt::format("space {} has {} and {} rows", each.space(), each.a.rows, each.b.rows));
        } else {
            lines.push_back(fmt::format("space {} has {} rows at both, and not the same", each.space(), each.a.rows));
        }
    }
    return lines;
}

Result<RowsCompared> compareRows(InstanceWorld& world, const InstancePlace& here, const InstancePlace& there,
                                 std::size_t kept) {
    RowsCompared out;
    auto spaces = world.compare(here, there, [&](const DifferingRow& row) {
        take(out.here, row, row.a, kept);
        take(out.there, row, row.b, kept);
    });
    if (!spaces) return spaces.error();
    out.spaces = std::move(spaces).value();
    return out;
}

std::string keysText(const RowsOnlyHere& found) {
    std::vector<std::string> keys;
    keys.reserve(found.rows.size() + 1);
    for (const RowOnlyHere& row : found.rows) keys.push_back(fmt::format("{} {}", row.space, row.key));
    if (found.count > keys.size()) keys.push_back(fmt::format("and {} more", found.count - keys.size()));
    return join(keys, ", ");
}

}  // namespace tributary::app
