// Reading is checking: counts, names and every message's bounds.
#include "engine/systems/maprdb/streams/streambody.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/maprdb/streams/defaults.h"

namespace tributary::engine::maprdb {
namespace {

Error damaged(const char* what) {
    return Error{ErrorCode::Corrupt, what, "ErrPayload", {}};
}

bool isTopicCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

bool isTopicName(BytesView name) {
    return !name.empty() && name.size() <= kTopicNameBytesMax &&
           std::all_of(name.begin(), name.end(), isTopicCharacter);
}

bool isGroupName(BytesView name) {
    const auto plain = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; };
    return !name.empty() && name.size() <= kGroupNameBytesMax && std::all_of(name.begin(), name.end(), plain);
}

std::uint32_t smallNumber(ByteReader& reader) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(reader.varint(), UINT32_MAX));
}

Status checkMessages(BytesView messages, std::uint64_t count) {
    if (count == 0 || count > kBatchMessagesMax) return damaged("a batch has too many messages, or none");
    ByteReader reader(messages);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) (void)readMessage(reader);
    if (!reader.ok() || !reader.atEnd()) return damaged("messages of a batch are damaged");
    return okStatus();
}

}  // namespace

void appendMessage(Bytes& out, const MessageView& message) {
    appendVarint(out, message.key ? message.key->size() + 1 : 0);
    if (message.key) out.append(*message.key);
    appendBlob(out, message.value);
    appendFixed<std::int64_t>(out, message.timestampMs);
    appendVarint(out, message.headers.size());
    for (const auto& [name, value] : message.headers) {
        appendBlob(out, name);
        appendBlob(out, value);
    }
}

MessageView readMessage(ByteReader& reader) {
    MessageView message;
    const std::uint64_t key = reader.varint();
    if (key != 0) message.key = reader.raw(key - 1);
    message.value = reader.blob();
    message.timestampMs = reader.fixed<std::int64_t>();
    const std::uint64_t headers = reader.varint();
    for (std::uint64_t i = 0; i < headers && reader.ok(); ++i) {
        const BytesView name = reader.blob();
        message.headers.emplace_back(name, reader.blob());
    }
    return message;
}

Bytes encodePut(std::string_view path, bool copy, BytesView parts) {
    Bytes out;
    appendBlob(out, path);
    appendFixed<std::uint8_t>(out, copy ? 1 : 0);
    out.append(parts);
    return out;
}

void appendPart(Bytes& body, StreamPart part, BytesView content) {
    appendFixed<std::uint8_t>(body, static_cast<std::uint8_t>(part));
    appendBlob(body, content);
}

Bytes encodeProduce(const ProduceView& produce) {
    Bytes out;
    appendBlob(out, produce.topic);
    appendVarint(out, produce.partition ? std::uint64_t{*produce.partition} + 1 : 0);
    appendVarint(out, produce.count);
    out.append(produce.messages);
    return out;
}

Bytes encodeBatch(const BatchView& batch) {
    Bytes out;
    out.reserve(64 + batch.topic.size() + batch.messages.size());
    appendFixed<std::uint64_t>(out, batch.stamp);
    out.append(batch.origin.bytes());
    appendBlob(out, batch.topic);
    appendVarint(out, batch.partition);
    appendVarint(out, batch.partitions);
    appendVarint(out, batch.first);
    appendVarint(out, batch.count);
    out.append(batch.messages);
    return out;
}

void appendTopic(Bytes& body, const TopicChange& change) {
    Bytes content;
    appendBlob(content, change.topic);
    appendVarint(content, change.partitions);
    appendFixed<std::uint8_t>(content, static_cast<std::uint8_t>(change.mode));
    appendPart(body, StreamPart::Topic, content);
}

void appendCursor(Bytes& body, const CursorChange& change) {
    Bytes content;
    appendBlob(content, change.group);
    appendBlob(content, change.topic);
    appendVarint(content, change.partition);
    appendVarint(content, change.offset ? *change.offset + 1 : 0);
    appendFixed<std::uint64_t>(content, change.stamp);
    appendPart(body, StreamPart::Cursor, content);
}

Result<ProduceView> parseProduce(BytesView content) {
    ByteReader reader(content);
    ProduceView produce;
    produce.topic = reader.blob();
    const std::uint32_t partition = smallNumber(reader);
    if (partition != 0) produce.partition = partition - 1;
    produce.count = reader.varint();
    produce.messages = BytesView(reader.position(), reader.remaining());
    if (!reader.ok() || !isTopicName(produce.topic) || partition > kPartitionsMax) return damaged("a batch is damaged");
    if (Status good = checkMessages(produce.messages, produce.count); !good) return good.error();
    return produce;
}

Result<BatchView> parseBatchHead(BytesView content) {
    ByteReader reader(content);
    BatchView batch;
    batch.stamp = reader.fixed<std::uint64_t>();
    batch.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
    batch.topic = reader.blob();
    batch.partition = smallNumber(reader);
    batch.partitions = smallNumber(reader);
    batch.first = reader.varint();
    batch.count = reader.varint();
    batch.messages = BytesView(reader.position(), reader.remaining());
    const bool good = reader.ok() && isTopicName(batch.topic) && !batch.origin.isNil() && batch.count > 0 &&
                      batch.count <= kBatchMessagesMax && batch.partitions <= kPartitionsMax &&
                      batch.partition < batch.partitions && batch.first < INT64_MAX;
    if (!good) return damaged("a batch is damaged");
    return batch;
}

Result<BatchView> parseBatch(BytesView content) {
    auto batch = parseBatchHead(content);
    if (!batch) return batch;
    if (Status good = checkMessages(batch.value().messages, batch.value().count); !good) return good.error();
    return batch;
}

Result<TopicChange> parseTopic(BytesView content) {
    ByteReader reader(content);
    TopicChange change;
    change.topic = reader.blob();
    change.partitions = smallNumber(reader);
    const auto mode = reader.fixed<std::uint8_t>();
    change.mode = static_cast<TopicChange::Mode>(mode);
    const bool drop = change.mode == TopicChange::Mode::Drop;
    const bool counts = drop ? change.partitions == 0 : change.partitions > 0 && change.partitions <= kPartitionsMax;
    const bool good = reader.ok() && reader.atEnd() && isTopicName(change.topic) && mode >= 1 && mode <= 3 && counts;
    if (!good) return damaged("a change of a topic is damaged");
    return change;
}

Result<CursorChange> parseCursor(BytesView content) {
    ByteReader reader(content);
    CursorChange change;
    change.group = reader.blob();
    change.topic = reader.blob();
    change.partition = smallNumber(reader);
    const std::uint64_t offset = reader.varint();
    if (offset != 0) change.offset = offset - 1;
    change.stamp = reader.fixed<std::uint64_t>();
    const bool good = reader.ok() && reader.atEnd() && isTopicName(change.topic) && isGroupName(change.group) &&
                      change.partition < kPartitionsMax && offset <= INT64_MAX;
    if (!good) return damaged("a cursor is damaged");
    return change;
}

Result<std::vector<PartView>> partsOfBody(BytesView body) {
    std::vector<PartView> parts;
    ByteReader reader(body);
    while (!reader.atEnd()) {
        const auto type = reader.fixed<std::uint8_t>();
        const BytesView content = reader.blob();
        if (!reader.ok() || type < 1 || type > 4) return damaged("a body is damaged");
        parts.push_back({static_cast<StreamPart>(type), content});
    }
    return parts;
}

Result<std::uint32_t> countParts(BytesView body, bool decided) {
    const auto parts = partsOfBody(body);
    if (!parts) return parts.error();
    std::uint32_t operations = 0;
    for (const PartView& part : parts.value()) {
        switch (part.part) {
            case StreamPart::Produce: {
                const auto produce = parseProduce(part.content);
                if (!produce || decided) return produce ? damaged("messages came without offsets") : produce.error();
                operations += static_cast<std::uint32_t>(produce.value().count);
                break;
            }
            case StreamPart::Placed: {
                const auto batch = parseBatch(part.content);
                if (!batch) return batch.error();
                operations += static_cast<std::uint32_t>(batch.value().count);
                break;
            }
            case StreamPart::Topic: {
                if (const auto change = parseTopic(part.content); !change) return change.error();
                ++operations;
                break;
            }
            case StreamPart::Cursor: {
                if (const auto change = parseCursor(part.content); !change) return change.error();
                ++operations;
                break;
            }
        }
    }
    return operations;
}

Status checkTopicName(std::string_view name) {
    if (isTopicName(name)) return okStatus();
    return Error{ErrorCode::InvalidInput, fmt::format("a topic cannot be called '{}'", shownLine(name)), "-topic",
                 fmt::format("1 to {} letters, digits, dots, underscores and dashes", kTopicNameBytesMax)};
}

}  // namespace tributary::engine::maprdb
