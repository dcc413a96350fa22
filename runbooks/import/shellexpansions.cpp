// The lexer's part inside words: quotes, $NAME, ${NAME...}, $(...), `...`, $((...)).
#include <algorithm>
#include <array>
#include <cstdint>

#include "runbooks/import/shelllexer.h"

namespace tributary::runbooks::shell {
namespace {

constexpr int kDeepest = 40;

bool isSpecialParameter(char c) {
    return std::string_view("@*#?$!-").find(c) != std::string_view::npos;
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

int digitOf(char c, int base) {
    const int value = isDigit(c)             ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : 99;
    return value < base ? value : -1;
}

/// Up to `most` digits at `at`, which is moved behind them; -1 without one.
int takeNumber(std::string_view text, std::size_t& at, int base, int most) {
    int value = -1;
    for (int i = 0; i < most && at < text.size() && digitOf(text[at], base) >= 0; ++i) {
        value = std::max(value, 0) * base + digitOf(text[at++], base);
    }
    return value;
}

WordPart opaque(std::string what, bool quoted) {
    WordPart part;
    part.kind = WordPart::Kind::Opaque;
    part.quoted = quoted;
    part.text = std::move(what);
    return part;
}

}  // namespace

void Lexer::readSingleQuotes(std::vector<WordPart>& parts) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string_view::npos) return fail("a single quote is never closed");
    addLiteral(parts, text_.substr(at_ + 1, close - at_ - 1), true);
    at_ = close + 1;
}

// $'...' of bash. What no value of ours can hold (zero bytes, code points) is left opaque.
void Lexer::readAnsiQuotes(std::vector<WordPart>& parts) {
    static constexpr std::string_view kLetters = "abeEfnrtv\\'\"?";
    static constexpr std::string_view kMeanings = "\a\b\x1b\x1b\f\n\r\t\v\\'\"?";
    std::string value;
    std::string strange;
    at_ += 2;
    while (at_ < text_.size() && text_[at_] != '\'') {
        if (text_[at_] != '\\' || at_ + 1 >= text_.size()) {
            value += text_[at_++];
            continue;
        }
        const char c = text_[at_ + 1];
        const std::size_t known = kLetters.find(c);
        if (known != std::string_view::npos) {
            value += kMeanings[known];
            at_ += 2;
        } else if (c == 'x' || isDigit(c)) {
            at_ += c == 'x' ? 2 : 1;
            const int number = c == 'x' ? takeNumber(text_, at_, 16, 2) : takeNumber(text_, at_, 8, 3);
            if (number <= 0 || number > 255) strange = "an escape of $'...' that is not read";
            value += static_cast<char>(static_cast<unsigned char>(number));
        } else {
            if (c == 'u' || c == 'U' || c == 'c') strange = "an escape of $'...' that is not read";
            value += text_[at_];
            value += c;
            at_ += 2;
        }
    }
    if (at_ >= text_.size()) return fail("a single quote is never closed");
    ++at_;
    addLiteral(parts, value, true);
    if (!strange.empty()) parts.push_back(opaque(strange, true));
}

void Lexer::readDoubleQuotes(std::vector<WordPart>& parts) {
    addLiteral(parts, "", true);  // "" is a word
    ++at_;
    while (problem_.empty()) {
        if (at_ >= text_.size()) return fail("a double quote is never closed");
        const char c = text_[at_];
        if (c == '"') break;
        if (c == '$') {
            readDollar(parts, true);
        } else if (c == '`') {
            readBackticks(parts, true);
        } else if (startsWith("\\\n")) {
            at_ += 2;
        } else {
            const bool escaped = c == '\\' && std::string_view("$`\"\\").find(peek(1)) != std::string_view::npos;
            if (escaped) ++at_;
            addLiteral(parts, text_.substr(at_, 1), true);
            ++at_;
        }
    }
    ++at_;
}

void Lexer::readDollar(std::vector<WordPart>& parts, bool quoted) {
    const char c = peek(1);
    if (c == '(') {
        if (peek(2) == '(' && readArithmetic(parts, quoted)) return;
        at_ += 2;
        return readSubstitution(parts, quoted);
    }
    if (c == '{') return readBraces(parts, quoted);
    if (c == '\'' && !quoted) return readAnsiQuotes(parts);
    if (c == '"' && !quoted) {
        ++at_;
        return readDoubleQuotes(parts);
    }
    if (c == '[') {  // the old spelling of $((...))
        parts.push_back(opaque("arithmetic", quoted));
        at_ += 2;
        return;
    }
    WordPart part;
    part.kind = WordPart::Kind::Parameter;
    part.quoted = quoted;
    std::size_t end = at_ + 1;
    if (isNameStart(c)) {
        while (end < text_.size() && isNameChar(text_[end])) ++end;
    } else if (isDigit(c) || isSpecialParameter(c)) {
        ++end;
    } else {
        addLiteral(parts, "$", quoted);
        ++at_;
        return;
    }
    part.name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end;
    parts.push_back(std::move(part));
}

void Lexer::readBraces(std::vector<WordPart>& parts, bool quoted) {
    if (++depth_ > kDeepest) return fail("it is nested too deeply");
    WordPart part;
    part.kind = WordPart::Kind::Parameter;
    part.quoted = quoted;
    at_ += 2;
    if (peek() == '!' && peek(1) != '}') {
        part.op = "indirect";
        ++at_;
    } else if (peek() == '#' && (isNameChar(peek(1)) || (isSpecialParameter(peek(1)) && peek(2) == '}'))) {
        part.op = "length";
        ++at_;
    }
    std::size_t end = at_;
    if (end < text_.size() && isNameStart(text_[end])) {
        while (end < text_.size() && isNameChar(text_[end])) ++end;
    } else if (end < text_.size() && isDigit(text_[end])) {
        while (end < text_.size() && isDigit(text_[end])) ++end;
    } else if (end < text_.size() && isSpecialParameter(text_[end])) {
        ++end;
    } else {
        return fail("${ is followed by no name");
    }
    part.name = text_.substr(at_, end - at_);
    at_ = end;
    if (peek() == '[') {
        const std::size_t close = text_.find(']', at_);
        if (close == std::string_view::npos) return fail("${ is never closed");
        part.index = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
    }
    readOperation(part, quoted);
    --depth_;
    parts.push_back(std::move(part));
}

void Lexer::readOperation(WordPart& part, bool quoted) {
    if (peek() == '}') {
        ++at_;
        return;
    }
    static constexpr std::array<std::string_view, 19> kOperations{
        ":-", ":=", ":+", ":?", "%%", "##", "//", "^^", ",,", "-", "=", "+", "?", "%", "#", "/", "^", ",", ":"};
    std::string op;
    for (const std::string_view name : kOperations) {
        if (op.empty() && startsWith(name)) op = name;
    }
    if (op.empty() && peek() == '@') op = "@";
    if (op.empty()) return fail("${ holds what is no expansion");
    part.op = part.op.empty() ? op : part.op + op;
    at_ += op.size();
    readArgument(part, quoted);
}

void Lexer::readArgument(WordPart& part, bool quoted) {
    while (problem_.empty()) {
        if (at_ >= text_.size()) return fail("${ is never closed");
        const char c = text_[at_];
        if (c == '}') break;
        if (startsWith("\\\n")) {
            at_ += 2;
        } else if (c == '\\' && at_ + 1 < text_.size()) {
            const bool kept = quoted && std::string_view("$`\"\\}").find(peek(1)) == std::string_view::npos;
            addLiteral(part.argument, text_.substr(kept ? at_ : at_ + 1, kept ? 2 : 1), true);
            at_ += 2;
        } else if (c == '\'' && !quoted) {
            readSingleQuotes(part.argument);
        } else if (c == '"') {
            readDoubleQuotes(part.argument);
        } else if (c == '$') {
            readDollar(part.argument, quoted);
        } else if (c == '`') {
            readBackticks(part.argument, quoted);
        } else {
            addLiteral(part.argument, text_.substr(at_, 1), false);
            ++at_;
        }
    }
    ++at_;
}

void Lexer::readSubstitution(std::vector<WordPart>& parts, bool quoted) {
    WordPart part;
    part.kind = WordPart::Kind::Command;
    part.quoted = quoted;
    part.text = "the output of a command";
    std::string problem;
    part.command = reader_.upToParenthesis(at_, problem);
    if (!problem.empty()) fail(problem);
    parts.push_back(std::move(part));
}

// Tells whether it is $((...)): $( (...) ) begins alike.
bool Lexer::readArithmetic(std::vector<WordPart>& parts, bool quoted) {
    int depth = 0;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
        if (text_[i] == '(') ++depth;
        if (text_[i] != ')' || --depth > 1) continue;
        if (depth == 1 && (i + 1 >= text_.size() || text_[i + 1] != ')')) return false;
        parts.push_back(opaque("arithmetic", quoted));
        at_ = i + 2;
        return true;
    }
    return false;
}

void Lexer::readBackticks(std::vector<WordPart>& parts, bool quoted) {
    const std::size_t line = source_.lineOf(at_);
    std::string inside;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && text_[end] != '`'; ++end) {
        const bool escaped = text_[end] == '\\' && end + 1 < text_.size() &&
                             (std::string_view("$`\\").find(text_[end + 1]) != std::string_view::npos ||
                              (quoted && text_[end + 1] == '"'));
        if (escaped) ++end;
        inside += text_[end];
    }
    if (end >= text_.size()) return fail("a backtick is never closed");
    WordPart part;
    part.kind = WordPart::Kind::Command;
    part.quoted = quoted;
    part.text = "the output of a command";
    part.command = reader_.backticks(inside, line);
    at_ = end + 1;
    parts.push_back(std::move(part));
}

}  // namespace tributary::runbooks::shell
