// Clients of a bench: one batch in flight each, as every measured system is driven.
#include "app/terminal/benchload.h"
#include "engine/systems/maprdb/tables/tableapi.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "app/rows/putpipeline.h"
#include "app/terminal/dataverbscommon.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;

constexpr auto kReadEvery = std::chrono::microseconds(300);
constexpr Millis kBenchTimeoutMs = 120'000;
constexpr Micros kReadableTimeoutUs = 3'600'000'000;

Bytes batchBody(const BenchRows& rows, const std::string& path, std::uint64_t first, std::uint64_t count,
                Bytes& scratch) {
    scratch.clear();
    engine::maprdb::MutationBuilder builder(scratch);
    for (std::uint64_t i = first; i < first + count; ++i) builder.put(rows.key(i), {0, "v", rows.value(i), {}});
    return putBody(path, {BenchWorld::kFamily}, scratch);
}

/// One connection's share: every clients-th batch.
Status loadShare(BenchWorld& world, engine::ControlClient& client, const BenchRows& rows, const BenchLoad& load,
                 std::size_t share, std::string& lastKey) {
    Bytes scratch;
    const std::uint64_t end = load.first + load.rows;
    const std::uint64_t stride = load.batchRows * load.clients;
    for (std::uint64_t at = load.first + share * load.batchRows; at < end; at += stride) {
        const std::uint64_t count = std::min<std::uint64_t>(load.batchRows, end - at);
        const auto answer = client.call(engine::maprdb::TableMethod::Put,
                                        batchBody(rows, load.path, at, count, scratch), kBenchTimeoutMs);
        if (!answer) return answer.error();
        lastKey = rows.key(at + count - 1);
        if (Status going = world.goOn(); !going) return going;
    }
    return okStatus();
}

/// Watches batches become readable, in the order of their sending, on a connection of its own.
class Watcher {
public:
    Watcher(BenchWorld& world, std::unique_ptr<engine::ControlClient> client)
        : world_(world), client_(std::move(client)), thread_([this] { watch(); }) {}
    ~Watcher() { (void)finish(); }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    void sent(std::string key, Micros atUs) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.emplace_back(std::move(key), atUs);
        }
        changed_.notify_one();
    }
    Status finish() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        changed_.notify_one();
        if (thread_.joinable()) thread_.join();
        return status_;
    }
    [[nodiscard]] const LatencyHistogram& latency() const { return latency_; }

private:
    void watch() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return over_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            const auto [key, sentUs] = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            const auto readableUs = waitReadable(world_, *client_, BenchWorld::kReplicaPath, key);
            lock.lock();
            if (!readableUs) {
                status_ = readableUs.error();
                return;
            }
            latency_.add(readableUs.value() - sentUs);
        }
    }

    BenchWorld& world_;
    std::unique_ptr<engine::ControlClient> client_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<std::string, Micros>> waiting_;
    bool over_ = false;
    LatencyHistogram latency_;
    Status status_;
    std::thread thread_;
};

}  // namespace

Result<BenchLoaded> loadRows(BenchWorld& world, const BenchRows& rows, const BenchLoad& load) {
    std::vector<std::unique_ptr<engine::ControlClient>> clients;
    for (std::size_t i = 0; i < load.clients; ++i) {
        auto client = world.connect(load.cluster);
        if (!client) return client.error();
        clients.push_back(std::move(client).value());
    }
    BenchLoaded loaded;
    loaded.lastKeys.resize(load.clients);
    std::vector<Status> results(load.clients);
    std::vector<std::thread> threads;
    loaded.firstSentUs = steadyNowUs();
    for (std::size_t i = 0; i < load.clients; ++i) {
        threads.emplace_back([&, i] { results[i] = loadShare(world, *clients[i], rows, load, i, loaded.lastKeys[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    loaded.lastAckedUs = steadyNowUs();
    for (const Status& result : results) {
        if (!result) return result.error();
    }
    loaded.lastKeys.erase(std::remove(loaded.lastKeys.begin(), loaded.lastKeys.end(), std::string()),
                          loaded.lastKeys.end());
    return loaded;
}

Result<Micros> waitReadable(BenchWorld& world, engine::ControlClient& client, const std::string& path,
                            const std::string& key) {
    const Json body{{"path", path}, {"key", engine::bytesToJson(key)}};
    const std::string text = body.dump();
    const Micros endUs = steadyNowUs() + kReadableTimeoutUs;
    while (steadyNowUs() < endUs) {
        const auto answer = client.call(engine::maprdb::TableMethod::Get, text, kBenchTimeoutMs);
        if (!answer) return answer.error();
        // Parsing would cost more than the read; a row without cells has no value.
        if (answer.value().find("\"value\"") != Bytes::npos) return steadyNowUs();
        if (Status going = world.goOn(); !going) return going.error();
        std::this_thread::sleep_for(kReadEvery);
    }
    return Error{ErrorCode::Timeout, "the last row did not arrive at " + path, {}, {}};
}

Result<LatencyHistogram> loadPaced(BenchWorld& world, const BenchRows& rows, const BenchPace& pace) {
    auto writer = world.connect("source");
    if (!writer) return writer.error();
    auto reader = world.connect("replica");
    if (!reader) return reader.error();
    Watcher watcher(world, std::move(reader).value());
    const auto everyUs = static_cast<Micros>(pace.batchRows * 1'000'000 / pace.rowsPerS);
    const auto batches = static_cast<std::uint64_t>(pace.seconds * 1e6 / static_cast<double>(everyUs));
    const Micros startUs = steadyNowUs();
    Bytes scratch;
    for (std::uint64_t i = 0; i < batches; ++i) {
        const std::uint64_t first = i * pace.batchRows;
        const Bytes body = batchBody(rows, BenchWorld::kSourcePath, first, pace.batchRows, scratch);
        // Latency counts from when the batch was due: a slow answer to the one before must not hide it.
        const Micros dueUs = startUs + static_cast<Micros>(i) * everyUs;
        const Micros nowUs = steadyNowUs();
        if (dueUs > nowUs) std::this_thread::sleep_for(std::chrono::microseconds(dueUs - nowUs));
        watcher.sent(rows.key(first + pace.batchRows - 1), dueUs);
        const auto answer = writer.value()->call(engine::maprdb::TableMethod::Put, body, kBenchTimeoutMs);
        if (!answer) return answer.error();
        if (Status going = world.goOn(); !going) return going.error();
    }
    if (Status watched = watcher.finish(); !watched) return watched.error();
    return watcher.latency();
}

}  // namespace tributary::app
