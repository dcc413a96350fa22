// Whether numbers that this instance gives out name other rows elsewhere: found by what members have of it when met.
//
// An instance that lost its log, or joined anew under its old uuid, goes on from what the peer that it asked had of it.
// Numbers above that were given out once before; who has those rows passes the new ones over as known, for ever, and
// clocks are equal afterwards. Real instances say nothing of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/base/uuid.h"

namespace tributary::engine::tarantool {

/// Executor's thread only. Knows what it saw since the start of the process.
class ReusedNumbers {
public:
    struct Finding {
        std::string text;
        Millis sinceMs = 0;
    };

    /// The data of this life begin with `own` as the last number that the instance gave. `isJoined`: they came from a
    /// peer.
    void began(std::int64_t own, bool isJoined);
    /// A member has been met, with `theirs` as the last number of this instance that it has; `own` is published now.
    /// Returns a sentence when that is a finding and a new one.
    std::optional<std::string> met(const Uuid& member, const std::string& name, std::int64_t theirs, std::int64_t own,
                                   Millis nowMs);
    /// All findings of this life, in the order of the members' uuids.
    [[nodiscard]] std::vector<Finding> findings() const;

private:
    bool hasBegun_ = false;
    bool isJoined_ = false;
    std::int64_t began_ = 0;
    std::map<Uuid, Finding> met_;  ///< since the data began; an empty text = nothing was found
};

}  // namespace tributary::engine::tarantool
