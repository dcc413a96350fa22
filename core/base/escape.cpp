// Bytes as text, and back.
#include "core/base/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "core/base/text.h"

namespace tributary {
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

/// The character of a well-formed sequence.
unsigned characterAt(BytesView bytes, std::size_t at, std::size_t length) {
    if (length == 1) return byteAt(bytes, at);
    unsigned character = byteAt(bytes, at) & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) character = (character << 6U) | (byteAt(bytes, at + i) & 0x3fU);
    return character;
}

struct Range {
    unsigned first;
    unsigned last;
};

/// What moves a terminal's cursor, breaks a line, turns the direction of what follows, or cannot be seen or told from a
/// blank: controls, formats (Unicode's Cc and Cf), fillers, variation selectors, blanks that are no U+0020.
constexpr std::array<Range, 26> kUnseen{{
    {0x0, 0x1f},        {0x7f, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
    {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x8e2, 0x8e2},     {0x115f, 0x1160},
    {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x2000, 0x200f},   {0x2028, 0x202f},
    {0x205f, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
}};

bool isUnseen(unsigned character) {
    if (character >= 0x20 && character < 0x7f) return false;
    const auto* const behind = std::upper_bound(kUnseen.begin(), kUnseen.end(), character,
                                                [](unsigned c, const Range& range) { return c < range.first; });
    return behind != kUnseen.begin() && character <= (behind - 1)->last;
}

void appendHex(std::string& out, BytesView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t i = 0; i < bytes.size(); ++i) {  // values of megabytes come here
        out += "\\x";
        out += kDigits[byteAt(bytes, i) >> 4U];
        out += kDigits[byteAt(bytes, i) & 15U];
    }
}

enum class Backslash { Doubled, Kept };
enum class Layout { Escaped, Kept };

std::string shown(BytesView bytes, Backslash backslash, Layout layout) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequenceAt(bytes, at);
        const std::size_t taken = length == 0 ? 1 : length;
        const BytesView piece = bytes.substr(at, taken);
        const bool laidOut = layout == Layout::Kept && (piece == "\n" || piece == "\t");
        if (length == 0 || (!laidOut && isUnseen(characterAt(bytes, at, length)))) {
            appendHex(out, piece);
        } else if (piece == "\\" && backslash == Backslash::Doubled) {
            out += "\\\\";
        } else {
            out.append(piece);
        }
        at += taken;
    }
    return out;
}

int digitOf(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
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

std::string escapedBytes(BytesView bytes) {
    // A lone backslash before "x4f" must not be taken for an escape: that is why every one is doubled.
    return shown(bytes, Backslash::Doubled, Layout::Escaped);
}

Bytes bytesOfEscaped(std::string_view text) {
    Bytes out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("\\\\")) {
            out.push_back('\\');
            at += 2;
        } else if (rest.starts_with("\\x") && rest.size() >= 4 && digitOf(rest[2]) >= 0 && digitOf(rest[3]) >= 0) {
            out.push_back(static_cast<char>(digitOf(rest[2]) * 16 + digitOf(rest[3])));
            at += 4;
        } else {
            out.push_back(rest.front());
            ++at;
        }
    }
    return out;
}

std::string shownText(std::string_view text) {
    return shown(text, Backslash::Kept, Layout::Kept);
}

std::string shownLine(std::string_view text) {
    return shown(text, Backslash::Kept, Layout::Escaped);
}

std::string bounded(std::string_view text, std::size_t bytesMax) {
    if (text.size() <= bytesMax) return std::string(text);
    std::size_t end = bytesMax;
    while (end > 0 && bytesMax - end < 4 && (byteAt(text, end) & 0xc0U) == 0x80U) --end;
    return fmt::format("{}... ({} bytes)", text.substr(0, end), groupedDigits(text.size()));
}

namespace {

/// "\u200b"; beyond the first plane the two halves that JSON spells a character with.
void appendJsonEscape(std::string& out, unsigned character) {
    if (character < 0x10000) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", character);
        return;
    }
    const unsigned rest = character - 0x10000;
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10U), 0xdc00 + (rest & 0x3ffU));
}

}  // namespace

std::string shownJson(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const std::size_t length = sequenceAt(json, at);
        const unsigned character = length == 0 ? 0xfffd : characterAt(json, at, length);
        if (length == 0 || (character >= 0x7f && isUnseen(character))) {
            appendJsonEscape(out, character);
        } else {
            out.append(json.substr(at, length));  // C0 is \u already, but for the layout between the values
        }
        at += length == 0 ? 1 : length;
    }
    return out;
}

}  // namespace tributary
