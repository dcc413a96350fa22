// The recent history of one link in bounded memory: fine for minutes, coarse for a day.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "core/telemetry/lagsample.h"

namespace tributary {

/// One column of a chart: the half-open time [fromMs, toMs).
struct LagColumn {
    Millis fromMs = 0;
    Millis toMs = 0;
    std::optional<std::int64_t> min;   ///< smallest known value; empty = nothing known: draw a gap
    std::optional<std::int64_t> max;   ///< largest known value; empty together with min
    std::optional<std::int64_t> last;  ///< newest value; also empty when the newest sample said unknown
    bool hasUnknown = false;           ///< some sample inside said unknown: the known values are not the whole truth
};

struct LagSeriesOptions {
    /// How long a sample speaks for the time after it. Older than that without a new one is unknown.
    Millis staleAfterMs = 3'000;
    /// How many buckets of each tier are kept: 10 min of 1 s, 2 h of 10 s, 24 h of 60 s.
    std::array<std::size_t, 3> buckets{600, 720, 1440};
};

/// Samples of one link, summed up at once into buckets of 1, 10 and 60 s with min, max and last of every figure. Memory
/// is bounded by the options (about 0.5 MB as given), however often samples come. Not thread-safe: plain data of one
/// owner.
class LagSeries {
public:
    static constexpr std::array<Millis, 3> kTierMs{1'000, 10'000, 60'000};

    explicit LagSeries(const LagSeriesOptions& options = {}) : options_(options) {}

    /// Adds a sample. Time that steps back by more than 10 s drops what lies in its future (the wall clock was set);
    /// less is folded into the newest bucket.
    void add(const LagSample& sample);
    [[nodiscard]] const std::optional<LagSample>& latest() const { return latest_; }
    /// Start of the oldest bucket kept in any tier; empty when there is no sample.
    [[nodiscard]] std::optional<Millis> oldestMs() const;
    /// `columnsMax` columns of equal width over [fromMs, toMs), at least 1 ms each, from the finest tier that still has
    /// the time in question; fewer only when the span is shorter than that many ms. Empty for an empty span.
    [[nodiscard]] std::vector<LagColumn> query(LagFigure figure, Millis fromMs, Millis toMs,
                                               std::size_t columnsMax) const;
    [[nodiscard]] std::size_t bucketCount() const;

private:
    struct Figure {
        std::int64_t min = 0;
        std::int64_t max = 0;
        std::int64_t last = 0;
        bool known = false;      // min, max and last mean something
        bool unknown = false;    // a sample said unknown
        bool lastKnown = false;  // the newest sample knew it
    };
    struct Bucket {
        Millis startMs = 0;
        Millis firstAtMs = 0;  // oldest sample inside
        Millis lastAtMs = 0;   // newest sample inside
        std::array<Figure, kLagFigures> figures{};
    };
    using Tier = std::deque<Bucket>;

    static void fold(Bucket& bucket, const LagSample& sample, Millis atMs);
    void paint(std::size_t tier, LagFigure figure, Millis untilMs, std::vector<LagColumn>& columns) const;
    [[nodiscard]] std::optional<std::int64_t> carried(LagFigure figure, Millis atMs) const;

    LagSeriesOptions options_;
    std::array<Tier, 3> tiers_;
    std::optional<LagSample> latest_;
};

}  // namespace tributary
