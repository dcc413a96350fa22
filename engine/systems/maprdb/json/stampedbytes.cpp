// Stamped documents as bytes.
//
// Format (varints and values as in valuebytes.h):
//   document := nothing | version:u8 = 1  stamps  node
//   stamps   := count:varint  (arrival:u64  ahead:zigzag)*     each once, ascending by (arrival, timestamp), all used;
//               ahead = timestamp - milliseconds of the arrival: 0 for a write with its clock's own time
//   node     := flags:u8  [map: stamp's index:varint]  [closer: stamp's index:varint  [Hidden: type:u8]
//               [Put: value:blob of one typed]]  [children: count:varint  (name:blob node)*]   names ascending
//   flags    := bits 0-2 CloserKind, 0 = none | bit 3 a map is written | bit 4 has children
// The moment of a map is written only where it is later than what is seen of its fields; else it is the latest of
// those.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/json/valuebytes.h"

namespace tributary::engine::maprdb::json {
namespace {

constexpr std::uint8_t kStampedFormat = 1;
constexpr unsigned kKindMask = 0x07;
constexpr unsigned kHasMap = 0x08;
constexpr unsigned kHasChildren = 0x10;

bool arrivedBefore(const WriteStamp& a, const WriteStamp& b) {
    return a.arrival != b.arrival ? a.arrival < b.arrival : a.timestampMs < b.timestampMs;
}

/// The moment at which the map was written last, as far as its fields tell.
std::optional<WriteStamp> toldByChildren(const StampedNode& node) {
    std::optional<WriteStamp> latest;
    if (node.closer && node.closer->kind == CloserKind::Replace) latest = node.closer->at;
    for (const auto& [name, child] : node.children) {
        latest = std::max(latest, child.map);
        if (child.closer && (child.closer->kind == CloserKind::Put || child.closer->kind == CloserKind::Replace)) {
            latest = std::max(latest, std::optional(child.closer->at));
        }
    }
    return latest;
}

void collectStamps(const StampedNode& node, std::vector<WriteStamp>& stamps) {
    if (node.map && node.map != toldByChildren(node)) stamps.push_back(*node.map);
    if (node.closer) stamps.push_back(node.closer->at);
    for (const auto& [name, child] : node.children) collectStamps(child, stamps);
}

class Writer {
public:
    Writer(Bytes& out, const std::vector<WriteStamp>& stamps) : out_(out), stamps_(stamps) {}

    void node(const StampedNode& node) {
        const bool writesMap = node.map && node.map != toldByChildren(node);
        const unsigned kind = node.closer ? static_cast<unsigned>(node.closer->kind) : 0U;
        out_.push_back(
            static_cast<char>(kind | (writesMap ? kHasMap : 0U) | (node.children.empty() ? 0U : kHasChildren)));
        if (writesMap) index(*node.map);
        if (node.closer) {
            index(node.closer->at);
            if (node.closer->kind == CloserKind::Hidden) out_.push_back(static_cast<char>(node.closer->type));
            if (node.closer->kind == CloserKind::Put) appendBlob(out_, node.closer->value);
        }
        if (node.children.empty()) return;
        appendVarint(out_, node.children.size());
        for (const auto& [name, child] : node.children) {
            appendBlob(out_, name);
            this->node(child);
        }
    }

private:
    void index(const WriteStamp& at) {
        const auto found = std::lower_bound(stamps_.begin(), stamps_.end(), at, arrivedBefore);
        appendVarint(out_, static_cast<std::uint64_t>(found - stamps_.begin()));
    }

    Bytes& out_;
    const std::vector<WriteStamp>& stamps_;
};

class Reader {
public:
    explicit Reader(BytesView bytes) : in_(bytes) {}

    bool read(StampedNode& root) {
        for (std::size_t left = in_.count(); left > 0 && in_.ok(); --left) {
            WriteStamp at;
            at.arrival = in_.fixed<Stamp>();
            at.timestampMs = static_cast<Millis>(static_cast<std::uint64_t>(stampMs(at.arrival)) +
                                                 static_cast<std::uint64_t>(in_.zigzag()));
            stamps_.push_back(at);
        }
        node(root, 0);
        return in_.ok() && in_.atEnd();
    }

private:
    void node(StampedNode& node, std::size_t depth) {
        const unsigned flags = in_.fixed<std::uint8_t>();
        const unsigned kind = flags & kKindMask;
        if (depth > kDepthMax || flags >= 2 * kHasChildren || kind > static_cast<unsigned>(CloserKind::Hidden)) {
            in_.fail();
        }
        if (!in_.ok()) return;
        if ((flags & kHasMap) != 0) node.map = stamp();
        if (kind != 0) closer(node, static_cast<CloserKind>(kind), depth);
        if ((flags & kHasChildren) != 0) children(node, depth);
        // A map that is written is later than its fields tell: settling and writing it anew shows where it is not.
        node.map = std::max(node.map, toldByChildren(node));
    }

    void closer(StampedNode& node, CloserKind kind, std::size_t depth) {
        Closer closer{kind, stamp(), ValueType::Null, {}};
        if (kind == CloserKind::Hidden) {
            const auto code = in_.fixed<std::uint8_t>();
            if (!isType(code) || static_cast<ValueType>(code) == ValueType::Map) in_.fail();
            closer.type = static_cast<ValueType>(code);
        }
        if (kind == CloserKind::Put) {
            closer.value = Bytes(in_.blob());
            StrictReader value(closer.value);
            closer.type = value.typed(depth).type();
            if (!value.ok() || !value.atEnd() || closer.type == ValueType::Map) in_.fail();
        }
        if (in_.ok()) node.closer = std::move(closer);
    }

    void children(StampedNode& node, std::size_t depth) {
        BytesView last;
        const std::size_t count = in_.count();
        if (count == 0) in_.fail();
        for (std::size_t i = 0; i < count && in_.ok(); ++i) {
            const BytesView name = in_.text();
            if (name.size() > kFieldNameBytesMax || (i > 0 && last >= name) || typeOfTag(name)) in_.fail();
            last = name;
            this->node(node.children[std::string(name)], depth + 1);
        }
    }

    WriteStamp stamp() {
        const std::uint64_t at = in_.varint();
        if (at >= stamps_.size()) in_.fail();
        return in_.ok() ? stamps_[static_cast<std::size_t>(at)] : WriteStamp{};
    }

    StrictReader in_;
    std::vector<WriteStamp> stamps_;
};

}  // namespace

Bytes StampedDocument::encode() const {
    if (empty()) return {};
    std::vector<WriteStamp> stamps;
    collectStamps(root_, stamps);
    std::sort(stamps.begin(), stamps.end(), arrivedBefore);
    stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
    Bytes out(1, static_cast<char>(kStampedFormat));
    appendVarint(out, stamps.size());
    for (const WriteStamp& at : stamps) {
        appendFixed(out, at.arrival);
        appendZigzag(out, static_cast<std::int64_t>(static_cast<std::uint64_t>(at.timestampMs) -
                                                    static_cast<std::uint64_t>(stampMs(at.arrival))));
    }
    Writer(out, stamps).node(root_);
    return out;
}

Result<StampedDocument> StampedDocument::decode(BytesView bytes) {
    StampedDocument out;
    if (bytes.empty()) return out;
    const auto version = static_cast<std::uint8_t>(bytes.front());
    if (version > kStampedFormat) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("a JSON document in format {} needs a later release; this one reads {}", version,
                                 kStampedFormat),
                     {},
                     {}};
    }
    bool isGood = version == kStampedFormat && Reader(bytes.substr(1)).read(out.root_);
    if (isGood) {
        // Each set has one form: whatever else was written, this is not it.
        out.settle();
        isGood = !out.empty() && out.encode() == bytes;
    }
    if (!isGood) return Error{ErrorCode::Corrupt, "the bytes of a JSON document are damaged", {}, {}};
    return out;
}

}  // namespace tributary::engine::maprdb::json
