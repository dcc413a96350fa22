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
        return outcomeOf(answer);
    }

    /// All of them in one turn of the executor, as long as they are answered at once.
    std::optional<tt::BoxFailure> callMany(BytesView calls) {
        auto promise = std::make_shared<std::promise<tt::BoxAnswer>>();
        auto answer = promise->get_future();
        executor_.post([promise, box = box_, calls = std::make_shared<const Bytes>(calls)] {
            carryOut(box, calls, 0, [promise](tt::BoxAnswer given) { promise->set_value(std::move(given)); });
        });
        promise.reset();
        tt::BoxAnswer given = outcomeOf(answer);
        auto* failure = std::get_if<tt::BoxFailure>(&given);
        return failure == nullptr ? std::nullopt : std::optional(std::move(*failure));
    }

private:
    using Given = std::function<void(tt::BoxAnswer)>;

    static tt::BoxAnswer outcomeOf(std::future<tt::BoxAnswer>& answer) {
        try {
            return answer.get();
        } catch (const std::future_error&) {  // the instance stops: what it was asked is dropped
            return tt::BoxFailure{0, "the instance is stopping", {}};
        }
    }

    /// From `offset` on; each after the one before it was answered.
    static void carryOut(const tt::DoorScripts::Box& box, const std::shared_ptr<const Bytes>& calls, std::size_t offset,
                         const Given& given) {
        while (true) {
            ByteReader reader(BytesView(*calls).substr(offset));
            const BytesView method = reader.blob();
            const BytesView arguments = reader.blob();
            if (!reader.ok()) {
                given(tt::BoxFailure{1, "a list of calls is damaged", {}});
                return;
            }
            const auto next = static_cast<std::size_t>(reader.position() - calls->data());
            const bool isLast = reader.atEnd();
            enum class Where { Here, Answered, Later };
            const auto where = std::make_shared<Where>(Where::Here);
            box(method, arguments, [box, calls, next, isLast, given, where](tt::BoxAnswer answer) {
                if (isLast || std::holds_alternative<tt::BoxFailure>(answer)) {
                    *where = Where::Later;
                    given(std::move(answer));
                } else if (*where == Where::Here) {
                    *where = Where::Answered;
                } else {
                    carryOut(box, calls, next, given);
                }
            });
            if (*where != Where::Answered) {
                *where = Where::Later;
                return;
            }
            offset = next;
        }
    }

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
        tt::BoxAnswer answer = process_->run(next.script, box, [&box](BytesView calls) { return box.callMany(calls); });
        next.executor->post(
            [done = std::move(next.done), answer = std::move(answer)]() mutable { done(std::move(answer)); });
        // Callbacks may hold what lives on the executor: they die there, with the task.
        next.executor->post([box = std::move(next.box)] {});
    }
}

}  // namespace tributary::app
