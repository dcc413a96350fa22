// Access control expressions (ACEs) of tables and streams: parse, evaluate, print.
//
// Grammar (maprdb.md 1.1), binding from loose to tight; white space is free; the empty text denies everybody:
//   or  := and ('|' and)*      and := not ('&' not)*      not := '!' not | '(' or ')' | term
//   term := 'u:' name | 'g:' name | 'r:' name | 'p'
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary {

/// Who asks: a user with groups and roles.
struct AceSubject {
    std::string user;
    std::vector<std::string> groups;
    std::vector<std::string> roles;
};

/// A parsed expression; a plain value. Default-constructed it is empty and denies everybody.
class Ace {
public:
    Ace() = default;

    [[nodiscard]] bool isEmpty() const { return nodes_.empty(); }
    [[nodiscard]] bool allows(const AceSubject& subject) const;
    /// Normalised as the real commands display it: "u:root | u:mapr"; parentheses only where needed.
    [[nodiscard]] std::string text() const;
    /// Names in the expression, sorted, each once.
    [[nodiscard]] std::vector<std::string> users() const;
    [[nodiscard]] std::vector<std::string> groups() const;
    [[nodiscard]] std::vector<std::string> roles() const;

    friend bool operator==(const Ace&, const Ace&) = default;

private:
    friend class AceParser;
    enum class Op : std::uint8_t { User, Group, Role, Public, Not, And, Or };
    struct Node {
        Op op = Op::Public;
        std::string name;       ///< of a User, Group or Role
        std::size_t left = 0;   ///< index of the operand of Not, or the left one of And and Or
        std::size_t right = 0;  ///< index of the right operand
        friend bool operator==(const Node&, const Node&) = default;
    };

    [[nodiscard]] bool allowsAt(std::size_t at, const AceSubject& subject) const;
    [[nodiscard]] std::string textAt(std::size_t at) const;
    [[nodiscard]] std::vector<std::string> named(Op op) const;

    std::vector<Node> nodes_;  ///< operands before their operators; the last one is the root
};

/// Parses `text`. Errors: InvalidInput naming the character position, and for a comma the expression to write instead.
[[nodiscard]] Result<Ace> parseAce(std::string_view text);

/// Whether `ace` lets this user do it.
[[nodiscard]] bool evaluate(const Ace& ace, std::string_view user, const std::vector<std::string>& groups = {},
                            const std::vector<std::string>& roles = {});

}  // namespace tributary
