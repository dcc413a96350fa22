// Snapshots into series, fault intervals and marks.
#include "app/desktop/live/laghistory.h"

#include <algorithm>

#include "app/desktop/live/livetext.h"

namespace tributary::desktop {
namespace {

std::optional<std::uint64_t> countOf(const std::optional<std::int64_t>& value) {
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

LagSample lagSampleOf(const app::LinkRow& row, const std::string& id, Millis atMs) {
    LagSample sample;
    sample.linkId = id;
    sample.atMs = atMs;
    sample.state = row.state == "?" ? std::string() : row.state;
    sample.lagMs = row.lagMs;
    sample.transportLagMs = row.transportLagMs;
    sample.applyLagMs = row.applyLagMs;
    sample.bytesPending = countOf(row.bytesPending);
    sample.operationsPending = countOf(row.operationsPending);
    sample.bytesPerS = countOf(row.bytesPerS);
    sample.operationsPerS = countOf(row.operationsPerS);
    sample.drainMs = row.drainMs;
    sample.idleMs = row.idleMs;
    return sample;
}

/// Unknown as soon as one of them is.
std::optional<std::uint64_t> sumOf(const PartsBehind& all, const std::string& id) {
    const auto parts = all.find(id);
    if (parts == all.end()) return std::nullopt;
    std::uint64_t sum = 0;
    for (const PartBehind& each : parts->second) {
        if (!each.behind) return std::nullopt;
        sum += static_cast<std::uint64_t>(*each.behind);
    }
    return sum;
}

template <typename T>
void keepNewest(std::vector<T>& items, std::size_t most) {
    if (items.size() > most) items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(most));
}

constexpr Millis kFreshMs = 3'000;

}  // namespace

std::optional<std::int64_t> newestFigure(const LinkTrack& track, LagFigure figure, Millis latestMs) {
    const auto& latest = track.series.latest();
    if (!latest || latestMs - latest->atMs > kFreshMs) return std::nullopt;
    return figureOf(*latest, figure);
}

std::optional<DrainForecast> drainForecast(const LinkTrack& track, LagFigure figure, Millis latestMs) {
    if (figure != LagFigure::BytesPending && figure != LagFigure::OperationsPending) return std::nullopt;
    const auto waits = newestFigure(track, figure, latestMs);
    if (!waits || *waits <= 0) return std::nullopt;
    const LagSample& latest = *track.series.latest();
    if (!latest.drainMs || *latest.drainMs <= 0) return std::nullopt;
    return DrainForecast{latest.atMs, *latest.drainMs, *waits};
}

std::vector<LagColumn> columnsOf(const LinkTrack& track, LagFigure figure, Millis fromMs, Millis toMs,
                                 std::size_t columnsMax) {
    auto columns = track.series.query(figure, fromMs, toMs, columnsMax);
    for (LagColumn& column : columns) {
        if (column.toMs > track.firstMs) break;
        column.min.reset();
        column.max.reset();
        column.last.reset();
    }
    return columns;
}

void LagHistory::observe(const LiveSnapshot& snapshot) {
    if (!snapshot.problem.isEmpty()) return;
    latestMs_ = snapshot.atMs;
    observeLinks(snapshot);
    observeParts(snapshot);
    observeFaults(snapshot);
}

void LagHistory::observeLinks(const LiveSnapshot& snapshot) {
    for (const app::LinkRow& row : snapshot.status.links) {
        const std::string id = row.from + " -> " + row.to;
        LinkTrack& track = links_[id];
        track.from = row.from;
        track.to = row.to;
        track.last = row;
        if (track.firstMs == 0) track.firstMs = snapshot.atMs;
        track.seenMs = snapshot.atMs;
        if (row.lagMs) track.knownMs = snapshot.atMs;
        LagSample sample = lagSampleOf(row, id, snapshot.atMs);
        sample.partsBehind = sumOf(snapshot.parts, id);
        track.series.add(sample);
    }
}

void LagHistory::observeParts(const LiveSnapshot& snapshot) {
    for (const auto& [linkId, parts] : snapshot.parts) {
        const auto link = links_.find(linkId);
        if (link == links_.end()) continue;
        for (const PartBehind& each : parts) {
            const std::string part = each.part + " \u00b7 " + each.section;
            const std::string id = linkId + " # " + part;
            if (!parts_.contains(id) && parts_.size() >= kPartTracksMax) continue;
            LinkTrack& track = parts_[id];
            track.from = link->second.from;
            track.to = link->second.to;
            track.part = part;
            track.last.state = link->second.last.state;
            if (track.firstMs == 0) track.firstMs = snapshot.atMs;
            track.seenMs = snapshot.atMs;
            LagSample sample;
            sample.linkId = id;
            sample.atMs = snapshot.atMs;
            sample.partsBehind = countOf(each.behind);
            track.series.add(sample);
        }
    }
}

void LagHistory::observeFaults(const LiveSnapshot& snapshot) {
    const auto& rows = snapshot.status.faults;
    for (FaultInterval& interval : faults_) {
        if (interval.toMs != 0) continue;
        const bool there = std::any_of(rows.begin(), rows.end(),
                                       [&](const app::FaultRow& row) { return toQt(row.text) == interval.text; });
        if (!there) interval.toMs = snapshot.atMs;
    }
    for (const app::FaultRow& row : rows) {
        const QString text = toQt(row.text);
        const bool open = std::any_of(faults_.begin(), faults_.end(), [&](const FaultInterval& interval) {
            return interval.toMs == 0 && interval.text == text;
        });
        if (!open) faults_.push_back({snapshot.atMs, 0, toQt(row.what), text});
    }
    keepNewest(faults_, kFaultsMax);
}

void LagHistory::mark(TimeMark mark) {
    marks_.push_back(std::move(mark));
    keepNewest(marks_, kMarksMax);
}

void LagHistory::clear() {
    links_.clear();
    parts_.clear();
    marks_.clear();
    faults_.clear();
    latestMs_ = 0;
}

const LinkTrack* LagHistory::link(const std::string& id) const {
    if (const auto at = links_.find(id); at != links_.end()) return &at->second;
    const auto at = parts_.find(id);
    return at == parts_.end() ? nullptr : &at->second;
}

std::vector<std::string> LagHistory::partsOf(const std::string& linkId, std::size_t most) const {
    std::vector<std::pair<std::int64_t, std::string>> found;  // what they lack, negated: the worst first
    for (const auto& [id, track] : parts_) {
        if (track.linkId() != linkId) continue;
        // Unknown is worse than any number.
        const auto behind = newestFigure(track, LagFigure::PartsBehind, latestMs_);
        found.emplace_back(behind ? -*behind : INT64_MIN, id);
    }
    std::sort(found.begin(), found.end());
    if (found.size() > most) found.resize(most);
    std::vector<std::string> ids;
    ids.reserve(found.size());
    for (auto& [behind, id] : found) ids.push_back(std::move(id));
    std::sort(ids.begin(), ids.end());  // rows do not dance
    return ids;
}

std::vector<std::string> LagHistory::worst(LagFigure figure, std::size_t count) const {
    struct Ranked {
        std::string id;
        bool unknown = false;
        std::int64_t value = 0;
    };
    std::vector<Ranked> ranked;
    for (const auto& [id, track] : links_) {
        const auto value = newestFigure(track, figure, latestMs_);
        ranked.push_back({id, !value.has_value(), value.value_or(0)});
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        if (a.unknown != b.unknown) return a.unknown;
        return a.value > b.value;
    });
    std::vector<std::string> ids;
    for (const Ranked& one : ranked) {
        if (ids.size() >= count) break;
        ids.push_back(one.id);
    }
    return ids;
}

Millis LagHistory::oldestMs() const {
    Millis oldest = 0;
    for (const auto& [id, track] : links_) {
        const auto first = track.series.oldestMs();
        if (first && (oldest == 0 || *first < oldest)) oldest = *first;
    }
    return oldest;
}

}  // namespace tributary::desktop
