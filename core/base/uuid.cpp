// Text forms of a uuid.
#include "core/base/uuid.h"

#include <fmt/format.h>

namespace tributary {
namespace {

int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Uuid Uuid::fromRandom(std::uint64_t high, std::uint64_t low) {
    Uuid uuid;
    std::memcpy(uuid.raw_.data(), &high, sizeof(high));
    std::memcpy(uuid.raw_.data() + sizeof(high), &low, sizeof(low));
    uuid.raw_[6] = static_cast<char>((static_cast<unsigned char>(uuid.raw_[6]) & 0x0fU) | 0x40U);
    uuid.raw_[8] = static_cast<char>((static_cast<unsigned char>(uuid.raw_[8]) & 0x3fU) | 0x80U);
    return uuid;
}

Uuid Uuid::fromBytes(BytesView raw) {
    Uuid uuid;
    if (raw.size() == kSize) std::memcpy(uuid.raw_.data(), raw.data(), kSize);
    return uuid;
}

Result<Uuid> Uuid::parse(std::string_view text) {
    Uuid uuid;
    std::size_t nibble = 0;
    for (const char c : text) {
        if (c == '-') continue;
        const int value = hexValue(c);
        if (value < 0 || nibble >= 2 * kSize) {
            return Error{ErrorCode::InvalidInput, fmt::format("'{}' is not a uuid", text), {}, {}};
        }
        const auto old = static_cast<unsigned char>(uuid.raw_[nibble / 2]);
        uuid.raw_[nibble / 2] = static_cast<char>((old << 4U) | static_cast<unsigned>(value));
        ++nibble;
    }
    if (nibble != 2 * kSize) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' is not a uuid", text), {}, {}};
    }
    return uuid;
}

std::string Uuid::text() const {
    std::string out;
    for (std::size_t i = 0; i < kSize; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += fmt::format("{:02x}", static_cast<unsigned char>(raw_[i]));
    }
    return out;
}

std::string Uuid::escapedText() const {
    std::string out;
    for (const char c : raw_) out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace tributary
