// The binary log: what transactions did, as images of rows, never how. One transaction is a frame with a checksum.
//
//   BEGIN 27 bytes   version 1, type 1, unique id 8, sequence 8, hash flag 1, length of the whole 4, partition hash 4
//   records          type 1, signature of the table 8, length 4, then the images, each with its own length 4
//   END 13 bytes     type 1, sequence 8, CRC32C of all before it 4
//
// Numbers stand in network order. A rolled-back, read-only or ineffective transaction has no frame. That an image has a
// length of its own is our addition: an update's two images are told apart before they are read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/voltdb/log/rowimage.h"

namespace tributary::engine::voltdb {

inline constexpr std::uint8_t kBinaryLogVersion = 8;  ///< elastic; the oldest that is read is 7
inline constexpr std::uint8_t kBinaryLogVersionLeast = 7;
inline constexpr std::size_t kBufferBytes = std::size_t{512} << 10U;
inline constexpr std::size_t kLargeBufferBytes = (std::size_t{45} << 20U) + 4096;

enum class LogRecordType : std::uint8_t {
    Insert = 0,
    Delete = 1,
    Update = 2,
    BeginTxn = 3,
    EndTxn = 4,
    TruncateTable = 5,
    DeleteByIndex = 6,
    UpdateByIndex = 7,  ///< never supported
    HashDelimiter = 8
};

/// What the partition hash of a frame is about.
enum class HashFlag : std::uint8_t { Placeholder = 0, Replicated = 1, Single = 2, Multi = 3, Special = 4 };

struct LogRecord {
    LogRecordType type = LogRecordType::Insert;  ///< Insert, Delete, Update, TruncateTable, HashDelimiter
    std::uint64_t signature = 0;                 ///< of the table
    RowImage before;                             ///< of Delete and Update, whole
    RowImage after;                              ///< of Insert and Update
    std::string tableName;                       ///< of TruncateTable
    std::int32_t partitionHash = 0;              ///< of HashDelimiter: of the records behind it
    friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

struct LogTransaction {
    std::uint64_t uniqueId = 0;  ///< the same in every partition that one transaction touched
    std::uint64_t sequence = 0;  ///< the DR id within its partition
    HashFlag hashFlag = HashFlag::Single;
    std::int32_t partitionHash = 0;
    std::vector<LogRecord> records;
    friend bool operator==(const LogTransaction&, const LogTransaction&) = default;
};

/// The table of a signature; nullptr when nobody knows it. What it gives must outlive the call.
using TableLookup = std::function<const LogTable*(std::uint64_t signature)>;

/// Appends a frame. Errors: InvalidInput for rows that do not fit their tables or an unknown signature;
/// Unsupported ("Transaction requiring N bytes exceeds max DR Buffer size of M bytes") for one that no buffer
/// holds: the transaction is rolled back. Then nothing was appended.
[[nodiscard]] Status appendTransaction(Bytes& out, const LogTransaction& transaction, const TableLookup& tables,
                                       std::uint8_t version = kBinaryLogVersion);

/// The error of a multi-partition transaction whose pieces have `bytes` together, when that is too much.
[[nodiscard]] Status checkAggregate(std::uint64_t bytes);

/// What stands at the begin of a frame, without reading its records.
struct FrameHead {
    std::uint64_t uniqueId = 0;
    std::uint64_t sequence = 0;
    std::uint32_t bytes = 0;  ///< of the whole frame
};

/// nullopt: more bytes are needed. Errors: Corrupt, Unsupported for another version.
[[nodiscard]] Result<std::optional<FrameHead>> peekFrame(BytesView bytes);

/// A frame that was read. `unmatched` is a table that is not known here: the stream pauses until it is, and nothing of
/// the transaction is applied.
struct ReadFrame {
    LogTransaction transaction;
    std::optional<std::uint64_t> unmatched;
    std::size_t bytes = 0;  ///< how much of the input it was
};

/// Reads the first frame. Errors: Corrupt, with "CRC mismatch of DR log data" when the checksum says so; Unsupported
/// for another version and for records by index.
[[nodiscard]] Result<ReadFrame> readTransaction(BytesView bytes, const TableLookup& tables);

/// How the consumer says that a table is not known: "Unable to find table hash N while applying a binary log insert
/// record".
[[nodiscard]] std::string unmatchedText(std::uint64_t signature, LogRecordType type);

}  // namespace tributary::engine::voltdb
