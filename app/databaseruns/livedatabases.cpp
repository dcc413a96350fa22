// Doors that stay open, processes, a child.
#include "app/databaseruns/livedatabases.h"

#include <poll.h>

#include <chrono>
#include <filesystem>

#include "app/instanceruns/toolchild.h"

namespace tributary::app {
namespace {

constexpr Millis kAnswerMs = 600'000;

}  // namespace

Result<std::vector<HostPlace>> LiveDatabases::hosts(const std::string& word) {
    return findHosts(environment_, word);
}

Result<std::vector<HostPlace>> LiveDatabases::meant(const std::string& word) {
    return hostsMeant(environment_, word);
}

std::string LiveDatabases::folder(const std::string& dir) {
    return (std::filesystem::path(environment_) / dir).lexically_normal().string();
}

Result<HostSeen> LiveDatabases::seen(const HostPlace& place) {
    return lookAtHost(place);
}

Result<HostSetup> LiveDatabases::setup(const HostPlace& place) {
    return readHost(place);
}

Result<ResultTables> LiveDatabases::ask(const std::vector<HostPlace>& places, const std::string& procedure,
                                        const std::vector<std::string>& arguments) {
    Result<ResultTables> answer = Error{ErrorCode::NotFound, "the cluster has no host", {}, {}};
    for (const HostPlace& place : places) {
        std::unique_ptr<DatabaseDoor>& door = doors_[place.title()];
        const bool isKept = door != nullptr;
        for (int tries = 0; tries < (isKept ? 2 : 1); ++tries) {
            if (door == nullptr) {
                auto opened = DatabaseDoor::connect(place, kAnswerMs);
                if (!opened) {
                    answer = opened.error();
                    continue;
                }
                door = std::move(opened).value();
            }
            answer = door->ask(procedure, arguments);
            // What was refused was answered; anything else may be a connection of the past.
            if (answer || answer.error().code == ErrorCode::Conflict) return answer;
            door.reset();
            if (answer.error().code == ErrorCode::Timeout) return answer;
        }
    }
    return answer;
}

Status LiveDatabases::stop(const HostPlace& place, bool isForced) {
    doors_.erase(place.title());
    const auto seen = lookAtHost(place);
    if (!seen) return seen.error();
    if (seen->life != HostLife::Running) return okStatus();
    auto stopped = stopHost(place, seen->pid);
    if (isForced && !stopped && stopped.error().code == ErrorCode::Timeout) stopped = killHost(place, seen->pid);
    return stopped ? okStatus() : Status(stopped.error());
}

Result<ToolAnswer> LiveDatabases::tool(const std::vector<std::string>& words, Millis timeoutMs) {
    return runTool(program_, environment_, words, {}, timeoutMs, stopped_);
}

bool LiveDatabases::pass(Millis ms) {
    (void)::poll(nullptr, 0, static_cast<int>(ms));
    return !stopped_ || !stopped_();
}

Millis LiveDatabases::steadyMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace tributary::app
