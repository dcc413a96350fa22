// Bytes of somebody's file as UTF-8 text with LF line ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/import/importnote.h"

namespace tributary::runbooks {

struct DecodedText {
    std::string text;               ///< lines end in LF; bytes that are not UTF-8 stay as they are
    std::vector<ImportNote> notes;  ///< what was taken off or turned into something else
};

/// Takes off a byte order mark, turns UTF-16 (with a mark, or told by its zero bytes) into UTF-8 and CR LF into LF, and
/// notes each. Errors: InvalidInput that names the place, for UTF-32, torn UTF-16 and texts that hold zero bytes.
[[nodiscard]] Result<DecodedText> decodeText(std::string_view bytes, const std::string& fileName);

/// The byte offset of the first byte that is not UTF-8, or npos.
[[nodiscard]] std::size_t invalidUtf8At(std::string_view text);

/// `text` for a remark: control characters and bytes that are not UTF-8 as \xNN, cut to `most` bytes with "...".
[[nodiscard]] std::string shownText(std::string_view text, std::size_t most = 72);

}  // namespace tributary::runbooks
