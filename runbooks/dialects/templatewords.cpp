// Shell-like words, durations and byte sizes.
#include "runbooks/dialects/templatewords.h"

#include <array>
#include <charconv>
#include <limits>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isSafe(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view("_./:@%+=,-").find(c) != std::string_view::npos;
}

struct Unit {
    std::string_view name;
    std::int64_t factor;
};

/// A whole number followed by one of the units.
template <std::size_t N>
Result<std::int64_t> parseWithUnit(std::string_view text, const std::array<Unit, N>& units, const char* what,
                                   const char* example) {
    const std::string_view trimmed = trim(text);
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    const Error wrong{ErrorCode::InvalidInput, "`" + std::string(text) + "` is not " + what, {}, example};
    if (failure != std::errc{} || number < 0) return wrong;
    const std::string unit = toLower(trim(trimmed.substr(static_cast<std::size_t>(end - trimmed.data()))));
    for (const Unit& known : units) {
        if (unit != known.name) continue;
        if (number > std::numeric_limits<std::int64_t>::max() / known.factor) return wrong;
        return number * known.factor;
    }
    return wrong;
}

/// Takes the quoted or escaped run at `at` into `word`; returns the position after it, npos when it never ends.
std::size_t takeQuoted(std::string_view text, std::size_t at, std::string& word) {
    const char quote = text[at];
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == quote) return i + 1;
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
        word += text[i];
    }
    return std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> splitTemplateWords(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool open = false;  // a word has begun, even if it is empty ('')
    std::size_t i = 0;
    while (i < text.size()) {
        const char c = text[i];
        if (isBlank(c)) {
            if (open) words.push_back(std::move(word));
            word.clear();
            open = false;
            ++i;
        } else if (c == '\'' || c == '"') {
            open = true;
            i = takeQuoted(text, i, word);
            if (i == std::string_view::npos) {
                return Error{ErrorCode::InvalidInput,
                             "a quote is never closed in `" + std::string(text) + "`",
                             {},
                             "close it with " + std::string(1, c)};
            }
        } else if (text.substr(i, 2) == "{{") {
            const std::size_t end = text.find("}}", i);
            if (end == std::string_view::npos) {
                return Error{ErrorCode::InvalidInput,
                             "`{{` is never closed in `" + std::string(text) + "`",
                             {},
                             "close it with }}"};
            }
            open = true;
            word += text.substr(i, end + 2 - i);
            i = end + 2;
        } else {
            open = true;
            if (c == '\\' && i + 1 < text.size()) ++i;
            word += text[i++];
        }
    }
    if (open) words.push_back(std::move(word));
    return words;
}

std::string quoteTemplateWord(std::string_view word) {
    bool safe = !word.empty();
    for (std::size_t i = 0; i < word.size() && safe; ++i) {
        if (word.substr(i, 2) == "{{") {
            const std::size_t end = word.find("}}", i);
            safe = end != std::string_view::npos;
            if (safe) i = end + 1;
        } else {
            safe = isSafe(word[i]);
        }
    }
    if (safe) return std::string(word);
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

Result<std::int64_t> parseMillis(std::string_view text) {
    static constexpr std::array<Unit, 5> kUnits{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    return parseWithUnit(text, kUnits, "a duration", "write a number with ms, s, m, h or d, such as 30s");
}

std::string millisText(std::int64_t durationMs) {
    if (durationMs != 0 && durationMs % 3'600'000 == 0) return std::to_string(durationMs / 3'600'000) + "h";
    if (durationMs != 0 && durationMs % 60'000 == 0) return std::to_string(durationMs / 60'000) + "m";
    if (durationMs % 1000 == 0) return std::to_string(durationMs / 1000) + "s";
    return std::to_string(durationMs) + "ms";
}

Result<std::int64_t> parseSizeBytes(std::string_view text) {
    static constexpr std::int64_t kKilo = 1024;
    static constexpr std::array<Unit, 8> kUnits{{{"", 1},
                                                 {"b", 1},
                                                 {"kb", kKilo},
                                                 {"kib", kKilo},
                                                 {"mb", kKilo * kKilo},
                                                 {"mib", kKilo * kKilo},
                                                 {"gb", kKilo * kKilo * kKilo},
                                                 {"gib", kKilo * kKilo * kKilo}}};
    return parseWithUnit(text, kUnits, "a size in bytes", "write a number with B, KB, MB or GB, such as 64MB");
}

}  // namespace tributary::runbooks
