// Widths, separators, footer.
#include "runbooks/dialects/sqlcmd/tabletext.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

constexpr const char* kNull = "NULL";

/// Characters, not bytes: what a column is wide.
std::size_t widthOf(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t width, bool toTheRight) {
    const std::string blanks(width - std::min(width, widthOf(text)), ' ');
    return toTheRight ? blanks + text : text + blanks;
}

std::string shown(const std::optional<std::string>& cell) {
    return cell ? *cell : std::string(kNull);
}

std::vector<std::string> fixedLines(const ShownTable& table, bool skipMetadata) {
    std::vector<std::size_t> widths;
    widths.reserve(table.columns.size());
    for (const ShownColumn& column : table.columns) widths.push_back(widthOf(column.name));
    for (const auto& row : table.rows) {
        for (std::size_t at = 0; at < widths.size(); ++at) widths[at] = std::max(widths[at], widthOf(shown(row[at])));
    }
    std::vector<std::string> lines;
    lines.reserve(table.rows.size() + 2);
    std::vector<std::string> names;
    std::vector<std::string> rules;
    for (std::size_t at = 0; at < widths.size(); ++at) {
        names.push_back(padded(table.columns[at].name, widths[at], false));
        rules.emplace_back(widths[at], '-');
    }
    if (!skipMetadata) lines = {join(names, " "), join(rules, " ")};
    for (const auto& row : table.rows) {
        std::vector<std::string> cells;
        cells.reserve(widths.size());
        for (std::size_t at = 0; at < widths.size(); ++at) {
            cells.push_back(padded(shown(row[at]), widths[at], table.columns[at].isNumber));
        }
        lines.push_back(join(cells, " "));
    }
    return lines;
}

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string tabCell(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\t' || c == '\n' || c == '\\') {
            out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\\\";
        } else {
            out += c;
        }
    }
    return out;
}

std::vector<std::string> separatedLines(const ShownTable& table, const TableStyle& style) {
    const bool isCsv = style.format == TableFormat::Csv;
    const auto cell = [&](const std::string& text) { return isCsv ? csvCell(text) : tabCell(text); };
    const std::string between = isCsv ? "," : "\t";
    std::vector<std::string> lines;
    lines.reserve(table.rows.size() + 1);
    std::vector<std::string> cells;
    for (const ShownColumn& column : table.columns) cells.push_back(cell(column.name));
    if (!style.skipMetadata) lines.push_back(join(cells, between));
    for (const auto& row : table.rows) {
        cells.clear();
        for (const auto& each : row) cells.push_back(cell(shown(each)));
        lines.push_back(join(cells, between));
    }
    return lines;
}

}  // namespace

std::vector<std::string> tableLines(const ShownTable& table, const TableStyle& style, double tookS) {
    std::vector<std::string> lines;
    std::int64_t count = static_cast<std::int64_t>(table.rows.size());
    if (table.changedRows) {
        count = *table.changedRows;
    } else {
        lines =
            style.format == TableFormat::Fixed ? fixedLines(table, style.skipMetadata) : separatedLines(table, style);
        if (!style.skipMetadata) lines.emplace_back();
    }
    if (!style.skipMetadata) lines.push_back(fmt::format("(Returned {} rows in {:.2f}s)", count, tookS));
    return lines;
}

TableFormat tableFormatNamed(const std::string& name) {
    return name == "csv" ? TableFormat::Csv : name == "tab" ? TableFormat::Tab : TableFormat::Fixed;
}

}  // namespace tributary::runbooks
