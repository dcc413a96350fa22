// Strict YAML: a small tree with positions, read on yaml-cpp's event level, where duplicates and aliases still show.
//
// Decision: yaml-cpp's own nodes silently keep the first of two equal keys and resolve aliases, and they forget whether
// a scalar was quoted. The event level shows all three. A grammar of our own was rejected: it would be one more parser
// to get wrong, for files that other YAML tools must read too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/sourcepos.h"

namespace tributary {

/// One node of a strict YAML document. Scalars are text: what `no` or `007` means is the schema's business.
struct StrictNode {
    enum class Kind { Null, Scalar, Sequence, Map };

    Kind kind = Kind::Null;
    std::string scalar;                ///< the text of a Scalar, after quotes and folding
    bool quoted = false;               ///< a Scalar that was quoted or a block scalar: never a boolean or a number
    bool flow = false;                 ///< a Sequence or Map in [] or {} style
    int line = 0;                      ///< from 1; a Null that is a map's value has its key's position
    int column = 0;                    ///< from 1, in characters
    std::size_t offset = 0;            ///< byte offset of the node's first character in the text
    std::string key;                   ///< the key, when the parent is a Map
    int keyLine = 0;                   ///< position of the key
    int keyColumn = 0;                 ///< position of the key
    std::size_t keyOffset = 0;         ///< byte offset of the key
    std::vector<StrictNode> children;  ///< items of a Sequence, values of a Map, in file order

    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    [[nodiscard]] bool isSequence() const { return kind == Kind::Sequence; }
    [[nodiscard]] bool isScalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool isNull() const { return kind == Kind::Null; }
    /// The value under `wanted`, or nullptr. Borrowed from this node.
    [[nodiscard]] const StrictNode* find(std::string_view wanted) const;
    [[nodiscard]] SourcePos pos() const { return {line, column}; }
    [[nodiscard]] SourcePos keyPos() const { return {keyLine, keyColumn}; }
};

struct StrictLimits {
    std::size_t bytesMax = 16U << 20U;
    int depthMax = 64;
    std::size_t nodesMax = 1'000'000;
};

/// Parses one YAML document. `file` is used in errors only. An empty document gives a Null node.
/// Errors (InvalidInput, `where` = file:line:column): syntax, duplicate keys, anchors, aliases, tags, keys that are not
/// plain text, a second document, depth or size over the limits, text that is not UTF-8 or holds control characters.
[[nodiscard]] Result<StrictNode> parseStrictYaml(std::string_view text, std::string_view file,
                                                 const StrictLimits& limits = {});

/// Reads a regular file of at most `bytesMax` bytes. Errors: NotFound, InvalidInput (too large, a folder), Io.
[[nodiscard]] Result<std::string> readTextFile(const std::string& path, std::size_t bytesMax = StrictLimits{}.bytesMax);

/// readTextFile, then parseStrictYaml with the path as the file's name.
[[nodiscard]] Result<StrictNode> loadStrictYaml(const std::string& path, const StrictLimits& limits = {});

/// Typed reading of a strict tree: the schema's words for "must be a map", "unknown key, did you mean ...". Keeps the
/// first error only, after which every call returns an empty value, so that a loader reads straight through and asks
/// once.
class StrictReader {
public:
    /// `file` names the source in errors.
    explicit StrictReader(std::string_view file) : file_(file) {}

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    [[nodiscard]] const Error& error() const { return *error_; }
    /// The error as a Status, or ok.
    [[nodiscard]] Status status() const { return ok() ? okStatus() : Status(*error_); }
    [[nodiscard]] const std::string& file() const { return file_; }
    /// "file:line:column".
    [[nodiscard]] std::string where(SourcePos pos) const;

    /// Records an error unless one is recorded. `fix` may be empty.
    void fail(SourcePos pos, std::string what, std::string fix = {});
    /// Fails unless `node` is a map whose keys are all in `allowed`; `thing` names it in the text: "a replica edge".
    bool map(const StrictNode& node, std::string_view thing, const std::vector<std::string>& allowed);
    /// Fails unless `node` is a map (any keys: they are names).
    bool namedMap(const StrictNode& node, std::string_view thing);
    bool sequence(const StrictNode& node, std::string_view thing);
    /// The value under `key`; fails, naming `thing`, when it is absent. nullptr after a failure.
    const StrictNode* require(const StrictNode& map, std::string_view key, std::string_view thing);
    /// Non-empty text.
    std::string text(const StrictNode& node, std::string_view thing);
    /// Text that may be empty (`""`).
    std::string anyText(const StrictNode& node, std::string_view thing);
    /// true, false, yes or no, unquoted.
    bool boolean(const StrictNode& node, std::string_view thing);
    /// A decimal integer in [low, high], unquoted.
    std::int64_t integer(const StrictNode& node, std::string_view thing, std::int64_t low, std::int64_t high);
    /// A list of texts; one scalar stands for a list of one.
    std::vector<std::string> texts(const StrictNode& node, std::string_view thing);

private:
    std::string file_;
    std::optional<Error> error_;
};

}  // namespace tributary
