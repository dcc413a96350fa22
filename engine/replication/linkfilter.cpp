// Projection of one payload.
#include "engine/replication/linkfilter.h"

#include "engine/systems/maprdb/mutation.h"

namespace tributary::engine {

LinkFilter::LinkFilter(std::string columns) : columns_(std::move(columns)) {
    if (columns_.empty()) return;
    auto parsed = parseColumns(columns_);
    if (parsed) list_ = std::move(parsed).value();
}

Result<std::optional<Bytes>> LinkFilter::project(const PayloadView& payload) const {
    std::vector<maprdb::KeptFamily> kept;
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < payload.families.size(); ++i) {
        names.emplace_back(payload.families[i]);
        maprdb::KeptFamily family{i, {}};
        bool wholeFamily = false;
        for (const auto& column : list_) {
            if (column.family != names.back()) continue;
            if (column.qualifier) {
                family.qualifiers.push_back(*column.qualifier);
            } else {
                wholeFamily = true;
            }
        }
        if (wholeFamily) family.qualifiers.clear();
        if (wholeFamily || !family.qualifiers.empty()) kept.push_back(std::move(family));
    }
    // A row delete names no family, so every kept family of the link must be in the payload's table to be narrowed to.
    for (const auto& column : list_) {
        bool known = false;
        for (const auto& name : names) known = known || name == column.family;
        if (known) continue;
        maprdb::KeptFamily family{static_cast<std::uint32_t>(names.size()), {}};
        for (const auto& other : list_) {
            if (other.family == column.family && other.qualifier) family.qualifiers.push_back(*other.qualifier);
        }
        for (const auto& other : list_) {
            if (other.family == column.family && !other.qualifier) family.qualifiers.clear();
        }
        names.push_back(column.family);
        kept.push_back(std::move(family));
    }
    auto mutations = maprdb::project(payload.mutations, kept);
    if (!mutations) return mutations.error();
    if (mutations.value().empty()) return std::optional<Bytes>{};
    const auto operations = maprdb::countAndCheck(mutations.value(), names.size());
    if (!operations) return operations.error();
    PayloadHeader header{payload.origin, payload.incarnation, payload.sequence,
                         payload.stamp,  operations.value(),  columns_};
    return std::optional<Bytes>(encodePayload(header, encodeBody(names, mutations.value())));
}

}  // namespace tributary::engine
