// Messages of streams as a client writes and reads them: produce, consume, commit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

/// A topic as people write it: "/mapr/sanfrancisco/activity:topic_1".
struct TopicName {
    std::string stream;
    std::string topic;
};
/// InvalidInput shows the form.
[[nodiscard]] Result<TopicName> parseTopicName(std::string_view text);

/// One message to write.
struct MessageWrite {
    std::optional<Bytes> key;
    Bytes value;
    Millis timestampMs = 0;  ///< 0 = when it arrives
    std::vector<std::pair<std::string, Bytes>> headers;
};

/// Where messages were put.
struct Placed {
    std::uint32_t partition = 0;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

/// One message as read.
struct MessageRead {
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    Millis timestampMs = 0;  ///< its producer's, else when it arrived
    std::optional<Bytes> key;
    Bytes value;
    std::vector<std::pair<std::string, Bytes>> headers;
    std::string origin;  ///< uuid of the stream that gave the offset
};

/// What a read is for.
struct ReadRequest {
    TopicName topic;
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    std::uint64_t messages = 500;
    Millis waitMs = 0;   ///< how long it waits for the first one
    bool apart = false;  ///< what a conflict kept apart
};
struct ReadPage {
    std::vector<MessageRead> messages;
    std::uint64_t next = 0;  ///< offset to go on from
    std::uint64_t end = 0;   ///< offset of the next message that will come
};

/// A partition as its cluster knows it.
struct PartitionShown {
    std::uint32_t partition = 0;
    std::uint64_t low = 0;
    std::uint64_t end = 0;
};

/// A topic with its partitions.
struct TopicShown {
    std::string topic;
    std::vector<PartitionShown> partitions;
};

/// Where a consumer group stands in a partition.
struct CursorShown {
    std::string group;
    std::string topic;
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;          ///< committed: the next message that it will read
    std::optional<std::uint64_t> end;  ///< offset of the next message that will come; absent: not told
    Millis committedMs = 0;            ///< UTC
};

/// What a consumer of a group reads.
struct GroupShare {
    std::string member;
    std::uint64_t generation = 0;  ///< another one: partitions have changed hands
    Millis heartbeatMs = 1'000;    ///< ask again so soon
    std::vector<std::uint32_t> partitions;
    bool coming = false;  ///< there will be more: its reader up to now has not let go of it yet
};

/// A client of streams; full paths. Calls block; one thread at a time. Errors: NotFound, PermissionDenied,
/// InvalidInput, Unavailable, Timeout (in doubt).
class StreamData {
public:
    StreamData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs);

    /// Each partition's messages follow each other in the order given.
    Result<std::vector<Placed>> produce(const TopicName& topic, const std::vector<MessageWrite>& messages,
                                        std::optional<std::uint32_t> partition);
    Result<ReadPage> read(const ReadRequest& request);
    Result<std::vector<PartitionShown>> partitions(const TopicName& topic);
    /// Every topic of a stream, by name.
    Result<std::vector<TopicShown>> topics(const std::string& stream);
    /// Every committed offset of a stream.
    Result<std::vector<CursorShown>> cursors(const std::string& stream);
    /// The committed offset; nullopt when the group has none.
    Result<std::optional<std::uint64_t>> committed(const TopicName& topic, std::uint32_t partition,
                                                   const std::string& group);
    Status commit(const TopicName& topic, std::uint32_t partition, const std::string& group, std::uint64_t offset);
    /// Joins a consumer group (`member` empty), or says that the member is still there.
    Result<GroupShare> join(const TopicName& topic, const std::string& group, const std::string& member);
    void leave(const TopicName& topic, const std::string& group, const std::string& member);

private:
    Result<Bytes> put(const std::string& stream, const Bytes& parts);

    engine::ClusterDirectory& directory_;
    engine::maprdb::NowMs nowMs_;
};

}  // namespace tributary::app
