// Access control expressions.
#include "core/topology/ace.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/base/text.h"

namespace tributary {

namespace {

// Bounds for what comes from a file or the wire; real expressions have a handful of terms.
constexpr std::size_t kAceBytesMax = 8U << 10U;
constexpr int kAceDepthMax = 64;

bool holds(const std::vector<std::string>& all, const std::string& name) {
    return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

/// Recursive descent over the grammar in the header; stops at the first error.
class AceParser {
public:
    explicit AceParser(std::string_view text) : text_(text) {}

    Result<Ace> run() {
        if (text_.size() > kAceBytesMax) fail("it is too long", {});
        skipBlank();
        if (at_ == text_.size()) return Ace{};
        parseOr(0);
        if (!error_ && at_ < text_.size()) unexpected();
        if (error_) return *error_;
        return std::move(ace_);
    }

private:
    using Op = Ace::Op;

    void skipBlank() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    bool take(char wanted) {
        skipBlank();
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        skipBlank();
        return true;
    }

    std::size_t add(Op op, std::string name, std::size_t left, std::size_t right) {
        ace_.nodes_.push_back({op, std::move(name), left, right});
        return ace_.nodes_.size() - 1;
    }

    std::size_t parseOr(int depth) {
        std::size_t left = parseAnd(depth);
        while (!error_ && take('|')) {
            const std::size_t right = parseAnd(depth);
            left = add(Op::Or, {}, left, right);
        }
        return left;
    }

    std::size_t parseAnd(int depth) {
        std::size_t left = parseNot(depth);
        while (!error_ && take('&')) {
            const std::size_t right = parseNot(depth);
            left = add(Op::And, {}, left, right);
        }
        return left;
    }

    std::size_t parseNot(int depth) {
        if (depth > kAceDepthMax) {
            fail("it is nested too deeply", {});
            return 0;
        }
        if (take('!')) {
            const std::size_t operand = parseNot(depth + 1);
            return add(Op::Not, {}, operand, operand);
        }
        if (take('(')) {
            const std::size_t inner = parseOr(depth + 1);
            if (!error_ && !take(')')) fail("a ')' is missing", {});
            return inner;
        }
        return parseTerm();
    }

    std::size_t parseTerm() {
        if (error_) return 0;
        const std::size_t start = at_;
        while (at_ < text_.size() && std::string_view(" \t|&!(),\"'").find(text_[at_]) == std::string_view::npos) ++at_;
        const std::string_view word = text_.substr(start, at_ - start);
        if (word == "p") return add(Op::Public, {}, 0, 0);
        if (word.size() > 2 && word[1] == ':' && word.find(':', 2) == std::string_view::npos) {
            const std::string name(word.substr(2));
            if (word[0] == 'u') return add(Op::User, name, 0, 0);
            if (word[0] == 'g') return add(Op::Group, name, 0, 0);
            if (word[0] == 'r') return add(Op::Role, name, 0, 0);
        }
        at_ = start;
        if (word.empty()) {
            unexpected();
        } else {
            fail(fmt::format("'{}' is not u:<user>, g:<group>, r:<role> or p", word),
                 word.find(':') == std::string_view::npos ? fmt::format("u:{}", word) : std::string());
        }
        return 0;
    }

    void unexpected() {
        if (at_ >= text_.size()) {
            fail("it ends where a user, group, role or p must follow", {});
        } else if (text_[at_] == ',') {
            std::string repaired(text_);
            std::replace(repaired.begin(), repaired.end(), ',', '|');
            const Result<Ace> ace = parseAce(repaired);
            fail("terms are joined with | (or) and & (and), not with a comma", ace ? ace->text() : std::string());
        } else {
            fail(fmt::format("unexpected '{}'", text_[at_]), {});
        }
    }

    void fail(std::string_view reason, std::string fix) {
        if (error_) return;
        error_ = Error{ErrorCode::InvalidInput,
                       fmt::format("'{}' is not an access control expression: {} (character {})", text_.substr(0, 200),
                                   reason, at_ + 1),
                       {},
                       std::move(fix)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Ace ace_;
    std::optional<Error> error_;
};

bool Ace::allows(const AceSubject& subject) const {
    return !isEmpty() && allowsAt(nodes_.size() - 1, subject);
}

bool Ace::allowsAt(std::size_t at, const AceSubject& subject) const {
    const Node& node = nodes_[at];
    switch (node.op) {
        case Op::User: return node.name == subject.user;
        case Op::Group: return holds(subject.groups, node.name);
        case Op::Role: return holds(subject.roles, node.name);
        case Op::Public: return true;
        case Op::Not: return !allowsAt(node.left, subject);
        case Op::And: return allowsAt(node.left, subject) && allowsAt(node.right, subject);
        case Op::Or: return allowsAt(node.left, subject) || allowsAt(node.right, subject);
    }
    return false;
}

std::string Ace::text() const {
    return isEmpty() ? std::string() : textAt(nodes_.size() - 1);
}

std::string Ace::textAt(std::size_t at) const {
    const Node& node = nodes_[at];
    // An operand that binds looser than its operator needs parentheses; so does a right operand of the same kind, whose
    // own grouping would otherwise read back as the left-leaning tree.
    const auto operand = [&](std::size_t index, bool parenthesise) {
        return parenthesise ? "(" + textAt(index) + ")" : textAt(index);
    };
    const auto op = [&](std::size_t index) { return nodes_[index].op; };
    switch (node.op) {
        case Op::User: return "u:" + node.name;
        case Op::Group: return "g:" + node.name;
        case Op::Role: return "r:" + node.name;
        case Op::Public: return "p";
        case Op::Not: return "!" + operand(node.left, op(node.left) == Op::And || op(node.left) == Op::Or);
        case Op::And:
            return operand(node.left, op(node.left) == Op::Or) + " & " +
                   operand(node.right, op(node.right) == Op::Or || op(node.right) == Op::And);
        case Op::Or: return operand(node.left, false) + " | " + operand(node.right, op(node.right) == Op::Or);
    }
    return {};
}

std::vector<std::string> Ace::named(Op op) const {
    std::set<std::string> names;
    for (const Node& node : nodes_) {
        if (node.op == op) names.insert(node.name);
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> Ace::users() const {
    return named(Op::User);
}
std::vector<std::string> Ace::groups() const {
    return named(Op::Group);
}
std::vector<std::string> Ace::roles() const {
    return named(Op::Role);
}

Result<Ace> parseAce(std::string_view text) {
    return AceParser(text).run();
}

bool evaluate(const Ace& ace, std::string_view user, const std::vector<std::string>& groups,
              const std::vector<std::string>& roles) {
    return ace.allows({std::string(user), groups, roles});
}

}  // namespace tributary
