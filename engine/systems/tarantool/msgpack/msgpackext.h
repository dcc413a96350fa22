// The extension types of Tarantool: decimal, uuid, error.
#pragma once

#include <optional>
#include <string>

#include "core/base/uuid.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::engine::tarantool {

inline constexpr std::int8_t kDecimalExtension = 1;
inline constexpr std::int8_t kUuidExtension = 2;
inline constexpr std::int8_t kErrorExtension = 3;

/// A decimal of up to 38 digits: value = (-1)^negative * digits * 10^-scale. `digits` has no leading zeros, and is
/// empty for zero.
struct Decimal {
    static constexpr std::size_t kDigitsMax = 38;

    bool negative = false;
    std::string digits;
    std::int32_t scale = 0;

    /// From "-12.50", "1e3", ".5". Errors: InvalidInput (no number, or more than 38 digits).
    static Result<Decimal> parse(std::string_view text);
    /// From the body of an extension: the scale as an integer, then packed digits of four bits with the sign last.
    static Result<Decimal> decode(BytesView body);

    [[nodiscard]] Bytes encode() const;
    /// As Tarantool prints it: the digits after the point are kept, "1.50".
    [[nodiscard]] std::string text() const;
    /// -1, 0 or 1, by value: 1.5 and 1.50 are equal.
    [[nodiscard]] int compare(const Decimal& other) const;
};

/// nullopt unless the extension is a well-formed uuid.
[[nodiscard]] std::optional<Uuid> uuidOf(const MsgpackExtension& extension);
void appendUuid(Bytes& out, const Uuid& uuid);

/// One error of the stack that an answer or a value carries, outermost first.
struct CarriedError {
    std::string type;  ///< "ClientError"
    std::string file;
    std::uint64_t line = 0;
    std::string message;
    std::uint64_t systemError = 0;
    std::uint64_t code = 0;
};
/// The stack inside a map {0: [error, ...]}, which is both the body of an error extension and field 0x52 of an answer.
/// Keys that are not known are skipped. Errors: Corrupt.
[[nodiscard]] Result<std::vector<CarriedError>> decodeErrorStack(BytesView map);
void appendErrorStack(Bytes& out, const std::vector<CarriedError>& stack);

}  // namespace tributary::engine::tarantool
