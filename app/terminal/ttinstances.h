// tt start, stop, ... : the words of an environment's instances.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "app/terminal/verb.h"

namespace tributary::app {

/// What the verbs on instances were asked for.
struct InstanceWords {
    std::string which;       ///< "APP" or "APP:INSTANCE"; empty = all
    std::string era;         ///< of tt start: "3.0", "2.6"; empty = as it was
    bool isSure = false;     ///< -y, -f: nobody is asked
    std::size_t lines = 10;  ///< of tt log
};

/// Adds init, start, stop, restart, kill, status, instances, check, log and clean; `chosen` becomes the work of the one
/// that was given.
void addInstanceWords(CLI::App& app, std::function<int(const VerbContext&)>& chosen);

/// Adds replicaset (status, rebootstrap), and by name what of tt is not carried.
void addReplicasetWords(CLI::App& app, std::function<int(const VerbContext&)>& chosen);
/// How many write in a replica set, as tt says it: of so many that are known to, and so many that tell nothing.
[[nodiscard]] const char* masterWord(std::size_t writers, std::size_t untold);
/// One instance: stopped, without its data files, started. As tt does it: whoever has its rows is not asked, and a
/// peer's stopped applier stays so (the runbook tarantool-rebootstrap does all of it). Nothing is touched when its
/// configuration could not start it.
int rebootstrapInstance(const VerbContext& context, const InstanceWords& words);

/// Whether a word means an instance here, and no address: "APP:INSTANCE" with a name behind the colon.
[[nodiscard]] bool isInstanceWord(const std::string& word);

/// The console of a running instance: statements run in a child process, `box` in the instance.
int runInstanceConsole(const VerbContext& context, const std::string& which, const std::string& file, bool goesOn,
                       std::uint64_t deadlineS);

}  // namespace tributary::app
