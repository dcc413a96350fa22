// The body of a stream's payload: what producers, administrators and consumers did, in order.
//
// A body is a list of parts: type u8 | content blob. Produce is a client's alone: deciding turns it into Placed, whose
// messages have their offsets, and links carry only what is decided.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"

namespace tributary::engine::maprdb {

/// Numbers are the format.
enum class StreamPart : std::uint8_t { Produce = 1, Placed = 2, Topic = 3, Cursor = 4 };

/// One message. Views borrow.
struct MessageView {
    std::optional<BytesView> key;
    BytesView value;
    Millis timestampMs = 0;  ///< UTC, as its producer says; 0 = it did not, the time of arrival counts
    std::vector<std::pair<BytesView, BytesView>> headers;
};

/// key length + 1 varint (0 = none), key | value blob | timestamp i64 | header count varint, {name blob, value blob}.
void appendMessage(Bytes& out, const MessageView& message);
/// Sets ok() of the reader to false when it is damaged.
[[nodiscard]] MessageView readMessage(ByteReader& reader);

/// Messages of one topic that have no offsets yet. topic blob | partition + 1 varint | count varint | messages.
struct ProduceView {
    BytesView topic;
    std::optional<std::uint32_t> partition;  ///< empty: by key; those without one stay together
    std::uint64_t count = 0;
    BytesView messages;
};

/// Messages in a row of one partition. stamp u64 | origin 16 | topic blob | partition varint | partitions of the topic
/// varint | first varint | count varint | messages.
struct BatchView {
    Stamp stamp = 0;  ///< of arrival at the origin
    Uuid origin;      ///< the stream that gave the offsets
    BytesView topic;
    std::uint32_t partition = 0;
    std::uint32_t partitions = 0;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    BytesView messages;

    [[nodiscard]] std::uint64_t end() const { return first + count; }
};

/// What becomes of a topic. topic blob | partitions varint | mode u8.
struct TopicChange {
    enum class Mode : std::uint8_t { Create = 1, Grow = 2, Drop = 3 };
    BytesView topic;
    std::uint32_t partitions = 0;  ///< not of Drop
    Mode mode = Mode::Create;
};

/// How far a consumer group has read. group blob | topic blob | partition varint | offset + 1 varint | stamp u64.
struct CursorChange {
    BytesView group;
    BytesView topic;
    std::uint32_t partition = 0;
    std::optional<std::uint64_t> offset;  ///< of the next message; empty: the cursor goes
    Stamp stamp = 0;                      ///< 0 = made here, now
};

[[nodiscard]] Bytes encodeProduce(const ProduceView& produce);
[[nodiscard]] Bytes encodeBatch(const BatchView& batch);
void appendPart(Bytes& body, StreamPart part, BytesView content);
void appendTopic(Bytes& body, const TopicChange& change);
void appendCursor(Bytes& body, const CursorChange& change);

/// What StreamMethod::Put takes (streamapi.h); `copy`: batches keep the offsets inside.
[[nodiscard]] Bytes encodePut(std::string_view path, bool copy, BytesView parts);

/// Errors: Corrupt. Names and numbers are within their bounds, and every message was walked.
[[nodiscard]] Result<ProduceView> parseProduce(BytesView content);
[[nodiscard]] Result<BatchView> parseBatch(BytesView content);
/// The head of a batch that was checked when it was logged.
[[nodiscard]] Result<BatchView> parseBatchHead(BytesView content);
[[nodiscard]] Result<TopicChange> parseTopic(BytesView content);
[[nodiscard]] Result<CursorChange> parseCursor(BytesView content);

/// A part of a body.
struct PartView {
    StreamPart part = StreamPart::Produce;
    BytesView content;
};
/// The parts, in order. Errors: Corrupt, when it is no list or holds no part.
[[nodiscard]] Result<std::vector<PartView>> partsOfBody(BytesView body);
/// Operations of a body, every part looked through; `decided`: it may hold no Produce. Errors: Corrupt.
[[nodiscard]] Result<std::uint32_t> countParts(BytesView body, bool decided);

/// Letters, digits and . _ - (stream topic create); Errors: InvalidInput.
[[nodiscard]] Status checkTopicName(std::string_view name);

}  // namespace tributary::engine::maprdb
