// Processes in which scripts of clients run, for an owner that has threads by the time it needs them.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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

    struct Options {
        Millis deadlineMs = 60'000;                 ///< for a script
        std::string restartFix;                     ///< how to start the owner anew: without its helper it has to be
        std::function<void(std::string_view)> log;  ///< of the thread that runs scripts; may be empty
    };
    /// The calling process must have one thread. From here on it ignores SIGPIPE: a process of scripts that is gone is
    /// an error, not the end of its owner. Errors: Io.
    static Result<std::unique_ptr<ScriptProcess>> make(Options options);
    ~ScriptProcess();
    ScriptProcess(const ScriptProcess&) = delete;
    ScriptProcess& operator=(const ScriptProcess&) = delete;

    /// What the script answered; a failure also when it was killed, or its process has died under it. `box` answers
    /// what it asks meanwhile, `many` what it asks together. A process that died before the script began is replaced
    /// once.
    engine::tarantool::BoxAnswer run(const engine::tarantool::DoorScript& script, engine::tarantool::BoxBackend& box,
                                     const engine::tarantool::CallMany& many);

    /// Ends the script at work, which fails then. Any thread.
    void interrupt();

    /// The helper's process.
    [[nodiscard]] pid_t helper() const { return helper_; }

private:
    ScriptProcess(pid_t helper, int orders, int words, Options options)
        : helper_(helper), orders_(orders), words_(words), options_(std::move(options)) {}
    Status start();
    void end();
    Error helperGone();
    enum class Begun { Yes, Late, Died };
    Begun begin(const engine::tarantool::DoorScript& script, Micros untilUs);

    pid_t helper_;
    int orders_;  ///< to the helper
    int words_;   ///< from the helper
    Options options_;
    bool isLossTold_ = false;
    std::atomic<pid_t> pid_{-1};  ///< of the scripts' process
    int in_ = -1;
    int out_ = -1;
};

}  // namespace tributary::app
