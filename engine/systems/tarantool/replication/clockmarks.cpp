// Marks, kept and found again.
#include "engine/systems/tarantool/replication/clockmarks.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/tarantool/replication/loggedrows.h"

namespace tributary::engine::tarantool {

bool covers(const Vclock& has, const Vclock& wanted) {
    return std::is_gteq(has.compare(wanted));
}

std::string gapText(const Vclock& from, const Vclock& to) {
    return fmt::format("Missing .xlog file between LSN {} {} and {} {}", from.signature(), from.text(), to.signature(),
                       to.text());
}

BoxFailure gapFailure(const Error& error) {
    constexpr std::uint32_t kOther = 32;
    CarriedError carried;
    carried.type = "XlogGapError";
    carried.message = error.text();
    carried.code = kOther;
    return {kOther, error.text(), {carried}};
}

void ClockMarks::add(const ClockMark& mark) {
    if (marks_.empty() || mark.lsn >= marks_.back().lsn + kEntriesApart) marks_.push_back(mark);
}

void ClockMarks::addBelow(const std::vector<ClockMark>& marks) {
    marks_.insert(marks_.begin(), marks.begin(), marks.end());
}

void ClockMarks::forgetBelow(Lsn lsn) {
    while (!marks_.empty() && marks_.front().lsn < lsn) marks_.pop_front();
}

const ClockMark* ClockMarks::startFor(const Vclock& has) const {
    const auto at =
        std::find_if(marks_.rbegin(), marks_.rend(), [&](const ClockMark& mark) { return covers(has, mark.clock); });
    return at == marks_.rend() ? nullptr : &*at;
}

Status ClockScan::take(const LogEntry& entry, std::uint32_t datasetId) {
    if (entry.lsn < from_ || entry.lsn >= upTo_.lsn) return okStatus();
    if (seen_.empty() || entry.lsn >= seen_.back().lsn + ClockMarks::kEntriesApart) seen_.push_back({entry.lsn, last_});
    LoggedRows rows(entry, datasetId);
    for (LoggedRow row; rows.next(row);) {
        if (!isNumbered(row.header)) continue;
        std::int64_t& first = firstSeen_[row.header.replicaId];
        if (first == kUnseen) first = row.header.lsn;
        last_[row.header.replicaId] = row.header.lsn;
    }
    return rows.ok() ? okStatus() : Status(Error{ErrorCode::Corrupt, "an entry of the log is damaged", {}, {}});
}

std::vector<ClockMark> ClockScan::finish() const {
    std::vector<ClockMark> marks;
    marks.reserve(seen_.size());
    for (const Seen& place : seen_) {
        ClockMark mark{marks.empty() ? from_ : place.lsn, {}};
        for (std::uint32_t id = 1; id < Vclock::kIdsMax; ++id) {
            const std::int64_t before = firstSeen_[id] == kUnseen ? upTo_.clock.at(id) : firstSeen_[id] - 1;
            const std::int64_t lsn = std::max(place.last[id], before);
            if (lsn > 0) (void)mark.clock.follow(id, lsn);
        }
        marks.push_back(mark);
    }
    return marks;
}

}  // namespace tributary::engine::tarantool
