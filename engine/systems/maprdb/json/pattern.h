// Patterns of $like and $matches, matched in time that grows with the text and never with the square of it.
//
// Decision: an automaton of our own. std::regex recurses for each character and may take exponential time, and both
// patterns and texts come from outside. What an automaton cannot do (back references, looking around) is refused by
// name.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace tributary::engine::maprdb::json {

class Pattern {
public:
    /// SQL LIKE over the whole text: % is any characters, _ is one; `escape` (0 = none) makes the next one stand for
    /// itself. Errors: InvalidInput.
    static Result<Pattern> like(std::string_view text, std::uint32_t escape = 0);
    /// A regular expression that is found anywhere in the text: characters, . ^ $ [] () (?:) | * + ? {m,n}, the same
    /// with a ? behind (which changes nothing here), \d \D \w \W \s \S \t \n \r \f \v and escaped signs; (?i) in front
    /// ignores the case of ASCII letters. Characters are those of UTF-8. Errors: InvalidInput (with the place),
    /// Unsupported.
    static Result<Pattern> regex(std::string_view text);

    /// `text` must be UTF-8. Time: its length times the pattern's states.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    friend class RegexCompiler;

    /// Ranges of characters, both ends in.
    struct CharSet {
        bool negated = false;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    };
    enum class Kind : std::uint8_t { Chars, Split, Jump, AtStart, AtEnd, Found };
    struct State {
        Kind kind = Kind::Found;
        std::size_t next = 0;
        std::size_t other = 0;  ///< of a Split
        std::size_t set = 0;    ///< of Chars
    };
    struct Run;

    [[nodiscard]] bool accepts(const CharSet& set, std::uint32_t character) const;
    void reach(Run& run, std::size_t state, bool atStart, bool atEnd) const;

    std::vector<State> states_;
    std::vector<CharSet> sets_;
    bool ignoresCase_ = false;
};

}  // namespace tributary::engine::maprdb::json
