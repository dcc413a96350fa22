// Bytes and their bounded decoding.
//
// Decision: owned data is std::string and borrowed data std::string_view, under the names Bytes and BytesView.
// std::span<const std::byte> was tried on paper and rejected: SQLite, the hash and compression libraries and the
// sockets all speak char, so every border would carry a cast. The names keep data apart from UTF-8 text.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace tributary {

using Bytes = std::string;
using BytesView = std::string_view;

static_assert(std::endian::native == std::endian::little, "formats are little-endian as memory is");

/// Appends an integer as fixed-width little-endian bytes.
template <typename T>
void appendFixed(Bytes& out, T value) {
    static_assert(std::is_integral_v<T>);
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out.append(raw, sizeof(T));
}

/// Appends an unsigned LEB128 integer: 1 to 10 bytes.
inline void appendVarint(Bytes& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>((value & 0x7f) | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

/// Appends a varint length and the bytes.
inline void appendBlob(Bytes& out, BytesView value) {
    appendVarint(out, value.size());
    out.append(value);
}

/// Reads what the append functions wrote; never past the end. After a failed read ok() is false, every later read
/// returns zero or empty, and nothing was allocated from a claimed size. Blobs borrow from the input.
class ByteReader {
public:
    explicit ByteReader(BytesView input) : at_(input.data()), end_(input.data() + input.size()) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }
    [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] const char* position() const { return at_; }

    template <typename T>
    T fixed() {
        static_assert(std::is_integral_v<T>);
        T value{};
        if (remaining() < sizeof(T)) {
            fail();
            return value;
        }
        std::memcpy(&value, at_, sizeof(T));
        at_ += sizeof(T);
        return value;
    }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ == end_) break;
            const auto byte = static_cast<unsigned char>(*at_++);
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) return value;
        }
        fail();
        return 0;
    }

    BytesView blob() { return raw(varint()); }

    BytesView raw(std::uint64_t size) {
        if (size > remaining()) {
            fail();
            return {};
        }
        const BytesView view(at_, static_cast<std::size_t>(size));
        at_ += size;
        return view;
    }

private:
    void fail() {
        ok_ = false;
        at_ = end_;
    }

    const char* at_;
    const char* end_;
    bool ok_ = true;
};

}  // namespace tributary
