// Where in the log a vector clock stands.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// Whether who has `has` lacks nothing of `wanted`. Component 0 does not count.
[[nodiscard]] bool covers(const Vclock& has, const Vclock& wanted);

/// Tarantool's words for a log that lacks what lies between two clocks.
[[nodiscard]] std::string gapText(const Vclock& from, const Vclock& to);
/// As 2.6 sends it: with a code by which a replica stops, and does not dial again.
[[nodiscard]] BoxFailure gapFailure(const Error& error);

/// How the clock stood before an entry.
struct ClockMark {
    Lsn lsn = 0;
    Vclock clock;
};

/// Places of the log whose clock is known, by ascending lsn. They lie apart: who starts at one is given some rows that
/// it has, and leaves them out by their numbers.
class ClockMarks {
public:
    static constexpr Lsn kEntriesApart = 1'024;

    /// Behind all others; one that is nearer to the last than kEntriesApart is not kept.
    void add(const ClockMark& mark);
    /// Ascending, all of them before the lowest.
    void addBelow(const std::vector<ClockMark>& marks);
    /// Entries below are not stored any more.
    void forgetBelow(Lsn lsn);
    /// The highest place before which there is nothing that `has` lacks; nullptr = none is known.
    [[nodiscard]] const ClockMark* startFor(const Vclock& has) const;
    [[nodiscard]] const ClockMark* lowest() const { return marks_.empty() ? nullptr : &marks_.front(); }
    [[nodiscard]] std::size_t size() const { return marks_.size(); }

private:
    std::deque<ClockMark> marks_;
};

/// Makes marks of stored entries that nobody marked: read in order, up to a place whose clock is known. What the clock
/// was before the first of them is seen by the first row of each instance.
class ClockScan {
public:
    ClockScan(Lsn from, ClockMark upTo) : from_(from), upTo_(upTo) { firstSeen_.fill(kUnseen); }

    /// Errors: Corrupt.
    Status take(const LogEntry& entry, std::uint32_t datasetId);
    /// All up to the known place were taken. The first is at `from`.
    [[nodiscard]] std::vector<ClockMark> finish() const;

private:
    static constexpr std::int64_t kUnseen = -1;
    struct Seen {
        Lsn lsn = 0;
        std::array<std::int64_t, Vclock::kIdsMax> last{};
    };
    Lsn from_;
    ClockMark upTo_;
    std::array<std::int64_t, Vclock::kIdsMax> firstSeen_{};
    std::array<std::int64_t, Vclock::kIdsMax> last_{};
    std::vector<Seen> seen_;
};

}  // namespace tributary::engine::tarantool
