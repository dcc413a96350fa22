// Processes in which scripts of clients run, for an owner that has threads by the time it needs them.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>

#include "core/base/units.h"
#include "engine/systems/tarantool/data/boxbackend.h"
#include "engine/systems/tarantool/door/doorscripts.h"
#include "engine/systems/tarantool/script/togethercalls.h"

namespace tributary::app {

/// Runs one script at a time. A helper process is forked when it is made, while the owner has one thread; the helper
/// forks a restricted process for scripts (restrictedprocess.h) whenever there is none. One thread at a time.
class ScriptProcess {
public:
    static constexpr Millis kGraceMs = 2'000;  ///< between what a script does by itself and its end by force

    /// The calling process must have one thread. Errors: Io.
    static Result<std::unique_ptr<ScriptProcess>> make(Millis deadlineMs);
    ~ScriptProcess();
    ScriptProcess(const ScriptProcess&) = delete;
    ScriptProcess& operator=(const ScriptProcess&) = delete;

    /// What the script answered; a failure also when it was killed, or its process has died. `box` answers what it asks
    /// meanwhile, `many` what it asks together.
    engine::tarantool::BoxAnswer run(const engine::tarantool::DoorScript& script, engine::tarantool::BoxBackend& box,
                                     const engine::tarantool::CallMany& many);

    /// Ends the script at work, which fails then. Any thread.
    void interrupt();

private:
    ScriptProcess(pid_t helper, int orders, int words, Millis deadlineMs)
        : helper_(helper), orders_(orders), words_(words), deadlineMs_(deadlineMs) {}
    Status start();
    void end();

    pid_t helper_;
    int orders_;  ///< to the helper
    int words_;   ///< from the helper
    Millis deadlineMs_;
    std::atomic<pid_t> pid_{-1};  ///< of the scripts' process
    int in_ = -1;
    int out_ = -1;
};

}  // namespace tributary::app
