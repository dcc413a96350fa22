// Keys, records, and the fold of a row: the later record.
#include "engine/systems/maprdb/streams/streamrows.h"

#include <algorithm>

namespace tributary::engine::maprdb {
namespace {

enum class Form : std::uint8_t { Topic = 1, Partition = 2, Batch = 3, Cursor = 4 };
constexpr std::size_t kHeadBytes = 9;

Error damagedRow(const char* what) {
    return Error{ErrorCode::Corrupt, what, "ErrPayload", {}};
}

template <typename T>
void appendBig(Bytes& out, T value) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU));
    }
}

std::uint32_t bigNumber(BytesView bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
    return value;
}

Bytes placed(char letter, const PartitionKey& at) {
    Bytes key(1, letter);
    key += at.topic;
    key.push_back('\0');
    appendBig(key, at.epoch);
    appendBig(key, at.partition);
    return key;
}

Bytes head(Form form, std::uint64_t version) {
    Bytes out;
    appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(form));
    appendFixed<std::uint64_t>(out, version);
    return out;
}

std::uint64_t versionOf(BytesView record) {
    ByteReader reader(record);
    (void)reader.fixed<std::uint8_t>();
    return reader.fixed<std::uint64_t>();
}

bool isForm(BytesView record, Form form) {
    return record.size() > kHeadBytes && static_cast<std::uint8_t>(record.front()) == static_cast<std::uint8_t>(form);
}

bool isRecord(BytesView record) {
    return record.size() > kHeadBytes && record.front() >= 1 && record.front() <= 4;
}

/// An operation of an effect, read and bounded.
struct RowOperation {
    BytesView key;
    BytesView record;  ///< or
    BytesView batch;   ///< in the body
    bool good = false;
};

RowOperation readOperation(ByteReader& reader, BytesView whole) {
    RowOperation operation;
    operation.key = reader.blob();
    const auto form = reader.fixed<std::uint8_t>();
    if (form == 0) {
        operation.record = reader.blob();
        operation.good = reader.ok() && !operation.key.empty() && isRecord(operation.record);
        return operation;
    }
    const std::uint64_t fromEnd = reader.varint();
    const std::uint64_t size = reader.varint();
    const bool inside = fromEnd <= whole.size() && size > 0 && size <= fromEnd;
    operation.good = reader.ok() && form == 1 && !operation.key.empty() && inside;
    if (operation.good) operation.batch = whole.substr(whole.size() - fromEnd, size);
    return operation;
}

/// Reads what an entry's mutations refer to: the bytes of the whole entry.
BytesView wholeOf(const EntryRef& entry) {
    return entry.hold == nullptr ? BytesView() : BytesView(*entry.hold);
}

class LaterFolder final : public RowFolder {
public:
    void setContext(const FoldContext& context) override { context_ = context; }
    void reset() override { record_.clear(); }
    bool addRecord(BytesView record) override {
        if (!isRecord(record)) return false;
        take(record);
        return true;
    }
    void addOperation(const char* at, const EntryRef& entry) override {
        ByteReader reader(
            BytesView(at, static_cast<std::size_t>(entry.mutations.data() + entry.mutations.size() - at)));
        const RowOperation operation = readOperation(reader, wholeOf(entry));
        if (!operation.good) return;  // it was checked when the entry was applied
        if (operation.batch.empty()) {
            take(operation.record);
        } else {
            take(batchRecord(operation.batch));
        }
    }
    BytesView finish(FoldMode mode) override {
        return mode == FoldMode::Purge && hasPurgeable() ? BytesView() : BytesView(record_);
    }
    bool hasPurgeable() const override {
        const auto batch = batchFrom(record_);
        if (!batch) return false;
        ByteReader reader(batch.value());
        return isExpired(reader.fixed<std::uint64_t>(), context_);
    }

private:
    void take(BytesView record) {
        if (record_.empty() ||
            std::pair(versionOf(record_), BytesView(record_)) < std::pair(versionOf(record), record)) {
            record_ = Bytes(record);
        }
    }
    FoldContext context_;
    Bytes record_;
};

class StreamRowFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        ByteReader reader(entry.mutations);
        std::uint32_t count = 0;
        for (; !reader.atEnd(); ++count) {
            if (!readOperation(reader, wholeOf(entry)).good) return damagedRow("an effect is damaged");
        }
        return count;
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        ByteReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        const BytesView key = reader.blob();
        if (reader.fixed<std::uint8_t>() == 0) {
            (void)reader.blob();
        } else {
            (void)reader.varint();
            (void)reader.varint();
        }
        next = reader.position();
        return key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<LaterFolder>(); }
};

}  // namespace

Bytes topicKey(BytesView topic) {
    return "t" + Bytes(topic);
}

Bytes partitionKey(const PartitionKey& at) {
    return placed('p', at);
}

Bytes batchKey(const PartitionKey& at, std::uint64_t last) {
    Bytes key = placed('m', at);
    appendBig(key, last);
    return key;
}

Bytes clashKey(const PartitionKey& at, std::uint64_t last, const Uuid& origin) {
    Bytes key = placed('c', at);
    appendBig(key, last);
    key.append(origin.bytes());
    return key;
}

Bytes cursorKey(BytesView group, BytesView topic, std::uint32_t partition) {
    Bytes key = "g" + Bytes(group);
    key.push_back('\0');
    key.append(topic);
    key.push_back('\0');
    appendBig(key, partition);
    return key;
}

Bytes behindPrefix(Bytes prefix) {
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
    if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

std::string topicOfKey(BytesView key) {
    return std::string(key.substr(std::min<std::size_t>(1, key.size())));
}

Result<CursorPlace> cursorPlaceOf(BytesView key) {
    const std::size_t group = key.find('\0');
    const std::size_t topic = group == BytesView::npos ? group : key.find('\0', group + 1);
    if (topic == BytesView::npos || key.size() != topic + 5) return damagedRow("a cursor's key is damaged");
    return CursorPlace{std::string(key.substr(1, group - 1)), std::string(key.substr(group + 1, topic - group - 1)),
                       bigNumber(key.substr(topic + 1))};
}

Bytes encodeRecord(const TopicState& state) {
    Bytes out = head(Form::Topic, state.version);
    appendFixed<std::uint8_t>(out, state.live ? 1 : 0);
    appendVarint(out, state.epoch);
    appendVarint(out, state.partitions);
    return out;
}

Result<TopicState> topicFrom(BytesView record) {
    if (!isForm(record, Form::Topic)) return damagedRow("a topic's row is damaged");
    ByteReader reader(record.substr(kHeadBytes));
    TopicState state;
    state.version = versionOf(record);
    state.live = reader.fixed<std::uint8_t>() == 1;
    state.epoch = static_cast<std::uint32_t>(reader.varint());
    state.partitions = static_cast<std::uint32_t>(reader.varint());
    return reader.ok() && reader.atEnd() ? Result<TopicState>(state) : damagedRow("a topic's row is damaged");
}

Bytes encodeRecord(const PartitionState& state) {
    Bytes out = head(Form::Partition, state.version);
    appendVarint(out, state.next);
    appendVarint(out, state.bytes);
    appendFixed<std::uint64_t>(out, state.newest);
    appendVarint(out, state.spans.size());
    for (const OffsetSpan& span : state.spans) {
        appendVarint(out, span.from);
        appendVarint(out, span.to);
        out.append(span.origin.bytes());
    }
    appendVarint(out, state.clashes.size());
    for (const OffsetClash& clash : state.clashes) {
        out.append(clash.origin.bytes());
        out.append(clash.holder.bytes());
        appendVarint(out, clash.first);
        appendVarint(out, clash.messages);
    }
    return out;
}

Result<PartitionState> partitionFrom(BytesView record) {
    if (!isForm(record, Form::Partition)) return damagedRow("a partition's row is damaged");
    ByteReader reader(record.substr(kHeadBytes));
    PartitionState state;
    state.version = versionOf(record);
    state.next = reader.varint();
    state.bytes = reader.varint();
    state.newest = reader.fixed<std::uint64_t>();
    for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
        OffsetSpan span;
        span.from = reader.varint();
        span.to = reader.varint();
        span.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
        state.spans.push_back(span);
    }
    for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
        OffsetClash clash;
        clash.origin = Uuid::fromBytes(reader.raw(Uuid::kSize));
        clash.holder = Uuid::fromBytes(reader.raw(Uuid::kSize));
        clash.first = reader.varint();
        clash.messages = reader.varint();
        state.clashes.push_back(clash);
    }
    if (!reader.ok() || !reader.atEnd()) return damagedRow("a partition's row is damaged");
    return state;
}

Bytes encodeRecord(const CursorState& state) {
    Bytes out = head(Form::Cursor, state.version);
    appendFixed<std::uint64_t>(out, state.stamp);
    appendVarint(out, state.offset ? *state.offset + 1 : 0);
    return out;
}

Result<CursorState> cursorFrom(BytesView record) {
    if (!isForm(record, Form::Cursor)) return damagedRow("a cursor's row is damaged");
    ByteReader reader(record.substr(kHeadBytes));
    CursorState state;
    state.version = versionOf(record);
    state.stamp = reader.fixed<std::uint64_t>();
    const std::uint64_t offset = reader.varint();
    if (offset != 0) state.offset = offset - 1;
    return reader.ok() && reader.atEnd() ? Result<CursorState>(state) : damagedRow("a cursor's row is damaged");
}

Bytes batchRecord(BytesView batch) {
    Bytes out = head(Form::Batch, 0);
    out.append(batch);
    return out;
}

Result<BytesView> batchFrom(BytesView record) {
    if (!isForm(record, Form::Batch)) return damagedRow("a batch's row is damaged");
    return record.substr(kHeadBytes);
}

void appendRow(Bytes& effect, BytesView key, BytesView record) {
    appendBlob(effect, key);
    appendFixed<std::uint8_t>(effect, 0);
    appendBlob(effect, record);
}

void appendBatchRow(Bytes& effect, BytesView key, std::uint64_t fromEnd, std::uint64_t size) {
    appendBlob(effect, key);
    appendFixed<std::uint8_t>(effect, 1);
    appendVarint(effect, fromEnd);
    appendVarint(effect, size);
}

bool isExpired(Stamp stamp, const FoldContext& context) {
    const auto* rules = static_cast<const StreamRules*>(context.rules.get());
    return rules != nullptr && rules->ttlMs() > 0 && stampMs(stamp) + rules->ttlMs() <= context.nowMs;
}

std::shared_ptr<const RowFormat> makeStreamRowFormat() {
    static const auto kFormat = std::make_shared<const StreamRowFormat>();
    return kFormat;
}

}  // namespace tributary::engine::maprdb
