// Where the parts of a YAML text begin and end.
#include "core/workspace/textspans.h"

#include <algorithm>

namespace tributary {

namespace {

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::size_t TextSpans::lineStart(std::size_t offset) const {
    while (offset > 0 && text_[offset - 1] != '\n') --offset;
    return offset;
}

std::size_t TextSpans::lineEnd(std::size_t offset) const {
    const std::size_t newline = text_.find('\n', offset);
    return newline == std::string_view::npos ? text_.size() : newline + 1;
}

std::optional<std::size_t> TextSpans::valueEnd(const StrictNode& node, bool inFlow) const {
    const char first = at(node.offset);
    switch (node.kind) {
        case StrictNode::Kind::Null: return std::nullopt;
        case StrictNode::Kind::Sequence:
        case StrictNode::Kind::Map: return node.flow ? flowEnd(node.offset) : std::nullopt;
        case StrictNode::Kind::Scalar: break;
    }
    if (first == '|' || first == '>') return std::nullopt;
    return node.quoted ? quotedEnd(node.offset) : std::optional(plainEnd(node.offset, inFlow));
}

std::optional<std::size_t> TextSpans::quotedEnd(std::size_t offset) const {
    const char quote = at(offset);
    if (quote != '"' && quote != '\'') return std::nullopt;
    for (std::size_t i = offset + 1; i < text_.size(); ++i) {
        if (quote == '"' && text_[i] == '\\') {
            ++i;
        } else if (text_[i] == quote) {
            if (quote == '"' || at(i + 1) != '\'') return i + 1;
            ++i;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> TextSpans::flowEnd(std::size_t offset) const {
    int depth = 0;
    bool tokenStart = true;  // a quote opens a scalar only here; inside a plain scalar it is a letter
    for (std::size_t i = offset; i < text_.size();) {
        const char c = text_[i];
        if (c == '{' || c == '[') {
            ++depth;
            tokenStart = true;
        } else if (c == '}' || c == ']') {
            if (--depth == 0) return i + 1;
            tokenStart = false;
        } else if ((c == '"' || c == '\'') && tokenStart) {
            const auto end = quotedEnd(i);
            if (!end) return std::nullopt;
            i = *end;
            tokenStart = false;
            continue;
        } else if (c == '#' && i > 0 && blank(text_[i - 1])) {
            i = lineEnd(i);
            continue;
        } else if (c == ',' || (c == ':' && blank(at(i + 1)))) {
            tokenStart = true;
        } else if (!blank(c)) {
            tokenStart = false;
        }
        ++i;
    }
    return std::nullopt;
}

std::size_t TextSpans::plainEnd(std::size_t offset, bool inFlow) const {
    std::size_t end = offset;
    while (end < text_.size() && text_[end] != '\n') {
        const char c = text_[end];
        if (inFlow && (c == ',' || c == ']' || c == '}')) break;
        if (c == ':' && blank(at(end + 1))) break;
        if (c == '#' && end > offset && blank(text_[end - 1])) break;
        ++end;
    }
    while (end > offset && blank(text_[end - 1])) --end;
    return end;
}

std::size_t TextSpans::blockEnd(std::size_t offset, std::size_t indent) const {
    std::size_t end = lineEnd(offset);
    std::size_t at = end;
    while (at < text_.size()) {
        std::size_t first = at;
        while (first < text_.size() && text_[first] == ' ') ++first;
        const bool empty = first >= text_.size() || text_[first] == '\n' || text_[first] == '\r';
        const bool content = !empty && text_[first] != '#';
        if (content && first - at <= indent) break;
        at = lineEnd(at);
        if (content) end = at;
    }
    return end;
}

std::optional<std::size_t> TextSpans::dashBefore(std::size_t offset) const {
    const std::size_t start = lineStart(offset);
    std::size_t i = offset;
    while (i > start && text_[i - 1] == ' ') --i;
    if (i == start || text_[i - 1] != '-') return std::nullopt;
    const std::size_t dash = i - 1;
    for (std::size_t before = start; before < dash; ++before) {
        if (text_[before] != ' ') return std::nullopt;
    }
    return dash;
}

Span TextSpans::withComma(std::size_t begin, std::size_t end) const {
    std::size_t after = end;
    while (after < text_.size() && blank(text_[after])) ++after;
    if (at(after) == ',') {
        ++after;
        while (after < text_.size() && text_[after] == ' ') ++after;
        return {begin, after};
    }
    std::size_t before = begin;
    while (before > 0 && blank(text_[before - 1])) --before;
    if (before > 0 && text_[before - 1] == ',') return {before - 1, end};
    return {begin, end};
}

std::optional<std::string> TextChanges::applied(std::string_view text) const {
    std::vector<Change> ordered = changes_;
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const Change& left, const Change& right) { return left.span.begin < right.span.begin; });
    std::string out;
    std::size_t at = 0;
    for (const Change& change : ordered) {
        if (change.span.begin < at || change.span.end > text.size()) return std::nullopt;
        out.append(text.substr(at, change.span.begin - at));
        out.append(change.with);
        at = change.span.end;
    }
    out.append(text.substr(at));
    return out;
}

}  // namespace tributary
