// tt scratch: an instance in memory behind a console.
#include <fmt/format.h>
#include <unistd.h>

#include "app/terminal/scratchchild.h"
#include "app/terminal/statementloop.h"
#include "app/terminal/ttverbs.h"
#include "engine/machine/realrandom.h"
#include "engine/systems/tarantool/console/consoleyaml.h"
#include "engine/systems/tarantool/data/localbox.h"

namespace tributary::app {
namespace {

constexpr std::string_view kScratchHelp =
    "An instance in memory: nothing is written, and all is gone with the console.\n\n"
    "  box.schema.space.create, space:format, create_index, insert, replace, get,\n"
    "  select, update, upsert, delete, count, truncate, drop; box.begin, commit,\n"
    "  rollback; box.info; box.tuple.new; require('json'), require('yaml')\n\n"
    "  \\set delimiter <delimiter> -- where statements end\n"
    "  \\quit                      -- leave\n";

std::string consoleError(const std::string& what) {
    engine::tarantool::ConsoleYaml yaml;
    yaml.beginMap(engine::tarantool::ConsoleYaml::Style::Block);
    yaml.string("error");
    yaml.string(what);
    yaml.endMap();
    return yaml.finish();
}

class ScratchConsole {
public:
    explicit ScratchConsole(const ScratchWords& words)
        : box_({words.memoryMib << 20U, 1U << 20U}, randomUuid(), randomUuid()),
          child_(box_, static_cast<Millis>(words.deadlineS) * 1'000) {}

    Result<std::optional<std::string>> evaluate(const std::string& text, bool isSql) {
        if (text.front() == '\\') return std::optional(command(text));
        if (isSql) return std::optional(consoleError("SQL is not carried here; \\set language lua"));
        Result<std::string> answer = child_.run(text);
        const bool wasOpen = box_.rollbackOpen();
        if (answer && wasOpen) return std::optional(consoleError("Transaction is active at return from function"));
        if (answer) return std::optional(std::move(answer).value());
        const ErrorCode code = answer.error().code;
        if (code != ErrorCode::Timeout && code != ErrorCode::Cancelled) return answer.error();
        return std::optional(
            consoleError(answer.error().what + "; its variables are gone, the spaces are as they were"));
    }

private:
    Uuid randomUuid() {
        const std::uint64_t high = random_.next();
        return Uuid::fromRandom(high, random_.next());
    }

    static std::string command(const std::string& text) {
        if (text == "\\help" || text == "\\h") {
            engine::tarantool::ConsoleYaml yaml;
            yaml.beginArray(engine::tarantool::ConsoleYaml::Style::Block);
            yaml.string(kScratchHelp);
            yaml.endArray();
            return yaml.finish();
        }
        return consoleError(fmt::format("Invalid command {}. Type \\help for help.", text));
    }

    engine::RealRandom random_;
    engine::tarantool::LocalBox box_;
    ScratchChild child_;
};

}  // namespace

int runScratch(const VerbContext& context, const ScratchWords& words) {
    const bool atTerminal = ::isatty(STDIN_FILENO) != 0 && context.outIsTerminal && !context.noInput;
    ScratchConsole console(words);
    StatementLoop loop(context, "scratch",
                       [&](const std::string& text, bool isSql) { return console.evaluate(text, isSql); });
    if (atTerminal && !context.quiet) {
        fmt::print(stderr, "   • An instance in memory: all is gone with the console ('\\help' explains)\n\n");
    }
    return loop.runLines(*statementInput(atTerminal));
}

}  // namespace tributary::app
