// `mapr diffstreams|perfproducer|perfconsumer|streamanalyzer`, `stream assign list` (maprdb.md sections 1.6 and 1.8).
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/diffstreams.h"
#include "engine/admin/streamadmin.h"
#include "engine/admin/streamread.h"

namespace tributary::engine::maprdb::admin {
namespace {

constexpr std::size_t kPerfMessageBytes = 200;
constexpr std::uint64_t kPerfBatchMessages = 5'000;
constexpr std::size_t kPerfInFlight = 4;
constexpr std::size_t kPrintedMax = 100'000;

std::string perfTopic(std::int64_t number) {
    return fmt::format("perf_{}", number);
}

/// How fast something went, for people.
std::string rateOf(std::uint64_t messages, Millis tookMs) {
    const double seconds = static_cast<double>(std::max<Millis>(1, tookMs)) / 1000.0;
    const double bytes = static_cast<double>(messages) * kPerfMessageBytes;
    return fmt::format("{} messages in {:.3f} s: {:.0f} messages/s, {:.1f} MB/s", groupedDigits(messages), seconds,
                       static_cast<double>(messages) / seconds, bytes / seconds / 1e6);
}

/// A body of `count` messages; by key they go to all partitions, else they stay in `partition`.
Bytes perfBatch(const std::string& topic, std::uint64_t first, std::uint64_t count,
                std::optional<std::uint32_t> partition) {
    static const std::string filler(kPerfMessageBytes, 'x');
    Bytes messages;
    messages.reserve(count * (kPerfMessageBytes + 24));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string key = fmt::format("{}", first + i);
        MessageView message{{}, BytesView(filler).substr(0, kPerfMessageBytes), 0, {}};
        if (!partition) message.key = key;
        appendMessage(messages, message);
    }
    Bytes parts;
    appendPart(parts, StreamPart::Produce, encodeProduce({topic, partition, count, messages}));
    return parts;
}

/// Sends batches several ahead of their answers.
class Pipeline {
public:
    Pipeline(ClusterCalls& calls, std::shared_ptr<ControlClient> client, std::string path)
        : calls_(calls), client_(std::move(client)), path_(std::move(path)) {}
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;
    ~Pipeline() {
        while (waiting_ > 0 && client_->receive(kCallTimeoutMs)) --waiting_;
    }
    Status send(const Bytes& parts) {
        while (waiting_ >= kPerfInFlight) {
            if (Status taken = take(); !taken) return taken;
        }
        if (Status sent = client_->send(StreamMethod::Put, encodePut(path_, false, parts)); !sent) return sent;
        ++waiting_;
        return okStatus();
    }
    Status finish() {
        while (waiting_ > 0) {
            if (Status taken = take(); !taken) return taken;
        }
        return okStatus();
    }

private:
    Status take() {
        const auto timeoutMs = calls_.budget(kDataCallTimeoutMs);
        if (!timeoutMs) return timeoutMs.error();
        const auto answer = client_->receive(*timeoutMs);
        --waiting_;
        return answer ? okStatus() : Status(answer.error());
    }

    ClusterCalls& calls_;
    std::shared_ptr<ControlClient> client_;
    std::string path_;
    std::size_t waiting_ = 0;
};

/// Reads a topic to its end as it is now; `take` sees each message.
Result<std::uint64_t> readTopic(const Command& command, const std::string& path, const CountedTopics::value_type& topic,
                                const std::function<void(std::uint32_t, const ReadMessage&)>& take) {
    std::uint64_t count = 0;
    const auto& [name, partitions] = topic;
    for (std::uint32_t i = 0; i < partitions.size(); ++i) {
        PartitionReader reader(command.calls, path, name, i, partitions[i].low, partitions[i].next);
        while (true) {
            const auto message = reader.next();
            if (!message) return message.error();
            if (!message->has_value()) break;
            ++count;
            if (take) take(i, **message);
        }
    }
    return count;
}

}  // namespace

Result<Outcome> diffStreamsTool(const Command& command) {
    const Result<std::string> src = command.path("src");
    if (!src) return src.error();
    const Result<std::string> dst = command.path("dst");
    if (!dst) return dst.error();
    Outcome outcome;
    if (command.op.has("mapreduce") && command.op.flag("mapreduce")) {
        return Error{ErrorCode::Unsupported, "comparisons run here and not as jobs of the cluster", "-mapreduce",
                     "-mapreduce false"};
    }
    for (const auto& [path, where] : {std::pair{*src, "-src"}, {*dst, "-dst"}}) {
        const Result<Json> stream = describeStreamAt(command.calls, path, where);
        if (!stream) return stream.error();
    }
    const auto diff = diffStreams(command.calls, *src, *dst, command.op.flag("first_exit"));
    if (!diff) return diff.error();
    const std::string stopped = diff->complete ? "" : " (stopped at the first)";
    outcome.lines = {fmt::format("topics: {}", diff->topics),
                     fmt::format("topics that differ: {}{}", diff->topicsDifferent, stopped),
                     fmt::format("messages in {}: {}", *src, diff->messagesA),
                     fmt::format("messages in {}: {}", *dst, diff->messagesB),
                     fmt::format("messages that differ: {}{}", diff->different + diff->onlyA + diff->onlyB, stopped)};
    for (const std::string& line : diff->lines) outcome.lines.push_back(line);
    outcome.lines.emplace_back(diff->identical() ? "the streams are identical" : "the streams differ");
    if (!command.op.has("mapreduce")) {
        outcome.warnings.emplace_back(
            "the real tool would start a job of the cluster here: -mapreduce false avoids it");
    }
    return outcome;
}

Result<Outcome> perfProducerTool(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const std::int64_t topics = command.op.integer("ntopics", 1);
    const auto partitions = static_cast<std::uint32_t>(command.op.integer("npart", 1));
    const auto perTopic = static_cast<std::uint64_t>(command.op.integer("nmsgs", 100'000));
    for (std::int64_t i = 0; i < topics; ++i) {
        Bytes make;
        const std::string name = perfTopic(i);
        appendTopic(make, {name, partitions, TopicChange::Mode::Create});
        const auto made = putParts(command.calls, *path, make, false);
        if (!made && made.error().code != ErrorCode::AlreadyExists) return withWhere(made.error(), "-path");
    }
    auto client = command.calls.client(clusterOf(*path));
    if (!client) return client.error();
    const Millis beganMs = command.calls.nowMs();
    std::uint64_t produced = 0;
    Pipeline pipeline(command.calls, *client, *path);
    for (std::int64_t i = 0; i < topics; ++i) {
        std::uint32_t partition = 0;
        for (std::uint64_t first = 0; first < perTopic; first += kPerfBatchMessages) {
            const std::uint64_t count = std::min(kPerfBatchMessages, perTopic - first);
            std::optional<std::uint32_t> to;
            if (command.op.flag("rr")) to = partition++ % partitions;
            if (Status sent = pipeline.send(perfBatch(perfTopic(i), first, count, to)); !sent) return sent.error();
            produced += count;
        }
    }
    if (Status done = pipeline.finish(); !done) return done.error();
    Outcome outcome;
    outcome.lines.push_back("produced " + rateOf(produced, command.calls.nowMs() - beganMs));
    return outcome;
}

Result<Outcome> perfConsumerTool(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const auto topics = countedTopics(command.calls, *path);
    if (!topics) return withWhere(topics.error(), "-path");
    const Millis beganMs = command.calls.nowMs();
    std::uint64_t consumed = 0;
    for (std::int64_t i = 0; i < command.op.integer("ntopics", 1); ++i) {
        const auto at = topics->find(perfTopic(i));
        if (at == topics->end()) {
            return Error{ErrorCode::NotFound, fmt::format("the stream has no topic {}", perfTopic(i)), "-ntopics",
                         fmt::format("mapr perfproducer -path {}", shellWord(*path))};
        }
        const auto count = readTopic(command, *path, *at, {});
        if (!count) return count.error();
        consumed += *count;
    }
    Outcome outcome;
    outcome.lines.push_back("consumed " + rateOf(consumed, command.calls.nowMs() - beganMs));
    return outcome;
}

Result<Outcome> streamAnalyzerTool(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const auto topics = countedTopics(command.calls, *path);
    if (!topics) return withWhere(topics.error(), "-path");
    const std::string only = "," + command.op.text("topics") + ",";
    Outcome outcome;
    std::uint64_t sum = 0;
    std::size_t printed = 0;
    const auto print = [&](const std::string& topic, std::uint32_t partition, const ReadMessage& message) {
        if (printed++ >= kPrintedMax) return;
        ByteReader reader(message.bytes);
        const MessageView view = readMessage(reader);
        outcome.lines.push_back(
            fmt::format("{}:{}:{}: {}", topic, partition, message.offset, shownLine(std::string(view.value))));
    };
    for (const CountedTopics::value_type& topic : *topics) {
        const std::string& name = topic.first;
        if (command.op.has("topics") && only.find("," + name + ",") == std::string::npos) continue;
        std::function<void(std::uint32_t, const ReadMessage&)> take;
        if (command.op.flag("printmessages")) {
            take = [&](std::uint32_t partition, const ReadMessage& message) { print(name, partition, message); };
        }
        const auto count = readTopic(command, *path, topic, take);
        if (!count) return count.error();
        outcome.lines.push_back(fmt::format("topic {}: {}", name, *count));
        sum += *count;
    }
    if (printed > kPrintedMax) {
        outcome.warnings.push_back(fmt::format("{} messages are not printed", printed - kPrintedMax));
    }
    outcome.lines.push_back(fmt::format("Total number of messages: {}", sum));
    return outcome;
}

Result<Outcome> assignList(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    if (op.has("partition") && !op.has("topic")) {
        return Error{ErrorCode::InvalidInput, "-partition needs -topic", "-partition", "add -topic <topic>"};
    }
    const Result<Json> answer = command.calls.callAt(*path, StreamMethod::Assignments, Json{{"path", *path}});
    if (!answer) return withWhere(answer.error(), "-path");
    Outcome outcome;
    for (const Json& assigned : answer->value("assignments", Json::array())) {
        if (op.has("consumergroup") && textOf(assigned, "group") != op.text("consumergroup")) continue;
        if (op.has("topic") && textOf(assigned, "topic") != op.text("topic")) continue;
        if (op.has("partition") && numberOf(assigned, "partition") != op.integer("partition")) continue;
        Json row{{"consumergroup", textOf(assigned, "group")},
                 {"topic", textOf(assigned, "topic")},
                 {"partitionid", numberOf(assigned, "partition")},
                 {"consumer", textOf(assigned, "member")}};
        if (op.flag("detail")) {
            row["generation"] = numberOf(assigned, "generation");
            row["heardmillisago"] = numberOf(assigned, "heardmsago");
        }
        outcome.add(std::move(row));
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
