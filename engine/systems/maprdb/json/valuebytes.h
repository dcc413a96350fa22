// Values as bytes: one form for each value, and nothing that is not one is read.
//
// Format (varints LEB128 in their shortest form; zigzag folds a sign into one; fixed integers little-endian):
//   value   := version:u8 = 1  typed
//   typed   := type:u8  content                                type: the numbers of ValueType
//   content := Null nothing | Boolean u8 0 or 1 | String, Binary blob | Byte i8 | Short i16
//            | Int, Long, Date, Timestamp, Interval zigzag | Time varint | Float, Double IEEE 754
//            | Decimal  scale:zigzag  sign:u8 (1 = negative)  digits:varint  two digits to a byte, the first high
//            | Map  count:varint  (name:blob typed)*           names ascending by their bytes
//            | Array  count:varint  typed*
// The order of these bytes decides between values that were written at the same moment, so it may never change.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

inline constexpr std::uint8_t kValueFormat = 1;

/// Reads the pieces of our formats; a piece that is not in its one form fails. As ByteReader: check ok() once, at the
/// end; nothing is allocated from a claimed size.
class StrictReader {
public:
    explicit StrictReader(BytesView input) : reader_(input) {}

    [[nodiscard]] bool ok() const { return reader_.ok() && !bad_; }
    [[nodiscard]] bool atEnd() const { return reader_.atEnd(); }
    [[nodiscard]] std::size_t remaining() const { return reader_.remaining(); }
    void fail() { bad_ = true; }

    template <typename T>
    T fixed() {
        return reader_.fixed<T>();
    }
    std::uint64_t varint();
    std::int64_t zigzag();
    BytesView blob();
    /// A blob that is UTF-8.
    BytesView text();
    /// A count of things of which each takes a byte at least.
    std::size_t count();
    /// A value of `depth` containers above it.
    Value typed(std::size_t depth);

private:
    Value wholeOf(ValueType type);
    Value decimal();
    Value map(std::size_t depth);
    Value array(std::size_t depth);
    Value made(Result<Value> value);

    ByteReader reader_;
    std::size_t values_ = 0;
    bool bad_ = false;
};

void appendZigzag(Bytes& out, std::int64_t value);
/// A value without the version.
void appendTyped(Bytes& out, const Value& value);

/// InvalidInput when a document passes the limits 'document', 'depth' or 'values' (jsonlimits.h).
[[nodiscard]] Status checkDocument(const Value& document);

[[nodiscard]] Bytes encodeValue(const Value& value);
/// Errors: Corrupt (not the bytes that encodeValue() gives for any value within the limits), Unsupported (a version to
/// come).
[[nodiscard]] Result<Value> decodeValue(BytesView bytes);

}  // namespace tributary::engine::maprdb::json
