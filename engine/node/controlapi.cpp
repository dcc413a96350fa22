// Bytes in JSON: Latin-1, so that any key or value survives.
#include "engine/node/controlapi.h"

namespace tributary::engine {

std::string bytesToJson(BytesView bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out.push_back(c);
        } else {
            out.push_back(static_cast<char>(0xc0U | (byte >> 6U)));
            out.push_back(static_cast<char>(0x80U | (byte & 0x3fU)));
        }
    }
    return out;
}

Result<Bytes> bytesFromJson(std::string_view text) {
    Bytes out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80) {
            out.push_back(text[i]);
            continue;
        }
        const bool pair = (byte == 0xc2 || byte == 0xc3) && i + 1 < text.size();
        if (!pair) return Error{ErrorCode::InvalidInput, "a key or value holds a character above U+00FF", {}, {}};
        const auto low = static_cast<unsigned char>(text[++i]);
        out.push_back(static_cast<char>(((byte & 3U) << 6U) | (low & 0x3fU)));
    }
    return out;
}

}  // namespace tributary::engine
