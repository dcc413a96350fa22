// The recent history of one link in bounded memory: fine for minutes, coarse for a day.
#include "core/telemetry/lagseries.h"

#include <algorithm>

namespace tributary {

namespace {

constexpr Millis kStepBackMs = 10'000;

Millis floorTo(Millis value, Millis step) {
    const Millis rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

void widen(LagColumn& column, std::int64_t low, std::int64_t high, std::int64_t last) {
    column.min = column.min ? std::min(*column.min, low) : low;
    column.max = column.max ? std::max(*column.max, high) : high;
    column.last = last;
}

}  // namespace

void LagSeries::fold(Bucket& bucket, const LagSample& sample, Millis atMs) {
    bucket.lastAtMs = std::max(bucket.lastAtMs, atMs);
    for (std::size_t i = 0; i < kLagFigures; ++i) {
        Figure& figure = bucket.figures[i];
        const std::optional<std::int64_t> value = figureOf(sample, static_cast<LagFigure>(i));
        figure.lastKnown = value.has_value();
        if (!value) {
            figure.unknown = true;
            continue;
        }
        figure.min = figure.known ? std::min(figure.min, *value) : *value;
        figure.max = figure.known ? std::max(figure.max, *value) : *value;
        figure.last = *value;
        figure.known = true;
    }
}

void LagSeries::add(const LagSample& sample) {
    Millis atMs = sample.atMs;
    if (latest_ && atMs < latest_->atMs - kStepBackMs) {
        for (Tier& tier : tiers_) {
            while (!tier.empty() && tier.back().lastAtMs > atMs) tier.pop_back();
        }
    } else if (latest_) {
        atMs = std::max(atMs, latest_->atMs);
    }
    for (std::size_t i = 0; i < tiers_.size(); ++i) {
        Tier& tier = tiers_[i];
        const Millis startMs = floorTo(atMs, kTierMs[i]);
        if (tier.empty() || tier.back().startMs < startMs) tier.push_back({startMs, atMs, atMs, {}});
        fold(tier.back(), sample, atMs);
        while (tier.size() > std::max<std::size_t>(options_.buckets[i], 1)) tier.pop_front();
    }
    latest_ = sample;
    latest_->atMs = atMs;
}

std::optional<Millis> LagSeries::oldestMs() const {
    std::optional<Millis> oldest;
    for (const Tier& tier : tiers_) {
        if (!tier.empty()) oldest = std::min(oldest.value_or(tier.front().startMs), tier.front().startMs);
    }
    return oldest;
}

std::size_t LagSeries::bucketCount() const {
    std::size_t count = 0;
    for (const Tier& tier : tiers_) count += tier.size();
    return count;
}

std::vector<LagColumn> LagSeries::query(LagFigure figure, Millis fromMs, Millis toMs, std::size_t columnsMax) const {
    std::vector<LagColumn> columns;
    if (toMs <= fromMs || columnsMax == 0) return columns;
    const Millis span = toMs - fromMs;
    const auto count = static_cast<Millis>(std::min<std::uint64_t>(columnsMax, static_cast<std::uint64_t>(span)));
    columns.reserve(static_cast<std::size_t>(count));
    for (Millis i = 0; i < count; ++i) {
        LagColumn column;
        column.fromMs = fromMs + span * i / count;
        column.toMs = fromMs + span * (i + 1) / count;
        columns.push_back(column);
    }
    // Coarse to fine, each only for the time before the next finer tier begins: no instant is told twice.
    for (std::size_t tier = tiers_.size(); tier-- > 0;) {
        const bool finest = tier == 0 || tiers_[tier - 1].empty();
        paint(tier, figure, finest ? toMs : std::min(toMs, tiers_[tier - 1].front().startMs), columns);
    }
    for (LagColumn& column : columns) {
        if (column.max || column.hasUnknown) continue;
        if (const auto value = carried(figure, column.fromMs)) widen(column, *value, *value, *value);
    }
    return columns;
}

/// Puts the buckets of a tier that start before `untilMs` into the columns they overlap.
void LagSeries::paint(std::size_t tier, LagFigure figure, Millis untilMs, std::vector<LagColumn>& columns) const {
    // A chart asks for its own stretch of time only, ten times a second: nothing outside of it is looked at.
    const auto first = std::partition_point(tiers_[tier].begin(), tiers_[tier].end(), [&](const Bucket& bucket) {
        return bucket.startMs + kTierMs[tier] <= columns.front().fromMs;
    });
    std::size_t at = 0;  // the first column that ends after the bucket's begin; both ascend
    for (auto each = first; each != tiers_[tier].end(); ++each) {
        const Bucket& bucket = *each;
        if (bucket.startMs >= std::min(untilMs, columns.back().toMs)) break;
        // The newest bucket is not over yet: it reaches to its last sample, and carried() tells the rest.
        const bool newest = &bucket == &tiers_[tier].back();
        // Before the oldest sample of all nothing is known, though the minute that holds it begins earlier.
        const Millis beginMs = std::max(bucket.startMs, tiers_.back().front().firstAtMs);
        const Millis endMs = std::min(newest ? bucket.lastAtMs + 1 : bucket.startMs + kTierMs[tier], untilMs);
        const Figure& value = bucket.figures[static_cast<std::size_t>(figure)];
        while (at < columns.size() && columns[at].toMs <= beginMs) ++at;
        for (std::size_t i = at; i < columns.size() && columns[i].fromMs < endMs; ++i) {
            columns[i].hasUnknown = columns[i].hasUnknown || value.unknown;
            if (value.known) widen(columns[i], value.min, value.max, value.last);
            if (!value.lastKnown) columns[i].last.reset();
        }
    }
}

/// What the newest sample before `atMs` still says then, if it knew the figure and is not stale.
std::optional<std::int64_t> LagSeries::carried(LagFigure figure, Millis atMs) const {
    for (const Tier& tier : tiers_) {
        const auto later = std::partition_point(tier.begin(), tier.end(),
                                                [atMs](const Bucket& bucket) { return bucket.lastAtMs <= atMs; });
        if (later == tier.begin()) continue;  // this tier does not reach back so far
        const Bucket& before = *(later - 1);
        const Figure& value = before.figures[static_cast<std::size_t>(figure)];
        if (!value.lastKnown || atMs - before.lastAtMs > options_.staleAfterMs) return std::nullopt;
        return value.last;
    }
    return std::nullopt;
}

}  // namespace tributary
