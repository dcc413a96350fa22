// The word splitter and its inverse.
#include "runbooks/dialects/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/operations/schema.h"

namespace tributary::runbooks {
namespace {

class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    Result<WordList> run() {
        while (at_ < text_.size() && !error_) step();
        if (error_) return *error_;
        endWord();
        return std::move(out_);
    }

private:
    void step() {
        const char c = text_[at_];
        switch (c) {
            case ' ':
            case '\t':
            case '\r':
                endWord();
                ++at_;
                return;
            case '\n':
                endWord();
                broken_ = broken_ || !out_.words.empty();
                ++at_;
                return;
            case '\\': escape(); return;
            case '\'': singleQuotes(); return;
            case '"': doubleQuotes(); return;
            case '<': angle(); return;
            case '#':
                if (!inWord_) {
                    at_ = std::min(text_.find('\n', at_), text_.size());
                    return;
                }
                break;
            case '$':
            case '`': fail(at_, fmt::format("'{}' is not expanded here", c), "write the value itself"); return;
            case '|':
            case '&':
            case ';':
            case '>':
            case '(':
            case ')': refuseOperator(c); return;
            default: break;
        }
        add(c);
        ++at_;
    }

    void refuseOperator(char c) {
        fail(at_, fmt::format("'{}' outside quotes is a shell operator, not part of a value", c),
             "put the whole value in quotes");
    }

    void escape() {
        const std::size_t from = at_;
        std::size_t next = at_ + 1;
        if (next < text_.size() && text_[next] == '\r') ++next;
        if (next < text_.size() && text_[next] == '\n') {
            at_ = next + 1;
            return;
        }
        if (at_ + 1 >= text_.size()) {
            fail(from, "the line ends in a backslash, but no line follows", "append the next line or drop it");
            return;
        }
        begin(from);
        current_.quoted = true;
        add(text_[at_ + 1]);
        at_ += 2;
    }

    void singleQuotes() {
        begin(at_);
        current_.quoted = true;
        const std::size_t close = text_.find('\'', at_ + 1);
        if (close == std::string_view::npos) {
            fail(at_, "a single quote is never closed", "add a ' at the end of the value");
            return;
        }
        current_.text += text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
    }

    void doubleQuotes() {
        begin(at_);
        current_.quoted = true;
        const std::size_t from = at_++;
        while (at_ < text_.size() && text_[at_] != '"') {
            char c = text_[at_];
            if (c == '$' || c == '`') {
                fail(at_, fmt::format("'{}' is not expanded here", c), "write the value itself, or use '...'");
                return;
            }
            const bool more = at_ + 1 < text_.size();
            if (c == '\\' && more && text_[at_ + 1] == '\n') {
                at_ += 2;
                continue;
            }
            if (c == '\\' && more && std::string_view("\\\"$`").find(text_[at_ + 1]) != std::string_view::npos) {
                c = text_[++at_];
            }
            current_.text += c;
            ++at_;
        }
        if (at_ >= text_.size()) {
            fail(from, "a double quote is never closed", "add a \" at the end of the value");
            return;
        }
        ++at_;
    }

    // Manuals write `<path to the replica>` for what the reader fills in; a shell would read a redirection.
    void angle() {
        const std::size_t close = text_.find_first_of("<>\n", at_ + 1);
        const bool closed = close != std::string_view::npos && text_[close] == '>' && close > at_ + 1;
        const bool afterOption = inWord_ && !current_.quoted && current_.text.starts_with('-');
        if (!closed || (inWord_ && !afterOption)) {
            refuseOperator('<');
            return;
        }
        begin(at_);
        current_.text += text_.substr(at_, close - at_ + 1);
        at_ = close + 1;
    }

    void begin(std::size_t from) {
        if (inWord_) return;
        inWord_ = true;
        current_ = Word{};
        current_.column = from + 1;
    }
    void add(char c) {
        begin(at_);
        current_.text += c;
    }
    void endWord() {
        if (!inWord_) return;
        inWord_ = false;
        current_.placeholder = !current_.quoted && !placeholdersIn(current_.text).empty();
        if (broken_ && out_.secondLineColumn == 0) out_.secondLineColumn = current_.column;
        out_.words.push_back(std::move(current_));
    }
    void fail(std::size_t at, std::string what, std::string fix) {
        error_ = Error{ErrorCode::InvalidInput, std::move(what), fmt::format("column {}", at + 1), std::move(fix)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Word current_;
    bool inWord_ = false;
    bool broken_ = false;  // an unescaped line break came after the first word
    WordList out_;
    std::optional<Error> error_;
};

bool isHarmless(char c) {
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alnum || std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

}  // namespace

Result<WordList> splitWords(std::string_view text) {
    return Splitter(text).run();
}

std::vector<std::string> placeholdersIn(std::string_view text) {
    if (isPlaceholder(text)) return {std::string(text)};
    std::vector<std::string> found;
    for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{", open + 2)) {
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) break;
        const std::string_view piece = text.substr(open, close + 2 - open);
        if (isPlaceholder(piece)) found.emplace_back(piece);
    }
    return found;
}

std::vector<Word> wordsOf(const std::vector<std::string>& argv) {
    std::vector<Word> words;
    for (const std::string& text : argv) {
        words.emplace_back();
        words.back().text = text;
    }
    return words;
}

std::string quoteWord(std::string_view value) {
    if (!value.empty() && value.front() != '-' && std::all_of(value.begin(), value.end(), isHarmless)) {
        return std::string(value);
    }
    if (value.find_first_of("\"\\$`!") == std::string_view::npos) return fmt::format("\"{}\"", value);
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string_view wordBehindBlank(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == 0 || from == std::string_view::npos) return {};
    return text.substr(from, text.find_first_of(" \t\r\n;|&\"'`", from) - from);
}

std::string spellWords(const std::vector<Word>& words) {
    std::string line;
    for (const Word& word : words) {
        if (!line.empty()) line += ' ';
        const bool bareOption = !word.quoted && word.text.size() > 1 && word.text.front() == '-' &&
                                std::all_of(word.text.begin(), word.text.end(), isHarmless);
        line += word.placeholder || bareOption ? word.text : quoteWord(word.text);
    }
    return line;
}

}  // namespace tributary::runbooks
