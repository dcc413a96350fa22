// Column lists: parse, print, compare.
#include "core/operations/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/text.h"

namespace tributary {
namespace {

bool isBlankOrControl(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

Result<ColumnSpec> parseEntry(std::string_view entry, std::size_t place) {
    const auto bad = [place](std::string why) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("entry {} of the column list {}", place, why),
                     {},
                     "write families and columns as cf,cf:qualifier without blanks"};
    };
    if (entry.empty()) return bad("is empty");
    if (std::any_of(entry.begin(), entry.end(), isBlankOrControl)) {
        return bad(fmt::format("'{}' contains a blank or control character", escapedBytes(entry)));
    }
    const std::size_t colon = entry.find(':');
    ColumnSpec spec{std::string(entry.substr(0, colon)), std::nullopt};
    if (spec.family.empty()) return bad(fmt::format("'{}' names no column family", entry));
    if (colon != std::string_view::npos) spec.qualifier = std::string(entry.substr(colon + 1));
    return spec;
}

}  // namespace

Result<ColumnList> parseColumns(std::string_view text) {
    if (text.empty()) {
        return Error{ErrorCode::InvalidInput,
                     "the column list is empty",
                     {},
                     "name at least one column family, or leave the option out for the whole table"};
    }
    if (Status fits = limits::check("column list", text.size(), "a column list"); !fits) return fits.error();
    ColumnList list;
    for (const std::string& entry : split(text, ',')) {
        Result<ColumnSpec> spec = parseEntry(entry, list.size() + 1);
        if (!spec) return spec.error();
        list.push_back(std::move(*spec));
    }
    return canonicalColumns(std::move(list));
}

ColumnList canonicalColumns(ColumnList list) {
    std::sort(list.begin(), list.end());  // a family that is listed whole sorts directly before its columns
    ColumnList out;
    for (ColumnSpec& spec : list) {
        const bool said = !out.empty() && out.back().family == spec.family &&
                          (!out.back().qualifier || out.back().qualifier == spec.qualifier);
        if (!said) out.push_back(std::move(spec));
    }
    return out;
}

std::string printColumns(const ColumnList& list) {
    std::vector<std::string> entries;
    for (const ColumnSpec& spec : canonicalColumns(list)) {
        entries.push_back(spec.qualifier ? spec.family + ":" + *spec.qualifier : spec.family);
    }
    return join(entries, ",");
}

bool covers(const ColumnList& wider, const ColumnList& narrower) {
    if (wider.empty()) return true;
    if (narrower.empty()) return false;
    return std::all_of(narrower.begin(), narrower.end(), [&wider](const ColumnSpec& wanted) {
        return std::any_of(wider.begin(), wider.end(), [&wanted](const ColumnSpec& have) {
            return have.family == wanted.family && (!have.qualifier || have.qualifier == wanted.qualifier);
        });
    });
}

std::optional<ColumnList> intersection(const ColumnList& one, const ColumnList& other) {
    if (one.empty()) return canonicalColumns(other);
    if (other.empty()) return canonicalColumns(one);
    ColumnList both;
    for (const ColumnSpec& mine : one) {
        for (const ColumnSpec& theirs : other) {
            if (mine.family != theirs.family) continue;
            const bool apart = mine.qualifier && theirs.qualifier && *mine.qualifier != *theirs.qualifier;
            if (!apart) both.push_back(mine.qualifier ? mine : theirs);
        }
    }
    if (both.empty()) return std::nullopt;
    return canonicalColumns(std::move(both));
}

bool selects(const ColumnList& list, std::string_view family, std::string_view qualifier) {
    return list.empty() || std::any_of(list.begin(), list.end(), [family, qualifier](const ColumnSpec& spec) {
               return spec.family == family && (!spec.qualifier || *spec.qualifier == qualifier);
           });
}

}  // namespace tributary
