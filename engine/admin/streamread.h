// Messages of streams as comparisons and counts read them: which topics there are, partition by partition.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::engine::maprdb {

/// What a partition holds: offsets from `low` on, before `next`.
struct CountedPartition {
    std::uint64_t low = 0;
    std::uint64_t next = 0;
};
/// Partitions by topic.
using CountedTopics = std::map<std::string, std::vector<CountedPartition>>;

/// The topics of a stream, now. Blocks.
Result<CountedTopics> countedTopics(ClusterCalls& calls, const std::string& path);

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
