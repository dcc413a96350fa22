// Frames of the binary log, written and read.
#include "engine/systems/voltdb/log/binarylog.h"

#include <fmt/format.h>

#include <cassert>

#include "core/base/crc32c.h"
#include "engine/systems/voltdb/log/networkorder.h"

namespace tributary::engine::voltdb {

namespace {

constexpr std::size_t kBeginBytes = 27;
constexpr std::size_t kEndBytes = 13;
constexpr std::size_t kLengthAt = 19;  // within BEGIN

Error corruptFrame(std::string what) {
    return {ErrorCode::Corrupt, std::move(what), {}, {}};
}

void appendType(Bytes& out, LogRecordType type) {
    out.push_back(static_cast<char>(type));
}

/// An image behind its length.
Status appendImage(Bytes& out, const LogTable& table, const RowImage& row) {
    const std::size_t at = out.size();
    appendBig(out, std::uint32_t{0});
    if (Status done = appendRow(out, table, row); !done) return done;
    putBig(out, at, static_cast<std::uint32_t>(out.size() - at - sizeof(std::uint32_t)));
    return okStatus();
}

Status appendRecord(Bytes& out, const LogRecord& record, const TableLookup& tables) {
    appendType(out, record.type);
    if (record.type == LogRecordType::HashDelimiter) {
        appendBig(out, record.partitionHash);
        return okStatus();
    }
    appendBig(out, record.signature);
    const std::size_t at = out.size();
    appendBig(out, std::uint32_t{0});
    const LogTable* table = tables(record.signature);
    Status done = okStatus();
    switch (record.type) {
        case LogRecordType::TruncateTable: out += record.tableName; break;
        case LogRecordType::Insert:
        case LogRecordType::Delete:
        case LogRecordType::Update:
            if (table == nullptr) {
                return Error{ErrorCode::InvalidInput, unmatchedText(record.signature, record.type), {}, {}};
            }
            if (record.type != LogRecordType::Insert) done = appendImage(out, *table, record.before);
            if (done && record.type != LogRecordType::Delete) done = appendImage(out, *table, record.after);
            break;
        default: return Error{ErrorCode::InvalidInput, "a record that no log holds", {}, {}};
    }
    putBig(out, at, static_cast<std::uint32_t>(out.size() - at - sizeof(std::uint32_t)));
    return done;
}

Status appendFrame(Bytes& out, const LogTransaction& transaction, const TableLookup& tables, std::uint8_t version) {
    const std::size_t start = out.size();
    out.push_back(static_cast<char>(version));
    appendType(out, LogRecordType::BeginTxn);
    appendBig(out, transaction.uniqueId);
    appendBig(out, transaction.sequence);
    out.push_back(static_cast<char>(transaction.hashFlag));
    appendBig(out, std::uint32_t{0});
    appendBig(out, transaction.partitionHash);
    assert(out.size() - start == kBeginBytes);
    for (const LogRecord& each : transaction.records) {
        if (Status done = appendRecord(out, each, tables); !done) return done;
        const std::size_t bytes = out.size() - start + kEndBytes;
        if (bytes <= kLargeBufferBytes) continue;
        return Error{ErrorCode::Unsupported,
                     fmt::format("Transaction requiring {} bytes exceeds max DR Buffer size of {} bytes", bytes,
                                 kLargeBufferBytes),
                     {},
                     "change fewer rows at once; TRUNCATE TABLE instead of a DELETE of all"};
    }
    putBig(out, start + kLengthAt, static_cast<std::uint32_t>(out.size() - start + kEndBytes));
    appendType(out, LogRecordType::EndTxn);
    appendBig(out, transaction.sequence);
    appendBig(out, crc32c(BytesView(out).substr(start)));
    return okStatus();
}

Result<RowImage> readImage(ByteReader& in, const LogTable& table) {
    const auto size = readBig<std::uint32_t>(in);
    const BytesView bytes = in.raw(size);
    if (!in.ok()) return corruptFrame(fmt::format("a record of {} that is cut off", table.name));
    return readRow(bytes, table);
}

/// Reads the records between BEGIN and END.
Status readRecords(ByteReader in, const TableLookup& tables, ReadFrame& out) {
    while (!in.atEnd()) {
        LogRecord& record = out.transaction.records.emplace_back();
        record.type = static_cast<LogRecordType>(in.fixed<std::uint8_t>());
        if (record.type == LogRecordType::HashDelimiter) {
            record.partitionHash = readBig<std::int32_t>(in);
            if (!in.ok()) return corruptFrame("a hash delimiter that is cut off");
            continue;
        }
        record.signature = readBig<std::uint64_t>(in);
        const auto size = readBig<std::uint32_t>(in);
        const BytesView body = in.raw(size);
        if (!in.ok()) return corruptFrame("a record that is cut off");
        switch (record.type) {
            case LogRecordType::TruncateTable: record.tableName = body; continue;
            case LogRecordType::Insert:
            case LogRecordType::Delete:
            case LogRecordType::Update: break;
            case LogRecordType::DeleteByIndex:
            case LogRecordType::UpdateByIndex:
                return Error{ErrorCode::Unsupported, "a record that names rows by an index", {}, {}};
            default: return corruptFrame("a record of no known type");
        }
        const LogTable* table = tables(record.signature);
        if (table == nullptr) {
            if (!out.unmatched) out.unmatched = record.signature;
            continue;
        }
        ByteReader images(body);
        if (record.type != LogRecordType::Insert) {
            auto before = readImage(images, *table);
            if (!before) return before.error();
            record.before = std::move(*before);
        }
        if (record.type != LogRecordType::Delete) {
            auto after = readImage(images, *table);
            if (!after) return after.error();
            record.after = std::move(*after);
        }
        if (!images.atEnd()) return corruptFrame(fmt::format("a record of {} with more than its rows", table->name));
    }
    return okStatus();
}

}  // namespace

std::string unmatchedText(std::uint64_t signature, LogRecordType type) {
    const std::string_view word = type == LogRecordType::Insert   ? "insert"
                                  : type == LogRecordType::Delete ? "delete"
                                  : type == LogRecordType::Update ? "update"
                                                                  : "truncate";
    // The real system shows the hash as a signed number.
    return fmt::format("Unable to find table hash {} while applying a binary log {} record",
                       static_cast<std::int64_t>(signature), word);
}

Status checkAggregate(std::uint64_t bytes) {
    if (bytes <= kLargeBufferBytes) return okStatus();
    return Error{ErrorCode::Unsupported,
                 fmt::format("Aggregate MP Transaction requiring {} bytes exceeds max DR Buffer size of {} bytes.",
                             bytes, kLargeBufferBytes),
                 {},
                 "change fewer rows at once"};
}

Status appendTransaction(Bytes& out, const LogTransaction& transaction, const TableLookup& tables,
                         std::uint8_t version) {
    const std::size_t start = out.size();
    Status done = appendFrame(out, transaction, tables, version);
    if (!done) out.resize(start);
    return done;
}

Result<std::optional<FrameHead>> peekFrame(BytesView bytes) {
    if (bytes.empty()) return std::optional<FrameHead>();
    ByteReader in(bytes);
    const auto version = in.fixed<std::uint8_t>();
    if (version < kBinaryLogVersionLeast || version > kBinaryLogVersion) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("version {} of the binary log; {} to {} are read", version, kBinaryLogVersionLeast,
                                 kBinaryLogVersion),
                     {},
                     {}};
    }
    if (bytes.size() < kBeginBytes) return std::optional<FrameHead>();
    if (in.fixed<std::uint8_t>() != static_cast<std::uint8_t>(LogRecordType::BeginTxn)) {
        return corruptFrame("a transaction that does not begin with BEGIN");
    }
    FrameHead out;
    out.uniqueId = readBig<std::uint64_t>(in);
    out.sequence = readBig<std::uint64_t>(in);
    in.fixed<std::uint8_t>();
    out.bytes = readBig<std::uint32_t>(in);
    if (out.bytes < kBeginBytes + kEndBytes || out.bytes > kLargeBufferBytes) {
        return corruptFrame(fmt::format("a transaction of {} bytes", out.bytes));
    }
    return std::optional(out);
}

Result<ReadFrame> readTransaction(BytesView bytes, const TableLookup& tables) {
    const auto head = peekFrame(bytes);
    if (!head) return head.error();
    if (!*head || bytes.size() < (*head)->bytes) return corruptFrame("a transaction that is cut off");
    const BytesView frame = bytes.substr(0, (*head)->bytes);
    ByteReader end(frame.substr(frame.size() - kEndBytes));
    const auto type = end.fixed<std::uint8_t>();
    const auto sequence = readBig<std::uint64_t>(end);
    const auto crc = readBig<std::uint32_t>(end);
    if (crc != crc32c(frame.substr(0, frame.size() - sizeof(crc)))) {
        return corruptFrame(fmt::format("CRC mismatch of DR log data at sequence {}", (*head)->sequence));
    }
    if (type != static_cast<std::uint8_t>(LogRecordType::EndTxn) || sequence != (*head)->sequence) {
        return corruptFrame("a transaction whose END is not of its BEGIN");
    }
    ReadFrame out;
    out.bytes = frame.size();
    out.transaction.uniqueId = (*head)->uniqueId;
    out.transaction.sequence = sequence;
    ByteReader begin(frame.substr(kLengthAt - 1));
    const auto flag = begin.fixed<std::uint8_t>();
    if (flag > static_cast<std::uint8_t>(HashFlag::Special)) return corruptFrame("a hash flag of no known kind");
    out.transaction.hashFlag = static_cast<HashFlag>(flag);
    readBig<std::uint32_t>(begin);
    out.transaction.partitionHash = readBig<std::int32_t>(begin);
    const BytesView records = frame.substr(kBeginBytes, frame.size() - kBeginBytes - kEndBytes);
    if (Status read = readRecords(ByteReader(records), tables, out); !read) return read.error();
    return out;
}

}  // namespace tributary::engine::voltdb
