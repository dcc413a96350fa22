// What a verb is: a name, a help line, options, and work that ends with an exit code.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/terminal/terminaltext.h"
#include "core/base/result.h"

namespace tributary::app {

/// Options that every verb takes, and where its words go. stdout is data, stderr is talk.
struct VerbContext {
    std::string workspaceDir;  ///< -w / --workspace; empty = found from the current folder upwards
    std::string user;          ///< --as; empty = the operating system's
    bool json = false;         ///< --json: one document on stdout
    bool quiet = false;
    bool noInput = false;  ///< --no-input: never ask
    bool colour = false;   ///< stdout is a terminal and NO_COLOR, TERM=dumb, --no-color do not forbid it
    bool outIsTerminal = false;
    bool errIsTerminal = false;
    int columns = 80;  ///< of the terminal

    /// " -w DIR --as USER" as they were given, quoted for a shell: commands to try next go to the same place.
    [[nodiscard]] std::string hereOptions() const;
    /// Prints an error as the product does (text and "try:" line on stderr, or a JSON error document with --json on
    /// stdout) and returns the exit code that belongs to it: 2 for what is wrong or not there, 3 for Unavailable and
    /// Timeout, 70 and 130 for our mistakes and for stops, 1 else.
    [[nodiscard]] int fail(const Error& error) const;
    /// The same where the verb means another code; the document of --json tells it too.
    [[nodiscard]] int fail(const Error& error, int exit) const;
};

/// One verb. `describe` adds its options to a CLI11 sub-command; the returned work runs after parsing.
struct Verb {
    std::string name;
    std::string group;     ///< "workspace", "runbooks", "data", "dialects", "help"
    std::string summary;   ///< one line
    std::string examples;  ///< shown first by --help, one per line
    std::function<std::function<int(VerbContext&)>(CLI::App&)> describe;
    bool rawArguments = false;  ///< everything behind the name is the verb's own (dialect commands)
};

// One function per file of verbs; verbtable.cpp joins them.
std::vector<Verb> workspaceVerbs();  ///< new, check, up, down, status, watch
std::vector<Verb> planVerbs();       ///< plan, apply, adopt
std::vector<Verb> dialectVerbs();    ///< maprcli, hbase, console, env
std::vector<Verb> tarantoolVerbs();  ///< tt
std::vector<Verb> databaseVerbs();   ///< voltdb, voltadmin, sqlcmd
std::vector<Verb> dataVerbs();       ///< put, get, scan, delete, load, diff
std::vector<Verb> streamVerbs();     ///< produce, consume
std::vector<Verb> workloadVerbs();   ///< workload
std::vector<Verb> runbookVerbs();    ///< run, runbook, report, export, import
std::vector<Verb> faultVerbs();      ///< fault
std::vector<Verb> helpVerbs();       ///< help, completion
std::vector<Verb> benchVerbs();      ///< bench
std::vector<Verb> certVerbs();       ///< cert
std::vector<Verb> careVerbs();       ///< backup, restore, support, doctor, metrics

/// All verbs, in the order of help.
const std::vector<Verb>& verbTable();

}  // namespace tributary::app
