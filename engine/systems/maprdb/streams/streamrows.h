// The rows of a stream: keys, and what stands in them.
//
// Keys: "t" topic -> the topic | "p" topic 0 epoch partition -> the partition | "m" topic 0 epoch partition last -> a
// batch whose last message has that offset | "c" likewise, and the origin -> a batch that came into a range that
// another origin's messages have | "g" group 0 topic 0 partition -> a cursor. Numbers are big-endian, so that a scan
// goes by offset; a batch stands under its *last* offset, so that the one that holds an offset is the first row at or
// behind it.
//
// A record is: form u8 | version u64 | content. Of two of one key the one with the higher version is later; batches
// have none, since one is never written twice.
#pragma once

#include <vector>

#include "engine/storage/rowformat.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb {

/// A topic. Dropped and made again it has another epoch, so that what is left of the old messages is not its own.
struct TopicState {
    std::uint64_t version = 0;
    bool live = false;
    std::uint32_t epoch = 0;
    std::uint32_t partitions = 0;
};

/// Offsets of one origin: from <= offset < to. A nil origin: it is not known any more who gave them.
struct OffsetSpan {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Uuid origin;
};

/// What came from another origin into offsets that were taken, and lies apart.
struct OffsetClash {
    Uuid origin;              ///< who brought it
    Uuid holder;              ///< whose messages have the offsets
    std::uint64_t first = 0;  ///< lowest offset that both gave
    std::uint64_t messages = 0;
};

struct PartitionState {
    std::uint64_t version = 0;
    std::uint64_t next = 0;         ///< offset of the next message
    std::uint64_t bytes = 0;        ///< of all messages that ever came
    Stamp newest = 0;               ///< arrival of the last one
    std::vector<OffsetSpan> spans;  ///< ascending, apart from each other
    std::vector<OffsetClash> clashes;
};

struct CursorState {
    std::uint64_t version = 0;
    Stamp stamp = 0;
    std::optional<std::uint64_t> offset;  ///< empty: deleted
};

/// Where a batch is looked for.
struct PartitionKey {
    std::string topic;
    std::uint32_t epoch = 0;
    std::uint32_t partition = 0;
    friend auto operator<=>(const PartitionKey&, const PartitionKey&) = default;
};

[[nodiscard]] Bytes topicKey(BytesView topic);
[[nodiscard]] Bytes partitionKey(const PartitionKey& at);
[[nodiscard]] Bytes batchKey(const PartitionKey& at, std::uint64_t last);
[[nodiscard]] Bytes clashKey(const PartitionKey& at, std::uint64_t last, const Uuid& origin);
[[nodiscard]] Bytes cursorKey(BytesView group, BytesView topic, std::uint32_t partition);
/// The end of a scan over all keys that begin so.
[[nodiscard]] Bytes behindPrefix(Bytes prefix);
/// "t" and "g" keys read back. Errors: Corrupt.
[[nodiscard]] std::string topicOfKey(BytesView key);
struct CursorPlace {
    std::string group;
    std::string topic;
    std::uint32_t partition = 0;
};
[[nodiscard]] Result<CursorPlace> cursorPlaceOf(BytesView key);

[[nodiscard]] Bytes encodeRecord(const TopicState& state);
[[nodiscard]] Bytes encodeRecord(const PartitionState& state);
[[nodiscard]] Bytes encodeRecord(const CursorState& state);
[[nodiscard]] Bytes batchRecord(BytesView batch);
/// Errors: Corrupt.
[[nodiscard]] Result<TopicState> topicFrom(BytesView record);
[[nodiscard]] Result<PartitionState> partitionFrom(BytesView record);
[[nodiscard]] Result<CursorState> cursorFrom(BytesView record);
/// The batch in a record: parseBatchHead() reads it.
[[nodiscard]] Result<BytesView> batchFrom(BytesView record);

/// An effect is a list of operations: key blob | 0 | record blob, or key blob | 1 | distance | size: a batch that
/// stands in the body of the same entry, counted from the entry's end, so that no message lies in the log twice.
void appendRow(Bytes& effect, BytesView key, BytesView record);
void appendBatchRow(Bytes& effect, BytesView key, std::uint64_t fromEnd, std::uint64_t size);

/// How long messages live; 0 = for ever.
class StreamRules final : public FoldRules {
public:
    explicit StreamRules(Millis ttlMs) : ttlMs_(ttlMs) {}
    [[nodiscard]] Millis ttlMs() const { return ttlMs_; }

private:
    Millis ttlMs_;
};
/// True when a batch that arrived at `stamp` is past its time. Those of one origin arrived in the order of their
/// offsets, so what goes goes from the front.
[[nodiscard]] bool isExpired(Stamp stamp, const FoldContext& context);

[[nodiscard]] std::shared_ptr<const RowFormat> makeStreamRowFormat();

}  // namespace tributary::engine::maprdb
