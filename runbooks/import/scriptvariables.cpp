// Assignments found, uses replaced.
#include "runbooks/import/scriptvariables.h"

#include <algorithm>

#include "core/base/text.h"

namespace tributary::runbooks::detail {
namespace {

bool isNameChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string asParameter(const std::string& variable) {
    std::string out = toLower(variable);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

}  // namespace

ScriptVariables::ScriptVariables(std::string_view text) {
    for (const std::string& raw : split(text, '\n')) {
        std::string_view line = trim(raw);
        for (const std::string_view word : {"export ", "readonly ", "local "}) {
            if (line.starts_with(word)) line = trim(line.substr(word.size()));
        }
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        const std::string name(line.substr(0, equals));
        const bool letters = std::all_of(name.begin(), name.end(), isNameChar) && name[0] > '9' && name[0] != '_';
        std::string value(line.substr(equals + 1));
        const bool quoted = value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0];
        if (quoted) value = value.substr(1, value.size() - 2);
        if (letters && value.find_first_of("$`\"' ;|&()") == std::string::npos) values_[name] = value;
    }
}

std::string ScriptVariables::replaced(const std::string& line) const {
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        const bool quoted = line[at] == '"' && at + 1 < line.size() && line[at + 1] == '$';
        const std::size_t dollar = quoted ? at + 1 : at;
        if (line[dollar] != '$') {
            out += line[at++];
            continue;
        }
        const bool braces = dollar + 1 < line.size() && line[dollar + 1] == '{';
        std::size_t end = dollar + (braces ? 2 : 1);
        const std::size_t from = end;
        while (end < line.size() && isNameChar(line[end])) ++end;
        const std::string name = line.substr(from, end - from);
        if (braces && end < line.size() && line[end] == '}') ++end;
        const bool closed = !quoted || (end < line.size() && line[end] == '"');
        if (values_.count(name) == 0 || !closed) {
            out += line[at++];
            continue;
        }
        out += "{{" + asParameter(name) + "}}";
        at = end + (quoted ? 1 : 0);
    }
    return out;
}

std::string ScriptVariables::valueOf(const std::string& parameter) const {
    for (const auto& [name, value] : values_) {
        if (asParameter(name) == parameter) return value;
    }
    return {};
}

}  // namespace tributary::runbooks::detail
