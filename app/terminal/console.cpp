// Reading and running the console's lines.
#include "app/terminal/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "app/systems/dialects.h"
#include "app/terminal/completion.h"
#include "app/terminal/consoleinput.h"
#include "app/terminal/dialectverbs.h"
#include "app/terminal/terminal.h"
#include "core/base/text.h"
#include "core/workspace/workspace.h"
#include "runbooks/dialects/words.h"

namespace tributary::app {
namespace {

constexpr const char* kHelp =
    "Type a command of the system, or a verb of tributary:\n"
    "  maprcli table info -path /mapr/sanfrancisco/customers\n"
    "  status\n"
    "  get /mapr/sanfrancisco/customers row1\n"
    "help VERB and maprcli COMMAND --help explain them; Tab completes; exit, quit or Ctrl-D leave.\n";

bool isProgram(const std::string& word) {
    const std::vector<std::string> programs = dialects().programs();
    return std::find(programs.begin(), programs.end(), word) != programs.end();
}

// A line that ends in a backslash goes on in the next one.
bool continues(const std::string& line) {
    const std::size_t last = line.find_last_not_of('\\');
    const std::size_t slashes = line.size() - (last == std::string::npos ? 0 : last + 1);
    return slashes % 2 == 1;
}

class Console {
public:
    Console(const VerbContext& context, bool keepGoing, bool interactive)
        : context_(context), keepGoing_(keepGoing), interactive_(interactive) {}

    int run(ConsoleInput& input, const std::string& prompt) {
        int lineNumber = 0;
        while (std::optional<std::string> line = input.next(prompt)) {
            const int first = ++lineNumber;
            while (continues(*line)) {
                const std::optional<std::string> more = input.next("> ");
                if (!more) break;
                ++lineNumber;
                *line += "\n" + *more;
            }
            const std::optional<int> code = runLine(*line);
            if (!code) break;  // exit
            std::fflush(stdout);
            if (interactive_) {
                code_ = *code;
                continue;
            }
            if (*code == 0) continue;
            if (code_ == 0) code_ = *code;
            fmt::print(stderr, "line {}: exit {}: {}\n", first, *code, trim(*line));
            if (!keepGoing_) break;
        }
        if (const Status whole = input.problem(); !whole) {
            const int code = context_.fail(whole.error());
            if (code_ == 0) code_ = code;
        }
        return code_;
    }

private:
    // nullopt: leave.
    std::optional<int> runLine(const std::string& line) {
        const Result<runbooks::WordList> split = runbooks::splitWords(line);
        if (!split) return context_.fail(split.error());
        std::vector<std::string> words;
        for (const runbooks::Word& word : split->words) words.push_back(word.text);
        if (!words.empty() && words.front() == "tributary") words.erase(words.begin());
        if (words.empty()) return 0;
        const std::string& first = words.front();
        if (words.size() == 1 && (first == "exit" || first == "quit")) return std::nullopt;
        if (words.size() == 1 && first == "help") {
            fmt::print("{}", kHelp);
            return 0;
        }
        if (first == "console") {
            return context_.fail({ErrorCode::InvalidInput, "this is the console already", {}, "help"});
        }
        if (isProgram(first)) return runDialectCommand(words, context_);
        return runWords(words, context_);
    }

    const VerbContext context_;
    bool keepGoing_;
    bool interactive_;
    int code_ = 0;
};

}  // namespace

int runConsole(VerbContext& context, bool keepGoing) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    const auto workspace = openWorkspace(*paths);
    if (!workspace) return context.fail(workspace.error());
    context.workspaceDir = paths->root;  // the same one, wherever the process goes
    const bool interactive = ::isatty(STDIN_FILENO) != 0 && context.outIsTerminal && !context.noInput;
    Console console(context, keepGoing, interactive);
    if (!interactive) return console.run(*pipedInput(), {});
    const Topology topology = workspace->topology;
    const auto input = editedInput(consoleHistoryPath(),
                                   [topology](const std::vector<std::string>& words, const std::string& current) {
                                       return completeWords(words, current, &topology);
                                   });
    if (!context.quiet) fmt::print(stderr, "{} ('help' explains, Ctrl-D leaves)\n", paths->root);
    const std::string name = std::filesystem::path(paths->root).filename().string();
    return console.run(*input, fmt::format("{}> ", name.empty() ? "tributary" : name));
}

}  // namespace tributary::app
