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
    std::uint64_t onlyA = 0;            ///< offsets that only a has
    std::uint64_t onlyB = 0;            ///< offsets that only b has
    std::uint64_t different = 0;        ///< offsets with unequal key, value, time or headers
    std::uint64_t looks = 1;            ///< how often the streams were read
    std::vector<std::string> lines;     ///< what differs, for people; at most twenty
    bool complete = true;               ///< all was compared; false after firstExit
    std::uint64_t topicsDifferent = 0;  ///< that one lacks, or has with another number of partitions

    [[nodiscard]] bool identical() const { return onlyA + onlyB + different + topicsDifferent == 0; }
};

/// Compares streams that producers may write to and a link may feed meanwhile: what differs is read again a few times,
/// with pauses of the calls'. Committed cursors do not count. Blocks. Errors: NotFound, PermissionDenied, Unavailable,
/// Timeout, Corrupt: then nothing is known.
Result<StreamDiffResult> diffStreams(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit);

/// A message as it lies in a batch; views die with the next one.
struct ReadMessage {
    std::uint64_t offset = 0;
    BytesView bytes;  ///< key, value, time and headers (streambody.h)
};

/// The messages of one partition in order, by large reads. Blocks.
class PartitionReader {
public:
    /// From `offset` on, and those before `end`.
    PartitionReader(ClusterCalls& calls, std::string path, std::string topic, std::uint32_t partition,
                    std::uint64_t offset, std::uint64_t end);
    /// The next one; nullopt = there is none any more.
    Result<std::optional<ReadMessage>> next();

private:
    Status fetch();

    ClusterCalls& calls_;
    std::string path_;
    std::string topic_;
    std::uint32_t partition_;
    std::uint64_t offset_;  ///< of the next message, at least
    std::uint64_t end_;
    bool atEnd_ = false;
    Bytes answer_;
    std::vector<BytesView> batches_;  ///< of the answer
    std::size_t batch_ = 0;           ///< the next one
    BytesView messages_;              ///< of the batch at hand, what is left of it
    std::uint64_t messageAt_ = 0;     ///< the offset that messages_ begins with
    std::uint64_t left_ = 0;
};

}  // namespace tributary::engine::maprdb
