// The one way in which bytes become text for people, and become bytes again.
//
// Decision: UTF-8 stays as it is; what a terminal would act on (C0, DEL, C1, line and bidirectional controls), what
// nobody sees or can tell from a blank (zero-width and format characters, fillers, other blanks) and what is no UTF-8
// becomes \xNN per byte, and every backslash is doubled. Reading takes every text: a backslash that begins no escape
// stands for itself, so that a key typed by hand needs no thought. Rejected: quoting as shells or JSON do (neither can
// hold a zero byte and be typed as one word), and refusing a single backslash (CSV files hold paths).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace tributary {

/// True when the bytes are well-formed UTF-8.
[[nodiscard]] bool isUtf8(BytesView bytes);

/// One line of printable text that bytesOfEscaped() reads back to the same bytes. Hexadecimal digits are small.
[[nodiscard]] std::string escapedBytes(BytesView bytes);

/// The bytes that a text stands for. Every text has some; bytesOfEscaped(escapedBytes(b)) == b.
[[nodiscard]] Bytes bytesOfEscaped(std::string_view text);

/// Prose for a terminal, a report or a log: control characters and bytes that are no UTF-8 become \xNN; line feeds,
/// tabs and backslashes stay. Not meant to be read back.
[[nodiscard]] std::string shownText(std::string_view text);

/// The same on one line: line feeds and tabs are escaped too. For names, titles and other pieces inside a line.
[[nodiscard]] std::string shownLine(std::string_view text);

/// At most about `bytesMax` bytes of a text, cut between characters: "abc... (3,145,728 bytes)".
[[nodiscard]] std::string bounded(std::string_view text, std::size_t bytesMax);

/// A JSON document in which no character is left that a terminal would act on: \u escapes take their place, the
/// meaning stays. `json` must be well-formed JSON text (such characters can then stand in strings only).
[[nodiscard]] std::string shownJson(std::string_view json);

}  // namespace tributary
