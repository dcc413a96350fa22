// Parsing, printing and comparing field paths.
#include "engine/systems/maprdb/json/fieldpath.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::string_view kSpecial = ".[]\"`\\";

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

class PathReader {
public:
    explicit PathReader(std::string_view text) : text_(text) {}

    Result<FieldPath> read() {
        if (const Status fits = checkLimit("field path", text_.size(), kPathBytesMax, "bytes", "a field path"); !fits) {
            return fits.error();
        }
        if (!isUtf8(text_)) return wrong("it is no UTF-8");
        if (text_.empty()) return wrong("it is empty");
        FieldPath path;
        bool needsName = true;
        while (at_ < text_.size() || needsName) {
            const Status read = needsName ? name(path) : index(path);
            if (!read) return read.error();
            if (path.segments().size() > kDepthMax) {
                return wrong(fmt::format("it is deeper than the limit 'depth' of {}", kDepthMax));
            }
            needsName = at_ < text_.size() && text_[at_] == '.';
            if (needsName) ++at_;
            if (at_ < text_.size() && !needsName && text_[at_] != '[') return wrong("a dot or [ is missing");
        }
        return path;
    }

private:
    [[nodiscard]] Error wrong(std::string_view why) const {
        return {ErrorCode::InvalidInput,
                fmt::format("'{}' is no field path: {}", shownLine(bounded(text_, 60)), why),
                fmt::format("column {}", at_ + 1),
                {}};
    }

    Status name(FieldPath& path) {
        const char quote = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '`') ? text_[at_] : '\0';
        if (quote != '\0') ++at_;
        PathSegment segment;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (quote != '\0' ? c == quote : c == '.' || c == '[') break;
            if (c == '\\') {
                if (const Status escaped = escape(segment.name); !escaped) return escaped;
                continue;
            }
            if (isControl(c) || c == '"' || c == '`' || (quote == '\0' && c == ']')) {
                return wrong("a character must be escaped with \\");
            }
            segment.name.push_back(c);
            ++at_;
        }
        if (quote != '\0') {
            if (at_ >= text_.size()) return wrong("a quote is not closed");
            ++at_;
        } else if (segment.name.empty()) {
            return wrong("a name is missing");
        }
        if (Status fits = checkLimit("field name", segment.name.size(), kFieldNameBytesMax, "bytes", "a field name");
            !fits) {
            return fits;
        }
        path.push(std::move(segment));
        return okStatus();
    }

    Status index(FieldPath& path) {
        ++at_;  // the bracket
        PathSegment segment;
        segment.kind = PathSegment::Kind::Every;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
            segment.kind = PathSegment::Kind::Index;
            segment.index = segment.index * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
            if (segment.index > kArrayIndexMax) {
                return wrong(fmt::format("an index is larger than the limit 'array index' of {}", kArrayIndexMax));
            }
            ++at_;
        }
        if (at_ >= text_.size() || text_[at_] != ']') return wrong("a ] is missing");
        ++at_;
        path.push(std::move(segment));
        return okStatus();
    }

    Status escape(std::string& out) {
        const std::string_view escapes = "bfnrt";
        const std::string_view meanings = "\b\f\n\r\t";
        if (at_ + 1 >= text_.size()) return wrong("nothing stands behind \\");
        const char c = text_[at_ + 1];
        if (c == 'u') return unicode(out);
        if (const std::size_t which = escapes.find(c); which != std::string_view::npos) {
            out.push_back(meanings[which]);
        } else if (kSpecial.find(c) != std::string_view::npos || c == '/') {
            out.push_back(c);
        } else {
            return wrong("an escape is unknown");
        }
        at_ += 2;
        return okStatus();
    }

    /// A \uXXXX, or two of them that are a pair of surrogates.
    Status unicode(std::string& out) {
        std::uint32_t character = 0;
        if (!hex(character)) return wrong("four hexadecimal digits stand behind \\u");
        if (character >= 0xd800 && character < 0xdc00) {
            std::uint32_t low = 0;
            if (!hex(low) || low < 0xdc00 || low > 0xdfff) return wrong("half of a surrogate pair is missing");
            character = 0x10000 + ((character - 0xd800) << 10U) + (low - 0xdc00);
        } else if (character >= 0xdc00 && character <= 0xdfff) {
            return wrong("half of a surrogate pair is missing");
        }
        appendUtf8(out, character);
        return okStatus();
    }

    bool hex(std::uint32_t& value) {
        if (text_.size() - at_ < 6 || text_[at_] != '\\' || text_[at_ + 1] != 'u') return false;
        value = 0;
        for (std::size_t i = 2; i < 6; ++i) {
            const char c = text_[at_ + i];
            const char lower = static_cast<char>(c | 0x20);
            if (c >= '0' && c <= '9') {
                value = value * 16 + static_cast<std::uint32_t>(c - '0');
            } else if (lower >= 'a' && lower <= 'f') {
                value = value * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
            } else {
                return false;
            }
        }
        at_ += 6;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string nameText(const std::string& name) {
    const bool plain = !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
        return isControl(c) || kSpecial.find(c) != std::string_view::npos;
    });
    if (plain) return name;
    std::string out = "\"";
    for (const char c : name) {
        if (isControl(c)) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
            continue;
        }
        if (c == '"' || c == '`' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "\"";
}

bool segmentCovers(const PathSegment& wide, const PathSegment& narrow) {
    if (wide.kind == PathSegment::Kind::Every) return narrow.kind != PathSegment::Kind::Name;
    return wide == narrow;
}

}  // namespace

void appendUtf8(std::string& out, std::uint32_t character) {
    if (character < 0x80) {
        out.push_back(static_cast<char>(character));
    } else if (character < 0x800) {
        out.push_back(static_cast<char>(0xc0U | character >> 6U));
        out.push_back(static_cast<char>(0x80U | (character & 0x3fU)));
    } else if (character < 0x10000) {
        out.push_back(static_cast<char>(0xe0U | character >> 12U));
        out.push_back(static_cast<char>(0x80U | (character >> 6U & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (character & 0x3fU)));
    } else {
        out.push_back(static_cast<char>(0xf0U | character >> 18U));
        out.push_back(static_cast<char>(0x80U | (character >> 12U & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (character >> 6U & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (character & 0x3fU)));
    }
}

FieldPath FieldPath::ofNames(const NamePath& names) {
    FieldPath path;
    for (const std::string& name : names) path.push({PathSegment::Kind::Name, name, 0});
    return path;
}

Result<FieldPath> FieldPath::parse(std::string_view text) {
    return PathReader(text).read();
}

std::string FieldPath::text() const {
    std::string out;
    for (const PathSegment& segment : segments_) {
        if (segment.kind == PathSegment::Kind::Name) {
            if (!out.empty()) out.push_back('.');
            out += nameText(segment.name);
        } else {
            out += segment.kind == PathSegment::Kind::Every ? "[]" : fmt::format("[{}]", segment.index);
        }
    }
    return out;
}

bool FieldPath::covers(const FieldPath& other) const {
    if (segments_.size() > other.segments_.size()) return false;
    return std::equal(segments_.begin(), segments_.end(), other.segments_.begin(), segmentCovers);
}

std::optional<FieldPath> FieldPath::intersect(const FieldPath& other) const {
    const bool shorter = segments_.size() < other.segments_.size();
    FieldPath out = shorter ? other : *this;
    const FieldPath& rest = shorter ? *this : other;
    for (std::size_t i = 0; i < rest.segments_.size(); ++i) {
        PathSegment& mine = out.segments_[i];
        const PathSegment& theirs = rest.segments_[i];
        if (segmentCovers(theirs, mine)) continue;
        if (!segmentCovers(mine, theirs)) return std::nullopt;
        mine = theirs;
    }
    return out;
}

NamePath FieldPath::leadingNames() const {
    NamePath names;
    for (const PathSegment& segment : segments_) {
        if (segment.kind != PathSegment::Kind::Name) break;
        names.push_back(segment.name);
    }
    return names;
}

}  // namespace tributary::engine::maprdb::json
