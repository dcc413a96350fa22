// Projection of one body, and what column lists come to together.
#include "engine/systems/maprdb/tables/tableprojections.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine::maprdb {
namespace {

/// Which of `names` the operations of a projected list touch.
std::vector<bool> usedFamilies(BytesView list, std::size_t names) {
    std::vector<bool> used(names, false);
    MutationReader reader(list, 0);
    OpView op;
    while (reader.next(op)) {
        auto cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            if (cell.family < names) used[cell.family] = true;
        }
    }
    return used;
}

void copyOperation(MutationBuilder& out, const OpView& op, const std::vector<std::uint32_t>& newIndex) {
    auto cells = op.cells();
    CellView cell;
    if (op.kind == OpKind::Put) out.beginPut(op.key);
    while (cells.next(cell)) {
        const std::uint32_t family = newIndex[cell.family];
        switch (op.kind) {
            case OpKind::Put: out.addCell({family, cell.qualifier, cell.value, cell.time()}); break;
            case OpKind::DeleteRow: out.deleteRow(op.key, cell.time()); break;
            case OpKind::DeleteFamily: out.deleteFamily(op.key, family, cell.time()); break;
            case OpKind::DeleteColumn: out.deleteColumn(op.key, family, cell.qualifier, cell.time()); break;
        }
    }
    if (op.kind == OpKind::Put) out.endPut();
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
    MutationBuilder builder(out);
    MutationReader reader(list, 0);
    OpView op;
    while (reader.next(op)) copyOperation(builder, op, newIndex);
    return out;
}

class ColumnProjector final : public Projector {
public:
    explicit ColumnProjector(ColumnList list) : list_(std::move(list)) {}
    Result<std::optional<ProjectedBody>> apply(BytesView bytes) const override {
        const auto body = parseBody(bytes);
        if (!body) return Error{ErrorCode::Corrupt, "payload is damaged", {}, {}};
        return projectBody(list_, body.value());
    }

private:
    ColumnList list_;
};

class ColumnProjections final : public Projections {
public:
    Status check(std::string_view projection) const override {
        if (projection.empty()) return okStatus();
        const auto columns = parseColumns(projection);
        if (columns && printColumns(columns.value()) == projection) return okStatus();
        return Error{ErrorCode::Corrupt, "the projection is not a column list", "ErrPayload", {}};
    }

    bool covers(std::string_view wide, std::string_view narrow) const override {
        if (wide.empty() || wide == narrow) return true;
        if (narrow.empty()) return false;
        const auto wideColumns = parseColumns(wide);
        const auto narrowColumns = parseColumns(narrow);
        return wideColumns.ok() && narrowColumns.ok() && tributary::covers(wideColumns.value(), narrowColumns.value());
    }

    Result<std::optional<std::string>> intersection(std::string_view one, std::string_view other) const override {
        const auto read = [](std::string_view text) {
            return text.empty() ? Result<ColumnList>(ColumnList()) : parseColumns(text);
        };
        const auto first = read(one);
        const auto second = read(other);
        if (!first || !second) {
            return Error{ErrorCode::Corrupt, "the projection of a payload is not a column list", {}, {}};
        }
        const auto both = tributary::intersection(first.value(), second.value());
        if (!both) return std::optional<std::string>();
        return std::optional(both->empty() ? std::string() : printColumns(*both));
    }

    Result<std::unique_ptr<Projector>> make(std::string_view projection) const override {
        ColumnList list;
        if (!projection.empty()) {
            auto parsed = parseColumns(projection);
            if (!parsed) return Error{ErrorCode::Corrupt, "the projection is not a column list", {}, {}};
            list = std::move(parsed).value();
        }
        return std::unique_ptr<Projector>(std::make_unique<ColumnProjector>(std::move(list)));
    }
};

}  // namespace

const Projections& columnProjections() {
    static const ColumnProjections kProjections;
    return kProjections;
}

Result<std::optional<ProjectedBody>> projectBody(const ColumnList& list, const TableBody& body) {
    std::vector<KeptFamily> kept;
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < body.families.size(); ++i) {
        names.emplace_back(body.families[i]);
        KeptFamily family{i, {}};
        bool wholeFamily = false;
        for (const auto& column : list) {
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
    for (const auto& column : list) {
        bool known = false;
        for (const auto& name : names) known = known || name == column.family;
        if (known) continue;
        KeptFamily family{static_cast<std::uint32_t>(names.size()), {}};
        for (const auto& other : list) {
            if (other.family == column.family && other.qualifier) family.qualifiers.push_back(*other.qualifier);
        }
        for (const auto& other : list) {
            if (other.family == column.family && !other.qualifier) family.qualifiers.clear();
        }
        names.push_back(column.family);
        kept.push_back(std::move(family));
    }
    auto mutations = project(body.mutations, kept);
    if (!mutations) return mutations.error();
    if (mutations.value().empty()) return std::optional<ProjectedBody>{};
    const auto operations = countAndCheck(mutations.value(), names.size());
    if (!operations) return operations.error();
    const Bytes left = withoutUnused(std::move(mutations).value(), names);
    return std::optional(ProjectedBody{encodeBody(names, left), operations.value()});
}

}  // namespace tributary::engine::maprdb
