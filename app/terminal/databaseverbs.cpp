// Programs of VoltDB: words to operations, and lines of statements.
#include "app/terminal/databaseverbs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "app/databaseruns/databasewords.h"
#include "app/databaseruns/livedatabases.h"
#include "app/databases/hostprocess.h"
#include "app/instanceruns/toolchild.h"
#include "app/systems/dialects.h"
#include "app/terminal/consoleinput.h"
#include "app/terminal/dialectverbs.h"
#include "app/terminal/statementloop.h"
#include "app/terminal/terminal.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr std::array<std::string_view, 3> kPrograms{"voltdb", "voltadmin", "sqlcmd"};
constexpr Millis kWordMs = 3'600'000;

std::string baseOf(const VerbContext& context) {
    return context.workspaceDir.empty() ? "." : context.workspaceDir;
}

std::string withBase(const VerbContext& context, const std::string& path) {
    return path.empty() ? path : (std::filesystem::path(baseOf(context)) / path).string();
}

int printFailure(const Operation& op, const Error& error) {
    const runbooks::RenderedError text = dialects().renderError(op, boundedError(error), 0, 0);
    printRaw(stdout, shownText(text.out));
    printRaw(stderr, shownText(text.err));
    return text.exitStatus;
}

int initRoot(const VerbContext& context, const Operation& op) {
    const HostInit asked{withBase(context, op.text("dir", ".")), withBase(context, op.text("config")),
                         withBase(context, op.text("schema")), op.flag("force")};
    const auto place = initHost(asked);
    if (!place) return printFailure(op, place.error());
    fmt::print("Initialized VoltDB in {}\n", place->root());
    return 0;
}

/// Hosts and how many there are: a cluster has one in this version, and must not become two by mistake.
Status requireAlone(const HostPlace& place, const Operation& op) {
    const auto refuse = [&](const std::string& option) {
        return Error{ErrorCode::Unsupported, option + ": in this version a cluster runs on one host", place.root(),
                     "voltdb start --dir=" + place.dir};
    };
    if (op.integer("count", 1) > 1) return refuse(fmt::format("--count={}", op.integer("count", 1)));
    for (const std::string& each : split(op.text("host"), ',')) {
        const std::string name(trim(each.substr(0, each.find(':'))));
        const bool isItself = name.empty() || name == place.name || name == "localhost" || name == "127.0.0.1";
        if (!isItself) return refuse("--host=" + op.text("host"));
    }
    return okStatus();
}

int startRoot(const VerbContext& context, const Operation& op) {
    const HostPlace place = hostAt(withBase(context, op.text("dir", ".")));
    const auto seen = lookAtHost(place);
    if (!seen) return printFailure(op, seen.error());
    if (seen->life == HostLife::Running) {
        return printFailure(
            op, Error{ErrorCode::Conflict, fmt::format("host {} runs already, as process {}", place.title(), seen->pid),
                      place.root(), "tributary voltadmin status --host=" + place.name});
    }
    if (Status alone = requireAlone(place, op); !alone) return printFailure(op, alone.error());
    const auto setup = readHost(place);
    if (!setup) return printFailure(op, setup.error());
    const HostStart how{op.flag("pause"), op.text("replication")};
    if (!op.flag("background")) return runHostHere(place, *setup, how);
    if (Status started = startHost(place, *setup, how); !started) return printFailure(op, started.error());
    const auto now = lookAtHost(place);
    fmt::print("Host {} runs as process {}.\n", place.title(), now ? now->pid : 0);
    return 0;
}

Result<LiveDatabases> worldOf(const VerbContext& context) {
    auto environment = findDatabases(baseOf(context));
    if (!environment) return environment.error();
    auto program = terminalProgram();
    if (!program) return program.error();
    return LiveDatabases(std::move(environment).value(), std::move(program).value());
}

/// Statements from stdin, each answered as soon as it is whole. An error ends piped ones.
int runStatements(const VerbContext& context, const Operation& op) {
    auto world = worldOf(context);
    if (!world) return printFailure(op, world.error());
    const std::string servers = op.text("servers");
    const auto places = world->meant(servers.substr(0, servers.find(',')));
    if (!places) return printFailure(op, places.error());
    const runbooks::TableStyle style{runbooks::tableFormatNamed(op.text("format")), op.flag("skip-metadata")};
    const bool atTerminal = !context.noInput && ::isatty(STDIN_FILENO) != 0;
    const auto input = statementInput(atTerminal);
    std::string text;
    int count = 1;
    int code = 0;
    while (auto line = input->next(text.empty() ? fmt::format("{}> ", count) : fmt::format("{}   ", count))) {
        text += *line + "\n";
        if (!runbooks::isWholeText(text)) continue;
        const auto statements = runbooks::splitStatements(text);
        text.clear();
        if (!statements) continue;  // blanks and comments
        for (const runbooks::SqlStatement& each : *statements) {
            if (each.use == runbooks::StatementUse::Exit) return code;
            ++count;
            const auto lines = runStatement(*world, *places, each, style);
            if (!lines) {
                code = printFailure(op, lines.error());
                if (!atTerminal) return code;
                continue;
            }
            for (const std::string& one : *lines) printRaw(stdout, shownText(one + "\n"));
        }
    }
    if (trim(text).empty()) return code;
    return printFailure(op, Error{ErrorCode::InvalidInput, "the last statement is not whole", {}, "end it with ;"});
}

/// Answers as they come: those before one that fails have been given, and count.
int runQuery(DatabaseWorld& world, const Operation& op) {
    const Status done = runSql(world, op, [](const std::vector<std::string>& lines) {
        for (const std::string& line : lines) printRaw(stdout, shownText(line + "\n"));
        std::fflush(stdout);
    });
    return done ? 0 : printFailure(op, done.error());
}

bool wantsHelp(const std::vector<std::string>& words) {
    const std::string& last = words.back();
    const bool isAlone = words.size() == 1 && words.front() != "sqlcmd";
    return isAlone || last == "--help" || last == "-h" || last == "help";
}

/// sqlcmd without --query is asked for statements; its other options are read alike.
bool readsStatements(const std::vector<std::string>& words) {
    return words.front() == "sqlcmd" && std::none_of(words.begin(), words.end(), [](const std::string& word) {
               return word.starts_with("--query");
           });
}

Verb databaseVerb(const std::string& program, const std::string& summary, const std::string& examples) {
    Verb verb;
    verb.name = program;
    verb.group = "dialects";
    verb.summary = summary;
    verb.examples = examples;
    verb.rawArguments = true;
    verb.describe = [program](CLI::App& app) {
        return [program, &app](VerbContext& context) {
            std::vector<std::string> words = app.remaining();
            if (!words.empty() && words.front() == "--") words.erase(words.begin());
            words.insert(words.begin(), program);
            return runDialectCommand(words, context);
        };
    };
    return verb;
}

}  // namespace

bool isDatabaseProgram(const std::string& program) {
    return std::find(kPrograms.begin(), kPrograms.end(), program) != kPrograms.end();
}

int runDatabaseProgram(const std::vector<std::string>& words, const VerbContext& context) {
    if (wantsHelp(words)) {
        std::vector<std::string> about = words;
        if (about.size() > 1) about.pop_back();
        fmt::print("{}", dialects().helpFor(about));
        return 0;
    }
    std::vector<std::string> asked = words;
    const bool reads = readsStatements(words);
    if (reads) asked.emplace_back("--query=show tables");
    const auto parsed = dialects().parseWords(asked);
    if (!parsed) {
        const auto text = dialects().renderError(asked, boundedError(parsed.error()), 0, 0);
        printRaw(stderr, shownText(text.err));
        return text.exitStatus;
    }
    const Operation& op = parsed->op;
    if (op.verb == tributary::Verb::VoltInit) return initRoot(context, op);
    if (op.verb == tributary::Verb::VoltStart) return startRoot(context, op);
    if (reads) return runStatements(context, op);
    auto world = worldOf(context);
    if (!world) return printFailure(op, world.error());
    if (op.verb == tributary::Verb::SqlRun) return runQuery(*world, op);
    const auto done = executeOnDatabases(*world, op, kWordMs);
    if (!done) return printFailure(op, done.error());
    printRaw(stdout, shownText(dialects().render(op, *done, 0, 0)));
    for (const std::string& warning : done->warnings) fmt::print(stderr, "warning: {}\n", warning);
    return 0;
}

std::vector<Verb> databaseVerbs() {
    return {databaseVerb("voltdb", "Root folders and processes of hosts of VoltDB: init, start",
                         "tributary voltdb init --config=deployment.xml --dir=voltdb/west/west1\n"
                         "tributary voltdb start --dir=voltdb/west/west1 --background"),
            databaseVerb("voltadmin", "Administer a running cluster of VoltDB",
                         "tributary voltadmin status --host=west --dr\n"
                         "tributary voltadmin promote --host=west"),
            databaseVerb("sqlcmd", "Statements on a running cluster of VoltDB",
                         "tributary sqlcmd --servers=east --query=\"exec @Statistics DRROLE 0\"\n"
                         "tributary sqlcmd --servers=east --query=\"SELECT * FROM customers\"")};
}

}  // namespace tributary::app
