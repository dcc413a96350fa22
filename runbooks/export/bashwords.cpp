// Quoting, and templates to variables.
#include "runbooks/export/bashwords.h"

#include <fmt/format.h>

#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/parameters.h"

namespace tributary::runbooks::bash {
namespace {

bool isBare(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view("_./:@%+=,-").find(c) != std::string_view::npos;
}

std::string inDoubleQuotes(std::string_view plain) {
    std::string out;
    for (const char c : plain) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') out += '\\';
        out += c;
    }
    return out;
}

/// What stands for a placeholder inside double quotes.
std::string expansion(const TemplatePiece& piece) {
    const std::string name = variable(piece.text);
    if (piece.filter == "cluster") return "$(cluster_of \"$" + name + "\")";
    if (piece.filter == "name") return "${" + name + "##*/}";
    if (piece.filter == "parent") return "$(parent_of \"$" + name + "\")";
    if (piece.filter == "lower") return "${" + name + ",,}";
    if (piece.filter == "upper") return "${" + name + "^^}";
    if (piece.filter == "file") return "${" + name + "#file:}";
    if (piece.filter == "option") return "${" + name + ":+" + piece.argument + " $" + name + "}";
    return "${" + name + "}";
}

std::string quoted(const std::vector<TemplatePiece>& pieces) {
    const bool alone = pieces.size() == 1 && pieces.front().placeholder;
    if (alone && pieces.front().filter.empty()) return "\"$" + variable(pieces.front().text) + "\"";
    bool any = false;
    std::string out;
    for (const TemplatePiece& piece : pieces) {
        any = any || piece.placeholder;
        out += piece.placeholder ? expansion(piece) : inDoubleQuotes(piece.text);
    }
    return any ? "\"" + out + "\"" : literal(pieces.empty() ? std::string_view() : pieces.front().text);
}

}  // namespace

std::string literal(std::string_view plain) {
    bool bare = !plain.empty();
    for (const char c : plain) bare = bare && isBare(c);
    if (bare) return std::string(plain);
    std::string out = "'";
    for (const char c : plain) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string variable(std::string_view parameter) {
    return "p_" + functionName(parameter);
}

std::string functionName(std::string_view name) {
    std::string out(name);
    for (char& c : out) {
        if (c == '-') c = '_';
    }
    return out;
}

Result<std::string> word(std::string_view templateWord) {
    const auto pieces = templatePieces(templateWord);
    if (!pieces) return pieces.error();
    return quoted(*pieces);
}

Result<std::string> line(std::string_view templateLine) {
    const auto words = splitTemplateWords(templateLine);
    if (!words) return words.error();
    std::string out;
    for (const std::string& templateWord : *words) {
        const auto pieces = templatePieces(templateWord);
        if (!pieces) return pieces.error();
        if (!out.empty()) out += ' ';
        if (pieces->size() == 1 && pieces->front().filter == "option") {
            const std::string name = variable(pieces->front().text);
            out += "${" + name + ":+" + pieces->front().argument + " \"$" + name + "\"}";
        } else {
            out += quoted(*pieces);
        }
    }
    return out;
}

Result<std::string> text(std::string_view templateText) {
    std::string flat(templateText);
    for (char& c : flat) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    const auto pieces = templatePieces(flat);
    if (!pieces) return pieces.error();
    std::string out = "\"";
    for (const TemplatePiece& piece : *pieces) {
        out += piece.placeholder ? expansion(piece) : inDoubleQuotes(piece.text);
    }
    return out + "\"";
}

Result<std::string> call(const Check& check) {
    std::string out = functionName(check.name);
    for (const std::string& argument : check.arguments) {
        const auto one = word(argument);
        if (!one) return one;
        out += ' ' + *one;
    }
    return out;
}

Result<std::string> condition(const Condition& condition) {
    using Kind = Condition::Kind;
    const bool negated = condition.negated != (condition.kind == Kind::NotEqual);
    const std::string head = negated ? "holds not " : "holds ";
    if (condition.kind == Kind::System) {
        const auto check = call(condition.check);
        return check ? Result<std::string>(head + *check) : check;
    }
    const auto left = word(condition.left);
    if (!left) return left;
    if (condition.kind == Kind::Constant) return head + "is_true " + *left;
    const auto right = word(condition.right);
    if (!right) return right;
    return head + "equal " + *left + " " + *right;
}

std::string wholeSeconds(Millis durationMs) {
    return std::to_string((durationMs + 999) / 1000);
}

std::string seconds(Millis durationMs) {
    if (durationMs % 1000 == 0) return std::to_string(durationMs / 1000);
    std::string out = fmt::format("{}.{:03}", durationMs / 1000, durationMs % 1000);
    while (out.back() == '0') out.pop_back();
    return out;
}

}  // namespace tributary::runbooks::bash
