// diffstreams: whether two streams hold the same messages at the same offsets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::engine::maprdb {

struct StreamDiffResult {
    std::uint64_t topics = 0;           ///< that either has
    std::uint64_t messagesA = 0;        ///< seen at a
    std::uint64_t messagesB = 0;        ///< seen at b
    std::uint64_t onlyA = 0;            ///< messages at offsets that only a has, those of a topic that b lacks included
    std::uint64_t onlyB = 0;            ///< messages at offsets that only b has
    std::uint64_t different = 0;        ///< offsets with unequal key, value, time or headers
    std::uint64_t looks = 1;            ///< how often was looked, most times at what differed alone
    std::vector<std::string> lines;     ///< what differs, for people; at most twenty
    bool complete = true;               ///< all was compared; false after firstExit
    std::uint64_t topicsDifferent = 0;  ///< that one lacks, or has with another number of partitions

    [[nodiscard]] bool identical() const { return onlyA + onlyB + different + topicsDifferent == 0; }
};

/// Compares streams that producers may write to and a link may feed meanwhile: the partitions that differ are read
/// again from their first difference on, with pauses of the calls', until they are equal, have been seen so three
/// times, or were looked at seven times. `firstExit`: one difference that stays is enough. Committed cursors do not
/// count. Blocks. Errors: NotFound, PermissionDenied, Unavailable, Timeout, Corrupt: then nothing is known.
Result<StreamDiffResult> diffStreams(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit);

}  // namespace tributary::engine::maprdb
