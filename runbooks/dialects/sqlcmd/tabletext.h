// Tables as sqlcmd writes them: columns of fixed width, csv or tab, with what it says below.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tributary::runbooks {

struct ShownColumn {
    std::string name;
    bool isNumber = false;  ///< written to the right
};

/// One table of an answer. What is absent is NULL.
struct ShownTable {
    std::vector<ShownColumn> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
    /// A statement that changed rows: this many, and no table is shown.
    std::optional<std::int64_t> changedRows;
};

enum class TableFormat { Fixed, Csv, Tab };

struct TableStyle {
    TableFormat format = TableFormat::Fixed;
    bool skipMetadata = false;  ///< neither names of columns nor what stands below
};

/// Its lines, and "(Returned 3 rows in 0.01s)".
[[nodiscard]] std::vector<std::string> tableLines(const ShownTable& table, const TableStyle& style, double tookS);

/// "fixed", "csv", "tab"; anything else is fixed.
[[nodiscard]] TableFormat tableFormatNamed(const std::string& name);

}  // namespace tributary::runbooks
