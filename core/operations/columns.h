// The column list of binary tables: `cf,cf:qualifier,...` (maprdb.md section 1.4, "-columns grammar").
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary {

/// A whole column family, or one column of it. `cf:` names the column with the empty qualifier.
struct ColumnSpec {
    std::string family;
    std::optional<std::string> qualifier;

    friend auto operator<=>(const ColumnSpec&, const ColumnSpec&) = default;  // NOLINT(modernize-use-nullptr)
};

/// A set of families and columns. An empty list stands for the whole table.
using ColumnList = std::vector<ColumnSpec>;

/// Parses a list; the result is canonical: sorted, without doubles and without columns of families that are listed
/// whole. Errors (empty list, empty entry, missing family) name the entry by its place, counted from 1.
[[nodiscard]] Result<ColumnList> parseColumns(std::string_view text);
/// Sorts and drops what is said twice.
[[nodiscard]] ColumnList canonicalColumns(ColumnList list);
/// The list as parseColumns() reads it, canonical.
[[nodiscard]] std::string printColumns(const ColumnList& list);
/// True when everything that `narrower` selects is selected by `wider`; the empty list is the whole table.
[[nodiscard]] bool covers(const ColumnList& wider, const ColumnList& narrower);
/// What both select, canonical; nothing when no column is in both. The empty list is the whole table, here as well.
[[nodiscard]] std::optional<ColumnList> intersection(const ColumnList& one, const ColumnList& other);
/// True when the list selects this column; the empty list selects all.
[[nodiscard]] bool selects(const ColumnList& list, std::string_view family, std::string_view qualifier);

}  // namespace tributary
