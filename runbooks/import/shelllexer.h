// Tokens of a shell script: words with their quotes and expansions, operators, line ends, here-documents.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runbooks/import/shelltree.h"

namespace tributary::runbooks::shell {

/// A text that is read, with what is found on the way. Outlives its lexers; the text outlives it.
class Source {
public:
    /// `placeholders`: `<path to the replica>` and `{{name}}` are one word each, as manuals write them.
    Source(std::string_view text, bool placeholders, std::size_t firstLine = 1);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] bool placeholders() const { return placeholders_; }
    [[nodiscard]] std::size_t lineOf(std::size_t offset) const;
    /// A piece of the text for a remark: bounded, so that nesting costs no memory.
    [[nodiscard]] std::string piece(std::size_t from, std::size_t to) const;

    std::vector<HereDoc> hereDocs;
    std::map<std::size_t, std::size_t> comments;  ///< line -> column of its #, both from 1

private:
    std::string_view text_;
    bool placeholders_;
    std::size_t firstLine_;
    std::vector<std::size_t> starts_;
};

struct Token {
    enum class Kind { Word, Operator, Newline, End, Bad };
    Kind kind = Kind::End;
    std::string text;  ///< the operator; of Bad: what is wrong
    std::string fd;    ///< the number directly before a redirection
    Word word;
    std::size_t start = 0;  ///< offsets in the source
    std::size_t end = 0;
};

class Lexer;

/// Reads the commands of a substitution; the parser gives it, since the two need each other.
struct SubstitutionReader {
    /// From behind "$(" to behind ")", which `at` is moved to; null with `problem` set when they cannot be read.
    std::function<NodePtr(std::size_t& at, std::string& problem)> upToParenthesis;
    /// The inside of `...`, whose backslashes are taken off; null when it cannot be read.
    std::function<NodePtr(const std::string& text, std::size_t line)> backticks;
};

class Lexer {
public:
    Lexer(Source& source, std::size_t at, SubstitutionReader reader);

    [[nodiscard]] Token next();
    [[nodiscard]] std::size_t at() const { return at_; }
    void moveTo(std::size_t at) { at_ = at; }
    /// Behind the operator << or <<-: reads the end word; its body is read behind the line's end.
    [[nodiscard]] Redirect hereDocument(const Token& token);
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    struct Pending {
        std::size_t place;
        std::string delimiter;
        bool stripTabs;
    };

    void skipBlanks();
    bool takeOperator(Token& token);
    void readWord(Word& word);
    bool readPiece(Word& word, std::size_t start);
    void readArray(Word& word, std::size_t start);
    void readSingleQuotes(std::vector<WordPart>& parts);
    void readAnsiQuotes(std::vector<WordPart>& parts);
    void readDoubleQuotes(std::vector<WordPart>& parts);
    void readDollar(std::vector<WordPart>& parts, bool quoted);
    void readBraces(std::vector<WordPart>& parts, bool quoted);
    void readOperation(WordPart& part, bool quoted);
    void readArgument(WordPart& part, bool quoted);
    void readSubstitution(std::vector<WordPart>& parts, bool quoted);
    bool readArithmetic(std::vector<WordPart>& parts, bool quoted);
    void readBackticks(std::vector<WordPart>& parts, bool quoted);
    bool readPlaceholder(Word& word, std::size_t start);
    void readBodies();
    void fail(std::string what);
    [[nodiscard]] char peek(std::size_t ahead = 0) const;
    [[nodiscard]] bool startsWith(std::string_view what) const;

    Source& source_;
    std::string_view text_;
    std::size_t at_;
    SubstitutionReader reader_;
    std::vector<Pending> pending_;
    std::string problem_;
    int depth_ = 0;
};

/// Adds literal text, joined to a literal before it of the same quoting.
void addLiteral(std::vector<WordPart>& parts, std::string_view text, bool quoted);
[[nodiscard]] bool isNameStart(char c);
[[nodiscard]] bool isNameChar(char c);
/// The text of a word without quotes and expansions, or nothing.
[[nodiscard]] std::optional<std::string> bareText(const Word& word);
/// The text of a word that needs no values, quotes taken off, or nothing.
[[nodiscard]] std::optional<std::string> literalText(const Word& word);

}  // namespace tributary::runbooks::shell
