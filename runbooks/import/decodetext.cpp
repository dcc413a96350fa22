// Marks, UTF-16, line ends.
#include "runbooks/import/decodetext.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace tributary::runbooks {
namespace {

void appendUtf8(std::string& out, std::uint32_t code) {
    const auto add = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0 | (code >> 6));
        add(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    } else {
        add(0xF0 | (code >> 18));
        add(0x80 | ((code >> 12) & 0x3F));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    }
}

Error unreadable(std::string what, const std::string& fileName) {
    return Error{ErrorCode::InvalidInput, std::move(what), fileName,
                 "save it as UTF-8 text, for instance with `iconv -t UTF-8`"};
}

/// Whether a text without a mark is UTF-16: ASCII texts have a zero in every other byte. 0: no, 1: little, 2: big end.
int utf16WithoutMark(std::string_view bytes) {
    const std::string_view sample = bytes.substr(0, 4096);
    if (sample.size() < 4 || sample.size() % 2 != 0) return 0;
    std::size_t even = 0;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        if (sample[i] == '\0') ++(i % 2 == 0 ? even : odd);
    }
    const std::size_t half = sample.size() / 2;
    if (even == 0 && odd * 4 >= half * 3) return 1;
    return odd == 0 && even * 4 >= half * 3 ? 2 : 0;
}

Result<std::string> fromUtf16(std::string_view bytes, bool big, const std::string& fileName) {
    if (bytes.size() % 2 != 0) return unreadable("it is UTF-16 with half a character at its end", fileName);
    const auto unit = [&](std::size_t at) {
        const auto low = static_cast<unsigned char>(bytes[at + (big ? 1 : 0)]);
        const auto high = static_cast<unsigned char>(bytes[at + (big ? 0 : 1)]);
        return static_cast<std::uint32_t>(high) << 8 | low;
    };
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        std::uint32_t code = unit(at);
        if (code >= 0xD800 && code < 0xE000) {
            const bool pair = code < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000;
            if (!pair) return unreadable(fmt::format("it is UTF-16, torn at byte {}", at), fileName);
            code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
            at += 2;
        }
        appendUtf8(out, code);
    }
    return out;
}

Status toLineFeeds(DecodedText& decoded, const std::string& fileName) {
    std::string out;
    std::size_t line = 1;
    std::size_t lineStart = 0;
    std::size_t pairs = 0;
    for (std::size_t at = 0; at < decoded.text.size(); ++at) {
        const char c = decoded.text[at];
        if (c == '\0') {
            Error zero = unreadable("it holds a zero byte, so it is no text", fileName);
            zero.where = fmt::format("{}:{}:{}", fileName, line, at - lineStart + 1);
            return zero;
        }
        if (c == '\r' && at + 1 < decoded.text.size() && decoded.text[at + 1] == '\n') {
            ++pairs;
            continue;
        }
        out += c;
        if (c != '\n') continue;
        ++line;
        lineStart = at + 1;
    }
    if (pairs > 0) {
        decoded.notes.push_back({0,
                                 "its lines end in CR LF: read as LF; a shell would have taken the CR as a part of "
                                 "each last word"});
    }
    decoded.text = std::move(out);
    return okStatus();
}

}  // namespace

Result<DecodedText> decodeText(std::string_view bytes, const std::string& fileName) {
    DecodedText decoded;
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) {
        return unreadable("it is UTF-32, which is not read", fileName);
    }
    const bool little = bytes.starts_with("\xFF\xFE"sv);
    const bool big = bytes.starts_with("\xFE\xFF"sv);
    const int guessed = little || big ? 0 : utf16WithoutMark(bytes);
    if (little || big || guessed != 0) {
        Result<std::string> text = fromUtf16(bytes.substr(guessed != 0 ? 0 : 2), big || guessed == 2, fileName);
        if (!text) return text.error();
        decoded.text = std::move(*text);
        decoded.notes.push_back({0, guessed == 0 ? "it is UTF-16: read as such"
                                                 : "every other byte is zero: read as UTF-16 without a mark"});
    } else {
        decoded.text = bytes;
    }
    if (decoded.text.starts_with("\xEF\xBB\xBF")) {
        decoded.text.erase(0, 3);
        decoded.notes.push_back({1,
                                 "the byte order mark was taken off; a shell would have taken it as a part of the "
                                 "first word"});
    }
    if (Status status = toLineFeeds(decoded, fileName); !status) return status.error();
    return decoded;
}

std::size_t invalidUtf8At(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + length > text.size()) return at;
        for (std::size_t i = 1; i < length; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0;
        const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        if (overlong || (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F)) return at;
        at += length;
    }
    return std::string_view::npos;
}

std::string shownText(std::string_view text, std::size_t most) {
    std::string out;
    while (!text.empty()) {
        if (out.size() >= most) return out + "...";
        const std::size_t good = std::min(invalidUtf8At(text), text.size());
        const auto byte = static_cast<unsigned char>(text.front());
        if (good == 0 || byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02X}", byte);
            text.remove_prefix(1);
            continue;
        }
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;  // it is whole: good > 0
        const bool control = text.starts_with("\xC2") && static_cast<unsigned char>(text[1]) < 0xA0;  // C1
        for (const char c : text.substr(0, length)) {
            if (control) {
                out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
            } else {
                out += c;
            }
        }
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace tributary::runbooks
