// Both sides of a partition read in step; what differs is looked at again before it counts.
#include "engine/admin/diffstreams.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/escape.h"
#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kReadBytes = 4U << 20U;
constexpr std::size_t kLinesMax = 20;
constexpr int kLooksMax = 7;
constexpr Millis kLookAgainMs = 300;
constexpr std::size_t kShownBytes = 60;

struct Partitions {
    std::vector<std::uint64_t> low;
    std::vector<std::uint64_t> next;
};
using Topics = std::map<std::string, Partitions>;

Result<Topics> topicsOf(ClusterCalls& calls, const std::string& path) {
    const Result<Json> answer = calls.callAt(path, StreamMethod::Topics, Json{{"path", path}}, kDataCallTimeoutMs);
    if (!answer) return answer.error();
    Topics topics;
    for (const Json& topic : answer->value("topics", Json::array())) {
        Partitions& partitions = topics[textOf(topic, "topic")];
        for (const Json& partition : topic.value("partitions", Json::array())) {
            partitions.low.push_back(static_cast<std::uint64_t>(numberOf(partition, "low")));
            partitions.next.push_back(static_cast<std::uint64_t>(numberOf(partition, "next")));
        }
    }
    return topics;
}

std::string shownMessage(BytesView bytes) {
    ByteReader reader(bytes);
    const MessageView message = readMessage(reader);
    const std::string value = shownLine(std::string(message.value.substr(0, kShownBytes)));
    return message.key
               ? fmt::format("key {}, value {}", shownLine(std::string(message.key->substr(0, kShownBytes))), value)
               : "value " + value;
}

class StreamComparison {
public:
    StreamComparison(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit)
        : calls_(calls), a_(a), b_(b), firstExit_(firstExit) {}

    Result<StreamDiffResult> run() {
        const Result<Topics> atA = topicsOf(calls_, a_);
        if (!atA) return atA.error();
        const Result<Topics> atB = topicsOf(calls_, b_);
        if (!atB) return atB.error();
        for (const auto& [name, partitions] : *atA) {
            ++result_.topics;
            const auto other = atB->find(name);
            if (other == atB->end() || other->second.next.size() != partitions.next.size()) {
                ++result_.topicsDifferent;
                tell(other == atB->end() ? fmt::format("topic {} is missing at {}", name, b_)
                                         : fmt::format("topic {}: {} partitions at {}, {} at {}", name,
                                                       partitions.next.size(), a_, other->second.next.size(), b_));
                if (firstExit_) return std::move(result_);
                continue;
            }
            for (std::uint32_t i = 0; i < partitions.next.size(); ++i) {
                if (Status done = compare(name, i, partitions, other->second); !done) return done.error();
                if (firstExit_ && !result_.identical()) return std::move(result_);
            }
        }
        for (const auto& [name, partitions] : *atB) {
            if (atA->contains(name)) continue;
            ++result_.topics;
            ++result_.topicsDifferent;
            tell(fmt::format("topic {} is missing at {}", name, a_));
        }
        return std::move(result_);
    }

private:
    Status compare(const std::string& topic, std::uint32_t number, const Partitions& atA, const Partitions& atB) {
        PartitionReader readA(calls_, a_, topic, number, atA.low[number], atA.next[number]);
        PartitionReader readB(calls_, b_, topic, number, atB.low[number], atB.next[number]);
        auto messageA = readA.next();
        auto messageB = readB.next();
        while (messageA && messageB && (messageA->has_value() || messageB->has_value())) {
            const std::uint64_t offsetA = messageA->has_value() ? (*messageA)->offset : UINT64_MAX;
            const std::uint64_t offsetB = messageB->has_value() ? (*messageB)->offset : UINT64_MAX;
            const std::uint64_t offset = std::min(offsetA, offsetB);
            const auto where = [&] { return fmt::format("topic {}, partition {}, offset {}", topic, number, offset); };
            if (offsetA == offsetB && (*messageA)->bytes != (*messageB)->bytes) {
                ++result_.different;
                tell(fmt::format("{}: {} at {}, {} at {}", where(), shownMessage((*messageA)->bytes), a_,
                                 shownMessage((*messageB)->bytes), b_));
            } else if (offsetA < offsetB) {
                ++result_.onlyA;
                tell(fmt::format("{} is missing at {}", where(), b_));
            } else if (offsetB < offsetA) {
                ++result_.onlyB;
                tell(fmt::format("{} is missing at {}", where(), a_));
            }
            if (firstExit_ && !result_.identical()) {
                result_.complete = false;
                return okStatus();
            }
            if (offsetA == offset) {
                ++result_.messagesA;
                messageA = readA.next();
            }
            if (offsetB == offset) {
                ++result_.messagesB;
                messageB = readB.next();
            }
        }
        if (!messageA) return messageA.error();
        return messageB ? okStatus() : Status(messageB.error());
    }

    void tell(std::string line) {
        if (result_.lines.size() < kLinesMax) result_.lines.push_back(std::move(line));
    }

    ClusterCalls& calls_;
    const std::string& a_;
    const std::string& b_;
    bool firstExit_;
    StreamDiffResult result_;
};

}  // namespace

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

Result<StreamDiffResult> diffStreams(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit) {
    for (std::uint64_t look = 1;; ++look) {
        Result<StreamDiffResult> found = StreamComparison(calls, a, b, firstExit).run();
        if (!found) return found;
        found->looks = look;
        if (found->identical() || look == kLooksMax) return found;
        calls.pause(kLookAgainMs);
    }
}

}  // namespace tributary::engine::maprdb
