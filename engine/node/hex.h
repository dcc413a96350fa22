// Bytes in the snapshot, which is text.
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>

#include "core/base/bytes.h"

namespace tributary::engine {

[[nodiscard]] inline std::string toHex(BytesView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
    return out;
}

/// Throws what std::stoi throws.
[[nodiscard]] inline Bytes fromHex(std::string_view hex) {
    Bytes out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return out;
}

}  // namespace tributary::engine
