// Integers with their highest byte first, as the binary log has them.
#pragma once

#include <cstddef>
#include <type_traits>

#include "core/base/bytes.h"

namespace tributary::engine::voltdb {

template <typename T>
void appendBig(Bytes& out, T value) {
    using U = std::make_unsigned_t<T>;
    for (std::size_t i = sizeof(T); i > 0; --i) {
        out.push_back(static_cast<char>((static_cast<U>(value) >> (8 * (i - 1))) & 0xffU));
    }
}

/// Writes over bytes that are there already.
template <typename T>
void putBig(Bytes& out, std::size_t at, T value) {
    Bytes bytes;
    appendBig(bytes, value);
    out.replace(at, sizeof(T), bytes);
}

template <typename T>
T readBig(ByteReader& in) {
    using U = std::make_unsigned_t<T>;
    U out = 0;
    for (const char c : in.raw(sizeof(T))) out = static_cast<U>((out << 8U) | static_cast<unsigned char>(c));
    return static_cast<T>(out);
}

}  // namespace tributary::engine::voltdb
