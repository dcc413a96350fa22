// Ranges of DR ids, and what an arrival means to them.
#include "engine/systems/voltdb/dr/drtracker.h"

#include <algorithm>
#include <cassert>

namespace tributary::engine::voltdb {

namespace {

constexpr std::uint8_t kTrackersVersion = 1;
constexpr int kClusterIdMax = 127;

Error badTracker(std::string what) {
    return {ErrorCode::Corrupt, std::move(what), {}, {}};
}

}  // namespace

std::string_view drArrivalName(DrArrival arrival) {
    switch (arrival) {
        case DrArrival::Success: return "SUCCESS";
        case DrArrival::Duplicate: return "DUPLICATE";
        case DrArrival::Gap: return "GAP";
        case DrArrival::Ambiguous: return "AMBIGUOUS";
    }
    return "AMBIGUOUS";
}

DrArrival DrTracker::lookAt(DrRange ids) const {
    assert(ids.first <= ids.last);
    const std::uint64_t next = ranges_.empty() ? 0 : ranges_.back().last + 1;
    if (ids.last < next) return DrArrival::Duplicate;
    return ids.first > next ? DrArrival::Gap : DrArrival::Success;
}

DrArrival DrTracker::arrive(DrRange ids, std::uint64_t spUniqueId, std::uint64_t mpUniqueId) {
    DrArrival out = lookAt(ids);
    if (out == DrArrival::Duplicate) {
        faults_->reached("dr-duplicate");
        if (faults_->hit("bug-dr-duplicate-applied")) out = DrArrival::Success;
        return out;
    }
    if (out == DrArrival::Gap) {
        faults_->reached("dr-gap");
        if (!faults_->hit("bug-dr-gap-passed")) return out;
        out = DrArrival::Success;
    }
    merge(ids);
    spUniqueId_ = std::max(spUniqueId_, spUniqueId);
    mpUniqueId_ = std::max(mpUniqueId_, mpUniqueId);
    return out;
}

void DrTracker::merge(DrRange ids) {
    assert(ids.first <= ids.last && ids.last <= kSequenceMax);
    // The first range that touches or lies behind the new one.
    auto at = std::lower_bound(ranges_.begin(), ranges_.end(), ids, [](const DrRange& range, const DrRange& wanted) {
        return range.last + 1 < wanted.first;
    });
    auto end = at;
    for (; end != ranges_.end() && end->first <= ids.last + 1; ++end) {
        ids.first = std::min(ids.first, end->first);
        ids.last = std::max(ids.last, end->last);
    }
    at = ranges_.erase(at, end);
    ranges_.insert(at, ids);
}

std::optional<std::uint64_t> DrTracker::safePoint() const {
    if (ranges_.empty() || ranges_.front().first != 0) return std::nullopt;
    return ranges_.front().last;
}

std::optional<std::uint64_t> DrTracker::last() const {
    return ranges_.empty() ? std::nullopt : std::optional(ranges_.back().last);
}

std::uint64_t DrTracker::missing() const {
    std::uint64_t next = 0;
    std::uint64_t out = 0;
    for (const DrRange& each : ranges_) {
        out += each.first - next;
        next = each.last + 1;
    }
    return out;
}

void DrTracker::encode(Bytes& out) const {
    appendVarint(out, spUniqueId_);
    appendVarint(out, mpUniqueId_);
    appendVarint(out, ranges_.size());
    for (const DrRange& each : ranges_) {
        appendVarint(out, each.first);
        appendVarint(out, each.last);
    }
}

Result<DrTracker> DrTracker::decode(ByteReader& in, FaultPoints& faults) {
    DrTracker out(faults);
    out.spUniqueId_ = in.varint();
    out.mpUniqueId_ = in.varint();
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.remaining()) return badTracker("a tracker that is cut off");
    for (std::uint64_t i = 0; i < count; ++i) {
        const DrRange range{in.varint(), in.varint()};
        // Adjacent ranges would have been one.
        const bool ordered = out.ranges_.empty() || range.first > out.ranges_.back().last + 1;
        if (!in.ok() || range.first > range.last || range.last > kSequenceMax || !ordered) {
            return badTracker("a tracker's ranges are out of order");
        }
        out.ranges_.push_back(range);
    }
    return out;
}

void DrTrackers::begin(int cluster, int partition) {
    trackers_.try_emplace({cluster, partition}, faults_);
}

DrArrival DrTrackers::arrive(int cluster, int partition, DrRange ids, std::uint64_t spUniqueId,
                             std::uint64_t mpUniqueId) {
    const auto found = trackers_.find({cluster, partition});
    if (found == trackers_.end()) {
        faults_.reached("dr-ambiguous");
        return DrArrival::Ambiguous;
    }
    return found->second.arrive(ids, spUniqueId, mpUniqueId);
}

DrId DrTrackers::acknowledged(int cluster, int partition) const {
    const DrTracker* tracker = find(cluster, partition);
    const auto safe = tracker == nullptr ? std::nullopt : tracker->safePoint();
    return safe ? DrId::of(cluster, *safe) : DrId::empty(cluster);
}

std::map<int, std::uint64_t> DrTrackers::nextOf(int cluster) const {
    std::map<int, std::uint64_t> out;
    for (auto at = trackers_.lower_bound({cluster, 0}); at != trackers_.end() && at->first.first == cluster; ++at) {
        const auto safe = at->second.safePoint();
        out[at->first.second] = safe ? *safe + 1 : 0;
    }
    return out;
}

void DrTrackers::forget(int cluster) {
    std::erase_if(trackers_, [&](const auto& each) { return each.first.first == cluster; });
}

const DrTracker* DrTrackers::find(int cluster, int partition) const {
    const auto found = trackers_.find({cluster, partition});
    return found == trackers_.end() ? nullptr : &found->second;
}

Bytes DrTrackers::encode() const {
    Bytes out;
    appendFixed(out, kTrackersVersion);
    appendVarint(out, trackers_.size());
    for (const auto& [key, tracker] : trackers_) {
        appendVarint(out, static_cast<std::uint64_t>(key.first));
        appendVarint(out, static_cast<std::uint64_t>(key.second));
        tracker.encode(out);
    }
    return out;
}

Status DrTrackers::decode(BytesView bytes) {
    ByteReader in(bytes);
    if (in.fixed<std::uint8_t>() != kTrackersVersion || !in.ok()) return badTracker("trackers of another version");
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.remaining()) return badTracker("trackers that are cut off");
    std::map<std::pair<int, int>, DrTracker> read;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t cluster = in.varint();
        const std::uint64_t partition = in.varint();
        if (!in.ok() || cluster > kClusterIdMax || partition > kMpPartition) return badTracker("a tracker of nobody");
        Result<DrTracker> tracker = DrTracker::decode(in, faults_);
        if (!tracker) return tracker.error();
        const std::pair key(static_cast<int>(cluster), static_cast<int>(partition));
        if (!read.emplace(key, std::move(*tracker)).second) return badTracker("one tracker twice");
    }
    if (!in.atEnd()) return badTracker("bytes behind the trackers");
    trackers_ = std::move(read);
    return okStatus();
}

}  // namespace tributary::engine::voltdb
