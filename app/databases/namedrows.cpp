// Cells to texts, once.
#include "app/databases/namedrows.h"

#include <charconv>

#include "app/databases/databasedoor.h"
#include "core/base/text.h"

namespace tributary::app {

namespace volt = engine::voltdb;

NamedRows::NamedRows(const volt::ResultTable& table) {
    for (std::size_t at = 0; at < table.columns.size(); ++at) columns_[table.columns[at].name] = at;
    rows_.reserve(table.rows.size());
    for (const volt::RowImage& row : table.rows) {
        std::vector<std::optional<std::string>> cells;
        cells.reserve(row.size());
        for (std::size_t at = 0; at < row.size() && at < table.columns.size(); ++at) {
            cells.push_back(valueText(row[at], table.columns[at].type));
        }
        rows_.push_back(std::move(cells));
    }
}

std::string NamedRows::at(std::size_t row, const std::string& column) const {
    const auto found = columns_.find(column);
    if (found == columns_.end() || row >= rows_.size() || found->second >= rows_[row].size()) return {};
    return rows_[row][found->second].value_or(std::string());
}

std::optional<std::int64_t> NamedRows::numberAt(std::size_t row, const std::string& column) const {
    const std::string text = at(row, column);
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isWhole = !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
    return isWhole ? std::optional(number) : std::nullopt;
}

std::string toldValue(const NamedRows& information, const std::string& key) {
    for (std::size_t row = 0; row < information.size(); ++row) {
        const std::string column = information.has("KEY") ? "KEY" : "PROPERTY";
        if (toLower(information.at(row, column)) == toLower(key)) return information.at(row, "VALUE");
    }
    return {};
}

bool isReplicated(const NamedRows& tables, std::size_t row) {
    return toLower(tables.at(row, "REMARKS")).find("\"drenabled\":\"true\"") != std::string::npos;
}

std::vector<std::string> replicatedNames(const NamedRows& tables) {
    std::vector<std::string> names;
    for (std::size_t row = 0; row < tables.size(); ++row) {
        if (isReplicated(tables, row)) names.push_back(tables.at(row, "TABLE_NAME"));
    }
    return names;
}

}  // namespace tributary::app
