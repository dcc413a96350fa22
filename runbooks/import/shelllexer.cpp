// Blanks, operators, words and here-documents; expansions are in shellexpansions.cpp.
#include "runbooks/import/shelllexer.h"

#include <algorithm>
#include <array>

namespace tributary::runbooks::shell {
namespace {

constexpr std::size_t kPieceBytes = 240;

constexpr std::array<std::string_view, 24> kOperators{";;&", "<<<", "<<-", "&>>", "&&", "||", ";;", ";&",
                                                      "|&",  "&>",  "<<",  ">>",  "<&", ">&", "<>", ">|",
                                                      "&",   "|",   ";",   "(",   ")",  "<",  ">",  ""};

bool endsWord(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' ||
           c == ')';
}

bool isArrayStart(const Word& word) {
    if (word.parts.size() != 1 || word.parts[0].kind != WordPart::Kind::Literal || word.parts[0].quoted) return false;
    std::string_view text = word.parts[0].text;
    if (!text.ends_with("=")) return false;
    text.remove_suffix(1);
    if (text.ends_with("+")) text.remove_suffix(1);
    return !text.empty() && isNameStart(text.front()) && std::all_of(text.begin(), text.end(), isNameChar);
}

}  // namespace

Source::Source(std::string_view text, bool placeholders, std::size_t firstLine)
    : text_(text), placeholders_(placeholders), firstLine_(firstLine), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') starts_.push_back(i + 1);
    }
}

std::size_t Source::lineOf(std::size_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return firstLine_ + static_cast<std::size_t>(after - starts_.begin()) - 1;
}

std::string Source::piece(std::size_t from, std::size_t to) const {
    return std::string(text_.substr(from, std::min(to - from, kPieceBytes)));
}

Lexer::Lexer(Source& source, std::size_t at, SubstitutionReader reader)
    : source_(source), text_(source.text()), at_(at), reader_(std::move(reader)) {}

char Lexer::peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

bool Lexer::startsWith(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
}

void Lexer::fail(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
}

void Lexer::skipBlanks() {
    while (at_ < text_.size()) {
        if (text_[at_] == ' ' || text_[at_] == '\t') {
            ++at_;
        } else if (startsWith("\\\n")) {
            at_ += 2;
        } else if (text_[at_] == '#') {
            const std::size_t lineStart = at_ == 0 ? 0 : text_.rfind('\n', at_ - 1) + 1;  // npos + 1 is 0
            source_.comments.emplace(source_.lineOf(at_), at_ - lineStart + 1);
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else {
            return;
        }
    }
}

bool Lexer::takeOperator(Token& token) {
    if (source_.placeholders() && peek() == '<') {
        Word word;
        if (readPlaceholder(word, at_)) {
            at_ = token.start;
            return false;
        }
    }
    if (startsWith("<(") || startsWith(">(")) return false;
    for (const std::string_view name : kOperators) {
        if (name.empty() || !startsWith(name)) continue;
        token.kind = Token::Kind::Operator;
        token.text = name;
        at_ += name.size();
        return true;
    }
    return false;
}

Token Lexer::next() {
    skipBlanks();
    Token token;
    token.start = at_;
    if (at_ >= text_.size()) {
        readBodies();
    } else if (text_[at_] == '\n') {
        token.kind = Token::Kind::Newline;
        ++at_;
        token.end = at_;
        readBodies();
        return token;
    } else {
        std::size_t digits = at_;
        while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') ++digits;
        const bool number = digits > at_ && digits < text_.size() && (text_[digits] == '<' || text_[digits] == '>') &&
                            text_.substr(digits, 2) != "<(" && text_.substr(digits, 2) != ">(";
        if (number) {
            token.fd = text_.substr(at_, digits - at_);
            at_ = digits;
        }
        if (!takeOperator(token)) {
            token.kind = Token::Kind::Word;
            readWord(token.word);
        }
    }
    if (!problem_.empty()) {
        token.kind = Token::Kind::Bad;
        token.text = problem_;
    }
    token.end = at_;
    return token;
}

void Lexer::readWord(Word& word) {
    const std::size_t start = at_;
    word.line = source_.lineOf(at_);
    while (at_ < text_.size() && problem_.empty()) {
        if (!readPiece(word, start)) break;
    }
    word.source = source_.piece(start, at_);
}

bool Lexer::readPiece(Word& word, std::size_t start) {
    const char c = text_[at_];
    if ((c == '<' || c == '>') && peek(1) == '(' && at_ == start) {
        at_ += 2;
        readSubstitution(word.parts, false);
        word.parts.back().text = "a process substitution";
        return true;
    }
    if (c == '<' && source_.placeholders() && readPlaceholder(word, start)) return true;
    if (c == '(' && isArrayStart(word)) {
        readArray(word, start);
        return false;
    }
    if (endsWord(c)) return false;
    if (source_.placeholders() && startsWith("{{")) {
        const std::size_t close = text_.find("}}", at_);
        if (close != std::string_view::npos && close < text_.find('\n', at_)) {
            addLiteral(word.parts, text_.substr(at_, close + 2 - at_), true);
            at_ = close + 2;
            return true;
        }
    }
    switch (c) {
        case '\\':
            if (peek(1) == '\n') {
                at_ += 2;
            } else if (at_ + 1 < text_.size()) {
                addLiteral(word.parts, text_.substr(at_ + 1, 1), true);
                at_ += 2;
            } else {
                addLiteral(word.parts, "\\", true);
                ++at_;
            }
            return true;
        case '\'': readSingleQuotes(word.parts); return true;
        case '"': readDoubleQuotes(word.parts); return true;
        case '$': readDollar(word.parts, false); return true;
        case '`': readBackticks(word.parts, false); return true;
        default:
            addLiteral(word.parts, text_.substr(at_, 1), false);
            ++at_;
            return true;
    }
}

// NAME=( ... ): the elements hang below an opaque part, where the parser takes them from.
void Lexer::readArray(Word& word, std::size_t start) {
    if (++depth_ > 20) return fail("it is nested too deeply");
    ++at_;
    WordPart array;
    array.kind = WordPart::Kind::Opaque;
    array.text = "an array";
    auto list = std::make_shared<Node>();
    list->line = source_.lineOf(start);
    while (true) {
        const Token token = next();
        if (token.kind == Token::Kind::Newline) continue;
        if (token.kind == Token::Kind::Operator && token.text == ")") break;
        if (token.kind != Token::Kind::Word) {
            fail("an array is never closed");
            break;
        }
        list->words.push_back(token.word);
    }
    array.command = std::move(list);
    word.parts.push_back(std::move(array));
    --depth_;
}

bool Lexer::readPlaceholder(Word& word, std::size_t start) {
    const std::size_t close = text_.find_first_of("<>\n", at_ + 1);
    const bool closed = close != std::string_view::npos && text_[close] == '>' && close > at_ + 1;
    const char first = peek(1);
    const bool afterOption = !word.parts.empty() && text_[start] == '-';
    const bool letter = isNameStart(first) || static_cast<unsigned char>(first) >= 0x80;
    if (!closed || !letter || (at_ != start && !afterOption)) return false;
    addLiteral(word.parts, text_.substr(at_, close + 1 - at_), true);
    at_ = close + 1;
    return true;
}

Redirect Lexer::hereDocument(const Token& token) {
    Redirect redirect;
    redirect.op = token.text;
    redirect.fd = token.fd;
    const Token end = next();
    if (end.kind != Token::Kind::Word) {
        fail("a here-document has no end word");
        return redirect;
    }
    redirect.target = end.word;
    std::string delimiter;
    for (const WordPart& part : end.word.parts) {
        delimiter += part.kind == WordPart::Kind::Parameter ? "$" + part.name : part.text;
    }
    redirect.hereDoc = static_cast<int>(source_.hereDocs.size());
    pending_.push_back({source_.hereDocs.size(), delimiter, token.text == "<<-"});
    source_.hereDocs.emplace_back();
    return redirect;
}

void Lexer::readBodies() {
    for (const Pending& pending : pending_) {
        HereDoc& doc = source_.hereDocs[pending.place];
        doc.firstLine = source_.lineOf(at_);
        doc.lastLine = doc.firstLine - 1;
        const std::size_t from = at_;
        std::size_t bodyEnd = at_;
        while (at_ < text_.size()) {
            const std::size_t lineEnd = std::min(text_.find('\n', at_), text_.size());
            std::string_view line = text_.substr(at_, lineEnd - at_);
            while (pending.stripTabs && line.starts_with("\t")) line.remove_prefix(1);
            const std::size_t next = std::min(lineEnd + 1, text_.size());
            at_ = next;
            if (line == pending.delimiter) break;
            ++doc.lastLine;
            bodyEnd = next;
        }
        doc.body = text_.substr(from, bodyEnd - from);
    }
    pending_.clear();
}

}  // namespace tributary::runbooks::shell
