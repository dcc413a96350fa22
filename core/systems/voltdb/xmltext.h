// An XML text as elements that know where they stand, so that one value can be changed and every other byte stays.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/sourcepos.h"

namespace tributary::voltdb {

struct XmlAttribute {
    std::string name;
    std::string value;           ///< decoded
    SourcePos pos;               ///< of its name
    std::size_t begin = 0;       ///< byte offset of its name
    std::size_t valueBegin = 0;  ///< of what stands between the quotes
    std::size_t valueEnd = 0;
    char quote = '"';
};

struct XmlElement {
    std::string name;
    std::string text;  ///< its own characters, decoded and trimmed
    SourcePos pos;     ///< of its '<'
    std::vector<XmlAttribute> attributes;
    std::vector<XmlElement> children;
    std::size_t begin = 0;         ///< byte offset of its '<'
    std::size_t nameEnd = 0;       ///< behind its name
    std::size_t contentBegin = 0;  ///< behind the start tag's '>'
    std::size_t contentEnd = 0;    ///< at the end tag's '<'; contentBegin when the tag closes itself
    std::size_t end = 0;           ///< behind its last '>'
    bool selfClosing = false;

    /// Borrowed; nullptr when absent. The first wins.
    [[nodiscard]] const XmlAttribute* attribute(std::string_view attributeName) const;
    [[nodiscard]] const XmlElement* child(std::string_view childName) const;
};

/// Reads a whole document, UTF-8 or what its declaration says expat reads as one byte a character. Errors:
/// InvalidInput at file:line:column for what is not well-formed, a DOCTYPE (entities are refused altogether), another
/// encoding than UTF-8 or ASCII, more than 32 levels or 1 MiB.
[[nodiscard]] Result<XmlElement> parseXml(std::string_view text, std::string_view file);

/// The text with its markup characters as entities, for use between quotes of either kind and between tags.
[[nodiscard]] std::string xmlEscaped(std::string_view text);

/// Each gives back the text with one change. `element` is of a tree of that very text.
[[nodiscard]] std::string withAttribute(std::string_view text, const XmlElement& element, std::string_view name,
                                        std::string_view value);
[[nodiscard]] std::string withoutAttribute(std::string_view text, const XmlElement& element, std::string_view name);
/// `markup` becomes the last child, on a line of its own that is indented as its siblings are, or one step more than
/// the element.
[[nodiscard]] std::string withChild(std::string_view text, const XmlElement& element, std::string_view markup);
/// Takes the element away, with its line when it stands alone on it.
[[nodiscard]] std::string withoutElement(std::string_view text, const XmlElement& element);
/// The element's content becomes these characters.
[[nodiscard]] std::string withText(std::string_view text, const XmlElement& element, std::string_view value);

}  // namespace tributary::voltdb
