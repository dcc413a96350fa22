// Identity of a dataset: 16 bytes that follow it through renames. Paths name, uuids identify.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary {

/// Version-4 style uuid. Default-constructed it is nil, which identifies nothing.
class Uuid {
public:
    static constexpr std::size_t kSize = 16;

    Uuid() = default;
    /// From two random words (the caller's Random seam); sets the version and variant bits.
    static Uuid fromRandom(std::uint64_t high, std::uint64_t low);
    /// From exactly 16 raw bytes; nil when the size differs.
    static Uuid fromBytes(BytesView raw);
    /// From dashed hexadecimal as printed by text().
    static Result<Uuid> parse(std::string_view text);

    [[nodiscard]] bool isNil() const { return *this == Uuid{}; }
    [[nodiscard]] std::string text() const;
    /// The byte string as `upstream list` shows it: every byte as \xNN (maprdb.md section 1.5).
    [[nodiscard]] std::string escapedText() const;
    [[nodiscard]] BytesView bytes() const { return {raw_.data(), raw_.size()}; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    std::array<char, kSize> raw_{};
};

struct UuidHash {
    std::size_t operator()(const Uuid& uuid) const {
        std::uint64_t word = 0;
        std::memcpy(&word, uuid.bytes().data(), sizeof(word));
        return static_cast<std::size_t>(word);
    }
};

}  // namespace tributary
