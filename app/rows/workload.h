// A paced writer that remembers what was acknowledged, through every loss of the connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/rows/acklog.h"
#include "app/rows/customerrows.h"
#include "app/rows/latencyhistogram.h"

namespace tributary::app {

/// How many writes are due by now. After an interruption the rest of the past is forgiven: no burst follows it.
class Pacer {
public:
    /// `ratePerS` 0 = as many as go.
    Pacer(double ratePerS, Micros startUs) : ratePerS_(ratePerS), startUs_(startUs) {}

    /// Writes that may be sent now, at most `most`.
    [[nodiscard]] std::uint64_t due(Micros nowUs, std::uint64_t most) const;
    void sent(std::uint64_t count) { sent_ += count; }
    /// When the next write is due.
    [[nodiscard]] Micros nextUs() const;
    /// Starts to count anew at `nowUs`.
    void forgive(Micros nowUs);

private:
    double ratePerS_;
    Micros startUs_;
    std::uint64_t sent_ = 0;
};

/// A skew of 1 would send every overwrite to one key.
inline constexpr double kSkewMax = 0.99;

struct WorkloadOptions {
    std::string path;    ///< full
    std::string family;  ///< column v of it is written
    double ratePerS = 100;
    double seconds = 0;  ///< 0 = until stopped
    KeyOrder keys = KeyOrder::Sequential;
    double overwrite = 0;  ///< share of writes that go to a key written before
    /// How unevenly overwrites meet the keys, 0 to 0.99: 0 = all alike; s gives the hottest tenth of the keys
    /// 0.1^(1-s) of them, as 63 % at 0.8 (a continuous Zipf law). The oldest keys are the hot ones.
    double skew = 0;
    std::size_t valueBytes = 64;
    std::uint64_t seed = 1;
    std::string prefix = "w";
    std::size_t batchRowsMax = 500;
};

/// Which key each write goes to. The keys of one batch differ: two writes of one batch have no order between them.
class WorkloadKeys {
public:
    /// `firstKey` = keys that earlier workloads of the same log wrote.
    WorkloadKeys(const WorkloadOptions& options, std::uint64_t firstKey);
    void beginBatch() { batch_.clear(); }
    [[nodiscard]] std::string next(std::uint64_t sequence);
    [[nodiscard]] std::string keyAt(std::uint64_t number) const;

private:
    [[nodiscard]] std::uint64_t oldKey(std::uint64_t dice) const;

    const WorkloadOptions& options_;
    std::uint64_t keys_;
    std::set<std::uint64_t> batch_;
};

struct WorkloadResult {
    std::uint64_t acknowledged = 0;
    std::uint64_t unacknowledged = 0;  ///< sent, and the answer never came
    std::uint64_t refused = 0;         ///< the cluster said no
    std::uint64_t reconnects = 0;
    std::uint64_t lastSequence = 0;
    Micros tookUs = 0;
    LatencyHistogram latency;
    std::string lastTrouble;
};

/// What a workload touches outside itself.
struct WorkloadWorld {
    std::function<Result<std::unique_ptr<engine::ControlClient>>()> connect;
    std::function<Micros()> nowUs;
    /// Waits; false when the workload shall end.
    std::function<bool(Micros)> sleepUs;
    /// Records one acknowledged batch durably enough to be verified.
    std::function<Status(const std::vector<std::pair<std::string, Bytes>>& rows, std::uint64_t firstSequence)> record;
};

/// Writes until the time is over or sleepUs() says stop. One batch is in flight. Errors: those of record() only: every
/// trouble with the cluster is waited out.
[[nodiscard]] Result<WorkloadResult> runWorkload(const WorkloadOptions& options, const WorkloadWorld& world,
                                                 std::uint64_t firstSequence, std::uint64_t firstKey);

}  // namespace tributary::app
