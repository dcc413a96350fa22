// Canonical spelling of values, one function per type.
#include "core/operations/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/topology/ace.h"

namespace tributary {
namespace {

constexpr std::size_t kValueSizeMax = 64 * 1024;  // a longer one is a mistake, and values travel in control frames

Error bad(const ParamSpec& spec, std::string what, std::string fix) {
    return Error{ErrorCode::InvalidInput, std::move(what), "-" + spec.name, std::move(fix)};
}

Result<std::string> readPath(const ParamSpec& spec, const std::string& value) {
    if (value.empty()) return bad(spec, "the path is empty", fmt::format("-{} /mapr/<cluster>/<path>", spec.name));
    if (value.front() != '/') {
        return bad(spec, fmt::format("the path '{}' does not begin with a slash", value),
                   fmt::format("-{} /{}", spec.name, value));
    }
    std::string out;
    for (const std::string& part : split(value, '/')) {
        if (part.empty()) continue;
        if (part == "." || part == "..") {
            return bad(spec, fmt::format("the path '{}' contains '{}'", value, part), "write the path in full");
        }
        out += "/" + part;
    }
    if (out.empty()) return bad(spec, "the root directory is no table", "name a table, as /mapr/<cluster>/<table>");
    return out;
}

Result<std::string> readBool(const ParamSpec& spec, const std::string& value, std::vector<std::string>& warnings) {
    const std::string word = toLower(value);
    if (word == "true" || word == "false") return word;
    const bool yes = word == "yes" || word == "1";
    if (!yes && word != "no" && word != "0") {
        return bad(spec, fmt::format("'{}' is neither true nor false", value), fmt::format("-{} true", spec.name));
    }
    const std::string canonical = yes ? "true" : "false";
    warnings.push_back(
        fmt::format("-{} {}: read as {}; the documented spelling is true or false", spec.name, value, canonical));
    return canonical;
}

Result<std::string> readInt(const ParamSpec& spec, const std::string& value) {
    std::int64_t number = 0;
    const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (status != std::errc() || end != value.data() + value.size()) {
        return bad(spec, fmt::format("'{}' is not a whole number", value),
                   fmt::format("-{} {}", spec.name, spec.fallback.empty() ? "1" : spec.fallback));
    }
    if (number < spec.min || number > spec.max) {
        return bad(spec, fmt::format("{} lies outside {} to {}", number, spec.min, spec.max),
                   fmt::format("-{} {}", spec.name, std::clamp(number, spec.min, spec.max)));
    }
    return std::to_string(number);
}

// Entries are "lz4" or "on=lz4": the latter accepts `on` and means lz4.
std::vector<std::string> wordsOf(const ParamSpec& spec) {
    std::vector<std::string> words;
    for (const std::string& entry : spec.values) words.push_back(entry.substr(0, entry.find('=')));
    return words;
}

Result<std::string> readEnum(const ParamSpec& spec, const std::string& value) {
    const std::string word = toLower(value);
    for (const std::string& entry : spec.values) {
        const std::size_t mark = entry.find('=');
        if (entry.substr(0, mark) == word) return mark == std::string::npos ? word : entry.substr(mark + 1);
    }
    const std::vector<std::string> words = wordsOf(spec);
    const std::string near = nearest(word, words);
    return bad(spec, fmt::format("'{}' is none of {}", value, join(words, ", ")),
               fmt::format("-{} {}", spec.name, near.empty() ? words.front() : near));
}

Result<std::string> readEnumSet(const ParamSpec& spec, const std::string& value) {
    std::vector<bool> chosen(spec.values.size(), false);
    for (const std::string& piece : split(value, ',')) {
        Result<std::string> word = readEnum(spec, std::string(trim(piece)));
        if (!word) return word.error();
        const auto at = std::find(spec.values.begin(), spec.values.end(), *word);
        chosen[static_cast<std::size_t>(at - spec.values.begin())] = true;
    }
    std::vector<std::string> words;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (chosen[i]) words.push_back(spec.values[i]);
    }
    return join(words, ",");
}

Result<std::string> readText(const ParamSpec& spec, const std::string& value) {
    if (value.empty() && spec.required) {
        return bad(spec, "the value is empty", fmt::format("-{} <value>", spec.name));
    }
    return value;
}

Result<std::string> readNames(const ParamSpec& spec, const std::string& value) {
    std::vector<std::string> names;
    for (const std::string& name : split(value, ' ')) {
        if (name.empty()) continue;
        if (name.find_first_of(",;") != std::string::npos) {
            return bad(
                spec,
                fmt::format("'{}': names are separated by blanks, not by '{}'", name, name[name.find_first_of(",;")]),
                fmt::format("-{} \"host1 host2\"", spec.name));
        }
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    if (names.empty()) return bad(spec, "names nothing", fmt::format("-{} \"host1 host2\"", spec.name));
    return join(names, " ");
}

bool isInstanceName(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(),
                       [](char c) {
                           const bool letter =
                               (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                           return letter || c == '_' || c == '-' || c == '.';
                       }) &&
           name.front() != '.' && name.front() != '-';
}

Result<std::string> readInstance(const ParamSpec& spec, const std::string& value, MakeOptions options) {
    // A name may be put together: {{app}}:{{instance}}.
    if (options.placeholders && value.find("{{") != std::string::npos) return value;
    const std::size_t colon = value.find(':');
    const std::string_view app = std::string_view(value).substr(0, colon);
    const bool isWhole = colon == std::string::npos || isInstanceName(std::string_view(value).substr(colon + 1));
    if (isInstanceName(app) && isWhole) return value;
    return bad(spec, fmt::format("'{}' names no instance", value), "write APP:INSTANCE, as master_master:instance001");
}

// JSON carries UTF-8 only, so a value that is not would be lost, or throw, on its first way across a border.
bool isUtf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80   ? 1
                                 : lead < 0xc2 ? 0
                                 : lead < 0xe0 ? 2
                                 : lead < 0xf0 ? 3
                                 : lead < 0xf5 ? 4
                                               : 0;
        if (size == 0 || at + size > text.size()) return false;
        const auto second = size > 1 ? static_cast<unsigned char>(text[at + 1]) : 0;
        const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        const bool beyond = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
        if (overlong || beyond) return false;
        for (std::size_t i = 1; i < size; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U) return false;
        }
        at += size;
    }
    return true;
}

/// As the system displays it: "u:root | u:mapr".
Result<std::string> readAce(const std::string& value) {
    const auto ace = parseAce(value);
    if (ace) return ace->text();
    Error error = ace.error();
    if (error.fix.empty()) error.fix = "write it like 'u:ana | g:operators', with | (or), & (and), ! (not), ()";
    return error;
}

// columns.h and ace.h know nothing of options: add where.
Result<std::string> placed(const ParamSpec& spec, Result<std::string> result) {
    if (result) return result;
    Error error = result.error();
    error.where = "-" + spec.name;
    return error;
}

Result<std::string> readColumns(const std::string& value) {
    // Of a JSON table: an empty piece is its default family (maprdb.md section 1.4). Its cluster reads the paths, and
    // refuses such a list for a binary table.
    if (value.starts_with(',')) {
        if (Status fits = limits::check("column list", value.size(), "a column list"); !fits) return fits.error();
        return value;
    }
    const Result<ColumnList> list = parseColumns(value);
    if (!list) return list.error();
    return printColumns(list.value());
}

}  // namespace

bool isPlaceholder(std::string_view value) {
    const auto wrapped = [value](std::string_view open, std::string_view close) {
        if (value.size() <= open.size() + close.size()) return false;
        if (!value.starts_with(open) || !value.ends_with(close)) return false;
        const std::string_view inner = value.substr(open.size(), value.size() - open.size() - close.size());
        return inner.find_first_of("<>{}") == std::string_view::npos;
    };
    return wrapped("<", ">") || wrapped("{{", "}}");
}

Result<std::string> canonicalValue(const ParamSpec& spec, const std::string& value, MakeOptions options,
                                   std::vector<std::string>& warnings) {
    if (value.size() > kValueSizeMax) {
        return bad(spec, fmt::format("the value has {} bytes", groupedDigits(value.size())),
                   fmt::format("at most {} are taken", groupedDigits(kValueSizeMax)));
    }
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (std::any_of(value.begin(), value.end(), isControl)) {
        return bad(spec, "the value contains a line break, tab or other control character", "write it on one line");
    }
    if (!isUtf8(value)) return bad(spec, "the value is not valid UTF-8", "write it in UTF-8");
    if (options.placeholders && isPlaceholder(value)) return value;
    switch (spec.type) {
        case ParamType::Path: return readPath(spec, value);
        case ParamType::Bool: return readBool(spec, value, warnings);
        case ParamType::Int: return readInt(spec, value);
        case ParamType::Text: return readText(spec, value);
        case ParamType::Enum: return readEnum(spec, value);
        case ParamType::EnumSet: return readEnumSet(spec, value);
        case ParamType::Columns: return placed(spec, readColumns(value));
        case ParamType::Instance: return readInstance(spec, value, options);
        case ParamType::Ace: return placed(spec, readAce(value));
        case ParamType::Names: return readNames(spec, value);
    }
    return Error{ErrorCode::Internal, fmt::format("parameter type of -{} is not handled", spec.name), {}, {}};
}

}  // namespace tributary
