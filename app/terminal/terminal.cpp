// Global options, dispatch and usage errors.
#include "app/terminal/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <optional>

#include "app/systems/dialects.h"
#include "app/terminal/numberoptions.h"
#include "app/terminal/standardstreams.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

constexpr int kUsage = static_cast<int>(runbooks::ExitCode::Usage);
constexpr int kInternal = static_cast<int>(runbooks::ExitCode::Internal);
constexpr int kNarrowest = 40;

// Options that take a value, without it: the member to set, or nullptr.
std::string* valueOption(const std::string& name, VerbContext& context) {
    if (name == "-w" || name == "--workspace") return &context.workspaceDir;
    if (name == "--as") return &context.user;
    return nullptr;
}

bool takeFlag(const std::string& word, VerbContext& context) {
    if (word == "--json") {
        context.json = true;
    } else if (word == "--quiet") {
        context.quiet = true;
    } else if (word == "--no-input") {
        context.noInput = true;
    } else if (word == "--no-color" || word == "--no-colour") {
        context.colour = false;
    } else {
        return false;
    }
    return true;
}

// Takes `--name=value` or `--name value` at `at`; returns how many words it was (0 = none of ours).
std::size_t takeValueOption(const std::vector<std::string>& words, std::size_t at, VerbContext& context) {
    const std::string& word = words[at];
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos && word.starts_with("--")) {
        std::string* const target = valueOption(word.substr(0, equals), context);
        if (target == nullptr) return 0;
        *target = word.substr(equals + 1);
        return 1;
    }
    std::string* const target = valueOption(word, context);
    if (target == nullptr || at + 1 >= words.size()) return 0;
    *target = words[at + 1];
    return 2;
}

int usage(const VerbContext& context, std::string what, std::string fix) {
    return context.fail(Error{ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)});
}

int unknownOption(const VerbContext& context, const std::string& word, const std::vector<std::string>& known,
                  const std::string& command) {
    const std::string name = word.substr(0, word.find('='));
    const std::string near = nearest(name, known);
    return usage(context, fmt::format("there is no option {}", name),
                 near.empty() ? command + " --help" : fmt::format("did you mean {}? ({} --help)", near, command));
}

int unknownVerb(const VerbContext& context, const std::string& name) {
    std::vector<std::string> names;
    for (const Verb& verb : verbTable()) names.push_back(verb.name);
    const std::string near = nearest(name, names);
    return usage(context, fmt::format("there is no verb '{}'", name),
                 near.empty() ? "tributary help" : fmt::format("did you mean 'tributary {}'?", near));
}

// The sub-command that the words lead to, for help and for errors: "fault cut".
const CLI::App* deepest(const CLI::App* app, std::string& command) {
    while (!app->get_subcommands().empty()) {
        app = app->get_subcommands().back();
        command += " " + app->get_name();
    }
    return app;
}

std::vector<std::string> optionNames(const CLI::App* app) {
    std::vector<std::string> names;
    for (; app != nullptr; app = app->get_parent()) {
        for (const CLI::Option* option : app->get_options()) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    return names;
}

// What CLI11 did not expect: an option, a sub-command or one word too many.
int unexpected(const VerbContext& context, const CLI::App& app, const CLI::App* at, const std::string& command) {
    const std::vector<std::string> extras = app.remaining(true);
    const std::string word = extras.empty() ? std::string() : extras.front();
    if (word.size() > 1 && word.front() == '-') return unknownOption(context, word, optionNames(at), command);
    std::vector<std::string> names;
    for (const CLI::App* sub : at->get_subcommands({})) names.push_back(sub->get_name());
    if (names.empty()) return usage(context, fmt::format("'{}' is one word too many", word), command + " --help");
    // What other programs call it is too far from the name for nearest().
    const bool proves = word == "check" && std::find(names.begin(), names.end(), "validate") != names.end();
    const std::string near = proves ? "validate" : nearest(word, names);
    return usage(context, fmt::format("there is no '{} {}'", command, word),
                 near.empty() ? fmt::format("one of: {}", join(names, ", "))
                              : fmt::format("did you mean '{} {}'?", command, near));
}

// CLI11 says "Could not convert: --generate = x".
int unreadable(const VerbContext& context, const std::string& said, const std::string& command) {
    const std::size_t colon = said.find(": ");
    const std::size_t equals = said.find(" = ");
    if (colon == std::string::npos || equals == std::string::npos || equals < colon) {
        return usage(context, said, command + " --help");
    }
    return usage(
        context,
        fmt::format("{} needs a number, not '{}'", said.substr(colon + 2, equals - colon - 2), said.substr(equals + 3)),
        command + " --help");
}

// CLI11 says "b is required" for the positional that help calls B.
int missingWord(const VerbContext& context, const std::string& said, const std::string& command) {
    std::string name = said.substr(0, said.find(' '));
    if (!name.starts_with("-")) {
        for (char& letter : name) {
            if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
        }
    }
    return usage(context, fmt::format("'{}' needs {}", command, name), command + " --help");
}

int usageError(const VerbContext& context, const CLI::App& app, const CLI::ParseError& problem, const Verb& verb) {
    std::string command = "tributary " + verb.name;
    const CLI::App* at = deepest(&app, command);
    const auto kind = static_cast<CLI::ExitCodes>(problem.get_exit_code());
    if (kind == CLI::ExitCodes::ExtrasError) return unexpected(context, app, at, command);
    if (kind == CLI::ExitCodes::ConversionError) return unreadable(context, problem.what(), command);
    if (kind == CLI::ExitCodes::ValidationError) {
        // "--generate: needs a whole number ..."
        std::string said = problem.what();
        if (const std::size_t colon = said.find(": needs "); colon != std::string::npos) said.erase(colon, 1);
        return usage(context, said, command + " --help");
    }
    if (kind == CLI::ExitCodes::RequiredError) {
        // A word that is wrong is the better reason than one that is missing because of it.
        if (!app.remaining(true).empty()) return unexpected(context, app, at, command);
        const std::vector<const CLI::App*> subs = at->get_subcommands({});
        if (subs.empty()) return missingWord(context, problem.what(), command);
        std::vector<std::string> names;
        names.reserve(subs.size());
        for (const CLI::App* sub : subs) names.push_back(sub->get_name());
        return usage(context, fmt::format("'{}' needs to be told what: {}", command, join(names, ", ")),
                     command + " --help");
    }
    return usage(context, problem.what(), command + " --help");
}

int runParsed(const Verb& verb, std::vector<std::string> words, VerbContext& context) {
    CLI::App app(verb.summary, "tributary " + verb.name);
    app.set_help_flag("-h,--help", "Show this help");
    app.fallthrough();  // inherited: global options may follow a sub-command too
    addGlobalOptions(app, context);
    const std::function<int(VerbContext&)> work = verb.describe(app);
    checkNumbers(app);
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
        app.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        std::string command = "tributary " + verb.name;
        const CLI::App* at = deepest(&app, command);
        fmt::print("{}", verbHelp(verb, *at, command, context.columns));
        return 0;
    } catch (const CLI::ParseError& problem) {
        return usageError(context, app, problem, verb);
    }
    return work(context);
}

int runRaw(const Verb& verb, std::vector<std::string> words, VerbContext& context) {
    takeRawGlobals(words, context);
    CLI::App app(verb.summary, "tributary " + verb.name);
    app.set_help_flag();  // help is the verb's own
    app.allow_extras();
    const std::function<int(VerbContext&)> work = verb.describe(app);
    words.insert(words.begin(), "--");
    std::reverse(words.begin(), words.end());
    app.parse(std::move(words));
    return work(context);
}

int runVerb(const Verb& verb, std::vector<std::string> words, VerbContext& context) {
    return verb.rawArguments ? runRaw(verb, std::move(words), context) : runParsed(verb, std::move(words), context);
}

}  // namespace

const Verb* findVerb(const std::string& name) {
    for (const Verb& verb : verbTable()) {
        if (verb.name == name) return &verb;
    }
    return nullptr;
}

void addGlobalOptions(CLI::App& app, VerbContext& context) {
    const char* group = kEverywhereGroup;
    app.add_option("-w,--workspace", context.workspaceDir, "The workspace: a folder with a topology.yaml")
        ->type_name("DIR")
        ->group(group);
    app.add_option("--as", context.user, "Act as this user of the clusters")->type_name("USER")->group(group);
    app.add_flag("--json", context.json, "One JSON document on stdout")->group(group);
    app.add_flag_callback(
           "--no-color,--no-colour", [&context] { context.colour = false; }, "Plain text")
        ->group(group);
    app.add_flag("--quiet", context.quiet, "Say only what was asked for")->group(group);
    app.add_flag("--no-input", context.noInput, "Never ask; fail and name the option instead")->group(group);
}

void takeRawGlobals(std::vector<std::string>& words, VerbContext& context) {
    if (!words.empty() && words.front() == "--") {
        words.erase(words.begin());
        return;
    }
    while (!words.empty()) {
        const std::size_t taken = takeValueOption(words, 0, context);
        if (taken == 0) break;
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    while (words.size() >= 2) {
        const std::size_t from = words.size() - (words.back().find('=') != std::string::npos ? 1 : 2);
        const std::size_t taken = takeValueOption(words, from, context);
        if (taken == 0 || from + taken != words.size()) break;
        words.resize(from);
    }
}

VerbContext contextOfProcess() {
    VerbContext context;
    context.outIsTerminal = ::isatty(STDOUT_FILENO) != 0;
    context.errIsTerminal = ::isatty(STDERR_FILENO) != 0;
    const auto text = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        return value == nullptr ? std::string() : std::string(value);
    };
    context.workspaceDir = text("TRIBUTARY_WORKSPACE");
    context.user = text("TRIBUTARY_USER");
    context.colour = context.outIsTerminal && text("NO_COLOR").empty() && text("TERM") != "dumb";
    winsize size{};
    if (context.outIsTerminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        context.columns = std::max<int>(size.ws_col, kNarrowest);
    }
    return context;
}

// The place of an option of every verb whose value is empty: what a variable that is not set leaves behind. Taken for
// "not given", the command would go to another workspace, or act as another user.
std::optional<std::string> emptyValue(const std::vector<std::string>& words, VerbContext& context) {
    for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
        const std::string& word = words[at];
        if (word.ends_with('=') && word.starts_with("--") && valueOption(word.substr(0, word.size() - 1), context))
            return word.substr(0, word.size() - 1);
        if (valueOption(word, context) && at + 1 < words.size() && words[at + 1].empty()) return word;
    }
    return std::nullopt;
}

int runWords(const std::vector<std::string>& words, VerbContext context) {
    if (const auto option = emptyValue(words, context)) {
        return usage(context, fmt::format("{} was given an empty value", *option),
                     *option == "--as" ? "--as USER, or leave it out" : "-w DIR, or leave it out");
    }
    std::size_t at = 0;
    bool help = false;
    while (at < words.size() && words[at].starts_with("-") && words[at] != "--") {
        const std::string& word = words[at];
        if (word == "--version" || word == "-V") {
            fmt::print("tributary {}\n", TRIBUTARY_VERSION);
            return 0;
        }
        if (word == "--help" || word == "-h") {
            help = true;
            ++at;
        } else if (takeFlag(word, context)) {
            ++at;
        } else if (const std::size_t taken = takeValueOption(words, at, context); taken > 0) {
            at += taken;
        } else if (valueOption(word, context) != nullptr) {
            return usage(context, fmt::format("{} needs a value", word), "tributary --help");
        } else {
            return unknownOption(
                context, word,
                {"--workspace", "--as", "--json", "--no-color", "--quiet", "--no-input", "--version", "--help"},
                "tributary");
        }
    }
    if (at >= words.size()) {
        fmt::print(help ? stdout : stderr, "{}", overviewHelp(context.columns));
        return help ? 0 : kUsage;
    }
    const Verb* verb = findVerb(words[at]);
    if (verb == nullptr) return unknownVerb(context, words[at]);
    std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
    if (help) rest.insert(rest.begin(), "--help");
    return runVerb(*verb, std::move(rest), context);
}

namespace {

int runArguments(std::vector<std::string> arguments) try {
    const std::string path = arguments.empty() ? std::string("tributary") : arguments.front();
    const std::string name = path.substr(path.find_last_of('/') + 1);
    if (!arguments.empty()) arguments.erase(arguments.begin());
    const std::vector<std::string> programs = dialects().programs();
    const bool isProgram = std::find(programs.begin(), programs.end(), name) != programs.end();
    if (isProgram) arguments.insert(arguments.begin(), name);
    return runWords(arguments, contextOfProcess());
} catch (const std::exception& problem) {
    fmt::print(stderr, "tributary: a mistake of the program: {}\n", problem.what());
    return kInternal;
}

}  // namespace

int runTerminal(std::vector<std::string> arguments) {
    StandardStreams streams;
    // A full disk or a closed pipe shows only when the last bytes are written.
    return streams.finish(runArguments(std::move(arguments)));
}

}  // namespace tributary::app
