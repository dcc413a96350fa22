// tt connect: lines to an instance, its answers to stdout.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/rows/inputstream.h"
#include "app/terminal/statementloop.h"
#include "app/terminal/ttverbs.h"
#include "core/base/text.h"
#include "engine/admin/tarantool/boxclient.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

/// The instance's own console formats: what it prints is what people know, in every version.
constexpr std::string_view kConsoleEval = "return require('console').eval(...)";
/// The language is kept for all sessions of an instance together: it is set for one statement only.
constexpr std::string_view kSqlEval =
    "local console = require('console') local told = console.eval('\\\\set language sql') "
    "if told:find('error', 1, true) then return told end "
    "local answer = console.eval(...) console.eval('\\\\set language lua') return answer";
constexpr std::size_t kFileBytesMax = 16U << 20U;

class InstanceConsole {
public:
    InstanceConsole(tt::InstanceAddress address, tt::BoxClient client)
        : address_(std::move(address)), client_(std::move(client)) {}

    /// What the instance's console says; nullopt when it says that it has ended.
    Result<std::optional<std::string>> evaluate(const std::string& text, bool isSql) {
        Bytes argument;
        tt::MsgpackWriter(argument).string(text);
        const Result<tt::BoxAnswer> answer = client_.eval(isSql ? kSqlEval : kConsoleEval, {argument});
        if (!answer) return lost(answer.error());
        if (const auto* failure = std::get_if<tt::BoxFailure>(&*answer)) return refused(*failure);
        tt::MsgpackReader reader(std::get<Bytes>(*answer));
        if (reader.array() == 0 || reader.type() == tt::MsgpackType::Nil) return std::optional<std::string>();
        const BytesView said = reader.string();
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "the console's answer is no text", address_.text(), {}};
        return std::optional<std::string>(said);
    }

    Status setOutput(const std::string& output) {
        const Result<std::optional<std::string>> answer = evaluate("\\set output " + output, false);
        if (!answer) return answer.error();
        const bool done = answer->has_value() && (**answer).find("error") == std::string::npos;
        if (done) return okStatus();
        return Error{ErrorCode::Unsupported, "the instance refuses the output format " + output, address_.text(),
                     std::string(trim(answer->value_or("it answers nothing")))};
    }

private:
    [[nodiscard]] Error lost(const Error& error) const {
        if (error.code != ErrorCode::Unavailable) return error;
        return {ErrorCode::Unavailable, "the connection was closed: probably the instance does not run any more",
                address_.text(), "look into its log; then connect again"};
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

    tt::InstanceAddress address_;
    tt::BoxClient client_;
};

Result<std::string> wholeFile(const std::string& name) {
    auto opened = InputStream::open(name);
    if (!opened) return opened.error();
    return (*opened)->readAll(kFileBytesMax);
}

}  // namespace

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
    InstanceConsole console(*address, std::move(client).value());
    if (words.output != "yaml") {
        if (const Status set = console.setOutput(words.output); !set) return context.fail(set.error());
    }
    StatementLoop loop(context, address->text(),
                       [&](const std::string& text, bool isSql) { return console.evaluate(text, isSql); });
    loop.setSql(words.language == "sql");
    if (!words.file.empty()) {
        const Result<bool> going = loop.run(chunk);
        if (!going) return context.fail(going.error());
        if (!*going || !wantsLines) return loop.finish(0);
    }
    if (talks) fmt::print(stderr, "   • Connected to {}\n\n", address->text());
    return loop.runLines(*statementInput(atTerminal));
}

}  // namespace tributary::app
