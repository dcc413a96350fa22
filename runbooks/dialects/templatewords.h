// Words of a runbook's texts: split and quoted as a shell does, with {{...}} kept whole. A dialect splits its own
// lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::runbooks {

/// Splits at blanks; '...' and "..." group, a backslash outside single quotes takes the next character, and a
/// {{placeholder}} is one piece even with blanks inside. Errors: InvalidInput for an unclosed quote or placeholder.
[[nodiscard]] Result<std::vector<std::string>> splitTemplateWords(std::string_view text);

/// The word as splitTemplateWords reads it back: unchanged when safe, else in single quotes. A {{placeholder}} stays
/// bare.
[[nodiscard]] std::string quoteTemplateWord(std::string_view word);

/// Milliseconds of "500ms", "30s", "5m", "2h" or "1d". Errors: InvalidInput.
[[nodiscard]] Result<std::int64_t> parseMillis(std::string_view text);
/// The shortest exact spelling: 90000 is "90s", 120000 is "2m".
[[nodiscard]] std::string millisText(std::int64_t durationMs);
/// Bytes of "512", "64KB", "4MiB", "2GB": KB and KiB are both 1024. Errors: InvalidInput.
[[nodiscard]] Result<std::int64_t> parseSizeBytes(std::string_view text);

}  // namespace tributary::runbooks
