// The path of a field in a document: a.b[3].c, with quotes where a name holds what the grammar uses.
//
// Source: vendor page "JSON Document Field Paths"; OJAI's grammar. "a[]" is every element of an array, or the value
// itself where a is no array ("container field path").
//   path  := name (("." name) | index)*        index := "[" digits? "]"
//   name  := plain | '"' quoted* '"' | '`' quoted* '`'
//   plain := any characters but . [ ] " ` \ and control characters; escapes \. \" \` \\ \[ \] \/ \b \f \n \r \t \uXXXX
//            may stand for them, in quotes too
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::engine::maprdb::json {

struct PathSegment {
    enum class Kind : std::uint8_t { Name, Index, Every };

    Kind kind = Kind::Name;
    std::string name;         ///< of a Name
    std::uint32_t index = 0;  ///< of an Index, from 0

    friend auto operator<=>(const PathSegment&, const PathSegment&) = default;  // NOLINT(modernize-use-nullptr)
};

/// Names only, from the root: where fields of their own stand (an array is one value).
using NamePath = std::vector<std::string>;

/// The empty path is the whole document.
class FieldPath {
public:
    FieldPath() = default;
    explicit FieldPath(std::vector<PathSegment> segments) : segments_(std::move(segments)) {}
    static FieldPath ofNames(const NamePath& names);

    /// Errors: InvalidInput with the place in the text; the empty text is none (it means different things to its
    /// users).
    static Result<FieldPath> parse(std::string_view text);
    /// As parse() reads it, with quotes only where they are needed. The empty path is "".
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const std::vector<PathSegment>& segments() const { return segments_; }
    [[nodiscard]] bool empty() const { return segments_.empty(); }
    void push(PathSegment segment) { segments_.push_back(std::move(segment)); }
    void pop() { segments_.pop_back(); }

    /// Whether all that `other` names is named by this path, too: a covers a, a.b and a[1]; a[] covers a[1] and a[1].b.
    [[nodiscard]] bool covers(const FieldPath& other) const;
    /// What both name; nullopt when they name nothing in common.
    [[nodiscard]] std::optional<FieldPath> intersect(const FieldPath& other) const;
    /// The names up to the first index: the field that holds all that the path names.
    [[nodiscard]] NamePath leadingNames() const;
    [[nodiscard]] bool isNamesOnly() const { return leadingNames().size() == segments_.size(); }

    friend auto operator<=>(const FieldPath&, const FieldPath&) = default;  // NOLINT(modernize-use-nullptr)

private:
    std::vector<PathSegment> segments_;
};

/// Appends a character as UTF-8. Surrogates must have been joined.
void appendUtf8(std::string& out, std::uint32_t character);

}  // namespace tributary::engine::maprdb::json
