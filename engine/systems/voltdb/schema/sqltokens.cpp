// Words of SQL.
#include "engine/systems/voltdb/schema/sqltokens.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::voltdb {
namespace {

bool isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$' || c == '@';
}

Error unended(std::string_view what, std::size_t at) {
    return {ErrorCode::InvalidInput, fmt::format("the {} at character {} does not end", what, at + 1), {}, {}};
}

/// Behind a text in quotes, whose quotes are doubled inside; npos when it does not end.
std::size_t behindQuoted(std::string_view sql, std::size_t from) {
    const char quote = sql[from];
    for (std::size_t at = from + 1; at < sql.size(); ++at) {
        if (sql[at] != quote) continue;
        if (at + 1 < sql.size() && sql[at + 1] == quote) {
            ++at;
        } else {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

std::size_t behindNumber(std::string_view sql, std::size_t at) {
    while (at < sql.size() && (isDigit(sql[at]) || sql[at] == '.')) ++at;
    if (at < sql.size() && (sql[at] == 'e' || sql[at] == 'E')) {
        std::size_t digits = at + 1;
        if (digits < sql.size() && (sql[digits] == '+' || sql[digits] == '-')) ++digits;
        if (digits < sql.size() && isDigit(sql[digits])) {
            at = digits;
            while (at < sql.size() && isDigit(sql[at])) ++at;
        }
    }
    return at;
}

std::string trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) return {};
    return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

}  // namespace

std::string upperCase(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

Result<std::vector<SqlToken>> tokensOf(std::string_view sql) {
    std::vector<SqlToken> tokens;
    std::size_t at = 0;
    while (at < sql.size()) {
        const char c = sql[at];
        const std::size_t from = at;
        SqlToken token;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0') {
            ++at;
            continue;
        }
        if (sql.substr(at, 2) == "--") {
            at = std::min(sql.find('\n', at), sql.size());
            continue;
        }
        if (sql.substr(at, 2) == "/*") {
            const std::size_t end = sql.find("*/", at + 2);
            if (end == std::string_view::npos) return unended("comment", from);
            at = end + 2;
            continue;
        }
        if (c == '\'' || c == '"') {
            at = behindQuoted(sql, at);
            if (at == std::string_view::npos) return unended("quotation", from);
            token.kind = c == '"' ? SqlToken::Kind::Word : SqlToken::Kind::Text;
            token.text =
                c == '"' ? upperCase(sql.substr(from + 1, at - from - 2)) : std::string(sql.substr(from, at - from));
        } else if (isWordStart(c)) {
            while (at < sql.size() && isWordPart(sql[at])) ++at;
            token.kind = SqlToken::Kind::Word;
            token.text = upperCase(sql.substr(from, at - from));
        } else if (isDigit(c) || (c == '.' && at + 1 < sql.size() && isDigit(sql[at + 1]))) {
            at = behindNumber(sql, at);
            token.kind = SqlToken::Kind::Number;
            token.text = std::string(sql.substr(from, at - from));
        } else {
            ++at;
            token.kind = c == '?' ? SqlToken::Kind::Parameter : SqlToken::Kind::Symbol;
            token.text = std::string(1, c);
        }
        token.from = from;
        token.to = at;
        tokens.push_back(std::move(token));
    }
    return tokens;
}

Result<std::vector<std::string>> splitStatements(std::string_view sql) {
    const auto tokens = tokensOf(sql);
    if (!tokens) return tokens.error();
    std::vector<std::string> out;
    std::size_t from = 0;
    bool isProcedure = false;
    bool isBlock = false;
    std::size_t cases = 0;
    const SqlToken* first = nullptr;
    const SqlToken* before = nullptr;
    for (const SqlToken& token : tokens.value()) {
        if (first == nullptr) first = &token;
        if (before == first && first->is("CREATE") && token.is("PROCEDURE")) isProcedure = true;
        if (isProcedure && token.is("BEGIN") && before->is("AS")) isBlock = true;
        if (isBlock && token.is("CASE")) ++cases;
        if (isBlock && token.is("END")) {
            if (cases > 0) {
                --cases;
            } else {
                isBlock = false;
            }
        }
        before = &token;
        if (!token.is(";") || isBlock) continue;
        std::string one = trimmed(sql.substr(first->from, token.from - first->from));
        if (!one.empty()) out.push_back(std::move(one));
        from = token.to;
        first = nullptr;
        isProcedure = false;
    }
    if (first != nullptr) out.push_back(trimmed(sql.substr(std::max(from, first->from))));
    return out;
}

bool SqlCursor::take(std::initializer_list<std::string_view> words) {
    std::size_t count = 0;
    for (const std::string_view word : words) {
        if (!ahead(count).is(word)) return false;
        ++count;
    }
    at_ += count;
    return true;
}

SqlToken SqlCursor::next() {
    SqlToken token = now();
    if (!atEnd()) ++at_;
    return token;
}

std::string SqlCursor::name() {
    if (now().kind != SqlToken::Kind::Word) return {};
    return next().text;
}

std::string SqlCursor::textUntil(std::initializer_list<std::string_view> ends) {
    const std::size_t first = at_;
    int depth = 0;
    while (!atEnd()) {
        const SqlToken& token = now();
        if (depth == 0) {
            if (token.is(",") || token.is(")") || token.is(";")) break;
            if (std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return token.is(end); })) break;
        }
        if (token.is("(")) ++depth;
        if (token.is(")")) --depth;
        ++at_;
    }
    if (at_ == first) return {};
    return std::string(sql_.substr(tokens_[first].from, tokens_[at_ - 1].to - tokens_[first].from));
}

std::string SqlCursor::rest() {
    if (atEnd()) return {};
    std::string out = trimmed(sql_.substr(now().from));
    at_ = tokens_.size();
    return out;
}

}  // namespace tributary::engine::voltdb
