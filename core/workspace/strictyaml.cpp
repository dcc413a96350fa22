// Builds the strict tree from yaml-cpp's events.
#include "core/workspace/strictyaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <streambuf>
#include <utility>

namespace tributary {

namespace {

/// Thrown through yaml-cpp by our handler, caught in parseStrictYaml.
struct Refusal {
    std::size_t offset;
    std::string what;
    std::string fix;
};

/// Line starts of a text, for turning byte offsets into line and character column.
class LineIndex {
public:
    explicit LineIndex(std::string_view text) : text_(text) {
        starts_.push_back(0);
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '\n') starts_.push_back(at + 1);
        }
    }

    [[nodiscard]] SourcePos pos(std::size_t offset) const {
        offset = std::min(offset, text_.size());
        const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
        const std::size_t start = *std::prev(next);
        int column = 1;
        for (std::size_t at = start; at < offset; ++at) {
            if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) ++column;
        }
        return {static_cast<int>(next - starts_.begin()), column};
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

/// Whether the quote that opens at `offset` is closed; true also where no quote stands (a block of text).
bool quoteCloses(std::string_view text, std::size_t offset) {
    const char quote = offset < text.size() ? text[offset] : '\0';
    if (quote != '"' && quote != '\'') return true;
    for (std::size_t at = offset + 1; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            if (quote == '"' || at + 1 == text.size() || text[at + 1] != quote) return true;
            ++at;
        }
    }
    return false;
}

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, const LineIndex& lines, const StrictLimits& limits)
        : text_(text), lines_(lines), limits_(limits) {}

    StrictNode takeRoot() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}

    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        throw Refusal{at(mark), fmt::format("anchors (&{}) are not allowed", name), "write the value out"};
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        throw Refusal{at(mark), "aliases (*name) are not allowed", "write the value out"};
    }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        StrictNode node = start(mark, "?", anchor, StrictNode::Kind::Null);
        if (!frames_.empty() && frames_.back().node.isMap() && frames_.back().key) {
            // yaml-cpp marks an absent value where the next token begins; its key is the place a person looks at.
            node.line = frames_.back().key->line;
            node.column = frames_.back().key->column;
            node.offset = frames_.back().key->offset;
        }
        place(std::move(node));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        StrictNode node = start(mark, tag, anchor, StrictNode::Kind::Scalar);
        node.quoted = tag == "!";
        node.scalar = value;
        // yaml-cpp takes the end of the text for a missing quote when a new line begins before it.
        if (node.quoted && !quoteCloses(text_, node.offset)) {
            throw Refusal{node.offset, "the quote that opens here is never closed", "close it"};
        }
        place(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(start(mark, tag, anchor, StrictNode::Kind::Sequence), style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(start(mark, tag, anchor, StrictNode::Kind::Map), style);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        StrictNode node;
        std::optional<StrictNode> key;  ///< a map's key whose value has not come yet
        std::map<std::string, SourcePos, std::less<>> seen;
    };

    [[nodiscard]] static std::size_t at(const YAML::Mark& mark) {
        return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
    }

    StrictNode start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, StrictNode::Kind kind) {
        const std::size_t offset = at(mark);
        if (anchor != 0) throw Refusal{offset, "anchors (&name) are not allowed", "write the value out"};
        // "?" and "!" are yaml-cpp's words for untagged plain and quoted; a tag written as a lone ! shows in the text.
        const bool tagged = (tag != "?" && tag != "!" && !tag.empty()) ||
                            (kind != StrictNode::Kind::Null && offset < text_.size() && text_[offset] == '!');
        if (tagged) {
            throw Refusal{offset, fmt::format("tags ({}) are not allowed", tag),
                          "put the whole text in quotes when the ! belongs to it; else remove the tag"};
        }
        if (++nodes_ > limits_.nodesMax) {
            throw Refusal{offset, fmt::format("more than {} values in one file", limits_.nodesMax), {}};
        }
        StrictNode node;
        node.kind = kind;
        node.offset = offset;
        const SourcePos pos = lines_.pos(offset);
        node.line = pos.line;
        node.column = pos.column;
        return node;
    }

    void open(StrictNode node, YAML::EmitterStyle::value style) {
        node.flow = style == YAML::EmitterStyle::Flow;
        if (static_cast<int>(frames_.size()) >= limits_.depthMax) {
            throw Refusal{node.offset, fmt::format("nested deeper than {} levels", limits_.depthMax), {}};
        }
        if (!frames_.empty() && frames_.back().node.isMap() && !frames_.back().key) {
            const bool placeholder = node.offset > 0 && text_.substr(node.offset - 1, 2) == "{{";
            throw Refusal{placeholder ? node.offset - 1 : node.offset, "a key must be plain text, not a list or a map",
                          placeholder ? "put a text that begins with {{ in quotes: \"{{name}}\"" : ""};
        }
        frames_.push_back({std::move(node), std::nullopt, {}});
    }

    void close() {
        StrictNode node = std::move(frames_.back().node);
        frames_.pop_back();
        place(std::move(node));
    }

    void place(StrictNode node) {
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = frames_.back();
        if (!frame.node.isMap()) {
            frame.node.children.push_back(std::move(node));
            return;
        }
        if (!frame.key) {
            if (!node.isScalar()) throw Refusal{node.offset, "a key is missing before ':'", {}};
            const auto [first, fresh] = frame.seen.emplace(node.scalar, node.pos());
            if (!fresh) {
                throw Refusal{node.offset,
                              fmt::format("duplicate key '{}': it is already given at line {}, column {}", node.scalar,
                                          first->second.line, first->second.column),
                              "remove one of the two"};
            }
            frame.key = std::move(node);
            return;
        }
        node.key = std::move(frame.key->scalar);
        node.keyLine = frame.key->line;
        node.keyColumn = frame.key->column;
        node.keyOffset = frame.key->offset;
        frame.key.reset();
        frame.node.children.push_back(std::move(node));
    }

    std::string_view text_;
    const LineIndex& lines_;
    const StrictLimits& limits_;
    std::vector<Frame> frames_;
    StrictNode root_;
    std::size_t nodes_ = 0;
};

/// A read-only stream over borrowed text: std::istringstream would copy up to 16 MiB.
class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // NOLINT: streambuf's get area is char*, never written
        setg(begin, begin, begin + text.size());
    }
};

/// Length of the valid UTF-8 sequence at `at`, or 0.
std::size_t utf8Length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
    }
    const unsigned char second = byte(at + 1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return overlong || outside ? 0 : length;
}

/// yaml-cpp takes the byte 0x04 for the end of the file and guesses UTF-16 from zero bytes: both are refused first.
std::optional<Refusal> badCharacter(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            return Refusal{at, fmt::format("control character 0x{:02X} in the text", byte), "remove it"};
        }
        const std::size_t length = utf8Length(text, at);
        if (length == 0) return Refusal{at, "the text is not valid UTF-8", "save the file as UTF-8"};
        at += length;
    }
    if (text.starts_with("\xEF\xBB\xBF"))
        return Refusal{0, "the file begins with a byte order mark", "save it without"};
    return std::nullopt;
}

/// What is most often meant by what the parser says.
std::string yamlHelp(std::string_view said) {
    if (said.find("illegal map value") != std::string_view::npos) {
        return "put a value that holds ': ' into quotes, and begin each key on a line of its own";
    }
    if (said.find("end of") != std::string_view::npos) return "close every [ with ], every { with } and every quote";
    return "put texts with YAML's own characters into quotes, and indent by blanks, never tabs";
}

Error refusalError(const Refusal& refusal, const LineIndex& lines, std::string_view file) {
    const SourcePos pos = lines.pos(refusal.offset);
    return {ErrorCode::InvalidInput, refusal.what, fmt::format("{}:{}:{}", file, pos.line, pos.column), refusal.fix};
}

/// The tab among the blanks that the line of `offset` begins with; npos when there is none.
std::size_t indentingTab(std::string_view text, std::size_t offset) {
    const std::size_t before =
        offset == 0 ? std::string_view::npos : text.rfind('\n', std::min(offset, text.size()) - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t tab = text.find_first_not_of(' ', begin);
    return tab != std::string_view::npos && text[tab] == '\t' ? tab : std::string_view::npos;
}

}  // namespace

const StrictNode* StrictNode::find(std::string_view wanted) const {
    if (!isMap()) return nullptr;
    const auto found =
        std::find_if(children.begin(), children.end(), [&](const StrictNode& child) { return child.key == wanted; });
    return found == children.end() ? nullptr : &*found;
}

Result<StrictNode> parseStrictYaml(std::string_view text, std::string_view file, const StrictLimits& limits) {
    if (text.size() > limits.bytesMax) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the file holds {} bytes, more than the limit of {}", text.size(), limits.bytesMax),
                     fmt::format("{}:1:1", file),
                     {}};
    }
    const LineIndex lines(text);
    if (const auto refusal = badCharacter(text)) return refusalError(*refusal, lines, file);
    try {
        ViewBuffer buffer(text);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        TreeBuilder builder(text, lines, limits);
        if (!parser.HandleNextDocument(builder)) return StrictNode{};
        StrictNode root = builder.takeRoot();
        TreeBuilder rest(text, lines, limits);
        if (parser.HandleNextDocument(rest)) {
            return refusalError({rest.takeRoot().offset, "a second YAML document begins here", "keep one per file"},
                                lines, file);
        }
        return root;
    } catch (const Refusal& refusal) {
        return refusalError(refusal, lines, file);
    } catch (const YAML::Exception& problem) {
        const std::size_t offset = problem.mark.is_null() ? 0 : static_cast<std::size_t>(problem.mark.pos);
        if (const std::size_t tab = indentingTab(text, offset); tab != std::string_view::npos) {
            return refusalError({tab, "not valid YAML: a tab indents this line", "indent by blanks, never tabs"}, lines,
                                file);
        }
        return refusalError({offset, fmt::format("not valid YAML: {}", problem.msg), yamlHelp(problem.msg)}, lines,
                            file);
    }
}

}  // namespace tributary
