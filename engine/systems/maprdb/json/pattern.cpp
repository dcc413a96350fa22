// Regular expressions and LIKE patterns as automata (Thompson's construction, all states at once).
#include "engine/systems/maprdb/json/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::uint32_t kLast = 0x10ffff;
constexpr std::size_t kRepeatMax = 1'000;
constexpr std::size_t kNestingMax = 100;
constexpr std::size_t kNoEnd = SIZE_MAX;

/// The characters of well-formed UTF-8.
std::vector<std::uint32_t> charactersOf(std::string_view text) {
    std::vector<std::uint32_t> out;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        std::uint32_t character = length == 1 ? first : first & (0x7fU >> length);
        for (std::size_t i = 1; i < length; ++i) {
            character = character << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
        }
        out.push_back(character);
        at += length;
    }
    return out;
}

std::uint32_t otherCase(std::uint32_t character) {
    const std::uint32_t lower = character | 0x20U;
    return lower >= 'a' && lower <= 'z' ? character ^ 0x20U : character;
}

}  // namespace

/// Writes the states while it reads: each part of the text becomes a run of states that ends where the next begins.
class RegexCompiler {
public:
    explicit RegexCompiler(std::string_view text) : shown_(text), text_(charactersOf(text)) {}

    Result<Pattern> compile() {
        if (text_.size() >= 4 && text_[0] == '(' && text_[1] == '?' && text_[2] == 'i' && text_[3] == ')') {
            out_.ignoresCase_ = true;
            at_ = 4;
        }
        if (!alternatives(0)) return error_;
        if (at_ < text_.size()) {
            fail("a ) stands alone");
            return error_;
        }
        add({Pattern::Kind::Found});
        return std::move(out_);
    }

    Result<Pattern> like(std::uint32_t escape) {
        add({Pattern::Kind::AtStart});
        for (; at_ < text_.size(); ++at_) {
            const std::uint32_t c = text_[at_];
            if (c == '%' && c != escape) {
                const std::size_t from = out_.states_.size();
                add({Pattern::Kind::Split, from + 1, from + 3});
                chars({false, {{0, kLast}}});
                add({Pattern::Kind::Jump, from});
            } else if (c == '_' && c != escape) {
                chars({false, {{0, kLast}}});
            } else {
                if (escape != 0 && c == escape && ++at_ == text_.size()) {
                    fail("nothing stands behind the escape");
                    return error_;
                }
                chars({false, {{text_[at_], text_[at_]}}});
            }
        }
        add({Pattern::Kind::AtEnd});
        add({Pattern::Kind::Found});
        return std::move(out_);
    }

private:
    using Kind = Pattern::Kind;
    using CharSet = Pattern::CharSet;

    bool fail(std::string_view why, ErrorCode code = ErrorCode::InvalidInput) {
        error_ = {code,
                  fmt::format("'{}' is no pattern that can be matched: {}", shownLine(bounded(shown_, 60)), why),
                  fmt::format("character {}", at_ + 1),
                  {}};
        return false;
    }
    [[nodiscard]] bool at(std::uint32_t c) const { return at_ < text_.size() && text_[at_] == c; }
    bool take(std::uint32_t c) {
        if (!at(c)) return false;
        ++at_;
        return true;
    }

    /// Its next is the state behind it, unless it says another.
    void add(Pattern::State state) {
        if (state.kind != Kind::Split && state.kind != Kind::Jump) state.next = out_.states_.size() + 1;
        out_.states_.push_back(state);
    }
    void chars(CharSet set) {
        Pattern::State state{Kind::Chars};
        state.set = out_.sets_.size();
        out_.sets_.push_back(std::move(set));
        add(state);
    }

    bool alternatives(std::size_t depth) {
        if (depth > kNestingMax) return fail("groups stand too deep in each other");
        std::vector<std::size_t> jumps;
        for (;;) {
            const std::size_t from = out_.states_.size();
            if (!sequence(depth)) return false;
            if (!take('|')) break;
            // The split stands before what was just written, so that it can lead past it.
            if (!shift(from, 1)) return false;
            for (std::size_t& jump : jumps) jump += jump >= from ? 1 : 0;
            out_.states_[from] = {Kind::Split, from + 1, out_.states_.size() + 1};
            jumps.push_back(out_.states_.size());
            add({Kind::Jump});
        }
        for (const std::size_t jump : jumps) out_.states_[jump].next = out_.states_.size();
        return true;
    }

    bool sequence(std::size_t depth) {
        while (at_ < text_.size() && !at('|') && !at(')')) {
            const std::size_t from = out_.states_.size();
            if (!atom(depth) || !repeats(from)) return false;
        }
        return true;
    }

    bool atom(std::size_t depth) {
        const std::uint32_t c = text_[at_++];
        switch (c) {
            case '.': chars({true, {{'\n', '\n'}}}); return true;
            case '^': add({Kind::AtStart}); return true;
            case '$': add({Kind::AtEnd}); return true;
            case '[': return set();
            case '(': return group(depth);
            case '*':
            case '+':
            case '?':
            case '{': --at_; return fail("nothing stands before a repetition");
            case '\\': {
                CharSet escaped;
                if (!escape(escaped)) return false;
                chars(std::move(escaped));
                return true;
            }
            default: chars({false, {{c, c}}}); return true;
        }
    }

    bool group(std::size_t depth) {
        if (take('?') && !take(':')) {
            return fail("of the groups that begin with (? only (?:) is known, and (?i) in front",
                        ErrorCode::Unsupported);
        }
        if (!alternatives(depth + 1)) return false;
        return take(')') || fail("a ( is not closed");
    }

    bool number(std::size_t& out) {
        const std::size_t from = at_;
        out = 0;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && out <= kRepeatMax) {
            out = out * 10 + (text_[at_++] - '0');
        }
        return at_ > from;
    }

    bool repeats(std::size_t from) {
        std::size_t least = 1;
        std::size_t most = 1;
        if (take('*')) {
            least = 0;
            most = kNoEnd;
        } else if (take('+')) {
            most = kNoEnd;
        } else if (take('?')) {
            least = 0;
        } else if (take('{')) {
            if (!number(least)) return fail("a number is missing in { }");
            most = least;
            if (take(',') && !number(most)) most = kNoEnd;
            if (!take('}')) return fail("a { is not closed");
            if (most < least || least > kRepeatMax || (most != kNoEnd && most > kRepeatMax)) {
                return fail(fmt::format("a repetition goes from few to many, and to {} at most", kRepeatMax));
            }
        } else {
            return true;
        }
        take('?');
        if (at('*') || at('+') || at('{') || at('?')) return fail("a repetition is repeated");
        return repeat(from, least, most);
    }

    /// Writes the states from `from` on out `least` times, and again up to `most` times behind splits.
    bool repeat(std::size_t from, std::size_t least, std::size_t most) {
        const std::vector<Pattern::State> body(out_.states_.begin() + static_cast<std::ptrdiff_t>(from),
                                               out_.states_.end());
        out_.states_.resize(from);
        for (std::size_t i = 0; i < least; ++i) {
            if (!copy(body, from)) return false;
        }
        if (most == kNoEnd) {
            const std::size_t loop = out_.states_.size();
            add({Kind::Split, loop + 1, loop + body.size() + 2});
            if (!copy(body, from)) return false;
            add({Kind::Jump, loop});
            return true;
        }
        for (std::size_t i = least; i < most; ++i) {
            const std::size_t split = out_.states_.size();
            add({Kind::Split, split + 1, split + body.size() + 1});
            if (!copy(body, from)) return false;
        }
        return true;
    }

    bool copy(const std::vector<Pattern::State>& body, std::size_t from) {
        // Copies of nothing count, too: (){1000} in itself would be written for ever.
        copies_ += body.size() + 1;
        if (copies_ > kPatternStatesMax || out_.states_.size() + body.size() > kPatternStatesMax) return tooLarge();
        const std::size_t by = out_.states_.size() - from;
        for (Pattern::State state : body) {
            state.next += by;
            state.other += by;
            out_.states_.push_back(state);
        }
        return true;
    }

    /// Makes room for `count` states at `from`.
    bool shift(std::size_t from, std::size_t count) {
        copies_ += out_.states_.size() - from + count;
        if (copies_ > kPatternStatesMax) return tooLarge();
        out_.states_.insert(out_.states_.begin() + static_cast<std::ptrdiff_t>(from), count, Pattern::State{});
        for (std::size_t i = from + count; i < out_.states_.size(); ++i) {
            out_.states_[i].next += count;
            out_.states_[i].other += count;
        }
        return true;
    }

    bool tooLarge() {
        return fail(fmt::format("written out it passes the limit 'pattern states' of {}", kPatternStatesMax));
    }

    /// Behind a backslash: a class, a control character, or a sign that stands for itself.
    bool escape(CharSet& out) {
        if (at_ >= text_.size()) return fail("nothing stands behind \\");
        const std::uint32_t c = text_[at_++];
        const std::uint32_t lower = c | 0x20U;
        const bool isLetter = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
        switch (c) {
            case 'd':
            case 'D': out.ranges = {{'0', '9'}}; break;
            case 'w':
            case 'W': out.ranges = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}; break;
            case 's':
            case 'S': out.ranges = {{'\t', '\r'}, {' ', ' '}}; break;
            case 't': out.ranges = {{'\t', '\t'}}; return true;
            case 'n': out.ranges = {{'\n', '\n'}}; return true;
            case 'r': out.ranges = {{'\r', '\r'}}; return true;
            case 'f': out.ranges = {{'\f', '\f'}}; return true;
            case 'v': out.ranges = {{'\v', '\v'}}; return true;
            default:
                if (isLetter) return fail("an escape is unknown", ErrorCode::Unsupported);
                out.ranges = {{c, c}};
                return true;
        }
        out.negated = (c & 0x20U) == 0;
        return true;
    }

    /// Adds what is in `other`, negated or not.
    static void unite(CharSet& set, const CharSet& other) {
        if (!other.negated) {
            set.ranges.insert(set.ranges.end(), other.ranges.begin(), other.ranges.end());
            return;
        }
        std::uint32_t next = 0;
        for (const auto& [first, last] : other.ranges) {  // ascending, as escape() gives them
            if (first > next) set.ranges.emplace_back(next, first - 1);
            next = last + 1;
        }
        set.ranges.emplace_back(next, kLast);
    }

    bool set() {
        CharSet out;
        out.negated = take('^');
        bool first = true;
        while (at_ < text_.size() && (first || !at(']'))) {
            first = false;
            CharSet low;
            if (!setPart(low)) return false;
            const bool isSingle = low.ranges.size() == 1 && low.ranges[0].first == low.ranges[0].second && !low.negated;
            const bool isRange = isSingle && at('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
            if (isRange) {
                ++at_;
                CharSet high;
                if (!setPart(high)) return false;
                if (high.negated || high.ranges.size() != 1 || high.ranges[0].first < low.ranges[0].first) {
                    return fail("a range goes from a lower to a higher character");
                }
                low.ranges[0].second = high.ranges[0].second;
            }
            unite(out, low);
        }
        if (!take(']')) return fail("a [ is not closed");
        chars(std::move(out));
        return true;
    }
    bool setPart(CharSet& out) {
        if (at_ >= text_.size()) return fail("a [ is not closed");
        if (at('[') && at_ + 1 < text_.size() && text_[at_ + 1] == ':') {
            return fail("[: :] is not known", ErrorCode::Unsupported);
        }
        const std::uint32_t c = text_[at_++];
        if (c == '\\') return escape(out);
        out.ranges = {{c, c}};
        return true;
    }

    std::string_view shown_;
    std::vector<std::uint32_t> text_;
    std::size_t at_ = 0;
    std::size_t copies_ = 0;
    Pattern out_;
    Error error_;
};

/// The states in which the automaton is at once.
struct Pattern::Run {
    explicit Run(std::size_t states) : marked(states, 0) {}

    std::vector<std::size_t> now;
    std::vector<std::size_t> marked;  ///< the round in which a state was reached last
    std::vector<std::size_t> open;
    std::size_t round = 0;
    bool found = false;
};

bool Pattern::accepts(const CharSet& set, std::uint32_t character) const {
    const auto isIn = [&](std::uint32_t c) {
        return std::any_of(set.ranges.begin(), set.ranges.end(),
                           [c](const auto& range) { return c >= range.first && c <= range.second; });
    };
    return (isIn(character) || (ignoresCase_ && isIn(otherCase(character)))) != set.negated;
}

void Pattern::reach(Run& run, std::size_t state, bool atStart, bool atEnd) const {
    run.open.push_back(state);
    while (!run.open.empty()) {
        const std::size_t at = run.open.back();
        run.open.pop_back();
        if (run.marked[at] == run.round) continue;
        run.marked[at] = run.round;
        const State& one = states_[at];
        switch (one.kind) {
            case Kind::Chars: run.now.push_back(at); break;
            case Kind::Split: run.open.push_back(one.other); [[fallthrough]];
            case Kind::Jump: run.open.push_back(one.next); break;
            case Kind::AtStart:
                if (atStart) run.open.push_back(one.next);
                break;
            case Kind::AtEnd:
                if (atEnd) run.open.push_back(one.next);
                break;
            case Kind::Found: run.found = true; break;
        }
    }
}

bool Pattern::matches(std::string_view text) const {
    const std::vector<std::uint32_t> characters = charactersOf(text);
    Run run(states_.size());
    std::vector<std::size_t> before;
    for (std::size_t at = 0; at <= characters.size(); ++at) {
        ++run.round;
        before.swap(run.now);
        run.now.clear();
        const bool atEnd = at == characters.size();
        for (const std::size_t state : before) {
            if (accepts(sets_[states_[state].set], characters[at - 1])) {
                reach(run, states_[state].next, false, atEnd);
            }
        }
        reach(run, 0, at == 0, atEnd);
        if (run.found) return true;
    }
    return false;
}

namespace {

Status checkPattern(std::string_view text) {
    if (!isUtf8(text)) return Error{ErrorCode::InvalidInput, "a pattern is no UTF-8", {}, {}};
    return checkLimit("pattern", text.size(), kPatternBytesMax, "bytes", "a pattern");
}

}  // namespace

Result<Pattern> Pattern::like(std::string_view text, std::uint32_t escape) {
    if (const Status fits = checkPattern(text); !fits) return fits.error();
    return RegexCompiler(text).like(escape);
}

Result<Pattern> Pattern::regex(std::string_view text) {
    if (const Status fits = checkPattern(text); !fits) return fits.error();
    return RegexCompiler(text).compile();
}

}  // namespace tributary::engine::maprdb::json
