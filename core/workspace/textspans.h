// Where the parts of a YAML text begin and end: what yaml-cpp's events do not tell, and patching needs.
//
// Only shapes a person writes in these files are understood; anything else gives nullopt, and the caller falls back to
// writing the text anew. A wrong guess is caught by parsing the patched text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/workspace/strictyaml.h"

namespace tributary {

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class TextSpans {
public:
    explicit TextSpans(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t lineStart(std::size_t offset) const;
    /// Offset after the line's newline, or the end of the text.
    [[nodiscard]] std::size_t lineEnd(std::size_t offset) const;
    /// Bytes between the line's start and `offset`.
    [[nodiscard]] std::size_t indentOf(std::size_t offset) const { return offset - lineStart(offset); }
    /// End of a scalar or of a flow list or map; nullopt for block collections and block scalars.
    [[nodiscard]] std::optional<std::size_t> valueEnd(const StrictNode& node, bool inFlow) const;
    /// End of the lines of a block item that begins at `offset`: up to the next line that is indented no deeper.
    /// Comment and blank lines at its end belong to what follows.
    [[nodiscard]] std::size_t blockEnd(std::size_t offset, std::size_t indent) const;
    /// Offset of the '-' before a block sequence item, when it stands on the same line.
    [[nodiscard]] std::optional<std::size_t> dashBefore(std::size_t offset) const;
    /// A flow item that covers [begin, end), widened over the comma that separates it from its neighbour.
    [[nodiscard]] Span withComma(std::size_t begin, std::size_t end) const;

private:
    [[nodiscard]] std::optional<std::size_t> quotedEnd(std::size_t offset) const;
    [[nodiscard]] std::optional<std::size_t> flowEnd(std::size_t offset) const;
    [[nodiscard]] std::size_t plainEnd(std::size_t offset, bool inFlow) const;
    [[nodiscard]] char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

    std::string_view text_;
};

/// Replacements of parts of a text, applied at once; they must not overlap.
class TextChanges {
public:
    void replace(Span span, std::string with) { changes_.push_back({span, std::move(with)}); }
    void insert(std::size_t offset, std::string text) { replace({offset, offset}, std::move(text)); }
    /// The changed text; insertions at one offset keep their order. nullopt when two changes overlap.
    [[nodiscard]] std::optional<std::string> applied(std::string_view text) const;

private:
    struct Change {
        Span span;
        std::string with;
    };
    std::vector<Change> changes_;
};

}  // namespace tributary
