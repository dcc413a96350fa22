// A process for each run; its outcome comes back in a file.
#include "sweeppool.h"

#include <fmt/format.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>

namespace tributary::sweep {
namespace {

constexpr unsigned kRunSecondsMax = 300;

std::string oneLine(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

void write(const std::string& path, const Outcome& outcome) {
    std::ofstream out(path);
    for (const std::string& line : outcome.crashes) out << "c " << oneLine(line) << '\n';
    for (const std::string& line : outcome.losses) out << "l " << oneLine(line) << '\n';
    for (const std::string& line : outcome.silent) out << "s " << oneLine(line) << '\n';
    for (const PlaceCalls& place : outcome.places)
        out << "p " << place.hash << ' ' << place.caller << ' ' << place.calls << '\n';
    out << "n";
    for (const std::uint64_t calls : outcome.calls) out << ' ' << calls;
    out << "\nr " << outcome.refused << '\n';
}

Outcome read(const std::string& path) {
    Outcome outcome;
    std::ifstream in(path);
    bool whole = false;
    for (std::string word; in >> word;) {
        std::string rest;
        if (word == "p") {
            PlaceCalls place;
            in >> place.hash >> place.caller >> place.calls;
            outcome.places.push_back(place);
        } else if (word == "n") {
            for (std::uint64_t& calls : outcome.calls) in >> calls;
        } else if (word == "r") {
            in >> outcome.refused;
            whole = true;
        } else {
            std::getline(in >> std::ws, rest);
            (word == "c" ? outcome.crashes : word == "l" ? outcome.losses : outcome.silent).push_back(rest);
        }
    }
    if (!whole) outcome.crashes.emplace_back("the run itself ended early");
    return outcome;
}

[[noreturn]] void runOne(const std::string& dir, const Fault& fault) {
    ::alarm(kRunSecondsMax);
    // Places are known by addresses. It lasts through the starts of other programs.
    ::personality(ADDR_NO_RANDOMIZE);
    int argc = 1;
    char name[] = "fault_sweep";
    char* argv[] = {name, nullptr};
    const QCoreApplication application(argc, argv);
    write(dir + ".result", runScript(dir, fault));
    ::_exit(0);
}

}  // namespace

void runAll(const std::vector<Fault>& faults, const PoolOptions& options,
            const std::function<void(const Fault&, const Outcome&)>& told) {
    std::filesystem::create_directories(options.dir);
    std::map<pid_t, std::size_t> running;
    const auto dirOf = [&options, own = ::getpid()](std::size_t i) {
        return fmt::format("{}/{}-{}", options.dir, own, i);
    };
    for (std::size_t next = 0; next < faults.size() || !running.empty();) {
        if (next < faults.size() && running.size() < static_cast<std::size_t>(options.jobs)) {
            std::fflush(stdout);
            const pid_t pid = ::fork();
            if (pid == 0) runOne(dirOf(next), faults[next]);
            if (pid > 0) running[pid] = next++;
            if (pid > 0 || running.empty()) continue;
        }
        const pid_t ended = ::wait(nullptr);
        const auto at = running.find(ended);
        if (at == running.end()) continue;
        const std::string result = dirOf(at->second) + ".result";
        told(faults[at->second], read(result));
        std::filesystem::remove(result);
        running.erase(at);
    }
}

}  // namespace tributary::sweep
