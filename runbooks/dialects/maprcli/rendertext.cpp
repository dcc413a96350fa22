// Tab-separated output.
#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli/jsontext.h"
#include "runbooks/dialects/maprcli/output.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::ordered_json;

// Only these short names are known; the other fields of `table cf list` keep their long ones.
std::string terseName(const std::string& name) {
    constexpr std::pair<std::string_view, std::string_view> kTerse[] = {
        {"inmemory", "inmem"},   {"cfname", "n"},         {"maxversions", "vmax"},
        {"minversions", "vmin"}, {"compression", "comp"}, {"compressionperm", "pcomp"}};
    for (const auto& [verbose, terse] : kTerse) {
        if (name == verbose) return std::string(terse);
    }
    return name;
}

// A cell may not break the line or the column it stands in.
std::string cellText(const Json& row, const std::string& name) {
    const auto found = row.find(name);
    if (found == row.end() || found->is_null()) return {};
    std::string text =
        found->is_string() ? found->get<std::string>() : found->dump(-1, ' ', false, Json::error_handler_t::replace);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return text;
}

// Members in the order in which rows first show them; an optional one (`columns`, `errors`) goes where its first row
// has it: after the member that precedes it there.
std::vector<std::string> headings(const Json& rows) {
    std::vector<std::string> names;
    for (const Json& row : rows) {
        auto after = names.begin();
        for (const auto& [name, value] : row.items()) {
            const auto known = std::find(names.begin(), names.end(), name);
            after = known == names.end() ? names.insert(after, name) + 1 : known + 1;
        }
    }
    return names;
}

}  // namespace

Json displayRows(const Operation& op, const Outcome& outcome) {
    if (op.verb != Verb::CfList || op.text("output") != "terse") return outcome.rows;
    Json rows = Json::array();
    for (const Json& row : outcome.rows) {
        Json terse = Json::object();
        for (const auto& [name, value] : row.items()) terse[terseName(name)] = value;
        rows.push_back(std::move(terse));
    }
    return rows;
}

std::string renderText(const Operation& op, const Outcome& outcome) {
    std::string out;
    for (const std::string& line : outcome.lines) out += line + "\n";
    if (!outcome.lines.empty() || outcome.rows.empty()) return out;
    const Json rows = displayRows(op, outcome);
    const std::vector<std::string> names = headings(rows);
    out = join(names, "\t") + "\n";
    for (const Json& row : rows) {
        std::vector<std::string> cells;
        cells.reserve(names.size());
        for (const std::string& name : names) cells.push_back(cellText(row, name));
        out += join(cells, "\t") + "\n";
    }
    return out;
}

}  // namespace tributary::runbooks
