// Words to operations. Every known trap has a named repair here: reported when strict, applied when lenient.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "runbooks/dialects/options/optiondialect.h"
#include "runbooks/dialects/words.h"

namespace tributary::runbooks {
namespace {

bool looksLikeOption(const Word& word) {
    return !word.quoted && word.text.size() > 1 && word.text[0] == '-' && (word.text[1] < '0' || word.text[1] > '9');
}

std::string whereOf(const Word& word, std::string_view name = {}) {
    std::string option = name.empty() ? std::string() : fmt::format("-{}", name);
    if (word.column == 0) return option;
    return fmt::format("column {}{}{}", word.column, option.empty() ? "" : ", ", option);
}

class LineParser {
public:
    LineParser(const OptionDialect& dialect, std::vector<Word> words, ParseOptions options)
        : table_(dialect.table()), about_(dialect.words()), words_(std::move(words)), options_(options) {}

    Result<ParsedLine> run() {
        if (Status status = readCommand(); !status) return status.error();
        if (Status status = readOptions(); !status) return status.error();
        if (Status status = checkValues(); !status) return status.error();
        return build();
    }

private:
    void warn(std::string text) { out_.warnings.push_back(std::move(text)); }

    /// What every path begins with, without its slash: "mapr/".
    [[nodiscard]] std::string_view bareRoot() const {
        const std::string_view root = about_.datasets.root;
        return root.substr(std::min<std::size_t>(1, root.size()));
    }

    // -json and -cluster may stand before and between the command's words: step over them.
    std::size_t skipGlobals(std::size_t at) const {
        while (at < words_.size() && looksLikeOption(words_[at])) {
            const std::string name = toLower(words_[at].text);
            if (name == "-json") {
                ++at;
            } else if (name == "-cluster" && at + 1 < words_.size()) {
                at += 2;
            } else {
                break;
            }
        }
        return at;
    }

    Status readCommand() {
        std::vector<std::string> lower;
        std::vector<std::size_t> places;
        for (std::size_t at = skipGlobals(1); at < words_.size() && !looksLikeOption(words_[at]);
             at = skipGlobals(at + 1)) {
            lower.push_back(toLower(words_[at].text));
            places.push_back(at);
        }
        const CommandMatch match = table_.match(lower);
        if (match.refused != nullptr) {
            const std::size_t last = match.used == 0 ? 0 : places[match.used - 1];
            return Error{ErrorCode::Unsupported, match.refused->what, whereOf(words_[last]), match.refused->fix};
        }
        if (match.row == nullptr) return unknownCommand(lower, places, match.used);
        row_ = match.row;
        spec_ = &specOf(row_->verb);
        for (std::size_t i = 0; i < match.used; ++i) isCommandWord_.push_back(places[i]);
        return okStatus();
    }

    Status unknownCommand(const std::vector<std::string>& lower, const std::vector<std::size_t>& places,
                          std::size_t used) {
        const std::vector<std::string> prefix(lower.begin(), lower.begin() + static_cast<std::ptrdiff_t>(used));
        const std::vector<std::string> next = table_.nextWords(prefix);
        const std::string program(about_.program);
        const std::string so = used == 0 ? program : program + " " + join(prefix, " ");
        if (used == lower.size()) {
            return fail(fmt::format("'{}' is not complete", so), whereOf(words_[used == 0 ? 0 : places[used - 1]]),
                        fmt::format("continue with one of: {}", join(next, ", ")));
        }
        const Word& wrong = words_[places[used]];
        const std::string near = nearest(lower[used], next);
        if (near.empty()) {
            return fail(fmt::format("'{}' knows no '{}'", so, wrong.text), whereOf(wrong),
                        fmt::format("continue with one of: {}", join(next, ", ")));
        }
        std::vector<Word> guess = words_;
        guess[places[used]].text = near;
        return fail(fmt::format("'{}' knows no '{}'; did you mean '{}'?", so, wrong.text, near), whereOf(wrong),
                    spellWords(guess));
    }

    Status readOptions() {
        for (std::size_t at = 1; at < words_.size(); ++at) {
            if (std::find(isCommandWord_.begin(), isCommandWord_.end(), at) != isCommandWord_.end()) continue;
            if (!looksLikeOption(words_[at])) return unexpectedWord(at);
            if (Status status = ungluedOption(at); !status) return status;
            const std::string name = toLower(words_[at].text.substr(1));
            if (!knows(name)) return unknownOption(at, name);
            if (given_.contains(name)) {
                return fail(fmt::format("option -{} is given twice", name), whereOf(words_[at], name),
                            fmt::format("keep one of the two -{}", name));
            }
            if (Status status = takeValue(at, name); !status) return status;
        }
        return okStatus();
    }

    // Reads the value of the option at `at`; leaves `at` on the last word used.
    Status takeValue(std::size_t& at, const std::string& name) {
        const std::size_t option = at;
        const ParamSpec* param = spec_->find(name);
        const bool isJson = param == nullptr && name == "json";
        const bool hasValue = at + 1 < words_.size() && !isKnownOption(words_[at + 1]);
        if (isJson || (param != nullptr && param->bare && !hasValue)) {
            given_[name] = option;
            raw_[name] = "true";
            return okStatus();
        }
        if (!hasValue) {
            return fail(fmt::format("option -{} has no value", name), whereOf(words_[option], name),
                        fmt::format("put the value right after it: -{} <value>", name));
        }
        ++at;
        given_[name] = at;
        raw_[name] = words_[at].text;
        return okStatus();
    }

    [[nodiscard]] bool knows(const std::string& name) const {
        return spec_->find(name) != nullptr || (spec_->takesGlobals && (name == "json" || name == "cluster"));
    }
    [[nodiscard]] bool isKnownOption(const Word& word) const {
        return looksLikeOption(word) && knows(toLower(word.text.substr(1)));
    }

    // `-path\` + line break + `/mapr/...` reads as one word, and so does `-path=/mapr/...`.
    Status ungluedOption(std::size_t at) {
        const std::string& text = words_[at].text;
        const std::size_t end = text.find_first_of("/<{=");
        if (end == std::string::npos || end < 2) return okStatus();
        std::string name = text.substr(1, end - 1);
        std::size_t from = text[end] == '=' ? end + 1 : end;
        const std::string_view root = bareRoot();
        const std::string_view folder = root.substr(0, root.find('/'));
        if (text[end] == '/' && !folder.empty() && name.ends_with(folder) && !knows(toLower(name))) {
            name.resize(name.size() - folder.size());  // -pathmapr/newyork/...
            from -= folder.size();
        }
        if (!knows(toLower(name))) return okStatus();
        const std::string value = text.substr(from);
        Word option = words_[at];
        option.text = "-" + name;
        option.placeholder = false;
        Word rest{value, option.column == 0 ? 0 : option.column + from, false, !placeholdersIn(value).empty()};
        std::vector<Word> fixed = words_;
        fixed[at] = option;
        fixed.insert(fixed.begin() + static_cast<std::ptrdiff_t>(at) + 1, rest);
        const std::string what =
            fmt::format("unknown option '{}': -{} and its value are one word{}", text, name,
                        text[end] == '=' ? "; they are separated by a blank, not by '='"
                                         : "; a backslash directly behind the option joins it to the next line");
        if (!options_.lenient) return fail(what, whereOf(words_[at], name), spellWords(fixed));
        warn(what + "; read as two words");
        words_ = std::move(fixed);
        for (std::size_t& place : isCommandWord_) place += place > at ? 1 : 0;
        return okStatus();
    }

    Status unknownOption(std::size_t at, const std::string& name) {
        std::vector<std::string> known;
        for (const ParamSpec& param : spec_->params) known.push_back(param.name);
        if (spec_->takesGlobals) known.insert(known.end(), {"cluster", "json"});
        const std::string near = nearest(name, known);
        const std::string what = fmt::format("unknown option '{}' for '{}'", words_[at].text, spec_->name);
        if (near.empty()) {
            const std::string all = fmt::format("use one of -{}", join(known, " -"));
            return fail(what, whereOf(words_[at]), known.empty() ? "leave it out: there are no options" : all);
        }
        std::vector<Word> guess = words_;
        guess[at].text = "-" + near;
        return fail(fmt::format("{}; did you mean -{}?", what, near), whereOf(words_[at]), spellWords(guess));
    }

    // Mostly a value with blanks that lacks its quotes: gather what follows the option into one word.
    Status unexpectedWord(std::size_t at) {
        const std::string what = fmt::format("unexpected word '{}'", words_[at].text);
        const bool afterValue = at > 1 && std::any_of(given_.begin(), given_.end(),
                                                      [at](const auto& entry) { return entry.second == at - 1; });
        const bool afterCommand = isCommandWord_.back() == at - 1;
        if (!afterValue || afterCommand || looksLikeOption(words_[at - 1])) {
            return fail(what + ": a value needs an option before it", whereOf(words_[at]),
                        fmt::format("{} -{} {}", spellWords({words_.begin(), words_.begin() + offset(at)}),
                                    spec_->params.empty() ? "<option>" : spec_->params.front().name,
                                    quoteWord(words_[at].text)));
        }
        std::vector<Word> fixed(words_.begin(), words_.begin() + offset(at));
        std::size_t next = at;
        for (; next < words_.size() && !looksLikeOption(words_[next]); ++next) {
            fixed.back().text += " " + words_[next].text;
            fixed.back().placeholder = false;
        }
        fixed.insert(fixed.end(), words_.begin() + offset(next), words_.end());
        return fail(what + ": a value with blanks needs quotes", whereOf(words_[at]), spellWords(fixed));
    }

    // Slashes and placeholders, where the whole corrected command can be shown.
    Status checkValues() {
        for (const auto& [name, at] : given_) {
            const ParamSpec* param = spec_->find(name);
            const Word& word = words_[at];
            if (at == 0 || raw_[name] != word.text) continue;  // bare flags
            const bool isText = param == nullptr || param->type == ParamType::Text;
            const bool isTemplate = word.placeholder || (!isText && isPlaceholder(word.text));
            if (isTemplate && !options_.placeholders) return openPlaceholder(name, word);
            if (isTemplate) {
                for (const std::string& piece : placeholdersIn(word.text)) notePlaceholder(piece);
            }
            const bool isPath = param != nullptr && param->type == ParamType::Path;
            if (!isPath || (isTemplate && isPlaceholder(word.text))) continue;
            if (Status status = checkSlash(name, at); !status) return status;
        }
        return okStatus();
    }

    void notePlaceholder(const std::string& text) {
        auto& all = out_.placeholders;
        if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
    }

    Status openPlaceholder(const std::string& name, const Word& word) const {
        const ParamSpec* param = spec_->find(name);
        const bool isPath = param != nullptr && param->type == ParamType::Path;
        const std::string sample = isPath ? fmt::format("{}<cluster>/<table>", about_.datasets.root) : "...";
        return fail(
            fmt::format("'{}' is a parameter of a template: -{} has no value yet", placeholdersIn(word.text).front(),
                        name),
            whereOf(word, name),
            fmt::format("write the value in its place (-{} {}), or use the line as a runbook step", name, sample));
    }

    Status checkSlash(const std::string& name, std::size_t at) {
        const std::string& value = words_[at].text;
        if (value.empty() || value.front() == '/') return okStatus();
        std::vector<Word> fixed = words_;
        fixed[at].text = "/" + value;
        const std::string what = fmt::format("-{} {}: the leading slash is missing", name, value);
        // Only what begins like every path can mean but one thing; any other relative path may lie in the user's
        // directory.
        if (options_.lenient && !bareRoot().empty() && value.starts_with(bareRoot())) {
            warn(fmt::format("{}; read as {}", what, fixed[at].text));
            words_ = std::move(fixed);
            raw_[name] = words_[at].text;
            return okStatus();
        }
        return fail(fmt::format("{}, so it names a path below the user's home directory", what),
                    whereOf(words_[at], name), spellWords(fixed));
    }

    Result<ParsedLine> build() {
        Result<CheckedOperation> checked = checkOperation(row_->verb, raw_, {options_.placeholders});
        if (!checked) return located(checked.error());
        out_.op = std::move(checked->operation);
        for (std::string& text : checked->warnings) warn(std::move(text));
        if (!row_->canonical) {
            warn(fmt::format("{} {}; later ones call it {}", join(row_->words, " "), row_->remark,
                             join(table_.rowOf(row_->verb)->words, " ")));
        }
        return std::move(out_);
    }

    // The core knows options but no columns, and no command to retype.
    Error located(Error error) const {
        const std::string name = error.where.starts_with('-') ? error.where.substr(1) : std::string();
        if (const auto found = given_.find(name); found != given_.end()) {
            error.where = whereOf(words_[found->second], name);
            return error;
        }
        std::string missing;
        for (const ParamSpec& param : spec_->params) {
            if (param.required && !raw_.contains(param.name))
                missing += fmt::format(" -{} <{}>", param.name, param.help);
        }
        if (!missing.empty()) error.fix = spellWords(words_) + missing;
        return error;
    }

    static std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }
    static Error fail(std::string what, std::string where, std::string fix) {
        return Error{ErrorCode::InvalidInput, std::move(what), std::move(where), std::move(fix)};
    }

    const CommandTable& table_;
    const DialectWords& about_;
    std::vector<Word> words_;
    ParseOptions options_;
    const CommandRow* row_ = nullptr;
    const VerbSpec* spec_ = nullptr;
    std::vector<std::size_t> isCommandWord_;    // places of the command's words
    std::map<std::string, std::size_t> given_;  // option -> place of its value (of itself when bare)
    std::map<std::string, std::string> raw_;
    ParsedLine out_;
};

}  // namespace

Result<ParsedLine> OptionDialect::parse(std::vector<Word> words, ParseOptions options) const {
    return LineParser(*this, std::move(words), options).run();
}

}  // namespace tributary::runbooks
