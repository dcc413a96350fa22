// Topics by one request; messages out of the batches of large reads.
#include "engine/admin/streamread.h"

#include <fmt/format.h>

#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kReadBytes = 4U << 20U;

}  // namespace

Result<CountedTopics> countedTopics(ClusterCalls& calls, const std::string& path) {
    const Result<Json> answer = calls.callAt(path, StreamMethod::Topics, Json{{"path", path}}, kDataCallTimeoutMs);
    if (!answer) return answer.error();
    CountedTopics topics;
    for (const Json& topic : answer->value("topics", Json::array())) {
        std::vector<CountedPartition>& partitions = topics[textOf(topic, "topic")];
        for (const Json& partition : topic.value("partitions", Json::array())) {
            partitions.push_back({static_cast<std::uint64_t>(numberOf(partition, "low")),
                                  static_cast<std::uint64_t>(numberOf(partition, "next"))});
        }
    }
    return topics;
}

PartitionReader::PartitionReader(ClusterCalls& calls, std::string path, std::string topic, std::uint32_t partition,
                                 std::uint64_t offset, std::uint64_t end)
    : calls_(calls),
      path_(std::move(path)),
      topic_(std::move(topic)),
      partition_(partition),
      offset_(offset),
      end_(end) {}

Result<std::optional<ReadMessage>> PartitionReader::next() {
    while (true) {
        while (left_ > 0) {
            ByteReader reader(messages_);
            (void)readMessage(reader);
            if (!reader.ok()) return Error{ErrorCode::Corrupt, fmt::format("a batch of {} is damaged", path_), {}, {}};
            const std::size_t size = messages_.size() - reader.remaining();
            const ReadMessage message{messageAt_, messages_.substr(0, size)};
            messages_ = messages_.substr(size);
            ++messageAt_;
            --left_;
            if (message.offset < offset_) continue;  // the first batch may begin before
            if (message.offset >= end_) return std::optional<ReadMessage>();
            offset_ = message.offset + 1;
            return std::optional(message);
        }
        if (batch_ < batches_.size()) {
            const auto batch = parseBatchHead(batches_[batch_++]);
            if (!batch) return batch.error();
            messages_ = batch.value().messages;
            messageAt_ = batch.value().first;
            left_ = batch.value().count;
            continue;
        }
        if (atEnd_ || offset_ >= end_) return std::optional<ReadMessage>();
        if (Status fetched = fetch(); !fetched) return fetched.error();
    }
}

Status PartitionReader::fetch() {
    auto client = calls_.client(clusterOf(path_));
    if (!client) return client.error();
    const auto timeoutMs = calls_.budget(kDataCallTimeoutMs);
    if (!timeoutMs) return timeoutMs.error();
    const Json ask{{"path", path_},     {"topic", topic_},       {"partition", partition_},
                   {"offset", offset_}, {"messages", INT64_MAX}, {"bytes", kReadBytes}};
    auto answer = (*client)->call(StreamMethod::Read, ask.dump(), *timeoutMs);
    if (!answer) return answer.error();
    answer_ = std::move(answer).value();
    ByteReader reader(answer_);
    (void)reader.fixed<std::uint64_t>();
    (void)reader.fixed<std::uint64_t>();
    const auto count = reader.fixed<std::uint32_t>();
    batches_.clear();
    batch_ = 0;
    for (std::uint32_t i = 0; reader.ok() && i < count; ++i) batches_.push_back(reader.blob());
    if (!reader.ok()) return Error{ErrorCode::Corrupt, fmt::format("{} answers nothing that reads", path_), {}, {}};
    atEnd_ = count == 0;
    return okStatus();
}

}  // namespace tributary::engine::maprdb
