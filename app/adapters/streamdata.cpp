// Bodies and answers of streams, for people.
#include "app/adapters/streamdata.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/systems/maprdb/naming.h"
#include "core/systems/naming.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::BatchView;
using engine::maprdb::ClusterCalls;
using engine::maprdb::MessageView;
using engine::maprdb::numberOf;
using engine::maprdb::StreamMethod;
using engine::maprdb::textOf;

constexpr Millis kAnswerMs = 30'000;  ///< beyond what a read waits

Status addBatch(BytesView content, std::uint64_t from, ReadPage& page) {
    const auto parsed = engine::maprdb::parseBatch(content);
    if (!parsed) return parsed.error();
    const BatchView& batch = parsed.value();
    ByteReader reader(batch.messages);
    for (std::uint64_t offset = batch.first; offset < batch.end(); ++offset) {
        const MessageView view = engine::maprdb::readMessage(reader);
        if (offset < from) continue;
        MessageRead message;
        message.partition = batch.partition;
        message.offset = offset;
        message.timestampMs = view.timestampMs != 0 ? view.timestampMs : stampMs(batch.stamp);
        if (view.key) message.key = Bytes(*view.key);
        message.value = Bytes(view.value);
        for (const auto& [name, value] : view.headers) message.headers.emplace_back(name, value);
        message.origin = batch.origin.text();
        page.messages.push_back(std::move(message));
    }
    return okStatus();
}

}  // namespace

Result<TopicName> parseTopicName(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const std::string form = "write it as /mapr/<cluster>/<stream>:<topic>";
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("'{}' names no topic", escapedBytes(bounded(text, limits::kNameShownMax))), "TOPIC",
                     form};
    }
    TopicName name{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
    if (const auto path = parseDatasetPath(name.stream); !path) {
        Error error = path.error();
        error.where = "TOPIC";
        error.fix = form;
        return error;
    }
    if (Status named = engine::maprdb::checkTopicName(name.topic); !named) {
        Error error = named.error();
        error.where = "TOPIC";
        return error;
    }
    return name;
}

namespace {

/// As whoever types `tributary produce` and `consume` spells the parts.
Error inWordsOfVerbs(Error error, const std::string& stream) {
    if (error.where == "-topic") {
        error.where = "TOPIC";
        if (error.code == ErrorCode::NotFound) {
            error.fix = fmt::format("maprcli stream topic list -path {}", engine::maprdb::shellWord(stream));
        }
    }
    if (error.where == "-partition") error.where = "--partition";
    return error;
}

}  // namespace

StreamData::StreamData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs)
    : directory_(directory), nowMs_(std::move(nowMs)) {}

Result<Bytes> StreamData::put(const std::string& stream, const Bytes& parts) {
    auto client = directory_.client(clusterOf(stream));
    if (!client) return client.error();
    return client.value()->call(StreamMethod::Put, engine::maprdb::encodePut(stream, false, parts));
}

Result<std::vector<Placed>> StreamData::produce(const TopicName& topic, const std::vector<MessageWrite>& messages,
                                                std::optional<std::uint32_t> partition) {
    Bytes list;
    for (const MessageWrite& message : messages) {
        if (Status fits = limits::check("value", message.value.size(), "a message"); !fits) return fits.error();
        MessageView view{message.key ? std::optional<BytesView>(*message.key) : std::nullopt,
                         message.value,
                         message.timestampMs,
                         {}};
        for (const auto& [name, value] : message.headers) view.headers.emplace_back(name, value);
        engine::maprdb::appendMessage(list, view);
    }
    Bytes parts;
    engine::maprdb::appendPart(parts, engine::maprdb::StreamPart::Produce,
                               engine::maprdb::encodeProduce({topic.topic, partition, messages.size(), list}));
    const auto answer = put(topic.stream, parts);
    if (!answer) return inWordsOfVerbs(answer.error(), topic.stream);
    std::vector<Placed> placed;
    const Json json = Json::parse(*answer, nullptr, false);
    for (const Json& item : json.is_array() ? json : Json::array()) {
        placed.push_back({static_cast<std::uint32_t>(numberOf(item, "partition")),
                          static_cast<std::uint64_t>(numberOf(item, "first")),
                          static_cast<std::uint64_t>(numberOf(item, "count"))});
    }
    return placed;
}

Result<ReadPage> StreamData::read(const ReadRequest& request) {
    auto client = directory_.client(clusterOf(request.topic.stream));
    if (!client) return client.error();
    const Json ask{{"path", request.topic.stream}, {"topic", request.topic.topic}, {"partition", request.partition},
                   {"offset", request.offset},     {"messages", request.messages}, {"waitms", request.waitMs},
                   {"apart", request.apart}};
    const auto answer = client.value()->call(StreamMethod::Read, ask.dump(), request.waitMs + kAnswerMs);
    if (!answer) return inWordsOfVerbs(answer.error(), request.topic.stream);
    ByteReader reader(*answer);
    ReadPage page;
    page.next = reader.fixed<std::uint64_t>();
    page.end = reader.fixed<std::uint64_t>();
    const auto count = reader.fixed<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        if (Status read = addBatch(reader.blob(), request.offset, page); !read) return read.error();
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "the cluster's answer is damaged", {}, {}};
    if (page.messages.size() > request.messages) {
        page.messages.resize(static_cast<std::size_t>(request.messages));
        page.next = page.messages.back().offset + 1;
    }
    return page;
}

namespace {

std::vector<PartitionShown> partitionsOf(const Json& topic) {
    std::vector<PartitionShown> shown;
    for (const Json& partition : topic.value("partitions", Json::array())) {
        shown.push_back({static_cast<std::uint32_t>(numberOf(partition, "partition")),
                         static_cast<std::uint64_t>(numberOf(partition, "low")),
                         static_cast<std::uint64_t>(numberOf(partition, "next"))});
    }
    return shown;
}

}  // namespace

Result<std::vector<TopicShown>> StreamData::topics(const std::string& stream) {
    ClusterCalls calls(directory_, nowMs_);
    const auto answer = calls.callAt(stream, StreamMethod::Topics, Json{{"path", stream}});
    if (!answer) return answer.error();
    std::vector<TopicShown> shown;
    for (const Json& topic : answer->value("topics", Json::array())) {
        shown.push_back({textOf(topic, "topic"), partitionsOf(topic)});
    }
    std::sort(shown.begin(), shown.end(), [](const TopicShown& a, const TopicShown& b) { return a.topic < b.topic; });
    return shown;
}

Result<std::vector<CursorShown>> StreamData::cursors(const std::string& stream) {
    ClusterCalls calls(directory_, nowMs_);
    const auto answer = calls.callAt(stream, StreamMethod::Cursors, Json{{"path", stream}});
    if (!answer) return answer.error();
    std::vector<CursorShown> shown;
    for (const Json& each : answer->value("cursors", Json::array())) {
        CursorShown& cursor = shown.emplace_back();
        cursor.group = textOf(each, "group");
        cursor.topic = textOf(each, "topic");
        cursor.partition = static_cast<std::uint32_t>(numberOf(each, "partition"));
        cursor.offset = static_cast<std::uint64_t>(numberOf(each, "offset"));
        if (each.contains("next")) cursor.end = static_cast<std::uint64_t>(numberOf(each, "next"));
        cursor.committedMs = numberOf(each, "committedms");
    }
    return shown;
}

Result<std::vector<PartitionShown>> StreamData::partitions(const TopicName& topic) {
    ClusterCalls calls(directory_, nowMs_);
    const auto answer =
        calls.callAt(topic.stream, StreamMethod::Topics, Json{{"path", topic.stream}, {"topic", topic.topic}});
    if (!answer) return inWordsOfVerbs(answer.error(), topic.stream);
    std::vector<PartitionShown> shown;
    for (const Json& found : answer->value("topics", Json::array())) {
        for (PartitionShown& each : partitionsOf(found)) shown.push_back(each);
    }
    return shown;
}

Result<std::optional<std::uint64_t>> StreamData::committed(const TopicName& topic, std::uint32_t partition,
                                                           const std::string& group) {
    ClusterCalls calls(directory_, nowMs_);
    const auto answer = calls.callAt(topic.stream, StreamMethod::Cursors, Json{{"path", topic.stream}});
    if (!answer) return answer.error();
    for (const Json& cursor : answer->value("cursors", Json::array())) {
        const bool same = textOf(cursor, "group") == group && textOf(cursor, "topic") == topic.topic &&
                          numberOf(cursor, "partition") == partition;
        if (same) return std::optional(static_cast<std::uint64_t>(numberOf(cursor, "offset")));
    }
    return std::optional<std::uint64_t>();
}

Status StreamData::commit(const TopicName& topic, std::uint32_t partition, const std::string& group,
                          std::uint64_t offset) {
    Bytes parts;
    engine::maprdb::appendCursor(parts, {group, topic.topic, partition, offset, 0});
    const auto answer = put(topic.stream, parts);
    return answer ? okStatus() : Status(answer.error());
}

Result<GroupShare> StreamData::join(const TopicName& topic, const std::string& group, const std::string& member) {
    auto client = directory_.client(clusterOf(topic.stream));
    if (!client) return client.error();
    Json body{{"path", topic.stream}, {"group", group}, {"topics", Json::array({topic.topic})}};
    if (!member.empty()) body["member"] = member;
    const auto answer = client.value()->callJson(StreamMethod::Join, body);
    if (!answer) return inWordsOfVerbs(answer.error(), topic.stream);
    GroupShare share;
    share.member = textOf(*answer, "member");
    share.generation = static_cast<std::uint64_t>(numberOf(*answer, "generation"));
    share.heartbeatMs = numberOf(*answer, "heartbeatms", share.heartbeatMs);
    share.coming = numberOf(*answer, "coming") > 0;
    for (const Json& partition : answer->value("partitions", Json::array())) {
        share.partitions.push_back(static_cast<std::uint32_t>(numberOf(partition, "partition")));
    }
    return share;
}

void StreamData::leave(const TopicName& topic, const std::string& group, const std::string& member) {
    auto client = directory_.client(clusterOf(topic.stream));
    if (!client) return;  // so it learns it from the connection
    (void)client.value()->callJson(
        StreamMethod::Join,
        Json{{"path", topic.stream}, {"group", group}, {"topics", Json::array()}, {"member", member}, {"leave", true}});
}

}  // namespace tributary::app
