// Forms by how they begin; the rest of a statement is the console's own affair.
#include "runbooks/dialects/box/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

struct Method {
    std::string_view name;
    bool mutates;
};

constexpr Method kSpaceMethods[] = {
    {"insert", true},  {"replace", true}, {"update", true},       {"upsert", true}, {"delete", true},
    {"format", true},  {"rename", true},  {"create_index", true}, {"drop", true},   {"truncate", true},
    {"select", false}, {"get", false},    {"count", false},       {"len", false},   {"bsize", false},
};

struct Opening {
    std::string_view text;
    std::size_t form;  ///< place in kForms
};

const std::vector<StatementForm> kForms = {
    {"box.info[.PATH]", "what an instance says of itself", false},
    {"box.space.NAME:select|get|count|len|bsize(...)", "what it holds", false},
    {"box.space.NAME:insert|replace|update|upsert|delete(...)", "changes rows", true},
    {"box.space.NAME:format|create_index|rename|truncate|drop(...)", "changes a space", true},
    {"box.schema.space.create(...)", "makes a space", true},
    {"box.schema.user|role.VERB(...)", "makes users and gives rights; not by instances of this version", true},
    {"box.cfg{...}", "changes options until the next reload", true},
    {"box.snapshot()", "writes a snapshot", true},
    {"box.ctl.NAME(...)", "waits for a state, or changes it; not by instances of this version", true},
    {"require('config'):reload()", "applies config.yaml as it is now", true},
    {"require('config'):info|get(...)", "what is configured; get not by instances of this version", false},
};

Error unknown(std::string_view statement) {
    std::vector<std::string> forms;
    forms.reserve(kForms.size());
    for (const StatementForm& form : kForms) forms.emplace_back(form.form);
    return {ErrorCode::InvalidInput,
            fmt::format("'{}' has none of the forms that lines carry", statement),
            {},
            "one of: " + join(forms, ", ") + "; other Lua: tributary tt connect APP:INSTANCE"};
}

/// Quotes and brackets closed, one statement.
Status isWholeStatement(std::string_view text) {
    std::string open;
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != 0) {
            if (c == '\\') {
                ++at;
            } else if (c == quote) {
                quote = 0;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' || c == '{' || c == '[') {
            open += c == '(' ? ')' : c == '{' ? '}' : ']';
        } else if (c == ')' || c == '}' || c == ']') {
            if (open.empty() || open.back() != c) {
                return Error{ErrorCode::InvalidInput, fmt::format("'{}' closes nothing", c), {}, "leave it out"};
            }
            open.pop_back();
        } else if (c == ';' && at + 1 < text.size()) {
            return Error{ErrorCode::InvalidInput, "a line holds one statement", {}, "write a second line"};
        }
    }
    if (quote == 0 && open.empty()) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("the statement is not whole: {} is missing", quote != 0 ? quote : open.back()),
                 {},
                 "write it on one line"};
}

std::size_t nameEnd(std::string_view text, std::size_t from) {
    while (from < text.size()) {
        const char c = text[from];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!letter) break;
        ++from;
    }
    return from;
}

/// "box.space.NAME[.index.NAME]:METHOD", "box.space['NAME']:METHOD".
Result<StatementForm> spaceForm(std::string_view statement) {
    const std::size_t colon = statement.find(':');
    if (colon == std::string_view::npos) {
        return statement.find('(') == std::string_view::npos ? Result<StatementForm>(kForms[1]) : unknown(statement);
    }
    const std::string_view method = statement.substr(colon + 1, nameEnd(statement, colon + 1) - colon - 1);
    for (const Method& known : kSpaceMethods) {
        if (known.name != method) continue;
        if (!known.mutates) return kForms[1];
        const bool isRow =
            method == "insert" || method == "replace" || method == "update" || method == "upsert" || method == "delete";
        return kForms[isRow ? 2 : 3];
    }
    std::vector<std::string> names;
    for (const Method& known : kSpaceMethods) names.emplace_back(known.name);
    const std::string near = nearest(method, names);
    return Error{ErrorCode::InvalidInput,
                 fmt::format("a space has no method '{}' that lines carry", method),
                 {},
                 near.empty() ? "one of: " + join(names, ", ") : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

const std::vector<StatementForm>& statementForms() {
    return kForms;
}

Result<StatementForm> statementForm(std::string_view statement) {
    const std::string_view text = trim(statement);
    if (Status whole = isWholeStatement(text); !whole) return whole.error();
    for (const std::string_view word : {"box.begin", "box.commit", "box.rollback"}) {
        if (!text.starts_with(word)) continue;
        return Error{ErrorCode::Unsupported,
                     "a line is a transaction of its own",
                     {},
                     "tributary tt connect APP:INSTANCE -f FILE runs a chunk"};
    }
    if (text.starts_with("box.execute")) {
        return Error{ErrorCode::Unsupported, "SQL is not carried", {}, "box.space.NAME:select()"};
    }
    if (text.starts_with("box.space.") || text.starts_with("box.space[")) return spaceForm(text);
    static constexpr Opening kOpenings[] = {
        {"box.info", 0},         {"box.schema.space.create", 4},
        {"box.schema.user.", 5}, {"box.schema.role.", 5},
        {"box.cfg{", 6},         {"box.cfg {", 6},
        {"box.snapshot()", 7},   {"box.ctl.", 8},
    };
    for (const Opening& opening : kOpenings) {
        if (text.starts_with(opening.text)) return kForms[opening.form];
    }
    for (const std::string_view config : {"require('config')", "require(\"config\")"}) {
        if (!text.starts_with(config)) continue;
        const std::string_view rest = text.substr(config.size());
        if (rest == ":reload()") return kForms[9];
        if (rest.starts_with(":info(") || rest.starts_with(":get(")) return kForms[10];
    }
    return unknown(statement);
}

}  // namespace tributary::runbooks
