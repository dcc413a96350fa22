// A scan by quotes and comments; statements by their first word.
#include "runbooks/dialects/sqlcmd/statements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

constexpr std::array<std::string_view, 4> kAskingProcedures{"@Statistics", "@SystemInformation", "@SystemCatalog",
                                                            "@Ping"};

bool isSame(std::string_view left, std::string_view right) {
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
           });
}

bool isLetter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == '$' || c == '.';
}

std::string_view firstWord(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && isLetter(text[end])) ++end;
    return text.substr(0, end);
}

bool endsWithLine(std::string_view first) {
    static constexpr std::array<std::string_view, 9> kWords{"exec", "execute", "show", "list", "describe",
                                                            "desc", "help",    "exit", "quit"};
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return isSame(word, first); });
}

class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    Result<std::vector<std::string>> run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool isComment = text_.substr(at_).starts_with("--") || text_.substr(at_).starts_with("/*");
            if (c == '\'' || c == '"') {
                if (Status quoted = takeQuoted(c); !quoted) return quoted.error();
            } else if (isComment) {
                skipComment();
            } else if (isLetter(c)) {
                takeWord();
            } else if ((c == ';' && depth_ == 0) || (c == '\n' && endsWithLine(firstWord(trim(current_))))) {
                finish();
                ++at_;
            } else {
                current_ += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
                ++at_;
            }
        }
        isOpen_ = isOpen_ || !trim(current_).empty();
        finish();
        return std::move(out_);
    }
    /// After run(): the text ends inside of a statement or a comment.
    [[nodiscard]] bool endsOpen() const { return isOpen_; }

private:
    Status takeQuoted(char quote) {
        const std::size_t close = text_.find(quote, at_ + 1);
        if (close == std::string_view::npos) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("a {} is never closed", quote),
                         {},
                         "write texts in single quotes, and a quote in them twice"};
        }
        current_ += text_.substr(at_, close + 1 - at_);
        at_ = close + 1;
        return okStatus();
    }
    void skipComment() {
        const bool isLine = text_[at_] == '-';
        const std::size_t end = isLine ? text_.find('\n', at_) : text_.find("*/", at_ + 2);
        isOpen_ = isOpen_ || (!isLine && end == std::string_view::npos);
        at_ = end == std::string_view::npos ? text_.size() : end + (isLine ? 0 : 2);
        current_ += ' ';
    }
    /// BEGIN ... END of a procedure holds statements of its own; a CASE has an END, too.
    void takeWord() {
        const std::string_view word = firstWord(text_.substr(at_));
        const bool isProcedure = isSame(firstWord(trim(current_)), "create");
        if (isProcedure && (isSame(word, "begin") || isSame(word, "case"))) ++depth_;
        if (isSame(word, "end") && depth_ > 0) --depth_;
        current_ += word;
        at_ += word.size();
    }
    void finish() {
        const std::string whole(trim(current_));
        current_.clear();
        if (!whole.empty()) out_.push_back(whole);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool isOpen_ = false;
    std::string current_;
    std::vector<std::string> out_;
};

/// Arguments of exec: apart at blanks and commas, quotes taken away.
std::vector<std::string> argumentsOf(std::string_view text) {
    std::vector<std::string> out;
    std::string current;
    bool isBegun = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\'') {
            isBegun = true;
            for (++at; at < text.size(); ++at) {
                const bool isTwice = text[at] == '\'' && at + 1 < text.size() && text[at + 1] == '\'';
                if (text[at] == '\'' && !isTwice) break;
                if (isTwice) ++at;
                current += text[at];
            }
        } else if (c == ' ' || c == ',') {
            if (isBegun) out.push_back(std::move(current));
            current.clear();
            isBegun = false;
        } else {
            isBegun = true;
            current += c;
        }
    }
    if (isBegun) out.push_back(std::move(current));
    return out;
}

SqlStatement statementOf(std::string text) {
    SqlStatement out;
    const std::string_view first = firstWord(text);
    const auto is = [&](std::initializer_list<std::string_view> words) {
        return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return isSame(word, first); });
    };
    if (is({"exec", "execute"})) out.use = StatementUse::Exec;
    if (is({"show", "list"})) out.use = StatementUse::Show;
    if (is({"describe", "desc"})) out.use = StatementUse::Describe;
    if (is({"help"})) out.use = StatementUse::Help;
    if (is({"exit", "quit"})) out.use = StatementUse::Exit;
    if (out.use != StatementUse::Sql) out.words = argumentsOf(std::string_view(text).substr(first.size()));
    out.text = std::move(text);
    return out;
}

bool isAsking(const SqlStatement& statement) {
    if (statement.use == StatementUse::Exec) {
        return !statement.words.empty() &&
               std::any_of(kAskingProcedures.begin(), kAskingProcedures.end(),
                           [&](std::string_view name) { return isSame(name, statement.words.front()); });
    }
    if (statement.use != StatementUse::Sql) return true;
    const std::string_view first = firstWord(statement.text);
    return isSame(first, "select") || isSame(first, "explain") || isSame(first, "explainproc");
}

}  // namespace

const std::vector<StatementKind>& statementKinds() {
    static const std::vector<StatementKind> kKinds{
        {"select ...; insert, upsert, update, delete ...; truncate table T", "rows"},
        {"create table T (...); partition table T on column C; dr table T [disable]", "the schema"},
        {"create procedure NAME [partition on table T column C] as STATEMENT", "named statements"},
        {"exec NAME ARGUMENT ...", "runs a procedure"},
        {"exec @Statistics SELECTOR 0|1; exec @SystemInformation OVERVIEW|DEPLOYMENT", "what a cluster says of itself"},
        {"exec @Promote; exec @Pause; exec @Resume; exec @Quiesce", "administers it"},
        {"show tables|procedures; describe T", "what there is"},
    };
    return kKinds;
}

Result<std::vector<SqlStatement>> splitStatements(std::string_view text) {
    auto texts = Splitter(text).run();
    if (!texts) return texts.error();
    if (texts->empty()) {
        return Error{ErrorCode::InvalidInput, "no statement is given", {}, "select ..., exec ... or show tables"};
    }
    std::vector<SqlStatement> out;
    out.reserve(texts->size());
    for (std::string& each : *texts) out.push_back(statementOf(std::move(each)));
    return out;
}

bool isWholeText(std::string_view text) {
    Splitter splitter(text);
    return splitter.run().ok() && !splitter.endsOpen();
}

bool changesSomething(std::string_view text) {
    const auto statements = splitStatements(text);
    return !statements || !std::all_of(statements->begin(), statements->end(), isAsking);
}

}  // namespace tributary::runbooks
