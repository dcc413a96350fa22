// The loop of a workload.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/rows/putpipeline.h"
#include "app/rows/workload.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::app {
namespace {

using engine::Method;

constexpr Micros kUsPerS = 1'000'000;
constexpr Millis kWriteTimeoutMs = 10'000;
constexpr Micros kBackOffUsMin = 50'000;
constexpr Micros kBackOffUsMax = 2'000'000;
constexpr Micros kIdleUs = 500;
constexpr std::uint64_t kShareScale = 1'000'000;
constexpr int kDrawsMax = 16;

using Rows = std::vector<std::pair<std::string, Bytes>>;

/// The state of one run.
class Loop {
public:
    Loop(const WorkloadOptions& options, const WorkloadWorld& world, std::uint64_t firstSequence,
         std::uint64_t firstKey)
        : options_(options),
          world_(world),
          keys_(options, firstKey),
          pacer_(options.ratePerS, world.nowUs()),
          startUs_(world.nowUs()),
          sequence_(firstSequence) {}

    Result<WorkloadResult> run() {
        const Micros endUs = options_.seconds > 0 ? startUs_ + std::llround(options_.seconds * kUsPerS) : INT64_MAX;
        while (world_.nowUs() < endUs && going_) {
            if (client_ == nullptr && !connect()) continue;
            const std::uint64_t due = pacer_.due(world_.nowUs(), options_.batchRowsMax);
            if (due == 0) {
                going_ =
                    world_.sleepUs(std::clamp<Micros>(std::min(pacer_.nextUs(), endUs) - world_.nowUs(), 0, 100'000));
                continue;
            }
            if (Status written = writeBatch(due); !written) return written.error();
        }
        result_.tookUs = world_.nowUs() - startUs_;
        result_.lastSequence = sequence_ - 1;
        return std::move(result_);
    }

private:
    bool connect() {
        auto client = world_.connect();
        if (client) {
            client_ = std::move(client).value();
            if (everConnected_) ++result_.reconnects;
            everConnected_ = true;
            backOffUs_ = kBackOffUsMin;
            pacer_.forgive(world_.nowUs());
            return true;
        }
        wait(client.error());
        return false;
    }

    void wait(const Error& trouble) {
        result_.lastTrouble = trouble.text();
        going_ = world_.sleepUs(backOffUs_);
        backOffUs_ = std::min(backOffUs_ * 2, kBackOffUsMax);
        pacer_.forgive(world_.nowUs());
    }

    Status writeBatch(std::uint64_t count) {
        Rows rows;
        rows.reserve(count);
        mutations_.clear();
        keys_.beginBatch();
        engine::maprdb::MutationBuilder builder(mutations_);
        for (std::uint64_t i = 0; i < count; ++i) {
            std::string key = keys_.next(sequence_ + i);
            Bytes value = workloadValue(key, sequence_ + i, options_.valueBytes);
            builder.put(key, {0, "v", value, {}});
            rows.emplace_back(std::move(key), std::move(value));
        }
        const std::uint64_t first = sequence_;
        sequence_ += count;  // a sequence is never used twice, whatever becomes of the batch
        pacer_.sent(count);
        const Micros sentUs = world_.nowUs();
        const auto answer = client_->call(engine::maprdb::TableMethod::Put,
                                          putBody(options_.path, {options_.family}, mutations_), kWriteTimeoutMs);
        if (answer) {
            result_.latency.add(world_.nowUs() - sentUs, count);
            result_.acknowledged += count;
            backOffUs_ = kBackOffUsMin;
            going_ = world_.sleepUs(0);
            return world_.record(rows, first);
        }
        const bool unanswered =
            answer.error().code == ErrorCode::Unavailable || answer.error().code == ErrorCode::Timeout;
        (unanswered ? result_.unacknowledged : result_.refused) += count;
        if (unanswered) client_.reset();
        wait(answer.error());
        return okStatus();
    }

    const WorkloadOptions& options_;
    const WorkloadWorld& world_;
    WorkloadKeys keys_;
    Pacer pacer_;
    Micros startUs_;
    std::uint64_t sequence_;
    std::unique_ptr<engine::ControlClient> client_;
    Bytes mutations_;
    WorkloadResult result_;
    Micros backOffUs_ = kBackOffUsMin;
    bool everConnected_ = false;
    bool going_ = true;
};

}  // namespace

std::uint64_t Pacer::due(Micros nowUs, std::uint64_t most) const {
    if (ratePerS_ <= 0) return most;
    const double earned = std::floor(ratePerS_ * static_cast<double>(nowUs - startUs_) / kUsPerS);
    const auto total = earned <= 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(earned);
    return total <= sent_ ? 0 : std::min(most, total - sent_);
}

Micros Pacer::nextUs() const {
    if (ratePerS_ <= 0) return startUs_;
    return startUs_ + static_cast<Micros>(std::ceil(static_cast<double>(sent_ + 1) * kUsPerS / ratePerS_)) + kIdleUs;
}

void Pacer::forgive(Micros nowUs) {
    startUs_ = nowUs;
    sent_ = 0;
}

WorkloadKeys::WorkloadKeys(const WorkloadOptions& options, std::uint64_t firstKey)
    : options_(options), keys_(firstKey) {}

std::string WorkloadKeys::keyAt(std::uint64_t number) const {
    if (options_.keys == KeyOrder::Sequential) return fmt::format("{}{:012}", options_.prefix, number);
    return fmt::format("{}{:016x}", options_.prefix, mixedWord(number ^ mixedWord(options_.seed)));
}

std::uint64_t WorkloadKeys::oldKey(std::uint64_t dice) const {
    if (options_.skew <= 0) return dice % keys_;
    const double even = static_cast<double>(dice >> 11U) * 0x1.0p-53;  // in [0, 1)
    const double place = std::pow(even, 1 / (1 - std::min(options_.skew, kSkewMax)));
    return std::min(keys_ - 1, static_cast<std::uint64_t>(place * static_cast<double>(keys_)));
}

std::string WorkloadKeys::next(std::uint64_t sequence) {
    const std::uint64_t dice = mixedWord(sequence ^ mixedWord(options_.seed + 1));
    const bool again = keys_ > 0 && static_cast<double>(dice % kShareScale) < options_.overwrite * kShareScale;
    std::uint64_t number = again ? oldKey(mixedWord(dice)) : keys_;
    // Hot keys meet often in one batch; another draw keeps the share of overwrites.
    for (int draw = 0; draw < kDrawsMax && options_.skew > 0 && again && batch_.contains(number); ++draw) {
        number = oldKey(mixedWord(dice + static_cast<std::uint64_t>(draw) + 1));
    }
    if (!batch_.insert(number).second) {
        number = keys_;  // this batch writes that key already
        batch_.insert(number);
    }
    if (number == keys_) ++keys_;
    return keyAt(number);
}

Result<WorkloadResult> runWorkload(const WorkloadOptions& options, const WorkloadWorld& world,
                                   std::uint64_t firstSequence, std::uint64_t firstKey) {
    return Loop(options, world, firstSequence, firstKey).run();
}

}  // namespace tributary::app
