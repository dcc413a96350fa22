// Topics first, then partition after partition, cursors last: a group may not stand behind messages that are not there.
#include "engine/systems/maprdb/copying/streamcopy.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb {
namespace {

using Json = nlohmann::ordered_json;

Error unreadable(const std::string& path) {
    return {ErrorCode::Corrupt, fmt::format("{} answers nothing that reads", path), {}, {}};
}

std::uint16_t streamMethodOf(Method method) {
    return static_cast<std::uint16_t>(method);
}

}  // namespace

StreamCopyWork::StreamCopyWork(StreamCopyRequest request, const Json& token)
    : request_(std::move(request)), from_(token) {}

Json StreamCopyWork::token() const {
    if (partitions_.empty()) return from_;
    Json token{{"offsets", Json::object()}};
    for (const Partition& partition : partitions_) {
        Json& offsets = token["offsets"][partition.topic];
        if (offsets.is_null()) offsets = Json::array();
        while (offsets.size() <= partition.number) offsets.push_back(0);
        offsets[partition.number] = partition.copied;
    }
    return token;
}

CopyCall StreamCopyWork::call(Kind kind, bool atSource, Bytes body) {
    const std::uint64_t id = nextId_++;
    sent_[id].kind = kind;
    Method method = StreamMethod::Put;
    if (kind == Kind::Topics) method = StreamMethod::Topics;
    if (kind == Kind::Read) method = StreamMethod::Read;
    if (kind == Kind::Cursors) method = StreamMethod::Cursors;
    return CopyCall{id, atSource, streamMethodOf(method), std::move(body)};
}

std::optional<CopyCall> StreamCopyWork::next() {
    switch (stage_) {
        case Stage::Topics:
            if (std::exchange(asked_, true)) return std::nullopt;
            return call(Kind::Topics, true, Json{{"path", request_.src}}.dump());
        case Stage::Making: return nextTopic();
        case Stage::Messages: return nextMessages();
        case Stage::Cursors:
            if (std::exchange(asked_, true)) return std::nullopt;
            return call(Kind::Cursors, true, Json{{"path", request_.src}}.dump());
        case Stage::PutCursors:
            if (std::exchange(asked_, true)) return std::nullopt;
            return call(Kind::PutCursors, false, encodePut(request_.dst, true, cursors_));
        case Stage::Done: break;
    }
    return std::nullopt;
}

/// One after the other: a stream has few, and the messages of the first need not wait for a round trip of each.
std::optional<CopyCall> StreamCopyWork::nextTopic() {
    if (named_ == names_.size() || puts_ >= request_.putsInFlightMax) return std::nullopt;
    const auto& [name, partitions] = names_[named_++];
    Bytes make;
    appendTopic(make, {name, partitions, TopicChange::Mode::Create});
    ++puts_;
    return call(Kind::MakeTopic, false, encodePut(request_.dst, false, make));
}

std::optional<CopyCall> StreamCopyWork::nextMessages() {
    while (at_ < partitions_.size() && partitions_[at_].next >= partitions_[at_].end) ++at_;
    if (!reading_ && at_ < partitions_.size() && ready_.size() < 2) {
        const Partition& partition = partitions_[at_];
        reading_ = true;
        CopyCall read = call(Kind::Read, true,
                             Json{{"path", request_.src},
                                  {"topic", partition.topic},
                                  {"partition", partition.number},
                                  {"offset", partition.next},
                                  {"messages", INT64_MAX},
                                  {"bytes", request_.chunkBytesMax}}
                                 .dump());
        sent_[read.id].partition = at_;
        return read;
    }
    if (!ready_.empty() && puts_ < request_.putsInFlightMax) return nextPut();
    return std::nullopt;
}

CopyCall StreamCopyWork::nextPut() {
    Chunk chunk = std::move(ready_.front());
    ready_.pop_front();
    CopyCall put = call(Kind::Put, false, encodePut(request_.dst, true, chunk.parts));
    sent_[put.id] = Sent{Kind::Put, chunk.partition, chunk.upTo, chunk.messages, chunk.parts.size(), false};
    ++puts_;
    return put;
}

Status StreamCopyWork::answered(std::uint64_t id, Result<Bytes> answer) {
    const auto at = sent_.find(id);
    if (at == sent_.end()) return Error{ErrorCode::Internal, "an answer to what was not asked", {}, {}};
    const Sent sent = at->second;
    if (sent.kind != Kind::Put) sent_.erase(at);
    switch (sent.kind) {
        case Kind::Topics: return answer ? takeTopics(answer.value()) : Status(answer.error());
        case Kind::MakeTopic:
            --puts_;
            if (!answer && answer.error().code != ErrorCode::AlreadyExists) return answer.error();
            ++topicsMade_;
            if (named_ == names_.size() && puts_ == 0) {
                stage_ = Stage::Messages;
                messagesDone();
            }
            return okStatus();
        case Kind::Read:
            reading_ = false;
            if (!answer && answer.error().code == ErrorCode::NotFound && answer.error().where == "-topic") {
                skip(partitions_[sent.partition].topic);
                return okStatus();
            }
            return answer ? takeMessages(sent, answer.value()) : Status(answer.error());
        case Kind::Put:
            if (!answer) return answer.error();
            acknowledge(id);
            return okStatus();
        case Kind::Cursors: return answer ? takeCursors(answer.value()) : Status(answer.error());
        case Kind::PutCursors:
            if (answer) stage_ = Stage::Done;
            return answer ? okStatus() : Status(answer.error());
    }
    return okStatus();
}

Status StreamCopyWork::takeTopics(const Bytes& answer) try {
    const Json json = Json::parse(answer, nullptr, false);
    if (!json.is_object()) return unreadable(request_.src);
    const Json offsets = from_.is_object() ? from_.value("offsets", Json::object()) : Json::object();
    for (const Json& topic : json.value("topics", Json::array())) {
        const std::string name = topic.value("topic", std::string());
        const Json shown = topic.value("partitions", Json::array());
        const Json before = offsets.value(name, Json::array());
        names_.emplace_back(name, static_cast<std::uint32_t>(shown.size()));
        for (const Json& one : shown) {
            Partition partition;
            partition.topic = name;
            partition.number = one.value("partition", std::uint32_t{0});
            partition.low = one.value("low", std::uint64_t{0});
            partition.end = one.value("next", std::uint64_t{0});
            const bool known = partition.number < before.size() && before[partition.number].is_number_unsigned();
            partition.copied = known ? std::min(before[partition.number].get<std::uint64_t>(), partition.end) : 0;
            partition.next = std::max(partition.copied, partition.low);
            figures_.itemsExpected += partition.end - std::min(partition.low, partition.end);
            figures_.itemsBefore += partition.next - std::min(partition.low, partition.next);
            partitions_.push_back(std::move(partition));
        }
    }
    asked_ = false;
    stage_ = names_.empty() ? Stage::Cursors : Stage::Making;
    return okStatus();
} catch (const Json::exception&) {
    return unreadable(request_.src);
}

/// The topic was deleted meanwhile: so it will be at the replica, by the link.
void StreamCopyWork::skip(const std::string& topic) {
    for (Partition& partition : partitions_) {
        if (partition.topic == topic) partition.next = partition.end;
    }
    messagesDone();
}

Status StreamCopyWork::takeMessages(const Sent& sent, const Bytes& answer) {
    Partition& partition = partitions_[sent.partition];
    ByteReader reader(answer);
    Chunk chunk;
    chunk.partition = sent.partition;
    chunk.upTo = reader.fixed<std::uint64_t>();
    (void)reader.fixed<std::uint64_t>();
    const auto count = reader.fixed<std::uint32_t>();
    for (std::uint32_t i = 0; reader.ok() && i < count; ++i) {
        const BytesView batch = reader.blob();
        const auto head = parseBatchHead(batch);
        if (!head) return unreadable(request_.src);
        chunk.messages += head.value().count;
        appendPart(chunk.parts, StreamPart::Placed, batch);
    }
    if (!reader.ok() || (count > 0 && chunk.upTo <= partition.next)) return unreadable(request_.src);
    // Nothing: what was left has passed its time meanwhile.
    partition.next = count == 0 ? partition.end : chunk.upTo;
    if (count > 0) ready_.push_back(std::move(chunk));
    messagesDone();
    return okStatus();
}

/// What is acknowledged without a gap before it need not be copied again.
void StreamCopyWork::acknowledge(std::uint64_t id) {
    --puts_;
    Sent& put = sent_.at(id);
    put.acknowledged = true;
    figures_.items += put.messages;
    figures_.bytes += put.bytes;
    for (auto first = sent_.begin(); first != sent_.end();) {
        if (first->second.kind == Kind::Put) {
            if (!first->second.acknowledged) break;
            Partition& partition = partitions_[first->second.partition];
            partition.copied = std::max(partition.copied, first->second.upTo);
            first = sent_.erase(first);
        } else {
            ++first;
        }
    }
    messagesDone();
}

void StreamCopyWork::messagesDone() {
    const bool read = std::all_of(partitions_.begin(), partitions_.end(),
                                  [](const Partition& partition) { return partition.next >= partition.end; });
    if (stage_ != Stage::Messages || !read || reading_ || !ready_.empty() || puts_ > 0) return;
    asked_ = false;
    stage_ = Stage::Cursors;
}

Status StreamCopyWork::takeCursors(const Bytes& answer) try {
    const Json json = Json::parse(answer, nullptr, false);
    if (!json.is_object()) return unreadable(request_.src);
    for (const Json& cursor : json.value("cursors", Json::array())) {
        const std::string group = cursor.value("group", std::string());
        const std::string topic = cursor.value("topic", std::string());
        appendCursor(cursors_, {group, topic, cursor.value("partition", std::uint32_t{0}),
                                cursor.value("offset", std::uint64_t{0}), cursor.value("stamp", Stamp{0})});
    }
    asked_ = false;
    stage_ = cursors_.empty() ? Stage::Done : Stage::PutCursors;
    return okStatus();
} catch (const Json::exception&) {
    return unreadable(request_.src);
}

}  // namespace tributary::engine::maprdb
