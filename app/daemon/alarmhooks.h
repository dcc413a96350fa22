// Runs a program when an alarm is raised or cleared.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/units.h"

namespace tributary::app {

struct AlarmEvent {
    bool raised = true;
    std::string cluster;
    std::string name;
    std::string entity;
    std::string description;
    Millis atMs = 0;  ///< UTC
};

/// One program at a time, in the order of the events, on a thread of its own: whoever reports an event never waits. At
/// most kWaitingMax events wait; what comes on top is logged and dropped. The program's output, its end when that was
/// not 0, and its being ended after the timeout are lines for `log`.
class AlarmHooks {
public:
    static constexpr std::size_t kWaitingMax = 100;

    struct Options {
        std::vector<std::string> command;  ///< a program's absolute path and its words
        Millis timeoutMs = 30'000;
        std::string workspace;
        std::function<void(const std::string&)> log;  ///< any thread
        std::string folder;  ///< the program's own, made (0700) when it is missing; empty: that of the process
    };
    explicit AlarmHooks(Options options);
    /// Ends the program that runs, drops what waits.
    ~AlarmHooks();
    AlarmHooks(const AlarmHooks&) = delete;
    AlarmHooks& operator=(const AlarmHooks&) = delete;

    /// Any thread; never blocks for long.
    void report(AlarmEvent event);

private:
    void work();
    void run(const AlarmEvent& event);
    [[nodiscard]] bool stopping();

    Options options_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<AlarmEvent> waiting_;
    std::size_t dropped_ = 0;
    bool stopping_ = false;
    std::thread worker_;
};

/// The variables that the program finds in its environment, "NAME=value"; `tributary help monitoring` documents them.
[[nodiscard]] std::vector<std::string> alarmVariables(const AlarmEvent& event, const std::string& workspace);

}  // namespace tributary::app
