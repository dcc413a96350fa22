// Reading with expat, whose byte offsets tell where each element stands; writing by cutting and joining the text.
#include "core/systems/voltdb/xmltext.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/base/text.h"

namespace tributary::voltdb {

namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kDepthMax = 32;
constexpr std::string_view kBlanks = " \t\r\n";

/// Line and column of a byte; columns count characters.
SourcePos placeAt(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t lineBegin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const std::string_view inLine = before.substr(lineBegin);
    const auto column = std::count_if(inLine.begin(), inLine.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return {line, static_cast<int>(column) + 1};
}

/// Builds the tree while expat reads. Expat has proved the markup; where attributes stand it does not say.
class TreeBuilder {
public:
    TreeBuilder(std::string_view text, XML_Parser parser) : text_(text), parser_(parser) {
        open_.reserve(kDepthMax + 1);  // pointers into it are not kept, elements are moved into their parents
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, &TreeBuilder::onStart, &TreeBuilder::onEnd);
        XML_SetCharacterDataHandler(parser, &TreeBuilder::onText);
        XML_SetStartDoctypeDeclHandler(parser, &TreeBuilder::onDoctype);
        XML_SetXmlDeclHandler(parser, &TreeBuilder::onDeclaration);
    }

    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] std::size_t refusedAt() const { return refusedAt_; }
    XmlElement take() { return std::move(root_); }

private:
    static TreeBuilder& self(void* data) { return *static_cast<TreeBuilder*>(data); }
    static void onStart(void* data, const XML_Char* name, const XML_Char** attributes) {
        self(data).start(name, attributes);
    }
    static void onEnd(void* data, const XML_Char* /*name*/) { self(data).finish(); }
    static void onText(void* data, const XML_Char* characters, int length) {
        TreeBuilder& tree = self(data);
        if (!tree.open_.empty()) tree.open_.back().text.append(characters, static_cast<std::size_t>(length));
    }
    static void onDoctype(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/, const XML_Char* /*public*/,
                          int /*internal*/) {
        self(data).refuse("a DOCTYPE is not read: it may bring entities from elsewhere");
    }
    static void onDeclaration(void* data, const XML_Char* /*version*/, const XML_Char* encoding, int /*standalone*/) {
        const std::string word = encoding == nullptr ? std::string("utf-8") : toLower(encoding);
        if (word != "utf-8" && word != "us-ascii") self(data).refuse(fmt::format("the encoding {} is not read", word));
    }

    /// The place of a byte that is not before the last one asked for: the text is walked once.
    SourcePos advanceTo(std::size_t offset) {
        for (; walked_ < offset; ++walked_) {
            const char c = text_[walked_];
            if (c == '\n') {
                place_ = {place_.line + 1, 1};
            } else if ((c & 0xC0) != 0x80) {
                ++place_.column;
            }
        }
        return place_;
    }

    [[nodiscard]] std::size_t here() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_)); }

    void refuse(std::string why) {
        if (!refusal_.empty()) return;
        refusal_ = std::move(why);
        refusedAt_ = here();
        XML_StopParser(parser_, XML_FALSE);
    }

    void start(const XML_Char* name, const XML_Char** values) {
        if (open_.size() >= kDepthMax) return refuse(fmt::format("more than {} levels of elements", kDepthMax));
        XmlElement& element = open_.emplace_back();
        element.name = name;
        element.begin = here();
        element.pos = advanceTo(element.begin);
        element.nameEnd = element.begin + 1 + element.name.size();
        std::size_t at = element.nameEnd;
        for (; values[0] != nullptr; values += 2) {
            XmlAttribute& each = element.attributes.emplace_back();
            each.name = values[0];
            each.value = values[1];
            each.begin = text_.find_first_not_of(kBlanks, at);
            each.pos = advanceTo(each.begin);
            each.valueBegin = text_.find_first_of("\"'", each.begin) + 1;
            each.quote = text_[each.valueBegin - 1];
            each.valueEnd = text_.find(each.quote, each.valueBegin);
            at = each.valueEnd + 1;
        }
        const std::size_t close = text_.find('>', at);
        element.selfClosing = text_[close - 1] == '/' && close > at;
        element.contentBegin = close + 1;
    }

    void finish() {
        XmlElement element = std::move(open_.back());
        open_.pop_back();
        element.contentEnd = element.selfClosing ? element.contentBegin : here();
        element.end = element.selfClosing ? element.contentBegin : text_.find('>', element.contentEnd) + 1;
        element.text = trim(element.text);
        (open_.empty() ? root_ : open_.back().children.emplace_back()) = std::move(element);
    }

    std::string_view text_;
    XML_Parser parser_;
    std::vector<XmlElement> open_;
    XmlElement root_;
    SourcePos place_{1, 1};
    std::size_t walked_ = 0;
    std::string refusal_;
    std::size_t refusedAt_ = 0;
};

std::string spliced(std::string_view text, std::size_t begin, std::size_t end, std::string_view with) {
    std::string out;
    out.reserve(text.size() + with.size());
    out.append(text.substr(0, begin)).append(with).append(text.substr(end));
    return out;
}

std::size_t lineStart(std::string_view text, std::size_t at) {
    const std::size_t found = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return found == std::string_view::npos ? 0 : found + 1;
}

/// The blanks a line begins with, when nothing else stands before `at`; nullopt otherwise.
std::optional<std::string_view> indentBefore(std::string_view text, std::size_t at) {
    const std::size_t begin = lineStart(text, at);
    const std::string_view before = text.substr(begin, at - begin);
    if (before.find_first_not_of(" \t") != std::string_view::npos) return std::nullopt;
    return before;
}

std::string_view lineBreakOf(std::string_view text) {
    const std::size_t at = text.find('\n');
    return at != std::string_view::npos && at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace

const XmlAttribute* XmlElement::attribute(std::string_view attributeName) const {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const XmlAttribute& each) { return each.name == attributeName; });
    return found == attributes.end() ? nullptr : &*found;
}

const XmlElement* XmlElement::child(std::string_view childName) const {
    const auto found =
        std::find_if(children.begin(), children.end(), [&](const XmlElement& each) { return each.name == childName; });
    return found == children.end() ? nullptr : &*found;
}

Result<XmlElement> parseXml(std::string_view text, std::string_view file) {
    const auto error = [&](std::size_t at, std::string what, std::string fix) {
        const SourcePos pos = placeAt(text, std::min(at, text.size()));
        return Error{ErrorCode::InvalidInput, std::move(what), fmt::format("{}:{}:{}", file, pos.line, pos.column),
                     std::move(fix)};
    };
    if (text.size() > kBytesMax) return error(0, fmt::format("more than {} bytes", kBytesMax), "give another file");
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"),
                                                                              &XML_ParserFree);
    if (parser == nullptr) return Error{ErrorCode::Internal, "no memory to read XML", std::string(file), {}};
    TreeBuilder tree(text, parser.get());
    if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK) {
        return tree.take();
    }
    if (!tree.refusal().empty()) return error(tree.refusedAt(), tree.refusal(), "remove it");
    const std::int64_t at = XML_GetCurrentByteIndex(parser.get());
    return error(at < 0 ? 0 : static_cast<std::size_t>(at),
                 fmt::format("no well-formed XML: {}", XML_ErrorString(XML_GetErrorCode(parser.get()))),
                 "mend the text at this place");
}

std::string xmlEscaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&apos;"; break;
            case '\t': out += "&#9;"; break;
            case '\n': out += "&#10;"; break;
            case '\r': out += "&#13;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string withAttribute(std::string_view text, const XmlElement& element, std::string_view name,
                          std::string_view value) {
    if (const XmlAttribute* there = element.attribute(name)) {
        return spliced(text, there->valueBegin, there->valueEnd, xmlEscaped(value));
    }
    const std::size_t at = element.attributes.empty() ? element.nameEnd : element.attributes.back().valueEnd + 1;
    return spliced(text, at, at, fmt::format(" {}=\"{}\"", name, xmlEscaped(value)));
}

std::string withoutAttribute(std::string_view text, const XmlElement& element, std::string_view name) {
    const XmlAttribute* there = element.attribute(name);
    if (there == nullptr) return std::string(text);
    std::size_t begin = there->begin;
    while (begin > 0 && kBlanks.find(text[begin - 1]) != std::string_view::npos) --begin;
    return spliced(text, begin, there->valueEnd + 1, "");
}

std::string withChild(std::string_view text, const XmlElement& element, std::string_view markup) {
    constexpr std::string_view kStep = "    ";
    const std::string_view lineBreak = lineBreakOf(text);
    const std::string own(indentBefore(text, element.begin).value_or(""));
    std::string inner = own + std::string(kStep);
    if (!element.children.empty()) {
        inner = std::string(indentBefore(text, element.children.back().begin).value_or(inner));
    }
    const std::string line = fmt::format("{}{}{}", inner, markup, lineBreak);
    if (element.selfClosing) {
        std::size_t slash = element.contentBegin - 2;
        while (slash > 0 && kBlanks.find(text[slash - 1]) != std::string_view::npos) --slash;
        return spliced(text, slash, element.contentBegin,
                       fmt::format(">{}{}{}</{}>", lineBreak, line, own, element.name));
    }
    // Before the end tag's own line, so that comments behind the last child stay where they are.
    if (indentBefore(text, element.contentEnd) && lineStart(text, element.contentEnd) >= element.contentBegin) {
        const std::size_t at = lineStart(text, element.contentEnd);
        return spliced(text, at, at, line);
    }
    return spliced(text, element.contentEnd, element.contentEnd, fmt::format("{}{}{}", lineBreak, line, own));
}

std::string withoutElement(std::string_view text, const XmlElement& element) {
    const std::size_t end = text.find_first_not_of(" \t\r", element.end);
    if (indentBefore(text, element.begin) && end != std::string_view::npos && text[end] == '\n') {
        return spliced(text, lineStart(text, element.begin), end + 1, "");
    }
    return spliced(text, element.begin, element.end, "");
}

std::string withText(std::string_view text, const XmlElement& element, std::string_view value) {
    if (element.selfClosing) {
        std::size_t slash = element.contentBegin - 2;
        while (slash > 0 && kBlanks.find(text[slash - 1]) != std::string_view::npos) --slash;
        return spliced(text, slash, element.contentBegin, fmt::format(">{}</{}>", xmlEscaped(value), element.name));
    }
    return spliced(text, element.contentBegin, element.contentEnd, xmlEscaped(value));
}

}  // namespace tributary::voltdb
