// Where statements end, and what is settled at this end.
#include "app/terminal/statementloop.h"

#include <algorithm>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "engine/systems/tarantool/script/luastatement.h"

namespace tributary::app {
namespace {

constexpr std::size_t kIndentMax = 15;

}  // namespace

Result<bool> StatementLoop::run(const std::string& text) {
    const Result<std::optional<std::string>> answer = evaluate_(text, isSql_);
    if (!answer) return answer.error();
    if (!answer->has_value()) return false;
    show(text, **answer);
    return true;
}

int StatementLoop::runLines(ConsoleInput& input) {
    const std::string prompt = title_ + "> ";
    const std::string more = std::string(std::min(title_.size(), kIndentMax), ' ') + "> ";
    std::string text;
    while (const std::optional<std::string> line = input.next(text.empty() ? prompt : more)) {
        text += *line;
        if (text.empty()) continue;
        if (!isWhole(text)) {
            text += '\n';
            continue;
        }
        if (const std::string_view word = trim(text); word == "\\quit" || word == "\\q") return finish(0);
        if (!takeSetting(text)) {
            const Result<bool> going = run(text);
            if (!going) return finish(context_.fail(going.error()));
            if (!*going) return finish(0);
        }
        text.clear();
    }
    if (const Status whole = input.problem(); !whole) return finish(context_.fail(whole.error()));
    if (text.empty()) return finish(0);
    return finish(context_.fail(Error{ErrorCode::InvalidInput, "the input ends inside a statement, which was not run",
                                      bounded(trim(text), limits::kNameShownMax), "end the statement"}));
}

int StatementLoop::finish(int code) {
    if (context_.json && code == 0) printJson({{"instance", title_}, {"answers", answers_}});
    return code;
}

// Takes the delimiter off the text that it ends.
bool StatementLoop::isWhole(std::string& text) const {
    if (text.front() == '\\') return true;
    if (delimiter_.empty()) return isSql_ || engine::tarantool::isWholeLua(text);
    if (!text.ends_with(delimiter_)) return false;
    text.resize(text.size() - delimiter_.size());
    return true;
}

bool StatementLoop::takeSetting(const std::string& text) {
    std::vector<std::string> words = split(trim(text), ' ');
    words.erase(std::remove(words.begin(), words.end(), std::string()), words.end());
    if (words.size() < 2 || words.size() > 3 || (words[0] != "\\set" && words[0] != "\\s")) return false;
    const std::string value = words.size() == 3 ? words[2] : std::string();
    if (words[1] == "delimiter" || words[1] == "delim" || words[1] == "d") {
        delimiter_ = value;
        show(text, "---\n...\n");
        return true;
    }
    if (words[1] != "language" && words[1] != "lang" && words[1] != "l") return false;
    if (value != "lua" && value != "sql") return false;
    isSql_ = value == "sql";
    show(text, "---\n- true\n...\n");
    return true;
}

void StatementLoop::show(const std::string& text, const std::string& answer) {
    if (context_.json) {
        answers_.push_back({{"statement", text}, {"answer", answer}});
    } else {
        printDocument(context_.outIsTerminal, answer + "\n");
        std::fflush(stdout);
    }
}

std::unique_ptr<ConsoleInput> statementInput(bool atTerminal) {
    if (!atTerminal) return pipedInput();
    std::string history = consoleHistoryPath();
    if (!history.empty()) history += "-tarantool";
    return editedInput(history, [](const auto&, const auto&) { return std::vector<std::string>(); });
}

}  // namespace tributary::app
