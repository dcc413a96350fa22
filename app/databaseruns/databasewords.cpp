// Words of voltadmin and voltdb.
#include "app/databaseruns/databasewords.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/databaseruns/databasestatus.h"
#include "app/databases/databasedoor.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "core/systems/voltdb/deploymentsettings.h"
#include "core/systems/voltdb/vocabulary.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "runbooks/dialects/words.h"

namespace tributary::app {
namespace {

constexpr Millis kDrainLookMs = 200;

Outcome said(std::string line) {
    Outcome outcome;
    outcome.lines.push_back(std::move(line));
    return outcome;
}

class Admin {
public:
    Admin(DatabaseWorld& world, const Operation& op) : world_(world), op_(op) {}

    Result<Outcome> run() {
        auto places = world_.meant(op_.text("host"));
        if (!places) return places.error();
        places_ = std::move(*places);
        switch (op_.verb) {
            case Verb::VoltPromote: return asked("@Promote", {}, "The cluster is promoted to normal operation.");
            case Verb::VoltPause: return pause();
            case Verb::VoltResume: return asked("@Resume", {}, "The cluster has resumed.");
            case Verb::VoltDrReset: return reset();
            case Verb::VoltDrDrop: return drop();
            case Verb::VoltShutdown: return shutdown();
            case Verb::VoltStatus: return databaseStatus(world_, places_, {op_.flag("dr"), op_.flag("as-json")});
            case Verb::VoltUpdate: return update();
            default:
                return Error{ErrorCode::Unsupported,
                             "snapshots into folders are not carried in this version",
                             {},
                             "tributary backup"};
        }
    }

private:
    Result<Outcome> asked(const std::string& procedure, const std::vector<std::string>& arguments,
                          const std::string& text) {
        const auto answer = world_.ask(places_, procedure, arguments);
        if (!answer) return answer.error();
        return said(text);
    }

    Result<Outcome> pause() {
        const auto paused = world_.ask(places_, "@Pause", {});
        if (!paused) return paused.error();
        Outcome outcome = said("The cluster is paused.");
        if (!op_.flag("wait")) return outcome;
        if (Status drained = drain(outcome); !drained) return drained.error();
        return outcome;
    }

    /// Until every consumer has acknowledged everything; without progress for the timeout it gives up.
    Status drain(Outcome& outcome) {
        const auto quiet = world_.ask(places_, "@Quiesce", {});
        if (!quiet) return quiet.error();
        const Millis limitMs = op_.integer("timeout", 120) * 1'000;
        std::vector<std::string> before;
        Millis since = world_.steadyMs();
        outcome.lines.emplace_back("Completing outstanding DR producer transactions...");
        while (true) {
            auto found = undrained(world_, places_, std::nullopt);
            // No answer is no success: what waits, waits still.
            if (!found) return found.error();
            if (found->open.empty()) {
                outcome.lines.emplace_back(found->hasRemote ? "All DR producer transactions have been processed."
                                                            : "No cluster fetches from this one.");
                return okStatus();
            }
            if (found->open != before) since = world_.steadyMs();
            before = std::move(found->open);
            if (world_.steadyMs() - since >= limitMs) {
                return Error{ErrorCode::Timeout,
                             fmt::format("The cluster has not drained any transactions for DRPRODUCER in last {} "
                                         "seconds. There are outstanding transactions.\n{}",
                                         limitMs / 1'000, join(before, "\n")),
                             {},
                             "voltadmin status --dr"};
            }
            if (!world_.pass(kDrainLookMs)) return Error{ErrorCode::Cancelled, "the wait was broken off", {}, {}};
        }
    }

    /// Others forget this cluster once they have what it wrote; without progress for the timeout it stays.
    Result<Outcome> drop() {
        Outcome outcome;
        if (Status drained = drain(outcome); !drained) return drained.error();
        const auto answer = world_.ask(places_, "@ResetDR", {"-1", "0", "-1"});
        if (!answer) return answer.error();
        outcome.lines.emplace_back(
            "All connected clusters have been successfully reset. Safe to shutdown the cluster.");
        return outcome;
    }

    Result<Outcome> reset() {
        if (!op_.has("remote") && !op_.flag("all")) {
            return Error{ErrorCode::InvalidInput, "dr reset needs a cluster", "--cluster",
                         "voltadmin dr reset --cluster=ID, or --all"};
        }
        const auto rows = askRows(world_, places_, "@SystemInformation", {"OVERVIEW"});
        if (!rows) return rows.error();
        const std::string own = toldValue(*rows, "CLUSTERID");
        if (op_.has("remote") && op_.text("remote") == own) {
            return Error{ErrorCode::InvalidInput,
                         "You cannot specify the current cluster ID in the DR RESET command. You must specify the ID "
                         "of a different cluster.",
                         {},
                         "voltadmin status --dr"};
        }
        return asked("@ResetDR", {op_.text("remote", "-1"), op_.flag("force") ? "1" : "0", op_.flag("all") ? "1" : "0"},
                     op_.flag("all")
                         ? "Conversations with all clusters have been reset."
                         : fmt::format("The conversation with cluster {} has been reset.", op_.text("remote")));
    }

    Result<Outcome> shutdown() {
        Outcome outcome;
        if (op_.flag("save") && op_.flag("force")) {
            return Error{ErrorCode::InvalidInput,
                         "You cannot specify both --save and --force options.",
                         {},
                         "--save waits for the other clusters, --force for nobody: one of the two"};
        }
        std::vector<HostPlace> running;
        for (const HostPlace& place : places_) {
            const auto seen = world_.seen(place);
            if (!seen) return seen.error();
            if (seen->life == HostLife::Running) running.push_back(place);
        }
        if (running.empty()) return said("The cluster is not running.");
        if (op_.flag("save")) {
            const auto paused = world_.ask(running, "@Pause", {});
            if (!paused) return paused.error();
            if (Status drained = drain(outcome); !drained) return drained.error();
        }
        for (const HostPlace& place : running) {
            if (Status stopped = world_.stop(place, op_.flag("force")); !stopped) return stopped.error();
        }
        outcome.lines.emplace_back("Cluster shutdown in progress.");
        return outcome;
    }

    /// What may change while it runs (voltdb.md section 2.5), and the file for the next start.
    Result<Outcome> update() {
        const std::string file = world_.folder(op_.text("config"));
        const auto text = readTextFile(file);
        if (!text) return text.error();
        const auto root = voltdb::parseXml(*text, file);
        if (!root) return root.error();
        const auto values = voltdb::readValues(*root, file);
        if (!values) return values.error();
        const auto now = world_.setup(places_.front());
        if (!now) return now.error();
        const std::string before = voltdb::roleOf(now->cluster);
        const std::string after = voltdb::roleOf(values->cluster);
        const bool mayChange = before == "replica" && after == "master";
        if (before != after && after == "xdcr") {
            return Error{ErrorCode::Conflict,
                         "The XDCR role cannot be changed on an existing database. Save the contents, initialize a new "
                         "instance with the desired role, and restore the contents.",
                         file, "runbook restart-dr-from-scratch"};
        }
        if (before != after && !mayChange) {
            return Error{ErrorCode::Conflict,
                         fmt::format("May not dynamically modify field 'drRole' of schema object 'Deployment' from {} "
                                     "to {}",
                                     before, after),
                         file, "voltdb init --force with the new role"};
        }
        if (now->cluster.id != values->cluster.id || now->cluster.sitesPerHost != values->cluster.sitesPerHost) {
            return Error{ErrorCode::Conflict, "id and sitesperhost cannot change on an existing database", file,
                         "voltdb init --force with the new values"};
        }
        for (const HostPlace& place : places_) {
            if (Status saved = saveFileAtomically(place.deploymentFile(), *text, NewFile::Private); !saved) {
                return saved.error();
            }
        }
        Outcome outcome = said("Configuration update succeeded.");
        outcome.warnings.emplace_back("connections and flush interval count from the next start on");
        return outcome;
    }

    DatabaseWorld& world_;
    const Operation& op_;
    std::vector<HostPlace> places_;
};

/// A host must be the fork of a process with one thread: the program itself, as a child.
Result<Outcome> runTool(DatabaseWorld& world, const Operation& op, Millis timeoutMs) {
    const auto words = runbooks::splitWords(dialects().of("voltdb").printLine(op));
    if (!words) return words.error();
    std::vector<std::string> argv{"--no-input", "--no-color"};
    argv.reserve(argv.size() + words->words.size());
    for (const runbooks::Word& word : words->words) argv.push_back(word.text);
    const auto answer = world.tool(argv, timeoutMs);
    if (!answer) return answer.error();
    const std::string text(trim(answer->code == 0 ? answer->out : answer->err));
    if (answer->code == 0) {
        Outcome outcome;
        if (!text.empty()) outcome.lines = split(text, '\n');
        return outcome;
    }
    return Error{answer->code == 3 ? ErrorCode::Unavailable : ErrorCode::Conflict,
                 text.empty() ? fmt::format("it ended with {}", answer->code) : text,
                 {},
                 {}};
}

/// "show tables", as a table of its own.
Result<std::vector<std::string>> show(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                      const std::string& what) {
    const bool isTables = toLower(what) == "tables";
    const auto rows = askRows(world, places, "@SystemCatalog", {isTables ? "TABLES" : "PROCEDURES"});
    if (!rows) return rows.error();
    std::vector<std::string> lines{isTables ? "--- User Tables ---" : "--- User-defined Procedures ---"};
    for (std::size_t row = 0; row < rows->size(); ++row) {
        const std::string name = rows->at(row, isTables ? "TABLE_NAME" : "PROCEDURE_NAME");
        lines.push_back(isTables && isReplicated(*rows, row) ? name + " (DR)" : name);
    }
    lines.emplace_back();
    return lines;
}

/// The procedure of a statement, and its arguments. Errors: Unsupported.
Result<std::pair<std::string, std::vector<std::string>>> callOf(const runbooks::SqlStatement& statement) {
    if (statement.use == runbooks::StatementUse::Sql) {
        return std::pair{std::string("@AdHoc"), std::vector<std::string>{statement.text}};
    }
    if (statement.words.empty()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("'{}' is not complete", statement.text),
                     {},
                     "exec PROCEDURE ARGUMENTS, show tables, show procedures, describe TABLE"};
    }
    return std::pair{statement.words.front(),
                     std::vector<std::string>(statement.words.begin() + 1, statement.words.end())};
}

}  // namespace

runbooks::ShownTable shownTable(const engine::voltdb::ResultTable& table) {
    using engine::voltdb::ColumnType;
    runbooks::ShownTable shown;
    if (table.columns.size() == 1 && table.columns.front().name == "modified_tuples" && table.rows.size() == 1) {
        if (const auto* count = std::get_if<std::int64_t>(&table.rows.front().front())) shown.changedRows = *count;
    }
    shown.columns.reserve(table.columns.size());
    for (const engine::voltdb::LogColumn& column : table.columns) {
        const bool isText = column.type == ColumnType::Varchar || column.type == ColumnType::Varbinary ||
                            column.type == ColumnType::Timestamp;
        shown.columns.push_back({column.name, !isText});
    }
    shown.rows.reserve(table.rows.size());
    for (const engine::voltdb::RowImage& row : table.rows) {
        std::vector<std::optional<std::string>> cells;
        cells.reserve(table.columns.size());
        for (std::size_t at = 0; at < table.columns.size(); ++at) {
            cells.push_back(at < row.size() ? valueText(row[at], table.columns[at].type) : std::nullopt);
        }
        shown.rows.push_back(std::move(cells));
    }
    return shown;
}

Result<std::vector<std::string>> runStatement(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                              const runbooks::SqlStatement& statement,
                                              const runbooks::TableStyle& style) {
    using runbooks::StatementUse;
    std::vector<std::string> lines;
    if (statement.use == StatementUse::Exit || statement.use == StatementUse::Help) return lines;
    if (statement.use == StatementUse::Show && !statement.words.empty()) {
        return show(world, places, statement.words.front());
    }
    auto call = callOf(statement);
    if (!call) return call.error();
    if (statement.use == StatementUse::Describe) call->first = "@SystemCatalog", call->second = {"COLUMNS"};
    const Millis from = world.steadyMs();
    auto tables = world.ask(places, call->first, call->second);
    if (!tables) return tables.error();
    const double tookS = static_cast<double>(world.steadyMs() - from) / 1'000;
    for (engine::voltdb::ResultTable& table : *tables) {
        const bool isDdl =
            table.columns.size() == 1 && table.columns.front().name == "STATUS" && statement.use == StatementUse::Sql;
        if (isDdl) {
            if (!style.skipMetadata) lines.emplace_back("Command succeeded.");
            continue;
        }
        if (statement.use == StatementUse::Describe) {
            const auto name = std::find_if(table.columns.begin(), table.columns.end(),
                                           [](const auto& column) { return column.name == "TABLE_NAME"; });
            const auto at = static_cast<std::size_t>(name - table.columns.begin());
            std::erase_if(table.rows, [&](const engine::voltdb::RowImage& row) {
                const auto* text = at < row.size() ? std::get_if<std::string>(&row[at]) : nullptr;
                return text == nullptr || toLower(*text) != toLower(statement.words.front());
            });
            if (table.rows.empty()) {
                return Error{ErrorCode::NotFound,
                             fmt::format("there is no table {}", statement.words.front()),
                             {},
                             "sqlcmd, show tables"};
            }
        }
        const auto written = runbooks::tableLines(shownTable(table), style, tookS);
        lines.insert(lines.end(), written.begin(), written.end());
    }
    return lines;
}

Status runSql(DatabaseWorld& world, const Operation& op, const LinesTold& told) {
    const std::string servers = op.text("servers");
    const auto places = world.meant(servers.substr(0, servers.find(',')));
    if (!places) return places.error();
    const auto statements = runbooks::splitStatements(op.text("query"));
    if (!statements) return statements.error();
    const runbooks::TableStyle style{runbooks::tableFormatNamed(op.text("format")), op.flag("skip-metadata")};
    for (const runbooks::SqlStatement& each : *statements) {
        if (each.use == runbooks::StatementUse::Exit) return okStatus();
        const auto lines = runStatement(world, *places, each, style);
        if (!lines) return lines.error();
        told(*lines);
    }
    return okStatus();
}

Result<Outcome> executeOnDatabases(DatabaseWorld& world, const Operation& op, Millis timeoutMs) {
    if (op.verb == Verb::VoltInit || op.verb == Verb::VoltStart) return runTool(world, op, timeoutMs);
    if (op.verb == Verb::SqlRun) {
        Outcome outcome;
        const Status done = runSql(world, op, [&](const std::vector<std::string>& lines) {
            outcome.lines.insert(outcome.lines.end(), lines.begin(), lines.end());
        });
        if (!done) return done.error();
        return outcome;
    }
    return Admin(world, op).run();
}

}  // namespace tributary::app
