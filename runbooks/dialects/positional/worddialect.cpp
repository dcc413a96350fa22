// Words to operations and back.
#include "runbooks/dialects/positional/worddialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "core/base/text.h"
#include "runbooks/dialects/words.h"

namespace tributary::runbooks {
namespace {

std::string placeOf(const Word& word) {
    return word.column == 0 ? std::string() : fmt::format("column {}", word.column);
}

bool isFlagWord(const Word& word) {
    return !word.quoted && word.text.size() > 1 && word.text.front() == '-';
}

const WordFlag* flagOf(const WordRow& row, std::string_view text) {
    for (const WordFlag& flag : row.flags) {
        if (std::find(flag.spelling.begin(), flag.spelling.end(), text) != flag.spelling.end()) return &flag;
    }
    return nullptr;
}

/// The flag of "--host=west", whose value begins behind the sign; nullptr for any other word.
const WordFlag* valueFlagOf(const WordRow& row, const std::string& text) {
    const std::size_t sign = text.find('=');
    if (!text.starts_with("--") || sign == std::string::npos) return nullptr;
    const WordFlag* flag = flagOf(row, std::string_view(text).substr(0, sign));
    return flag == nullptr || flag->value.empty() ? nullptr : flag;
}

/// One line of a command that was found.
class RowReader {
public:
    RowReader(const WordDialect& dialect, const WordRow& row, ParseOptions options)
        : dialect_(dialect), row_(row), options_(options) {}

    Result<ParsedLine> read(const std::vector<Word>& words) {
        for (std::size_t at = 1 + row_.words.size(); at < words.size(); ++at) {
            if (Status taken = take(words[at]); !taken) return taken.error();
        }
        if (waiting_ != nullptr) return fail(fmt::format("'{}' needs a value", waitingAs_), placeOf(words.back()));
        const VerbSpec& spec = specOf(row_.verb);
        const auto lacks = [&](const std::string& name) { return spec.find(name)->required && !raw_.contains(name); };
        for (const std::string& name : row_.positions) {
            if (!lacks(name)) continue;
            return fail(fmt::format("'{}' lacks {}", spec.name, spec.find(name)->help), placeOf(words.back()));
        }
        for (const WordFlag& flag : row_.flags) {
            if (!lacks(flag.parameter)) continue;
            return fail(fmt::format("'{}' lacks {}", spec.name, flag.spelling.front()), placeOf(words.back()));
        }
        Result<CheckedOperation> checked = checkOperation(row_.verb, raw_, {options_.placeholders});
        if (!checked) {
            Error error = spelledAsTyped(checked.error());
            const auto place = places_.find(error.where.empty() ? error.where : error.where.substr(1));
            error.where = place == places_.end() ? placeOf(words.back()) : place->second;
            return error;
        }
        out_.op = std::move(checked->operation);
        return std::move(out_);
    }

private:
    Status take(const Word& word) {
        if (waiting_ != nullptr) {
            const WordFlag& flag = *std::exchange(waiting_, nullptr);
            return keep(flag.parameter, word, word.text);
        }
        if (const WordFlag* flag = valueFlagOf(row_, word.text); flag != nullptr) {
            return keep(flag->parameter, word, word.text.substr(word.text.find('=') + 1));
        }
        if (isFlagWord(word)) {
            const WordFlag* flag = flagOf(row_, word.text);
            if (flag == nullptr) return fail(fmt::format("unknown option '{}'", word.text), placeOf(word));
            if (flag->value.empty()) {
                raw_[flag->parameter] = "true";
            } else {
                waiting_ = flag;
                waitingAs_ = word.text;
            }
            return okStatus();
        }
        if (next_ == row_.positions.size()) {
            const bool takesText = !row_.positions.empty();
            return fail(fmt::format("unexpected word '{}'{}", word.text,
                                    takesText ? ": what holds blanks stands in quotes" : ""),
                        placeOf(word));
        }
        return keep(row_.positions[next_++], word, word.text);
    }

    Status keep(const std::string& name, const Word& word, std::string value) {
        const bool isTemplate = word.placeholder || (!word.quoted && isPlaceholder(value));
        if (isTemplate && !options_.placeholders) {
            return Error{
                ErrorCode::InvalidInput,
                fmt::format("'{}' is a parameter of a template: it has no value yet", placeholdersIn(value).front()),
                placeOf(word), "write the value in its place, or use the line as a runbook step"};
        }
        if (isTemplate) {
            for (const std::string& piece : placeholdersIn(value)) {
                auto& all = out_.placeholders;
                if (std::find(all.begin(), all.end(), piece) == all.end()) all.push_back(piece);
            }
        }
        if (raw_.contains(name)) return fail(fmt::format("'{}' is given twice", name), placeOf(word));
        raw_[name] = std::move(value);
        places_[name] = placeOf(word);
        return okStatus();
    }

    /// Checks name parameters, "-remote 127"; people type flags, "--cluster=127".
    [[nodiscard]] Error spelledAsTyped(Error error) const {
        if (!error.where.starts_with('-')) return error;
        const std::string name = error.where.substr(1);
        const auto flag = std::find_if(row_.flags.begin(), row_.flags.end(),
                                       [&](const WordFlag& each) { return each.parameter == name; });
        const bool isFlag = flag != row_.flags.end();
        const std::string spelled = isFlag ? flag->spelling.front() : std::string();
        const auto put = [&](std::string& text, const std::string& before, const std::string& after) {
            if (const std::size_t at = text.find(before); at != std::string::npos) {
                text.replace(at, before.size(), after);
                return true;
            }
            return false;
        };
        const std::string assign = spelled.starts_with("--") ? "=" : " ";
        (void)put(error.what, error.where, isFlag ? spelled : name);
        const bool isPut = isFlag && flag->value.empty() && put(error.fix, error.where + " true", spelled);
        if (!isPut && !put(error.fix, error.where + " ", isFlag ? spelled + assign : std::string())) {
            (void)put(error.fix, error.where, isFlag ? spelled : name);
        }
        return error;
    }

    [[nodiscard]] Error fail(std::string what, std::string where) const {
        return {ErrorCode::InvalidInput, std::move(what), std::move(where), dialect_.usage(row_)};
    }

    const WordDialect& dialect_;
    const WordRow& row_;
    ParseOptions options_;
    std::size_t next_ = 0;
    const WordFlag* waiting_ = nullptr;  ///< its value is the next word
    std::string waitingAs_;
    std::map<std::string, std::string> raw_;
    std::map<std::string, std::string> places_;
    ParsedLine out_;
};

/// As a word of a line that is never a flag, and never a placeholder unless it is one.
std::string valueWord(const ParamSpec& spec, const std::string& value) {
    if (spec.type == ParamType::Instance && value.find("{{") != std::string::npos) return value;
    return quoteWord(value);
}

std::vector<std::string> valuesOf(const ParamSpec& spec, const std::string& before) {
    std::vector<std::string> out;
    out.reserve(spec.values.size());
    for (const std::string& value : spec.values) out.push_back(before + value);
    return out;
}

std::string flagShape(const WordFlag& flag) {
    return flag.value.empty() ? flag.spelling.front() : flag.spelling.front() + "=" + flag.value;
}

std::string positionShape(const ParamSpec& spec) {
    std::string shape = spec.name;
    for (char& c : shape) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (spec.type == ParamType::Enum) shape = join(spec.values, "|");
    if (spec.type == ParamType::Instance) shape = spec.required ? "APP:INSTANCE" : "APP[:INSTANCE]";
    return spec.required ? shape : "[" + shape + "]";
}

}  // namespace

const WordRow* WordDialect::rowOf(Verb verb) const {
    const auto found =
        std::find_if(table_.rows.begin(), table_.rows.end(), [verb](const WordRow& row) { return row.verb == verb; });
    return found == table_.rows.end() ? nullptr : &*found;
}

const WordRow* WordDialect::match(const std::vector<std::string>& words) const {
    const auto found = std::find_if(table_.rows.begin(), table_.rows.end(), [&](const WordRow& row) {
        return row.words.size() <= words.size() && std::equal(row.words.begin(), row.words.end(), words.begin());
    });
    return found == table_.rows.end() ? nullptr : &*found;
}

std::vector<std::string> WordDialect::nextWords(const std::vector<std::string>& begun) const {
    std::vector<std::string> next;
    for (const WordRow& row : table_.rows) {
        const bool isBegun =
            row.words.size() > begun.size() && std::equal(begun.begin(), begun.end(), row.words.begin());
        if (!isBegun) continue;
        const std::string& word = row.words[begun.size()];
        if (std::find(next.begin(), next.end(), word) == next.end()) next.push_back(word);
    }
    return next;
}

std::string WordDialect::usage(const WordRow& row) const {
    std::string text(words_.program);
    for (const std::string& word : row.words) text += " " + word;
    for (const WordFlag& flag : row.flags) {
        const std::string shape = flagShape(flag);
        text += specOf(row.verb).find(flag.parameter)->required ? " " + shape : " [" + shape + "]";
    }
    for (const std::string& name : row.positions) text += " " + positionShape(*specOf(row.verb).find(name));
    return text;
}

Result<ParsedLine> WordDialect::parse(std::vector<Word> words, ParseOptions options) const {
    std::vector<std::string> texts;
    for (std::size_t at = 1; at < words.size(); ++at) texts.push_back(words[at].text);
    const std::string first = texts.empty() ? std::string() : texts.front();
    for (const RefusedWord& refused : table_.refused) {
        if (refused.word != first) continue;
        return Error{ErrorCode::Unsupported, refused.what, placeOf(words[1]), refused.fix};
    }
    const WordRow* row = match(texts);
    if (row == nullptr) {
        // Of a command of two words, the first may be right.
        const bool isBegun = !nextWords({first}).empty();
        const std::vector<std::string> known = isBegun ? nextWords({first}) : nextWords({});
        const std::string begun = isBegun ? fmt::format("{} {}", words_.program, first) : std::string(words_.program);
        const std::size_t at = isBegun ? 2 : 1;
        const std::string wrong = at < words.size() ? words[at].text : std::string();
        const std::string near = nearest(wrong, known);
        return Error{ErrorCode::InvalidInput,
                     wrong.empty() ? fmt::format("'{}' is not complete", begun)
                                   : fmt::format("'{}' knows no '{}'", begun, wrong),
                     words.size() > 1 ? placeOf(words[std::min(at, words.size() - 1)]) : std::string(),
                     near.empty() ? "continue with one of: " + join(known, ", ") : "did you mean '" + near + "'?"};
    }
    Result<ParsedLine> line = RowReader(*this, *row, options).read(words);
    if (!line) return line;
    if (Status good = examine(line->op); !good) {
        Error error = good.error();
        if (error.where.empty()) error.where = placeOf(words.back());
        return error;
    }
    return line;
}

std::string WordDialect::print(const Operation& op) const {
    const WordRow* row = rowOf(op.verb);
    assert(row != nullptr && "asked only for what it speaks");
    std::string line(words_.program);
    for (const std::string& word : row->words) line += " " + word;
    for (const WordFlag& flag : row->flags) {
        if (!flag.value.empty() && op.has(flag.parameter)) {
            line += fmt::format(" {}={}", flag.spelling.front(), quoteWord(op.text(flag.parameter)));
        } else if (flag.value.empty() && op.flag(flag.parameter)) {
            line += " " + flag.spelling.front();
        }
    }
    for (const std::string& name : row->positions) {
        if (op.has(name)) line += " " + valueWord(*specOf(row->verb).find(name), op.text(name));
    }
    return line;
}

bool WordDialect::isWhole(const std::vector<std::string>& words) const {
    return std::any_of(table_.rows.begin(), table_.rows.end(),
                       [&](const WordRow& row) { return !row.words.empty() && row.words == words; });
}

bool WordDialect::isMention(std::string_view rest) const {
    const std::string_view word = wordBehindBlank(rest);
    return std::any_of(table_.rows.begin(), table_.rows.end(), [&](const WordRow& row) {
        if (row.words.empty() && row.positions.empty()) return word.starts_with("--");
        return row.words.empty() ? word.find(':') != std::string_view::npos : word == row.words.front();
    });
}

std::string WordDialect::commandName(const std::vector<std::string>& words) const {
    const std::string program(words_.program);
    if (words.size() < 2 || words[1].starts_with('-')) return program;
    const WordRow* row = match({words.begin() + 1, words.end()});
    return row == nullptr || row->words.empty() ? program : program + " " + join(row->words, " ");
}

std::string WordDialect::help(const std::vector<std::string>& words) const {
    const bool isOnlyOne = table_.rows.size() == 1;
    const WordRow* row = words.empty() && !isOnlyOne ? nullptr : match(words);
    if (row == nullptr) {
        std::string text = fmt::format("Commands of '{}':\n", words_.program);
        for (const WordRow& each : table_.rows) {
            text += fmt::format("  {}\n      {}\n", usage(each), specOf(each.verb).summary);
        }
        return text;
    }
    const VerbSpec& spec = specOf(row->verb);
    std::string text = fmt::format("{}\n\nUsage: {}\n", spec.summary, usage(*row));
    if (!row->positions.empty()) text += "\nValues, in this order:\n";
    for (const std::string& name : row->positions) {
        text += fmt::format("  {}\n      {}\n", positionShape(*spec.find(name)), spec.find(name)->help);
    }
    if (!row->flags.empty()) text += "\nOptions:\n";
    for (const WordFlag& flag : row->flags) {
        std::string shape = join(flag.spelling, ", ");
        if (!flag.value.empty()) shape += " " + flag.value;
        text += fmt::format("  {}\n      {}\n", shape, spec.find(flag.parameter)->help);
    }
    return text + fmt::format("\nExample:\n  {} {}\n", words_.program, row->example);
}

std::vector<std::string> WordDialect::complete(const std::vector<std::string>& words, std::string_view current) const {
    const std::vector<std::string> behind(words.begin() + (words.empty() ? 0 : 1), words.end());
    std::vector<std::string> candidates;
    const WordRow* row = match(behind);
    if (row == nullptr) {
        candidates = nextWords(behind);
    } else if (current.starts_with('-')) {
        for (const WordFlag& flag : row->flags)
            candidates.insert(candidates.end(), flag.spelling.begin(), flag.spelling.end());
        const std::string known(current.substr(0, current.find('=')));
        const WordFlag* flag = current.find('=') == std::string_view::npos ? nullptr : flagOf(*row, known);
        if (flag != nullptr) candidates = valuesOf(*specOf(row->verb).find(flag->parameter), known + "=");
    } else {
        const auto flags = static_cast<std::size_t>(
            std::count_if(behind.begin(), behind.end(), [](const std::string& word) { return word.starts_with('-'); }));
        const std::size_t at = behind.size() - row->words.size() - flags;
        if (at < row->positions.size()) candidates = specOf(row->verb).find(row->positions[at])->values;
    }
    std::erase_if(candidates, [&](const std::string& one) { return !one.starts_with(current); });
    return candidates;
}

std::string WordDialect::render(const Operation&, const Outcome& outcome, Millis, int) const {
    std::string text;
    for (const std::string& line : outcome.lines) text += line + "\n";
    return text;
}

RenderedError WordDialect::renderError(const Operation& op, const Error& error, Millis, int) const {
    const bool isUnclear = error.code == ErrorCode::Timeout || error.code == ErrorCode::Unavailable;
    std::string text = fmt::format("{}: {}\n", specOf(op.verb).name, error.text());
    if (!error.fix.empty()) text += fmt::format("  try: {}\n", error.fix);
    return {{}, std::move(text), isUnclear ? 3 : 1};
}

RenderedError WordDialect::renderError(const std::vector<std::string>& words, const Error& error, Millis, int) const {
    std::string text = fmt::format("{}: {}\n", commandName(words), error.text());
    if (!error.fix.empty()) text += fmt::format("  try: {}\n", error.fix);
    return {{}, std::move(text), 2};
}

}  // namespace tributary::runbooks
