// Marks first, then what the log tells.
#include "engine/systems/tarantool/replication/clockfinder.h"

#include "engine/systems/tarantool/instance/instancekind.h"

namespace tributary::engine::tarantool {

Result<ClockMark> ClockFinder::head() {
    auto view = host_.frozen();
    if (!view) return view.error();
    const auto clock = clockOf(*view.value());
    if (!clock) return clock.error();
    return ClockMark{view.value()->position() + 1, clock.value()};
}

void ClockFinder::published() {
    if (!host_.isReady()) return;
    if (marks_.size() > 0 && host_.log().durableLsn() < lastMark_ + ClockMarks::kEntriesApart) return;
    // A state that cannot be read has an alarm of its own, and nobody is served from it.
    const auto now = head();
    if (!now) return;
    marks_.add(now.value());
    lastMark_ = now.value().lsn;
}

std::optional<Lsn> ClockFinder::known(const Vclock& has) const {
    const ClockMark* mark = marks_.startFor(has);
    return mark == nullptr ? std::nullopt : std::optional(mark->lsn);
}

Error ClockFinder::gap(const Vclock& has) const {
    const ClockMark* lowest = marks_.lowest();
    const Vclock kept = lowest == nullptr ? Vclock() : lowest->clock;
    host_.seams().faults.reached("relay-log-gap");
    return Error{
        ErrorCode::NotFound, gapText(has, kept), {}, "start the replica with its files removed: it joins again"};
}

void ClockFinder::find(const Vclock& has, Found found) {
    const Lsn first = host_.log().firstLsn();
    const auto now = head();
    if (!now) {
        found(now.error());
        return;
    }
    marks_.forgetBelow(first);
    marks_.add(now.value());
    if (covers(has, now.value().clock)) {
        found(now.value().lsn);
        return;
    }
    if (const auto place = known(has)) {
        found(*place);
        return;
    }
    if (marks_.lowest()->lsn <= first) {
        const bool ignores = host_.seams().faults.hit("bug-relay-ignores-gap");
        found(ignores ? Result<Lsn>(first) : Result<Lsn>(gap(has)));
        return;
    }
    waiting_.push_back({has, std::move(found)});
    if (feed_ != nullptr) return;
    host_.seams().faults.reached("relay-log-scanned");
    scan_.emplace(first, *marks_.lowest());
    LogFeed::Reader& reader = *this;
    feed_ = std::make_unique<LogFeed>(host_.log(), host_.datasetId(), reader, first);
    feed_->setEnd(marks_.lowest()->lsn - 1);
    feed_->pump();
}

Status ClockFinder::takeEntries(const std::vector<LogEntry>& entries) {
    for (const LogEntry& entry : entries) {
        if (Status taken = scan_->take(entry, host_.datasetId()); !taken) return taken;
    }
    return okStatus();
}

void ClockFinder::feedFailed(const Error&) {
    scanned(false);
}

void ClockFinder::scanned(bool isWhole) {
    if (isWhole) marks_.addBelow(scan_->finish());
    scan_.reset();
    // Not in its own call.
    host_.seams().executor.post([old = std::shared_ptr<LogFeed>(std::move(feed_))] {});
    const bool ignores = host_.seams().faults.hit("bug-relay-ignores-gap");
    for (Waiting& one : std::exchange(waiting_, {})) {
        const auto place = known(one.has);
        if (place) {
            one.found(*place);
        } else {
            one.found(ignores ? Result<Lsn>(host_.log().firstLsn()) : Result<Lsn>(gap(one.has)));
        }
    }
}

}  // namespace tributary::engine::tarantool
