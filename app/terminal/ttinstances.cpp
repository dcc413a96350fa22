// Instances of an environment: started, stopped, looked at.
#include "app/terminal/ttinstances.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>

#include "app/instances/instanceprocess.h"
#include "app/instances/instancesetup.h"
#include "app/terminal/consoleinput.h"
#include "app/terminal/terminaltext.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/tarantool/instance/erawords.h"

namespace tributary::app {
namespace {

constexpr std::size_t kColumnGap = 5;

void say(const VerbContext& context, const std::string& text) {
    if (!context.quiet) fmt::print(stderr, "   • {}\n", text);
}

/// Asks at a terminal only; elsewhere, and with -y, the answer is yes.
bool isConfirmed(const VerbContext& context, const InstanceWords& words, const std::string& question) {
    const bool asks = !words.isSure && !context.noInput && ::isatty(STDIN_FILENO) != 0 && context.errIsTerminal;
    if (!asks) return true;
    const auto input = editedInput({}, [](const auto&, const auto&) { return std::vector<std::string>(); });
    const auto line = input->next(question + " [y/n]: ");
    return line == "y" || line == "Y" || line == "yes";
}

using Each = std::function<Status(const InstancePlace& place, const InstanceSeen& seen)>;

/// What is done with every instance that was meant; the first error ends it.
int forEach(const VerbContext& context, const InstanceWords& words, const Each& each) {
    const auto environment = findEnvironment(context.workspaceDir.empty() ? "." : context.workspaceDir);
    if (!environment) return context.fail(environment.error());
    const auto places = findInstances(environment.value(), words.which);
    if (!places) return context.fail(places.error());
    if (places.value().empty()) {
        return context.fail(Error{ErrorCode::NotFound, "no instance is enabled", environment.value(),
                                  "make instances.enabled/APP/instances.yml and config.yaml"});
    }
    for (const InstancePlace& place : places.value()) {
        const auto seen = lookAt(place);
        const Status done = seen ? each(place, seen.value()) : Status(seen.error());
        if (!done) return context.fail(done.error());
    }
    return 0;
}

void sayStarting(const VerbContext& context, const InstancePlace& place) {
    say(context, fmt::format("Starting an instance [{}]...", place.title()));
}

Status startOne(const VerbContext& context, const InstancePlace& place, const InstanceSeen& seen,
                const std::string& eraName) {
    if (seen.life == InstanceLife::Running) {
        say(context, fmt::format("The instance {} (PID = {}) is already running.", place.title(), seen.pid));
        return okStatus();
    }
    if (const auto era = engine::tarantool::eraOf(eraName)) {
        if (Status set = setEra(place, *era); !set) return set;
    }
    sayStarting(context, place);
    const auto setup = readInstance(place);
    return setup ? startInstance(place, setup.value()) : Status(setup.error());
}

Status stopOne(const VerbContext& context, const InstancePlace& place, const InstanceSeen& seen) {
    if (seen.life != InstanceLife::Running) {
        say(context, fmt::format("The instance {} is not running.", place.title()));
        return okStatus();
    }
    const auto stopped = stopInstance(place, seen.pid);
    if (!stopped) return stopped.error();
    say(context, fmt::format("The Instance {} (PID = {}) has been terminated.", place.title(), stopped.value()));
    return okStatus();
}

int start(const VerbContext& context, const InstanceWords& words) {
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen& seen) {
        return startOne(context, place, seen, words.era);
    });
}

int stop(const VerbContext& context, const InstanceWords& words) {
    return forEach(context, words,
                   [&](const InstancePlace& place, const InstanceSeen& seen) { return stopOne(context, place, seen); });
}

int restart(const VerbContext& context, const InstanceWords& words) {
    const std::string what = words.which.empty() ? "all instances" : "'" + words.which + "'";
    if (!isConfirmed(context, words, "Confirm restart of " + what)) {
        say(context, "Restart is cancelled.");
        return 0;
    }
    if (const int stopped = stop(context, words); stopped != 0) return stopped;
    return start(context, words);
}

int kill(const VerbContext& context, const InstanceWords& words) {
    const std::string what = words.which.empty() ? "all instances" : "'" + words.which + "'";
    if (!isConfirmed(context, words, "Confirm kill of " + what)) {
        say(context, "Kill is cancelled.");
        return 0;
    }
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen& seen) -> Status {
        if (seen.life != InstanceLife::Running) {
            say(context, fmt::format("The instance {} is not running.", place.title()));
            return okStatus();
        }
        const auto killed = killInstance(place, seen.pid);
        if (!killed) return killed.error();
        say(context, fmt::format("The instance {} (PID = {}) has been killed.", place.title(), killed.value()));
        return okStatus();
    });
}

int status(const VerbContext& context, const InstanceWords& words) {
    std::vector<std::array<std::string, 3>> rows{{"INSTANCE", "STATUS", "PID"}};
    nlohmann::ordered_json documents = nlohmann::ordered_json::array();
    const int code = forEach(context, words, [&](const InstancePlace& place, const InstanceSeen& seen) {
        const bool runs = seen.life == InstanceLife::Running;
        const std::string life = runs                              ? "RUNNING"
                                 : seen.life == InstanceLife::Dead ? "ERROR. The process is dead"
                                                                   : "NOT RUNNING";
        rows.push_back({place.title(), life, runs ? std::to_string(seen.pid) : std::string()});
        nlohmann::ordered_json document{{"instance", place.title()}, {"status", life}};
        if (runs) document["pid"] = seen.pid;
        documents.push_back(std::move(document));
        return okStatus();
    });
    if (code != 0) return code;
    if (context.json) {
        printJson({{"instances", documents}});
        return 0;
    }
    std::array<std::size_t, 2> widths{};
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        fmt::print("{:<{}}{:<{}}{}\n", row[0], widths[0] + kColumnGap, row[1], widths[1] + kColumnGap, row[2]);
    }
    return 0;
}

int instances(const VerbContext& context, const InstanceWords& words) {
    const auto environment = findEnvironment(context.workspaceDir.empty() ? "." : context.workspaceDir);
    if (!environment) return context.fail(environment.error());
    const auto places = findInstances(environment.value(), words.which);
    if (!places) return context.fail(places.error());
    fmt::print("List of enabled applications:\n");
    std::string app;
    for (const InstancePlace& place : places.value()) {
        if (place.app != app) fmt::print("• {}\n", place.app);
        app = place.app;
        fmt::print("   • {}\n", place.name);
    }
    return 0;
}

int check(const VerbContext& context, const InstanceWords& words) {
    std::string told;
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen&) -> Status {
        const auto setup = readInstance(place);
        if (!setup) return setup.error();
        if (told != place.configFile()) {
            say(context, fmt::format("Result of check: syntax of file '{}' is OK", place.configFile()));
        }
        told = place.configFile();
        return okStatus();
    });
}

int log(const VerbContext& context, const InstanceWords& words) {
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen&) {
        std::ifstream file(place.logFile());
        std::deque<std::string> last;
        for (std::string line; std::getline(file, line);) {
            last.push_back(line);
            if (last.size() > words.lines) last.pop_front();
        }
        for (const std::string& line : last) fmt::print("{}: {}\n", place.title(), line);
        return okStatus();
    });
}

int clean(const VerbContext& context, const InstanceWords& words) {
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen& seen) -> Status {
        if (seen.life == InstanceLife::Running) {
            return Error{ErrorCode::Conflict,
                         fmt::format("instance {} (PID = {}) is running", place.title(), seen.pid),
                         {},
                         "tributary tt stop " + place.title()};
        }
        const bool asks = ::isatty(STDIN_FILENO) != 0 && context.errIsTerminal && !context.noInput;
        if (!words.isSure && !asks) {
            return Error{ErrorCode::InvalidInput, "what clean deletes does not come back", "-f",
                         "tributary tt clean -f " + place.title()};
        }
        if (!isConfirmed(context, words, fmt::format("Delete all data and logs of {}", place.title()))) {
            say(context, "Clean is cancelled.");
            return okStatus();
        }
        std::error_code failed;
        for (const std::string& folder : {place.libFolder(), place.logFolder(), place.runFolder()}) {
            std::filesystem::remove_all(folder, failed);
            if (failed) return Error{ErrorCode::Io, failed.message(), folder, {}};
        }
        say(context, fmt::format("The files of {} are deleted.", place.title()));
        return okStatus();
    });
}

int init(const VerbContext& context, const InstanceWords& words) {
    std::error_code ignored;
    if (std::filesystem::exists("tt.yaml", ignored) && !words.isSure) {
        return context.fail(Error{ErrorCode::AlreadyExists, "tt.yaml is there already", "tt.yaml", "tt init -f"});
    }
    engine::RealFileOps files;
    const Status written = files.replace("tt.yaml", "env:\n  instances_enabled: instances.enabled\n");
    if (!written) return context.fail(written.error());
    for (const char* folder : {"instances.enabled", "modules", "include", "bin", "distfiles", "templates"}) {
        if (const Status made = files.makeDirs(folder); !made) return context.fail(made.error());
    }
    say(context, "Environment config is written to 'tt.yaml'");
    return 0;
}

}  // namespace

void addInstanceWords(CLI::App& app, std::function<int(const VerbContext&)>& chosen) {
    struct Word {
        const char* name;
        const char* summary;
        int (*work)(const VerbContext&, const InstanceWords&);
        const char* sure;  ///< nullptr: it asks nothing
    };
    static constexpr std::array<Word, 10> kWords{
        {{"init", "Make an environment of tt in this folder", init, "-f,--force"},
         {"start", "Start instances, a process for each", start, nullptr},
         {"stop", "Stop instances", stop, "-y,--yes"},
         {"restart", "Stop instances and start them", restart, "-y,--yes"},
         {"kill", "End the processes of instances at once", kill, "-f,--force"},
         {"status", "Which instances run, and as which process", status, nullptr},
         {"instances", "List the instances that are enabled", instances, nullptr},
         {"check", "Read the configuration of instances", check, nullptr},
         {"log", "The last lines of the logs of instances", log, nullptr},
         {"clean", "Delete data and logs of instances that are stopped", clean, "-f,--force"}}};
    for (const Word& word : kWords) {
        CLI::App* sub = app.add_subcommand(word.name, word.summary);
        auto words = std::make_shared<InstanceWords>();
        if (word.work != init) {
            sub->add_option("APP", words->which, "APP or APP:INSTANCE of instances.enabled; none = all")
                ->type_name("APP[:INSTANCE]");
        }
        if (word.work == start) {
            sub->add_option("--era", words->era,
                            "Like which Tarantool it begins: 3.0 (as the tutorial's page shows it) or 2.6. It stays so")
                ->type_name("VERSION")
                ->check(CLI::IsMember({"3.0", "2.6"}));
        }
        if (word.sure != nullptr) sub->add_flag(word.sure, words->isSure, "Do it without a question");
        if (word.work == log) {
            sub->add_option("-n,--lines", words->lines, "How many lines of each (10)")->type_name("NUMBER");
        }
        sub->parse_complete_callback([&chosen, words, work = word.work] {
            chosen = [words, work](const VerbContext& context) { return work(context, *words); };
        });
    }
}

int rebootstrapInstance(const VerbContext& context, const InstanceWords& words) {
    if (!isInstanceWord(words.which)) {
        return context.fail(Error{ErrorCode::InvalidInput, "one instance is made anew at a time", words.which,
                                  "tributary tt replicaset rebootstrap APP:INSTANCE"});
    }
    const std::string name = words.which.substr(words.which.find(':') + 1);
    if (!isConfirmed(context, words,
                     fmt::format("Rebootstrap will stop the instance {} and remove all its data files. Do you want to "
                                 "continue?",
                                 name))) {
        say(context, "Rebootstrap is cancelled.");
        return 0;
    }
    return forEach(context, words, [&](const InstancePlace& place, const InstanceSeen& seen) -> Status {
        // What cannot start keeps its data.
        const auto setup = readInstance(place);
        if (!setup) return setup.error();
        if (Status stopped = stopOne(context, place, seen); !stopped) return stopped;
        std::error_code failed;
        for (const auto& entry : std::filesystem::directory_iterator(place.volume(), failed)) {
            const auto kind = entry.path().extension();
            if (kind != ".snap" && kind != ".xlog" && kind != ".vylog") continue;
            std::filesystem::remove(entry.path(), failed);
            if (failed) return Error{ErrorCode::Io, failed.message(), entry.path().string(), {}};
        }
        sayStarting(context, place);
        return startInstance(place, setup.value());
    });
}

bool isInstanceWord(const std::string& word) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos || colon == 0 || word.find_first_of("@/") != std::string::npos) return false;
    const std::string name = word.substr(colon + 1);
    return !name.empty() && name.find_first_not_of("0123456789") != std::string::npos &&
           name.find(':') == std::string::npos;
}

}  // namespace tributary::app
