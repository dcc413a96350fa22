// The thread, and the way of a call to the executor and back.
#include "app/scripts/scriptrunner.h"

#include <future>

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

/// `box` of a script on the runner's thread: asked on the executor, waited for here.
class ExecutorsBox final : public tt::BoxBackend {
public:
    ExecutorsBox(engine::Executor& executor, const tt::DoorScripts::Box& box) : executor_(executor), box_(box) {}

    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        auto promise = std::make_shared<std::promise<tt::BoxAnswer>>();
        auto answer = promise->get_future();
        executor_.post([promise, box = box_, method = std::string(method), arguments = Bytes(arguments)] {
            box(method, arguments, [promise](tt::BoxAnswer given) { promise->set_value(std::move(given)); });
        });
        promise.reset();
        try {
            return answer.get();
        } catch (const std::future_error&) {  // the instance stops: what it was asked is dropped
            return tt::BoxFailure{0, "the instance is stopping", {}};
        }
    }

private:
    engine::Executor& executor_;
    const tt::DoorScripts::Box& box_;
};

}  // namespace

ScriptRunner::ScriptRunner(std::unique_ptr<ScriptProcess> process)
    : process_(std::move(process)), thread_([this] { work(); }) {}

ScriptRunner::~ScriptRunner() {
    stop();
}

void ScriptRunner::stop() {
    std::deque<Waiting> dropped;
    {
        const std::lock_guard lock(mutex_);
        isOver_ = true;
        dropped.swap(waiting_);
    }
    wake_.notify_one();
    process_->interrupt();
    if (thread_.joinable()) thread_.join();
}

void ScriptRunner::run(tt::DoorScript script, engine::Executor& executor, Box box, Answered done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < kWaitingMax && !isOver_) {
            waiting_.push_back({std::move(script), &executor, std::move(box), std::move(done)});
            wake_.notify_one();
            return;
        }
    }
    done(tt::BoxFailure{1, "too many scripts wait", {}});
}

void ScriptRunner::work() {
    while (true) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return isOver_ || !waiting_.empty(); });
        if (isOver_) return;
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        ExecutorsBox box(*next.executor, next.box);
        tt::BoxAnswer answer = process_->run(next.script, box);
        next.executor->post(
            [done = std::move(next.done), answer = std::move(answer)]() mutable { done(std::move(answer)); });
        // Callbacks may hold what lives on the executor: they die there, with the task.
        next.executor->post([box = std::move(next.box)] {});
    }
}

}  // namespace tributary::app
