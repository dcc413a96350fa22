// Editing by GNU readline, and plain lines from pipes.
#include "app/terminal/consoleinput.h"

#include <fmt/format.h>
#include <readline/history.h>
#include <readline/readline.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "app/rows/inputstream.h"
#include "core/base/privatefolder.h"

namespace tributary::app {
namespace {

constexpr int kHistoryLines = 1000;

// Readline calls plain functions: while an EditedInput lives, they find its completer here.
ConsoleCompleter* activeCompleter = nullptr;

std::vector<std::string> wordsBefore(const char* line, int end) {
    std::vector<std::string> words;
    std::string word;
    for (int i = 0; i < end; ++i) {
        if (line[i] == ' ' || line[i] == '\t') {
            if (!word.empty()) words.push_back(word);
            word.clear();
        } else {
            word += line[i];
        }
    }
    if (!word.empty()) words.push_back(word);
    return words;
}

char** completeAt(const char* current, int start, int) {
    rl_attempted_completion_over = 1;  // never fall back to names of files
    if (activeCompleter == nullptr) return nullptr;
    const std::vector<std::string> found = (*activeCompleter)(wordsBefore(rl_line_buffer, start), current);
    if (found.empty()) return nullptr;
    std::string common = found.front();
    for (const std::string& word : found) {
        std::size_t same = 0;
        while (same < common.size() && same < word.size() && common[same] == word[same]) ++same;
        common.resize(same);
    }
    // Readline frees the array and its texts: first what replaces the word, then all candidates, then null.
    auto** matches = static_cast<char**>(std::calloc(found.size() + 2, sizeof(char*)));
    if (matches == nullptr) return nullptr;
    std::size_t at = 0;
    matches[at++] = ::strdup(found.size() == 1 || common.size() > std::strlen(current) ? common.c_str() : current);
    if (found.size() > 1) {
        for (const std::string& word : found) matches[at++] = ::strdup(word.c_str());
    }
    return matches;
}

class EditedInput final : public ConsoleInput {
public:
    EditedInput(std::string historyPath, ConsoleCompleter completer)
        : historyPath_(std::move(historyPath)), completer_(std::move(completer)) {
        activeCompleter = &completer_;
        rl_readline_name = "tributary";
        rl_attempted_completion_function = completeAt;
        rl_completer_word_break_characters = kBreaks;
        using_history();
        stifle_history(kHistoryLines);
        if (!historyPath_.empty()) read_history(historyPath_.c_str());
    }
    ~EditedInput() override {
        if (!historyPath_.empty()) write_history(historyPath_.c_str());  // a lost history is no failure
        activeCompleter = nullptr;
        rl_attempted_completion_function = nullptr;
    }
    EditedInput(const EditedInput&) = delete;
    EditedInput& operator=(const EditedInput&) = delete;

    std::optional<std::string> next(const std::string& prompt) override {
        const std::unique_ptr<char, decltype(&std::free)> line(::readline(prompt.c_str()), &std::free);
        if (line == nullptr) {
            std::puts("");
            return std::nullopt;
        }
        std::string text(line.get());
        if (!text.empty() && text != last_) add_history(text.c_str());
        last_ = text;
        return text;
    }

private:
    static constexpr const char* kBreaks = " \t";
    std::string historyPath_;
    ConsoleCompleter completer_;
    std::string last_;
};

class PipedInput final : public ConsoleInput {
public:
    PipedInput() {
        auto opened = InputStream::open("-");
        if (opened) {
            input_ = std::move(opened).value();
        } else {
            problem_ = opened.error();
        }
    }

    std::optional<std::string> next(const std::string&) override {
        std::string line;
        if (input_ == nullptr || !problem_) return std::nullopt;
        const bool read = static_cast<bool>(std::getline(*input_, line));
        ++lines_;
        // Half a line may name another table than the whole one: it is not run.
        const bool torn = read && input_->eof() && !input_->isRegularFile();
        if (!input_->problem() || torn) {
            Error error{ErrorCode::InvalidInput, "the input ends in the middle of a line, which is not run", {}, {}};
            if (torn) error.fix = "end the last line with a line end";
            if (!input_->problem()) error = input_->problem().error();
            error.where = fmt::format("stdin:{}", lines_);
            problem_ = error;
            return std::nullopt;
        }
        if (!read) return std::nullopt;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return line;
    }
    [[nodiscard]] Status problem() const override { return problem_; }

private:
    std::unique_ptr<InputStream> input_;
    Status problem_;
    std::int64_t lines_ = 0;
};

}  // namespace

std::unique_ptr<ConsoleInput> pipedInput() {
    return std::make_unique<PipedInput>();
}

std::unique_ptr<ConsoleInput> editedInput(const std::string& historyPath, ConsoleCompleter completer) {
    return std::make_unique<EditedInput>(historyPath, std::move(completer));
}

std::string consoleHistoryPath() {
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    std::string dir;
    if (state != nullptr && *state == '/') {
        dir = state;
    } else if (home != nullptr && *home == '/') {
        dir = std::string(home) + "/.local/state";
    } else {
        return {};
    }
    dir += "/tributary";
    return makePrivateFolders(dir) ? dir + "/history" : std::string();
}

}  // namespace tributary::app
