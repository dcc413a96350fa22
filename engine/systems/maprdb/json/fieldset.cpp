// Families and sets of fields.
#include "engine/systems/maprdb/json/fieldset.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/limits.h"

namespace tributary::engine::maprdb::json {
namespace {

bool leadsTo(const NamePath& above, const NamePath& path) {
    return above.size() <= path.size() && std::equal(above.begin(), above.end(), path.begin());
}

/// At the commas that stand in no quotes.
std::vector<std::string_view> pieces(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t from = 0;
    char quote = '\0';
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\') {
            ++at;
        } else if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '`') {
            quote = c;
        } else if (c == ',') {
            out.push_back(text.substr(from, at - from));
            from = at + 1;
        }
    }
    out.push_back(text.substr(from));
    return out;
}

std::string pathText(const NamePath& path) {
    std::string text = FieldPath::ofNames(path).text();
    // A comma ends a piece, so a name with one is quoted even where a path alone would need no quotes.
    if (text.find(',') == std::string::npos) return text;
    std::string out;
    for (const std::string& name : path) {
        std::string one = FieldPath::ofNames({name}).text();
        if (one.find(',') != std::string::npos && one.front() != '"') one = "\"" + one + "\"";
        out += (out.empty() ? "" : ".") + one;
    }
    return out;
}

}  // namespace

Result<NamePath> JsonFamilies::parsePath(std::string_view text) {
    Result<FieldPath> path = FieldPath::parse(text);
    if (!path) return path.error();
    if (path->isNamesOnly()) return path->leadingNames();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' names elements of an array; an array is one value and stands in one place",
                             shownLine(bounded(text, 60))),
                 {},
                 "name the array itself"};
}

Result<JsonFamilies> JsonFamilies::make(std::vector<JsonFamily> families) {
    std::sort(families.begin(), families.end(),
              [](const JsonFamily& a, const JsonFamily& b) { return a.path < b.path; });
    if (families.empty() || !families.front().path.empty()) {
        return Error{ErrorCode::InvalidInput, "a JSON table has a default family, of the empty path", {}, {}};
    }
    for (std::size_t i = 0; i < families.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (families[i].name != families[j].name && families[i].path != families[j].path) continue;
            return Error{
                ErrorCode::InvalidInput,
                fmt::format("the families '{}' and '{}' have the same {}", shownLine(families[j].name),
                            shownLine(families[i].name), families[i].path == families[j].path ? "path" : "name"),
                {},
                {}};
        }
    }
    JsonFamilies out;
    out.families_ = std::move(families);
    return out;
}

const JsonFamily& JsonFamilies::of(const NamePath& path) const {
    const JsonFamily* best = nullptr;
    for (const JsonFamily& family : families_) {
        if (leadsTo(family.path, path) && (best == nullptr || family.path.size() > best->path.size())) best = &family;
    }
    assert(best != nullptr);
    return *best;
}

FieldSet FieldSet::everything() {
    FieldSet out;
    out.rules_.emplace(NamePath(), true);
    return out;
}

Result<FieldSet> FieldSet::parseColumns(std::string_view columns, const JsonFamilies& families) {
    if (const Status fits = limits::check("column list", columns.size(), "a list of columns"); !fits)
        return fits.error();
    std::vector<NamePath> listed;
    bool withDefault = false;
    for (const std::string_view piece : pieces(columns)) {
        if (piece.empty()) {
            withDefault = true;
            continue;
        }
        if (piece.front() == ' ' || piece.back() == ' ') {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("blanks stand beside the field path '{}'", shownLine(bounded(piece, 60))),
                         "columns", "write the paths with commas and without blanks between them"};
        }
        Result<NamePath> path = JsonFamilies::parsePath(piece);
        if (!path) {
            Error error = path.error();
            error.where = "columns";
            return error;
        }
        listed.push_back(std::move(path).value());
    }
    FieldSet out;
    if (withDefault) {
        for (const JsonFamily& family : families.all()) out.rules_[family.path] = family.path.empty();
    }
    for (const NamePath& path : listed) {
        std::erase_if(out.rules_, [&](const auto& rule) { return leadsTo(path, rule.first); });
        out.rules_[path] = true;
    }
    out.dropRepeated();
    return out;
}

Result<FieldSet> FieldSet::parse(std::string_view text) {
    FieldSet out;
    if (text.empty()) return out;
    for (const std::string_view piece : pieces(text)) {
        const bool known = !piece.empty() && (piece.front() == '+' || piece.front() == '-');
        if (!known) {
            return Error{
                ErrorCode::InvalidInput,
                fmt::format("'{}' is no rule for a field: it begins with + or -", shownLine(bounded(piece, 60))),
                "set of fields",
                {}};
        }
        NamePath path;
        if (piece.size() > 1) {
            Result<NamePath> parsed = JsonFamilies::parsePath(piece.substr(1));
            if (!parsed) return parsed.error();
            path = std::move(parsed).value();
        }
        out.rules_[path] = piece.front() == '+';
    }
    out.dropRepeated();
    return out;
}

std::string FieldSet::text() const {
    std::string out;
    for (const auto& [path, in] : rules_) {
        if (!out.empty()) out.push_back(',');
        out.push_back(in ? '+' : '-');
        out += pathText(path);
    }
    return out;
}

bool FieldSet::ruleOf(const NamePath& path) const {
    NamePath above = path;
    for (;;) {
        if (const auto rule = rules_.find(above); rule != rules_.end()) return rule->second;
        if (above.empty()) return false;
        above.pop_back();
    }
}

/// Rules below a path follow it in the map's order.
bool FieldSet::anyBelow(const NamePath& path, bool in) const {
    for (auto rule = rules_.upper_bound(path); rule != rules_.end() && leadsTo(path, rule->first); ++rule) {
        if (rule->second == in) return true;
    }
    return false;
}

bool FieldSet::covers(const NamePath& path) const {
    return ruleOf(path) && !anyBelow(path, false);
}

bool FieldSet::touches(const NamePath& path) const {
    return ruleOf(path) || anyBelow(path, true);
}

FieldSet FieldSet::intersect(const FieldSet& other) const {
    FieldSet out;
    for (const FieldSet* from : {this, &other}) {
        for (const auto& [path, in] : from->rules_) out.rules_[path] = ruleOf(path) && other.ruleOf(path);
    }
    out.dropRepeated();
    return out;
}

void FieldSet::dropRepeated() {
    // Wide ones first, which the map's order gives: what is kept above decides.
    for (auto rule = rules_.begin(); rule != rules_.end();) {
        NamePath above = rule->first;
        bool holds = false;
        if (!above.empty()) {
            above.pop_back();
            holds = ruleOf(above);
        }
        rule = rule->second == holds ? rules_.erase(rule) : std::next(rule);
    }
}

bool FieldSet::Place::isLeaf() const {
    const auto next = set_->rules_.upper_bound(path_);
    return next == set_->rules_.end() || !leadsTo(path_, next->first);
}

FieldSet::Place FieldSet::Place::below(const std::string& name) const {
    Place out = *this;
    out.path_.push_back(name);
    if (const auto rule = set_->rules_.find(out.path_); rule != set_->rules_.end()) out.in_ = rule->second;
    return out;
}

}  // namespace tributary::engine::maprdb::json
