// The seams of a log under test: one thread, time by hand, workers that run when told to.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/log/commitlog.h"
#include "memdisk.h"

/// QVERIFY_OK for an expression with effects: evaluated once.
#define QVERIFY_DONE(expression)            \
    do {                                    \
        const auto& outcome = (expression); \
        QVERIFY_OK(outcome);                \
    } while (false)

namespace tributary::engine::test {

class QueueExecutor final : public Executor {
public:
    void post(Task task) override { tasks.push_back(std::move(task)); }
    std::deque<Task> tasks;
};

/// Work waits in one queue per kind until run.
class QueueWorkers final : public Workers {
public:
    void run(WorkKind kind, Executor& reply, Task work, Task done) override {
        queues[kind].push_back([&reply, work = std::move(work), done = std::move(done)] {
            work();
            reply.post(done);
        });
    }
    bool runOne(WorkKind kind) {
        auto& queue = queues[kind];
        if (queue.empty()) return false;
        Task task = std::move(queue.front());
        queue.pop_front();
        task();
        return true;
    }
    std::map<WorkKind, std::deque<Task>> queues;
};

class HandTimers final : public Timers {
public:
    TimerId after(Millis delayMs, Task task) override {
        pending[++last_] = {nowMs + delayMs, std::move(task)};
        return last_;
    }
    void cancel(TimerId id) override { pending.erase(id); }
    void advance(Millis byMs) {
        nowMs += byMs;
        for (bool fired = true; fired;) {
            fired = false;
            for (auto& [id, timer] : pending) {
                if (timer.first > nowMs) continue;
                Task task = std::move(timer.second);
                pending.erase(id);
                task();
                fired = true;
                break;
            }
        }
    }
    Millis nowMs = 0;
    std::map<TimerId, std::pair<Millis, Task>> pending;

private:
    TimerId last_ = 0;
};

class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : words_(seed) {}
    std::uint64_t next() override { return words_(); }

private:
    std::mt19937_64 words_;
};

/// A second passes between two looks: every load is a slow one. With stepUs 0 every load is a bulk load.
class SteppingClock final : public Clock {
public:
    [[nodiscard]] Millis wallMs() const override { return 1'700'000'000'000; }
    [[nodiscard]] Micros monotonicUs() const override { return nowUs_ += stepUs; }
    Micros stepUs = 1'000'000;

private:
    mutable Micros nowUs_ = 0;
};

class NoTransport final : public Transport {
public:
    Result<std::unique_ptr<Listener>> listen(const Endpoint&, OnAccept) override {
        return Error{ErrorCode::Unsupported, "no network here", {}, {}};
    }
    std::unique_ptr<Connection> dial(const Endpoint&) override { return nullptr; }
};

/// One life of a node's log on a disk.
class LogWorld {
public:
    explicit LogWorld(FileOps& files, std::uint64_t seed = 1) : random_(seed), files_(files) {
        options.dir = "vol/log";
        options.segmentBytes = 4096;
        options.firstSegmentBytes = 4096;
        options.settleMs = 0;
    }
    ~LogWorld() { log.reset(); }

    /// Opens; entries replayed are kept in `replayed`.
    Status open(Lsn replayFrom = 0) {
        replayed.clear();
        auto opened = openCommitLog(seams, options, replayFrom, [this](const LogEntry& entry) {
            replayed.push_back(entry);
            return okStatus();
        });
        if (!opened) return opened.error();
        log = std::move(opened->log);
        cleanShutdown = opened->cleanShutdown;
        tornBytes = opened->tornBytes;
        note = opened->note;
        return okStatus();
    }

    /// Appends a payload; the outcome lands in `acked` or `refused`.
    Lsn append(const Bytes& payload, std::uint32_t datasetId = 7) {
        EntryEnvelope envelope;
        envelope.datasetId = datasetId;
        envelope.operations = 2;
        envelope.receivedMs = 1000 + static_cast<Millis>(payload.size());
        const auto lsn = std::make_shared<Lsn>(0);
        *lsn =
            log->append(envelope, std::make_shared<const Bytes>(payload), [this, lsn, payload](const Status& status) {
                if (status.ok()) {
                    acked.emplace_back(*lsn, payload);
                } else {
                    refused.emplace_back(*lsn, status.error());
                }
            });
        return *lsn;
    }

    void runExecutor() {
        while (!executor.tasks.empty()) {
            Task task = std::move(executor.tasks.front());
            executor.tasks.pop_front();
            task();
        }
    }
    /// Runs everything until nothing is left to do.
    void settle() {
        for (bool more = true; more;) {
            runExecutor();
            more = false;
            for (WorkKind kind : {WorkKind::LogSync, WorkKind::Checkpoint, WorkKind::Read}) {
                more = workers.runOne(kind) || more;
                runExecutor();
            }
        }
    }
    /// All stored entries of a dataset (0 = all) from an lsn on, through readStored().
    Result<std::vector<LogEntry>> readAll(Lsn from, std::uint32_t datasetId = 0, std::size_t bytesMax = 1000) {
        std::vector<LogEntry> all;
        while (from <= log->durableLsn()) {
            std::optional<Result<CommitLog::StoredBatch>> answer;
            log->readStored(from, datasetId, bytesMax, [&](auto batch) { answer = std::move(batch); });
            settle();
            if (!answer) return Error{ErrorCode::Internal, "no answer", {}, {}};
            if (!answer->ok()) return answer->error();
            for (LogEntry& entry : (*answer)->entries) all.push_back(std::move(entry));
            if ((*answer)->next <= from) return Error{ErrorCode::Internal, "no progress", {}, {}};
            from = (*answer)->next;
        }
        return all;
    }

private:
    SeededRandom random_;
    FileOps& files_;
    NoTransport transport_;
    FaultPoints faults_;

public:
    SteppingClock clock;
    QueueExecutor executor;
    QueueWorkers workers;
    HandTimers timers;
    Seams seams{clock, executor, timers, workers, transport_, files_, random_, faults_, {}};
    LogOptions options;
    std::unique_ptr<CommitLog> log;
    std::vector<LogEntry> replayed;
    std::vector<std::pair<Lsn, Bytes>> acked;
    std::vector<std::pair<Lsn, Error>> refused;
    bool cleanShutdown = false;
    std::uint64_t tornBytes = 0;
    std::string note;
};

/// A payload that differs for each number; sizes spread around `size`.
inline Bytes payloadOf(std::uint64_t number, std::size_t size = 60) {
    Bytes out = "payload " + std::to_string(number) + " ";
    const std::size_t wanted = size + static_cast<std::size_t>(number * 37 % (size + 1));
    std::mt19937_64 words(number);
    while (out.size() < wanted) out.push_back(static_cast<char>(words()));
    return out;
}

}  // namespace tributary::engine::test
