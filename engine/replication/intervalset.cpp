// Interval arithmetic of positions.
#include "engine/replication/intervalset.h"

#include <algorithm>
#include <cassert>

namespace tributary::engine {

bool IntervalSet::contains(std::uint64_t value) const {
    return containsAll(value, value);
}

bool IntervalSet::containsAll(std::uint64_t from, std::uint64_t to) const {
    auto at = ranges_.upper_bound(from);
    if (at == ranges_.begin()) return false;
    --at;
    return at->second >= to;
}

void IntervalSet::add(std::uint64_t from, std::uint64_t to) {
    assert(from <= to);
    auto at = ranges_.upper_bound(from);
    if (at != ranges_.begin()) {
        const auto before = std::prev(at);
        if (before->second + 1 >= from) {
            if (before->second >= to) return;
            from = before->first;
            at = ranges_.erase(before);
        }
    }
    while (at != ranges_.end() && at->first <= to + 1) {
        to = std::max(to, at->second);
        at = ranges_.erase(at);
    }
    ranges_.emplace_hint(at, from, to);
}

void IntervalSet::unite(const IntervalSet& other) {
    for (const auto& [from, to] : other.ranges_) add(from, to);
}

std::uint64_t IntervalSet::contiguousFromOne() const {
    if (ranges_.empty() || ranges_.begin()->first > 1) return 0;
    return ranges_.begin()->second;
}

std::uint64_t IntervalSet::count() const {
    std::uint64_t total = 0;
    for (const auto& [from, to] : ranges_) total += to - from + 1;
    return total;
}

void IntervalSet::encode(Bytes& out) const {
    appendVarint(out, ranges_.size());
    std::uint64_t last = 0;
    for (const auto& [from, to] : ranges_) {
        appendVarint(out, from - last);
        appendVarint(out, to - from);
        last = to;
    }
}

bool IntervalSet::decode(ByteReader& reader) {
    ranges_.clear();
    const std::uint64_t count = reader.varint();
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const std::uint64_t from = last + reader.varint();
        const std::uint64_t to = from + reader.varint();
        if (to < from || from < last) return false;
        if (reader.ok()) add(from, to);
        last = to;
    }
    return reader.ok();
}

}  // namespace tributary::engine
