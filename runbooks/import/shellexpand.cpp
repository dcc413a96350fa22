// Words to fields: parameters and their operations, splitting, and what is refused by name.
#include <fmt/format.h>

#include <algorithm>

#include "runbooks/import/shelllexer.h"
#include "runbooks/import/shellvalues.h"

namespace tributary::runbooks::shell {
namespace {

constexpr std::string_view kBlanks = " \t\n";

/// A pattern of ${A%pattern}: quoted characters and literals stand for themselves.
struct PatternUnit {
    char c = 0;
    bool special = false;
};

bool matches(const std::vector<PatternUnit>& pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p].special && pattern[p].c == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p].special || pattern[p].c == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p].special && pattern[p].c == '*') ++p;
    return p == pattern.size();
}

/// What one parameter gives: a text, or a list of texts ("$@").
struct Expanded {
    bool isList = false;
    std::string text;
    std::vector<std::string> items;
};

class Expander {
public:
    explicit Expander(Values& values) : values_(values) {}

    void word(const Word& word) {
        if (unknownWord(word, false)) return;
        source_ = &word;
        open_ = false;
        current_.clear();
        const bool sole = word.parts.size() == 1 || (word.parts.size() == 2 && isEmptyQuote(word.parts[0]));
        const WordPart* only = sole && !word.parts.empty() ? &word.parts.back() : nullptr;
        const bool whole = only != nullptr && only->kind == WordPart::Kind::Parameter && only->op.empty() &&
                           only->index.empty() && isNameStart(only->name[0]);
        const std::size_t before = out.fields.size();
        for (const WordPart& part : word.parts) {
            piece(part, whole);
            if (!out.unknown.empty()) return;
        }
        close();
        if (whole && out.fields.size() == before + 1) {
            out.fields.back().variable = only->name;
        } else if (whole) {
            out.used.insert(only->name);
        }
    }

    void assigned(const Word& word) {
        if (unknownWord(word, true)) return;
        source_ = &word;
        open_ = true;
        for (const WordPart& part : word.parts) {
            if (part.kind == WordPart::Kind::Literal) {
                current_ += part.text;
                continue;
            }
            Expanded outcome = valueOf(part, false);
            count(outcome);
            if (!out.unknown.empty()) return;
            if (outcome.isList && outcome.items.size() > 1 && !values_.plainSplitting()) {
                refuse("several values in one assignment");
                return;
            }
            current_ += outcome.isList ? joined(outcome.items) : outcome.text;
        }
        close();
    }

    Expansion out;

private:
    static constexpr std::size_t kGivenBytesMax = 1U << 20U;

    static bool isEmptyQuote(const WordPart& part) {
        return part.kind == WordPart::Kind::Literal && part.quoted && part.text.empty();
    }

    static std::string joined(const std::vector<std::string>& items) {
        std::string text;
        for (std::size_t i = 0; i < items.size(); ++i) text += (i == 0 ? "" : " ") + items[i];
        return text;
    }

    /// `$A$A$A...` of a long value: what values give to one command is bounded.
    void count(const Expanded& outcome) {
        given_ += outcome.text.size();
        for (const std::string& item : outcome.items) given_ += item.size() + 1;
        if (given_ > kGivenBytesMax) refuse(fmt::format("its values have more than {} bytes", kGivenBytesMax));
    }

    void refuse(const std::string& what) {
        if (out.unknown.empty()) out.unknown = what;
    }

    /// What the shell would replace by something that is not in the text.
    bool unknownWord(const Word& word, bool isAssigned) {
        std::string bare;
        for (const WordPart& part : word.parts) {
            if (part.kind == WordPart::Kind::Literal && !part.quoted) bare += part.text;
        }
        const WordPart* first = word.parts.empty() ? nullptr : &word.parts.front();
        const bool bareStart = first != nullptr && first->kind == WordPart::Kind::Literal && !first->quoted;
        if ((bareStart && first->text.starts_with("~")) || (isAssigned && bare.find(":~") != std::string::npos)) {
            refuse("`~` is a user's home, which is not known");
        }
        if (isAssigned) return !out.unknown.empty();
        if (hasGlob(bare))
            refuse(fmt::format("the shell replaces `{}` by file names, which are not known", word.source));
        const std::size_t open = bare.find('{');
        const std::size_t close = bare.rfind('}');
        if (open != std::string::npos && close != std::string::npos && open < close) {
            const std::string inside = bare.substr(open, close - open);
            if (inside.find(',') != std::string::npos || inside.find("..") != std::string::npos) {
                refuse(fmt::format("the shell makes several words of `{}`", word.source));
            }
        }
        return !out.unknown.empty();
    }

    static bool hasGlob(std::string_view text) {
        if (text.find_first_of("*?") != std::string_view::npos) return true;
        const std::size_t open = text.find('[');
        return open != std::string_view::npos && text.find(']', open) != std::string_view::npos;
    }

    void close() {
        if (open_) out.fields.push_back({std::move(current_), {}, source_});
        open_ = false;
        current_.clear();
    }

    void piece(const WordPart& part, bool whole) {
        if (part.kind == WordPart::Kind::Literal) {
            current_ += part.text;
            open_ = open_ || part.quoted || !part.text.empty();
            return;
        }
        const Expanded outcome = valueOf(part, whole);
        count(outcome);
        if (!out.unknown.empty()) return;
        if (part.quoted && !outcome.isList) {
            current_ += outcome.text;
            open_ = true;
        } else if (part.quoted) {
            for (std::size_t i = 0; i < outcome.items.size(); ++i) {
                if (i > 0) close();
                current_ += outcome.items[i];
                open_ = true;
            }
            const bool alone = outcome.items.empty() && source_->parts.size() <= 2 && current_.empty();
            if (alone) open_ = false;  // "$@" of nothing is no word at all
        } else if (outcome.isList) {
            for (std::size_t i = 0; i < outcome.items.size(); ++i) {
                if (i > 0) close();
                splitInto(outcome.items[i]);
            }
        } else {
            splitInto(outcome.text);
        }
    }

    void splitInto(const std::string& text) {
        if (!values_.plainSplitting()) return refuse("IFS was assigned, so how a value is split is not known");
        if (hasGlob(text)) return refuse("a value holds `*`, `?` or `[` and stands outside quotes");
        std::size_t at = 0;
        while (at < text.size()) {
            if (kBlanks.find(text[at]) != std::string_view::npos) {
                close();
                ++at;
                continue;
            }
            const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
            current_ += text.substr(at, end - at);
            open_ = true;
            at = end;
        }
    }

    Expanded valueOf(const WordPart& part, bool whole) {
        if (part.kind != WordPart::Kind::Parameter) {
            refuse(fmt::format("{} is not known here", part.text.empty() ? "a part of it" : part.text));
            return {};
        }
        if (!whole && isNameStart(part.name[0])) out.used.insert(part.name);
        const Value value = values_.lookup(part.name);
        if (value.kind == Value::Kind::Unknown) {
            refuse(fmt::format("the value of `${}` is not known: {}", part.name, value.reason));
            return {};
        }
        if (!part.index.empty() || part.name == "@" || part.name == "*") return listOf(part, value);
        Expanded outcome;
        const bool isSet =
            value.kind == Value::Kind::Known || (value.kind == Value::Kind::List && !value.items.empty());
        if (value.kind == Value::Kind::Known) outcome.text = value.text;
        if (value.kind == Value::Kind::List && isSet) outcome.text = value.items.front();
        if (!part.op.empty()) operate(part, isSet, outcome);
        return outcome;
    }

    Expanded listOf(const WordPart& part, const Value& value) {
        Expanded outcome;
        std::vector<std::string> items = value.items;
        if (value.kind == Value::Kind::Known) items = {value.text};
        const bool all = part.index == "@" || part.index == "*" || part.index.empty();
        const bool star = part.index == "*" || part.name == "*";
        if (all && part.op == "length") {
            outcome.text = std::to_string(items.size());
        } else if (!part.op.empty()) {
            refuse(fmt::format("`${{{}{}...}}` of a list is not read", part.name, part.op));
        } else if (all && star && part.quoted) {
            if (!values_.plainSplitting()) refuse("IFS was assigned, so how values are joined is not known");
            outcome.text = joined(items);
        } else if (all) {
            outcome.isList = true;
            outcome.items = std::move(items);
        } else if (part.index.size() < 6 &&
                   std::all_of(part.index.begin(), part.index.end(), [](char c) { return c >= '0' && c <= '9'; })) {
            const std::size_t place = std::stoul(part.index);
            if (place < items.size()) outcome.text = items[place];
        } else {
            refuse(fmt::format("`${{{}[{}]}}` is not read", part.name, part.index));
        }
        return outcome;
    }

    void operate(const WordPart& part, bool isSet, Expanded& outcome) {
        const std::string& op = part.op;
        const bool colon = op[0] == ':' && op.size() == 2;
        const std::string kind = colon ? op.substr(1) : op;
        const bool has = isSet && !(colon && outcome.text.empty());
        if (kind == "-" || kind == "+" || kind == "=") {
            if ((kind == "+") != has) {
                if (kind == "+") outcome.text.clear();
                return;
            }
            outcome.text = argumentOf(part);
            if (kind == "=" && out.unknown.empty()) values_.setText(part.name, outcome.text);
        } else if (kind == "?") {
            if (!has) refuse(fmt::format("`${{{}{}...}}` ends the script here", part.name, op));
        } else if (op == "length") {
            const bool ascii = std::all_of(outcome.text.begin(), outcome.text.end(),
                                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
            if (!ascii) refuse("the length of a text that is not ASCII depends on the locale");
            outcome.text = std::to_string(outcome.text.size());
        } else if (op == "%" || op == "%%" || op == "#" || op == "##") {
            strip(part, outcome.text);
        } else {
            refuse(fmt::format("`${{{}{}...}}` is not read", part.name, op == "indirect" ? "!" : op));
        }
    }

    std::string argumentOf(const WordPart& part) {
        std::string text;
        bool quotedPart = false;
        for (const WordPart& piece : part.argument) {
            quotedPart = quotedPart || (piece.quoted && !part.quoted);
            if (piece.kind == WordPart::Kind::Literal) {
                if (!piece.quoted && !part.quoted && piece.text.starts_with("~"))
                    refuse("`~` is a user's home, which is not known");
                text += piece.text;
                continue;
            }
            const Expanded inner = valueOf(piece, false);
            if (inner.isList) refuse("a list inside ${...} is not read");
            text += inner.text;
        }
        if (quotedPart && text.find_first_of(kBlanks) != std::string::npos) {
            refuse("quotes inside an unquoted ${...} are not read");
        }
        return text;
    }

    void strip(const WordPart& part, std::string& text) {
        std::vector<PatternUnit> pattern;
        for (const WordPart& piece : part.argument) {
            const Expanded inner = piece.kind == WordPart::Kind::Literal ? Expanded{} : valueOf(piece, false);
            const std::string& literal = piece.kind == WordPart::Kind::Literal ? piece.text : inner.text;
            // A value inside ${A%$B} is a pattern too, unless it has quotes of its own: with special characters it is
            // refused.
            const bool isLiteral = piece.kind == WordPart::Kind::Literal;
            for (const char c : literal) {
                const bool special = c == '*' || c == '?';
                const bool strange = c == '[' || c == '\\' || (c == '\'' && part.quoted) || (special && !isLiteral);
                if (strange) refuse("a pattern with [ ], quotes or \\ is not read");
                pattern.push_back({c, special && !piece.quoted});
            }
        }
        if (!out.unknown.empty()) return;
        const bool suffix = part.op[0] == '%';
        const bool longest = part.op.size() == 2;
        const std::size_t size = text.size();
        for (std::size_t i = 0; i <= size; ++i) {
            const std::size_t length = longest ? size - i : i;  // of what goes
            const std::string_view gone =
                suffix ? std::string_view(text).substr(size - length) : std::string_view(text).substr(0, length);
            if (!matches(pattern, gone)) continue;
            text = suffix ? text.substr(0, size - length) : text.substr(length);
            return;
        }
    }

    std::size_t given_ = 0;  ///< bytes that values gave so far
    Values& values_;
    const Word* source_ = nullptr;
    std::string current_;
    bool open_ = false;
};

}  // namespace

Expansion expandWords(const std::vector<Word>& words, Values& values) {
    Expander expander(values);
    for (const Word& word : words) {
        expander.word(word);
        if (!expander.out.unknown.empty()) break;
    }
    return std::move(expander.out);
}

Expansion expandAssigned(const Word& word, Values& values) {
    Expander expander(values);
    expander.assigned(word);
    return std::move(expander.out);
}

}  // namespace tributary::runbooks::shell
