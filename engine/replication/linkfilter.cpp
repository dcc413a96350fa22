// Projection of one payload.
#include "engine/replication/linkfilter.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine {
namespace {

/// Which of `names` the operations of a projected list touch.
std::vector<bool> usedFamilies(BytesView list, std::size_t names) {
    std::vector<bool> used(names, false);
    maprdb::MutationReader reader(list, 0);
    maprdb::OpView op;
    while (reader.next(op)) {
        auto cells = op.cells();
        maprdb::CellView cell;
        while (cells.next(cell)) {
            if (cell.family < names) used[cell.family] = true;
        }
    }
    return used;
}

void copyOperation(maprdb::MutationBuilder& out, const maprdb::OpView& op, const std::vector<std::uint32_t>& newIndex) {
    auto cells = op.cells();
    maprdb::CellView cell;
    if (op.kind == maprdb::OpKind::Put) out.beginPut(op.key);
    while (cells.next(cell)) {
        const std::uint32_t family = newIndex[cell.family];
        switch (op.kind) {
            case maprdb::OpKind::Put: out.addCell({family, cell.qualifier, cell.value, cell.time()}); break;
            case maprdb::OpKind::DeleteRow: out.deleteRow(op.key, cell.time()); break;
            case maprdb::OpKind::DeleteFamily: out.deleteFamily(op.key, family, cell.time()); break;
            case maprdb::OpKind::DeleteColumn: out.deleteColumn(op.key, family, cell.qualifier, cell.time()); break;
        }
    }
    if (op.kind == maprdb::OpKind::Put) out.endPut();
}

/// Names only what is left: a replica need not have a family of which nothing comes.
Bytes withoutUnused(Bytes list, std::vector<std::string>& names) {
    const std::vector<bool> used = usedFamilies(list, names.size());
    if (std::find(used.begin(), used.end(), false) == used.end()) return list;
    std::vector<std::uint32_t> newIndex(names.size(), 0);
    std::vector<std::string> left;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!used[i]) continue;
        newIndex[i] = static_cast<std::uint32_t>(left.size());
        left.push_back(std::move(names[i]));
    }
    names = std::move(left);
    Bytes out;
    out.reserve(list.size());
    maprdb::MutationBuilder builder(out);
    maprdb::MutationReader reader(list, 0);
    maprdb::OpView op;
    while (reader.next(op)) copyOperation(builder, op, newIndex);
    return out;
}

}  // namespace

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
    const Bytes left = withoutUnused(std::move(mutations).value(), names);
    PayloadHeader header{payload.origin, payload.incarnation,  payload.sequence, payload.stamp, operations.value(),
                         columns_,       payload.schemaVersion};
    return std::optional<Bytes>(encodePayload(header, encodeBody(names, left)));
}

Result<std::optional<std::string>> LinkNarrowing::left(std::string_view projection, std::string_view columns) {
    if (columns.empty()) return std::optional(std::string(projection));
    if (projection == projection_ && columns == columns_) return left_;
    const auto read = [](std::string_view text) {
        return text.empty() ? Result<ColumnList>(ColumnList()) : parseColumns(text);
    };
    const auto before = read(projection);
    const auto here = read(columns);
    if (!before || !here) {
        return Error{ErrorCode::Corrupt, "the projection of a payload is not a column list", {}, {}};
    }
    const auto both = intersection(before.value(), here.value());
    projection_ = projection;
    columns_ = columns;
    left_ = both ? std::optional(both->empty() ? std::string() : printColumns(*both)) : std::nullopt;
    return left_;
}

}  // namespace tributary::engine
