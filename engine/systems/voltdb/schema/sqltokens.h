// SQL as words, for what has to be known before SQLite sees it: which statement it is, and which table it changes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::engine::voltdb {

struct SqlToken {
    enum class Kind { Word, Text, Number, Parameter, Symbol };
    Kind kind = Kind::Symbol;
    std::string text;      ///< words in upper case, texts as written with their quotes
    std::size_t from = 0;  ///< where it stands
    std::size_t to = 0;
    [[nodiscard]] bool is(std::string_view word) const { return kind != Kind::Text && text == word; }
};

/// Comments are left out; a quoted name is a word. Errors: InvalidInput with the place of a quote or comment that does
/// not end.
[[nodiscard]] Result<std::vector<SqlToken>> tokensOf(std::string_view sql);

/// Statements between semicolons, without them and without white space around; those within BEGIN .. END of a procedure
/// stay together. Errors: as tokensOf.
[[nodiscard]] Result<std::vector<std::string>> splitStatements(std::string_view sql);

[[nodiscard]] std::string upperCase(std::string_view text);

/// Walks over tokens; behind the last one everything is an empty symbol.
class SqlCursor {
public:
    SqlCursor(std::string_view sql, const std::vector<SqlToken>& tokens) : sql_(sql), tokens_(tokens) {}
    [[nodiscard]] const SqlToken& now() const { return at_ < tokens_.size() ? tokens_[at_] : end_; }
    [[nodiscard]] const SqlToken& ahead(std::size_t count = 1) const {
        return at_ + count < tokens_.size() ? tokens_[at_ + count] : end_;
    }
    [[nodiscard]] bool atEnd() const { return at_ >= tokens_.size(); }
    /// Passes the words when all of them come next.
    bool take(std::initializer_list<std::string_view> words);
    bool take(std::string_view word) { return take({word}); }
    SqlToken next();
    /// A name; empty when none comes.
    std::string name();
    /// The text up to a comma or closing bracket outside all brackets, or one of `ends`.
    std::string textUntil(std::initializer_list<std::string_view> ends);
    /// All that is left.
    std::string rest();
    [[nodiscard]] std::size_t index() const { return at_; }

private:
    std::string_view sql_;
    const std::vector<SqlToken>& tokens_;
    std::size_t at_ = 0;
    SqlToken end_;
};

}  // namespace tributary::engine::voltdb
