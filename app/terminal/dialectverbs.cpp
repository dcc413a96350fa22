// The dialects' programs and the console: the real system's commands on the running workspace.
#include "app/terminal/dialectverbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>

#include "app/adapters/auditlog.h"
#include "app/daemon/session.h"
#include "app/instanceruns/instanceport.h"
#include "app/instanceruns/liveworld.h"
#include "app/instanceruns/systemport.h"
#include "app/instanceruns/toolchild.h"
#include "app/observe/audit.h"
#include "app/systems/dialects.h"
#include "app/terminal/console.h"
#include "app/terminal/databaseverbs.h"
#include "app/terminal/dbshell.h"
#include "app/terminal/envverb.h"
#include "app/terminal/terminal.h"
#include "app/terminal/terminalhelp.h"
#include "core/operations/schema.h"
#include "engine/admin/tableadmin.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

using Work = std::function<int(VerbContext&)>;

constexpr Millis kStatementMs = 3'600'000;

Millis utcNowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Minutes east of Greenwich, as the machine's clock shows people.
int localOffsetMinutes(Millis nowMs) {
    const std::time_t seconds = nowMs / 1000;
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) return 0;
    return static_cast<int>(local.tm_gmtoff / 60);
}

bool asksForHelp(const std::vector<std::string>& words) {
    if (words.size() == 1) return true;
    const std::string& last = words.back();
    return last == "--help" || last == "-h" || last == "-help" || (words.size() == 2 && last == "help");
}

int printHelp(std::vector<std::string> words) {
    if (words.size() > 1) words.pop_back();
    fmt::print("{}", dialects().helpFor(words));
    // A shell is no command of the dialect's table.
    if (words.size() == 1 && words.front() == "mapr") {
        fmt::print("  mapr dbshell\n      Reads and writes documents of JSON tables: mapr dbshell --help\n");
    }
    return 0;
}

/// A dialect prints text, or one JSON envelope.
std::string shownOutput(const std::string& text) {
    return text.starts_with("{") ? shownJson(text) : shownText(text);
}

int printError(const runbooks::RenderedError& error) {
    printRaw(stdout, shownOutput(error.out));
    printRaw(stderr, shownOutput(error.err));
    return error.exitStatus;
}

Work describeDialect(const std::string& program, CLI::App& app) {
    return [program, &app](VerbContext& context) {
        std::vector<std::string> words = app.remaining();
        if (!words.empty() && words.front() == "--") words.erase(words.begin());
        words.insert(words.begin(), program);
        return runDialectCommand(words, context);
    };
}

Verb dialect(const std::string& program, const std::string& group, const std::string& summary,
             const std::string& examples) {
    Verb verb;
    verb.name = program;
    verb.group = group;
    verb.summary = summary;
    verb.examples = examples;
    verb.describe = [program](CLI::App& app) { return describeDialect(program, app); };
    verb.rawArguments = true;
    return verb;
}

/// Of `box` and `instance`: on the environment of tt that the workspace, or the current folder, stands in.
Result<Outcome> runOnInstances(const Operation& op, const VerbContext& context) {
    auto environment = findEnvironment(context.workspaceDir.empty() ? "." : context.workspaceDir);
    if (!environment) return environment.error();
    auto program = terminalProgram();
    if (!program) return program.error();
    LiveWorld world(std::move(environment).value(), std::move(program).value());
    return executeOnInstances(world, op, kStatementMs);
}

Work describeConsole(CLI::App& app) {
    auto keepGoing = std::make_shared<bool>(false);
    app.add_flag("--keep-going", *keepGoing, "Piped lines: do not stop at the first that fails");
    return [keepGoing](VerbContext& context) { return runConsole(context, *keepGoing); };
}

}  // namespace

int runDialectCommand(const std::vector<std::string>& words, const VerbContext& context) {
    if (words.size() > 1 && words[0] == "mapr" && words[1] == "dbshell") {
        return runDbShell({words.begin() + 2, words.end()}, context);
    }
    if (isDatabaseProgram(words[0])) return runDatabaseProgram(words, context);
    if (words[0] == "tt") return runWords(words, context);  // a verb, which has more than lines of runbooks
    if (asksForHelp(words)) return printHelp(words);
    const Millis nowMs = utcNowMs();
    const int offset = localOffsetMinutes(nowMs);
    std::vector<std::string> asked = words;
    if (context.json && std::find(asked.begin(), asked.end(), "-json") == asked.end()) {
        // --json in front of the verb means the dialect's own envelope, for commands that have one.
        asked.emplace_back("-json");
        if (!dialects().parseWords(asked) && dialects().parseWords(words)) asked.pop_back();
    }
    const Result<runbooks::ParsedLine> parsed = dialects().parseWords(asked);
    if (!parsed) return printError(dialects().renderError(asked, boundedError(parsed.error()), nowMs, offset));
    for (const std::string& warning : parsed->warnings) fmt::print(stderr, "warning: {}\n", warning);
    if (runsOnInstances(dialects().ofOperation(parsed->op)->words().system)) {
        const Result<Outcome> done = runOnInstances(parsed->op, context);
        if (!done) {
            return printError(dialects().renderError(parsed->op, boundedError(done.error()), utcNowMs(), offset));
        }
        printRaw(stdout, shownText(dialects().render(parsed->op, *done, utcNowMs(), offset)));
        return 0;
    }
    auto session = Session::open({context.workspaceDir, context.user, false});
    if (!session) return printError(dialects().renderError(parsed->op, boundedError(session.error()), nowMs, offset));
    engine::RealFileOps files;
    engine::maprdb::AdminOptions options;
    options.files = &files;
    options.pause = pauseFor;
    engine::maprdb::TableAdmin admin((*session)->directory(), (*session)->user(), utcNowMs, options);
    const Result<Outcome> done = admin.execute(parsed->op);
    if (changesSomething(parsed->op)) {
        audit(**session, dialects().printLine(parsed->op), done.ok() ? std::string() : done.error().text());
    }
    if (!done) return printError(dialects().renderError(parsed->op, boundedError(done.error()), utcNowMs(), offset));
    printRaw(stdout, shownOutput(dialects().render(parsed->op, *done, utcNowMs(), offset)));
    for (const std::string& warning : done->warnings) fmt::print(stderr, "warning: {}\n", warning);
    return 0;
}

std::vector<Verb> dialectVerbs() {
    Verb console;
    console.name = "console";
    console.group = "dialects";
    console.summary = "A command line with history and completion";
    console.examples = "tributary console -w demo\ntributary console -w demo --as ana < commands.txt";
    console.describe = describeConsole;
    return {
        dialect("maprcli", "dialects", "Administer tables, replication, gateways and alarms",
                "tributary maprcli table info -path /mapr/sanfrancisco/customers -json\n"
                "tributary maprcli table replica list -path /mapr/sanfrancisco/customers"),
        dialect("hbase", "dialects", "Copy and compare tables: CopyTable, DiffTables, DiffTablesWithCrc",
                "tributary hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/a/t -dst /mapr/b/t"),
        dialect("mapr", "dialects", "JSON tables: dbshell, copytable, difftables, importJSON, exportJSON",
                "tributary mapr dbshell -c \"find /mapr/sanfrancisco/people --limit 10\"\n"
                "tributary mapr copytable -src /mapr/a/people -dst /mapr/b/people -bulkload false -mapreduce false"),
        dialect("box", "dialects", "One statement on the console of an instance",
                "tributary box master_master:instance001 box.info.ro\n"
                "tributary box master_master:instance001 \"require('config'):reload()\""),
        dialect("instance", "dialects", "Edit the files of instances, delete and save their data",
                "tributary instance set master_master:instance002 database.mode ro\n"
                "tributary instance save-rows master_master:instance002 master_master:instance001 rows.jsonl"),
        console,
        envVerb(),
    };
}

}  // namespace tributary::app
