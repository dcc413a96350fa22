// Scripts of an instance's clients, on a thread of their own.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "app/scripts/scriptprocess.h"

namespace tributary::app {

/// A queue, and a thread that waits for the scripts' process so that no executor does.
class ScriptRunner final : public engine::tarantool::DoorScripts {
public:
    static constexpr std::size_t kWaitingMax = 1'000;  ///< above it scripts are refused

    explicit ScriptRunner(std::unique_ptr<ScriptProcess> process);
    ~ScriptRunner() override;
    ScriptRunner(const ScriptRunner&) = delete;
    ScriptRunner& operator=(const ScriptRunner&) = delete;

    /// Ends the script at work and drops those that wait; from now on they are refused. To be called while the
    /// executors of those who asked are still there. Blocks until the thread has ended.
    void stop();
    void run(engine::tarantool::DoorScript script, engine::Executor& executor, Box box, Answered done) override;

private:
    struct Waiting {
        engine::tarantool::DoorScript script;
        engine::Executor* executor;
        Box box;
        Answered done;
    };
    void work();

    std::unique_ptr<ScriptProcess> process_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> waiting_;
    bool isOver_ = false;
    std::thread thread_;
};

}  // namespace tributary::app
