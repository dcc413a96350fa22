// Recursive descent over access control expressions.
#include "core/operations/ace.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary {
namespace {

constexpr int kNestingMax = 64;  // bounds the recursion on hostile input

class AceParser {
public:
    explicit AceParser(std::string_view text) : text_(text) {}

    Result<std::string> parse() {
        std::string out = alternatives(0);
        skipBlanks();
        if (why_.empty() && at_ < text_.size()) fail(unexpected());
        if (why_.empty()) return out;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("access expression '{}', column {}: {}", text_, at_ + 1, why_),
                     {},
                     "write it like 'u:ana | g:operators', with | (or), & (and), ! (not) and parentheses"};
    }

private:
    std::string alternatives(int depth) { return chain('|', depth); }

    // a | b binds looser than a & b
    std::string chain(char glue, int depth) {
        std::string out = glue == '|' ? chain('&', depth) : term(depth);
        while (why_.empty() && take(glue)) {
            out += fmt::format(" {} ", glue);
            out += glue == '|' ? chain('&', depth) : term(depth);
        }
        return out;
    }

    std::string term(int depth) {
        if (depth > kNestingMax) return fail("is nested too deeply");
        if (take('!')) return "!" + term(depth + 1);
        if (take('(')) {
            std::string inner = alternatives(depth + 1);
            if (why_.empty() && !take(')')) return fail("a closing parenthesis is missing");
            return "(" + inner + ")";
        }
        return subject();
    }

    std::string subject() {
        skipBlanks();
        const std::size_t from = at_;
        while (at_ < text_.size() && std::string_view(" \t|&!(),").find(text_[at_]) == std::string_view::npos) ++at_;
        const std::string_view word = text_.substr(from, at_ - from);
        if (word == "p") return "p";
        const bool kindKnown =
            word.size() > 1 && word[1] == ':' && std::string_view("ugr").find(word[0]) != std::string_view::npos;
        if (kindKnown && word.size() > 2) return std::string(word);
        at_ = from;
        if (word.empty()) return fail(unexpected());
        if (kindKnown) return fail(fmt::format("'{}' has no name", word));
        return fail(fmt::format("'{}' is none of u:<user>, g:<group>, r:<role>, p", word));
    }

    [[nodiscard]] std::string unexpected() const {
        if (at_ >= text_.size()) return "ends where a user, group, role or p is expected";
        if (text_[at_] == ',') return "a comma joins nothing here; use | for 'or'";
        return fmt::format("unexpected '{}'", text_[at_]);
    }

    bool take(char wanted) {
        skipBlanks();
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    void skipBlanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }
    std::string fail(std::string why) {
        if (why_.empty()) why_ = std::move(why);
        return {};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string why_;
};

}  // namespace

Result<std::string> canonicalAce(std::string_view text) {
    if (trim(text).empty()) return std::string();
    return AceParser(text).parse();
}

}  // namespace tributary
