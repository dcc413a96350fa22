// Reads MessagePack in place: nothing is copied, nothing is allocated from a size that a peer claims.
//
// Decision: not libmsgpack. Its parsers build objects or call back per scalar; tuples, keys and log rows are kept as
// the bytes that came (they must go on byte for byte), are cut into slices, and are compared without being unpacked.
// The library is the judge of this reader in its tests.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine::tarantool {

enum class MsgpackType : std::uint8_t {
    Nil,
    Boolean,
    Unsigned,  ///< any integer >= 0, however it was written
    Negative,  ///< any integer < 0
    Float,
    Double,
    String,
    Binary,
    Array,
    Map,
    Extension
};

/// "unsigned", "string", ... as error messages of Tarantool name a value's type.
[[nodiscard]] std::string_view msgpackTypeName(MsgpackType type);

struct MsgpackExtension {
    std::int8_t kind = 0;
    BytesView body;
};

/// A cursor over values that follow one another. After the first failure ok() is false, the cursor is at the end and
/// every later read gives zero or empty, so that a caller checks once. Views live as long as the input.
class MsgpackReader {
public:
    explicit MsgpackReader(BytesView input) : at_(input.data()), end_(input.data() + input.size()) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }
    [[nodiscard]] const char* position() const { return at_; }
    [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
    /// Of the next value; Nil at the end (a read there fails).
    [[nodiscard]] MsgpackType type() const;

    void nil();
    bool boolean();
    /// Fails on a negative integer.
    std::uint64_t unsignedInteger();
    /// Fails above INT64_MAX.
    std::int64_t integer();
    /// Float or double.
    double real();
    BytesView string();
    BytesView binary();
    /// How many values (array) or pairs (map) follow; never more than bytes do.
    std::uint32_t array();
    std::uint32_t map();
    MsgpackExtension extension();
    /// The whole next value, with everything in it. Takes any depth: it keeps a count, not a stack.
    BytesView value();
    /// Marks the input as wrong, for a caller that found a value of a type it cannot use.
    void fail();

private:
    struct Head {
        MsgpackType type = MsgpackType::Nil;
        bool ok = false;
        std::uint64_t size = 0;  ///< bytes of a string, binary or extension; count of an array or map
        std::uint64_t bits = 0;  ///< of a number or boolean
        std::int8_t extension = 0;
    };
    Head head();
    std::uint64_t bigEndian(std::size_t bytes);
    BytesView raw(std::uint64_t size);
    std::uint32_t count(MsgpackType type, std::uint64_t bytesEach);

    const char* at_;
    const char* end_;
    bool ok_ = true;
};

/// Whether `bytes` is exactly one value.
[[nodiscard]] bool isOneMsgpackValue(BytesView bytes);

}  // namespace tributary::engine::tarantool
