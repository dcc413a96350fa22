// tt connect: lines to an instance, its answers to stdout.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/rows/inputstream.h"
#include "app/terminal/consoleinput.h"
#include "app/terminal/ttverbs.h"
#include "core/base/text.h"
#include "engine/systems/tarantool/client/boxclient.h"
#include "engine/systems/tarantool/script/luastatement.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

/// The instance's own console formats: what it prints is what people know, in every version.
constexpr std::string_view kConsoleEval = "return require('console').eval(...)";
/// The language is kept for all sessions of an instance together: it is set for one statement only.
constexpr std::string_view kSqlEval =
    "local console = require('console') console.eval('\\\\set language sql') "
    "local answer = console.eval(...) console.eval('\\\\set language lua') return answer";
constexpr std::size_t kIndentMax = 15;
constexpr std::size_t kFileBytesMax = 16U << 20U;

Error lostInstance(const Error& error, const tt::InstanceAddress& address) {
    if (error.code != ErrorCode::Unavailable) return error;
    return {ErrorCode::Unavailable, "the connection was closed: probably the instance does not run any more",
            address.text(), "look into its log; then connect again"};
}

class InstanceConsole {
public:
    InstanceConsole(const VerbContext& context, tt::InstanceAddress address, tt::BoxClient client)
        : context_(context), address_(std::move(address)), client_(std::move(client)) {}

    /// Sets language and output.
    Status prepare(const ConnectWords& words) {
        isSql_ = words.language == "sql";
        return words.output == "yaml" ? okStatus() : command("\\set output " + words.output);
    }

    /// One statement or chunk: its answer goes to stdout. False in the value: the console has ended.
    Result<bool> run(const std::string& text) {
        const Result<std::optional<std::string>> answer = evaluate(text);
        if (!answer) return answer.error();
        if (!answer->has_value()) return false;
        show(text, **answer);
        return true;
    }

    int runLines(ConsoleInput& input) {
        const std::string title = address_.text();
        const std::string prompt = title + "> ";
        const std::string more = std::string(std::min(title.size(), kIndentMax), ' ') + "> ";
        std::string text;
        while (const std::optional<std::string> line = input.next(text.empty() ? prompt : more)) {
            text += *line;
            if (text.empty()) continue;
            if (!isWhole(text)) {
                text += '\n';
                continue;
            }
            if (const std::string_view word = trim(text); word == "\\quit" || word == "\\q") return finish(0);
            if (takeSetting(text)) {
                text.clear();
                continue;
            }
            const Result<bool> going = run(text);
            if (!going) return finish(context_.fail(lostInstance(going.error(), address_)));
            if (!*going) return finish(0);
            text.clear();
        }
        if (const Status whole = input.problem(); !whole) return finish(context_.fail(whole.error()));
        if (text.empty()) return finish(0);
        return finish(
            context_.fail(Error{ErrorCode::InvalidInput, "the input ends inside a statement, which was not run",
                                bounded(trim(text), limits::kNameShownMax), "end the statement"}));
    }

    /// The document of --json, when there is no error document already.
    int finish(int code) {
        if (context_.json && code == 0) printJson({{"instance", address_.text()}, {"answers", answers_}});
        return code;
    }

private:
    /// Takes the delimiter off the text that it ends.
    [[nodiscard]] bool isWhole(std::string& text) const {
        if (text.front() == '\\') return true;
        if (delimiter_.empty()) return isSql_ || tt::isWholeLua(text);
        if (!text.ends_with(delimiter_)) return false;
        text.resize(text.size() - delimiter_.size());
        return true;
    }

    /// `\set delimiter X` and `\set language X` are for this end: where statements end is known here.
    bool takeSetting(const std::string& text) {
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

    void show(const std::string& text, const std::string& answer) {
        if (context_.json) {
            answers_.push_back({{"statement", text}, {"answer", answer}});
        } else {
            printDocument(context_.outIsTerminal, answer + "\n");
            std::fflush(stdout);
        }
    }

    Status command(const std::string& text) {
        const Result<std::optional<std::string>> answer = evaluate(text);
        if (!answer) return answer.error();
        const bool done = answer->has_value() && (**answer).find("error") == std::string::npos;
        if (done) return okStatus();
        return Error{ErrorCode::Unsupported, "the instance refuses " + text, address_.text(),
                     std::string(trim(answer->value_or("it answers nothing")))};
    }

    /// What the instance's console says; nullopt when it says that it has ended.
    Result<std::optional<std::string>> evaluate(const std::string& text) {
        Bytes argument;
        tt::MsgpackWriter(argument).string(text);
        const Result<tt::BoxAnswer> answer = client_.eval(isSql_ ? kSqlEval : kConsoleEval, {argument});
        if (!answer) return answer.error();
        if (const auto* failure = std::get_if<tt::BoxFailure>(&*answer)) return refused(*failure);
        tt::MsgpackReader reader(std::get<Bytes>(*answer));
        if (reader.array() == 0 || reader.type() == tt::MsgpackType::Nil) return std::optional<std::string>();
        const BytesView said = reader.string();
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "the console's answer is no text", address_.text(), {}};
        return std::optional<std::string>(said);
    }

    [[nodiscard]] Error refused(const tt::BoxFailure& failure) const {
        Error error{ErrorCode::Conflict, failure.message, address_.text(), {}};
        if (failure.code == static_cast<std::uint32_t>(tt::BoxError::AccessDenied)) {
            error.code = ErrorCode::PermissionDenied;
            error.fix = fmt::format("on the instance: box.schema.user.grant('{}', 'execute', 'universe')",
                                    address_.user.empty() ? "guest" : address_.user);
        } else if (failure.code == static_cast<std::uint32_t>(tt::BoxError::Loading)) {
            error.code = ErrorCode::Unavailable;
            error.fix = "try again when it has started";
        }
        return error;
    }

    const VerbContext& context_;
    tt::InstanceAddress address_;
    tt::BoxClient client_;
    bool isSql_ = false;
    std::string delimiter_;  ///< empty = a statement ends where its Lua does
    nlohmann::ordered_json answers_ = nlohmann::ordered_json::array();
};

Result<std::string> wholeFile(const std::string& name) {
    auto opened = InputStream::open(name);
    if (!opened) return opened.error();
    return (*opened)->readAll(kFileBytesMax);
}

Status checkWords(const ConnectWords& words) {
    if (words.language != "lua" && words.language != "sql") {
        return Error{ErrorCode::InvalidInput, fmt::format("there is no language '{}'", words.language), "-l",
                     "-l lua, or -l sql"};
    }
    const auto known = {"yaml", "lua", "lua,line", "lua,block"};
    if (std::find(known.begin(), known.end(), words.output) == known.end()) {
        const bool table = words.output == "table" || words.output == "ttable";
        return Error{table ? ErrorCode::Unsupported : ErrorCode::InvalidInput,
                     table ? fmt::format("the output format '{}' is not carried yet", words.output)
                           : fmt::format("there is no output format '{}'", words.output),
                     "-x", "-x yaml, -x lua, or -x lua,block"};
    }
    if (words.interactive && words.file.empty()) {
        return Error{ErrorCode::InvalidInput, "-i goes on after a file, and no file is named", "-i", "-f FILE -i"};
    }
    return okStatus();
}

}  // namespace

int connectToInstance(const VerbContext& context, const ConnectWords& words) {
    if (const Status right = checkWords(words); !right) return context.fail(right.error());
    const auto address = addressOf(words);
    if (!address) return context.fail(address.error());
    std::string chunk;
    if (!words.file.empty()) {
        auto text = wholeFile(words.file);
        if (!text) return context.fail(text.error());
        chunk = std::move(text).value();
    }
    const bool atTerminal = ::isatty(STDIN_FILENO) != 0 && context.outIsTerminal && !context.noInput;
    const bool wantsLines = words.file.empty() || words.interactive;
    const bool talks = atTerminal && wantsLines && !context.quiet;
    if (talks) fmt::print(stderr, "   • Connecting to the instance...\n");
    auto client = tt::BoxClient::connect(*address);
    if (!client) return context.fail(client.error());
    InstanceConsole console(context, *address, std::move(client).value());
    if (const Status set = console.prepare(words); !set) return context.fail(lostInstance(set.error(), *address));
    if (!words.file.empty()) {
        const Result<bool> going = console.run(chunk);
        if (!going) return context.fail(lostInstance(going.error(), *address));
        if (!*going || !wantsLines) return console.finish(0);
    }
    if (!atTerminal) return console.runLines(*pipedInput());
    if (talks) fmt::print(stderr, "   • Connected to {}\n\n", address->text());
    std::string history = consoleHistoryPath();
    if (!history.empty()) history += "-tarantool";
    return console.runLines(*editedInput(history, [](const auto&, const auto&) { return std::vector<std::string>(); }));
}

}  // namespace tributary::app
