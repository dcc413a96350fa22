// Prints rows/s of the commit log on a real folder: bench_log [folder] [rows]. Not a test.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include "logworld.h"
#include "posixfiles.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::test;

namespace {

using Ticks = std::chrono::steady_clock;

/// A thread that runs tasks in order until its queue is closed.
class TaskThread {
public:
    TaskThread() : thread_([this] { loop(); }) {}
    ~TaskThread() {
        post(nullptr);
        thread_.join();
    }
    void post(Task task) {
        const std::lock_guard<std::mutex> lock(mutex_);
        tasks_.push_back(std::move(task));
        wake_.notify_one();
    }

private:
    void loop() {
        for (;;) {
            std::unique_lock<std::mutex> lock(mutex_);
            wake_.wait(lock, [this] { return !tasks_.empty(); });
            const Task task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            if (!task) return;
            task();
        }
    }
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> tasks_;
    std::thread thread_;
};

/// The calling thread as executor, until told to stop.
class CallerExecutor final : public Executor {
public:
    void post(Task task) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        tasks_.push_back(std::move(task));
        wake_.notify_one();
    }
    template <typename Until>
    void runUntil(Until until) {
        while (!until()) {
            std::unique_lock<std::mutex> lock(mutex_);
            wake_.wait(lock, [this] { return !tasks_.empty(); });
            const Task task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> tasks_;
};

class ThreadWorkers final : public Workers {
public:
    void run(WorkKind kind, Executor& reply, Task work, Task done) override {
        auto& thread = kind == WorkKind::LogSync ? sync_ : (kind == WorkKind::Read ? read_ : checkpoint_);
        thread.post([&reply, work = std::move(work), done = std::move(done)] {
            work();
            reply.post(done);
        });
    }

private:
    TaskThread sync_, read_, checkpoint_;
};

class SteadyClock final : public Clock {
public:
    [[nodiscard]] Millis wallMs() const override { return monotonicUs() / 1000; }
    [[nodiscard]] Micros monotonicUs() const override {
        return std::chrono::duration_cast<std::chrono::microseconds>(Ticks::now().time_since_epoch()).count();
    }
};

struct Plan {
    const char* name;
    Durability durability;
    bool fillAhead;
    std::uint64_t rows;
    std::uint64_t rowsPerEntry;
    std::uint64_t clients;  ///< appends under way at once
};

void runPlan(const std::string& dir, const Plan& plan) {
    PosixFiles files;
    (void)files.removeTree(dir);
    CallerExecutor executor;
    ThreadWorkers workers;
    HandTimers timers;
    SteadyClock clock;
    NoTransport transport;
    FaultPoints faults;
    SeededRandom random(1);
    Seams seams{clock, executor, timers, workers, transport, files, random, faults, {}};
    LogOptions options;
    options.dir = dir;
    options.durability = plan.durability;
    options.fillAhead = plan.fillAhead;
    auto opened = openCommitLog(seams, options, 0, [](const LogEntry&) { return okStatus(); });
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().full().c_str());
        return;
    }
    CommitLog& log = *opened->log;
    const std::uint64_t entries = plan.rows / plan.rowsPerEntry;
    std::mt19937_64 words(7);
    Bytes noise(plan.rowsPerEntry * 124, '\0');
    for (char& byte : noise) byte = static_cast<char>(words());
    std::uint64_t sent = 0;
    std::uint64_t acked = 0;
    std::vector<double> latencyUs;
    latencyUs.reserve(entries);
    std::function<void()> send = [&] {
        if (sent == entries) return;
        ++sent;
        EntryEnvelope envelope;
        envelope.datasetId = 1;
        envelope.operations = static_cast<std::uint32_t>(plan.rowsPerEntry);
        const auto from = Ticks::now();
        log.append(envelope, std::make_shared<const Bytes>(noise), [&, from](const Status& status) {
            if (!status) std::fprintf(stderr, "%s\n", status.error().full().c_str());
            latencyUs.push_back(std::chrono::duration<double, std::micro>(Ticks::now() - from).count());
            ++acked;
            send();
        });
    };
    const auto start = Ticks::now();
    for (std::uint64_t i = 0; i < plan.clients; ++i) send();
    executor.runUntil([&] { return acked == entries; });
    const double seconds = std::chrono::duration<double>(Ticks::now() - start).count();
    std::sort(latencyUs.begin(), latencyUs.end());
    std::printf("%-34s %10.0f rows/s  %7.0f entries/s  p50 %6.0f us  p99 %6.0f us  max %6.0f us\n", plan.name,
                static_cast<double>(entries * plan.rowsPerEntry) / seconds, static_cast<double>(entries) / seconds,
                latencyUs[latencyUs.size() / 2], latencyUs[latencyUs.size() * 99 / 100], latencyUs.back());
    std::fflush(stdout);
    opened->log.reset();
    (void)files.removeTree(dir);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string dir = argc > 1 ? argv[1] : "bench_log.data";
    const std::uint64_t rows = argc > 2 ? std::stoull(argv[2]) : 1'000'000;
    const Plan plans[] = {
        {"fsync, batch 1000, filled, 1 client", Durability::Fsync, true, rows, 1000, 1},
        {"fsync, batch 1000, extended, 1 cl.", Durability::Fsync, false, rows, 1000, 1},
        {"fsync, batch 1000, filled, 4 cl.", Durability::Fsync, true, rows, 1000, 4},
        {"fsync, batch 1000, extended, 4 cl.", Durability::Fsync, false, rows, 1000, 4},
        {"write, batch 1000, filled, 1 client", Durability::Write, true, rows, 1000, 1},
        {"write, batch 1000, extended, 1 cl.", Durability::Write, false, rows, 1000, 1},
        {"fsync, batch 1, filled, 16 clients", Durability::Fsync, true, rows / 10, 1, 16},
        {"fsync, batch 1, extended, 16 cl.", Durability::Fsync, false, rows / 10, 1, 16},
        {"fsync, batch 1, filled, 1 client", Durability::Fsync, true, rows / 100, 1, 1},
    };
    for (int round = 0; round < 3; ++round) {
        for (const Plan& plan : plans) runPlan(dir, plan);
    }
    return 0;
}
