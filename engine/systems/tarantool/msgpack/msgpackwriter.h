// Writes MessagePack in its shortest form, as Tarantool does.
#pragma once

#include <bit>
#include <cstdint>

#include "core/base/bytes.h"

namespace tributary::engine::tarantool {

/// Appends values to `out`. The caller keeps the promise of an array's or a map's count.
class MsgpackWriter {
public:
    explicit MsgpackWriter(Bytes& out) : out_(out) {}

    void nil() { byte(0xc0); }
    void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }
    void unsignedInteger(std::uint64_t value) {
        if (value < 0x80) {
            byte(static_cast<unsigned>(value));
        } else {
            sized(0xcc, value, true);
        }
    }
    void integer(std::int64_t value) {
        if (value >= 0) {
            unsignedInteger(static_cast<std::uint64_t>(value));
        } else if (value >= -32) {
            byte(static_cast<unsigned>(value) & 0xffU);
        } else {
            const unsigned power = value >= INT8_MIN ? 0 : value >= INT16_MIN ? 1 : value >= INT32_MIN ? 2 : 3;
            byte(0xd0 + power);
            bigEndian(static_cast<std::uint64_t>(value), std::size_t{1} << power);
        }
    }
    void real(double value) {
        byte(0xcb);
        bigEndian(std::bit_cast<std::uint64_t>(value), 8);
    }
    void string(BytesView text) {
        if (text.size() < 32) {
            byte(0xa0 + static_cast<unsigned>(text.size()));
        } else {
            sized(0xd9, text.size(), true);
        }
        out_.append(text);
    }
    void binary(BytesView bytes) {
        sized(0xc4, bytes.size(), true);
        out_.append(bytes);
    }
    void array(std::size_t count) { counted(0x90, 0xdc, count); }
    void map(std::size_t pairs) { counted(0x80, 0xde, pairs); }
    void extension(std::int8_t kind, BytesView body) {
        const std::size_t size = body.size();
        if (size > 0 && size <= 16 && std::has_single_bit(size)) {
            byte(0xd4 + static_cast<unsigned>(std::countr_zero(size)));
        } else {
            sized(0xc7, size, true);
        }
        byte(static_cast<unsigned>(kind) & 0xffU);
        out_.append(body);
    }
    /// A value that is encoded already.
    void raw(BytesView value) { out_.append(value); }

private:
    void byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
    void bigEndian(std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = bytes; i-- > 0;) byte(static_cast<unsigned>(value >> (8 * i)) & 0xffU);
    }
    /// The shortest of the forms that begin at `first`: 1, 2, 4 and, for numbers, 8 bytes.
    void sized(unsigned first, std::uint64_t value, bool fromOneByte) {
        unsigned power = fromOneByte ? 0 : 1;
        while (power < 3 && value >> (8U << power) != 0) ++power;
        byte(first + power - (fromOneByte ? 0 : 1));
        bigEndian(value, std::size_t{1} << power);
    }
    void counted(unsigned fixed, unsigned first, std::size_t count) {
        if (count < 16) {
            byte(fixed + static_cast<unsigned>(count));
        } else {
            sized(first, count, false);
        }
    }

    Bytes& out_;
};

}  // namespace tributary::engine::tarantool
