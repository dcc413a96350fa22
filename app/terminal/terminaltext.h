// The one place where text goes to a terminal: what came from files, names, clusters or people arrives escaped.
//
// Decision: inside app, `fmt::print` is the function below, and a text that is printed is shown as shownText() does, so
// that a new line of output is safe by default. The layout (the format itself, and colours in it) is ours and goes as
// it is. Rejected: a function of another name, which every new line would have to remember; filtering the streams,
// which cannot tell our own colours from a name's. What is coloured or laid out already is escaped piece by piece where
// it is made (TextTable, run view, status, watch) and goes out by printRaw().
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/base/text.h"

namespace tributary::app {

/// How an argument of print() is formatted: texts are escaped, everything else stays.
template <typename T>
using Shown = std::conditional_t<std::is_convertible_v<T, std::string_view>, std::string, std::decay_t<T>>;

template <typename T>
[[nodiscard]] Shown<T> shown(T&& value) {
    if constexpr (std::is_convertible_v<T, std::string_view>) {
        return shownText(std::string_view(value));
    } else {
        return std::forward<T>(value);
    }
}

/// Writes `text` as it is. A stream that is closed or full is noticed at the end of the program.
inline void printRaw(std::FILE* to, std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), to);
}

/// A whole document (a script, a runbook, a report): as it is into a file or a pipe, escaped on a terminal.
inline void printDocument(bool toTerminal, std::string_view text) {
    printRaw(stdout, toTerminal ? shownText(text) : std::string(text));
}

/// One JSON document on stdout, without a character that a terminal acts on.
inline void printJson(const nlohmann::ordered_json& document) {
    printRaw(stdout, shownJson(document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) + "\n");
}

/// Each line bounded by itself: of a list no line may be lost to a long one above it.
[[nodiscard]] inline std::string boundedLines(const std::string& text) {
    constexpr std::size_t kLinesMax = 32;
    std::string out;
    std::size_t lines = 0;
    for (const std::string& line : split(text, '\n')) {
        if (++lines > kLinesMax) continue;
        out += (lines == 1 ? "" : "\n") + bounded(line, limits::kShownBytesMax);
    }
    if (lines > kLinesMax) out += ::fmt::format("\n  and {} more lines", lines - kLinesMax);
    return out;
}

/// What a file or a peer put into an error does not fill the terminal.
[[nodiscard]] inline Error boundedError(const Error& error) {
    return {error.code, boundedLines(error.what), bounded(error.where, limits::kShownBytesMax),
            bounded(error.fix, 4 * limits::kShownBytesMax)};  // a command that is cut short helps nobody
}

// Found before ::fmt::print by everything in tributary::app that names fmt::print; the rest of {fmt} is as ever.
namespace fmt {
using ::fmt::format;
using ::fmt::format_string;
using ::fmt::format_to;
using ::fmt::join;

template <typename... Args>
void print(std::FILE* to, format_string<Shown<Args>...> layout, Args&&... arguments) {
    printRaw(to, ::fmt::format(layout, shown(std::forward<Args>(arguments))...));
}
template <typename... Args>
void print(format_string<Shown<Args>...> layout, Args&&... arguments) {
    fmt::print(stdout, layout, std::forward<Args>(arguments)...);  // named whole: arguments would bring in the other
}
}  // namespace fmt

}  // namespace tributary::app
