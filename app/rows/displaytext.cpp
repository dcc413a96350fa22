// Bytes as readable text.
#include "app/rows/displaytext.h"

#include <fmt/format.h>

#include <iterator>

namespace tributary::app {
namespace {

unsigned byteAt(BytesView bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// Length of the well-formed UTF-8 sequence at `at`; 0 when there is none.
std::size_t sequenceAt(BytesView bytes, std::size_t at) {
    const unsigned first = byteAt(bytes, at);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 && first < 0xf5   ? 4
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xc2 && first < 0xe0 ? 2
                                                               : 0;
    if (length == 0 || at + length > bytes.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(bytes, at + i) & 0xc0U) != 0x80U) return 0;
    }
    const unsigned second = byteAt(bytes, at + 1);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool outside = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
    return overlong || outside ? 0 : length;
}

}  // namespace

bool isUtf8(BytesView bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequenceAt(bytes, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string displayBytes(BytesView bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequenceAt(bytes, at);
        const unsigned first = byteAt(bytes, at);
        // C1 controls (U+0080..U+009F) move a terminal's cursor as C0 ones do.
        const bool control =
            first < 0x20 || first == 0x7f || (first == 0xc2 && length == 2 && byteAt(bytes, at + 1) < 0xa0);
        if (length == 0 || control) {
            for (std::size_t i = 0; i < (length == 0 ? 1 : length); ++i) {
                fmt::format_to(std::back_inserter(out), "\\x{:02x}", byteAt(bytes, at + i));
            }
        } else if (first == '\\') {
            out += "\\\\";
        } else {
            out.append(bytes.substr(at, length));
        }
        at += length == 0 ? 1 : length;
    }
    return out;
}

std::string hexBytes(BytesView bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        fmt::format_to(std::back_inserter(out), "{:02x}", byteAt(bytes, at));
    }
    return out;
}

}  // namespace tributary::app
