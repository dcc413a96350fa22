// Reading and writing layout.yaml.
#include "app/desktop/document/layoutsidecar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"

namespace tributary::desktop {

namespace {

constexpr std::int64_t kPlaceMax = 1'000'000;
constexpr std::size_t kBendsMax = 64;
constexpr std::int64_t kNoteWidthMin = 40;
constexpr std::int64_t kNoteWidthMax = 4'000;

std::string flags(const Placement& place) {
    return std::string(place.pinned ? ", pinned: true" : "") + (place.collapsed ? ", collapsed: true" : "");
}

void readSection(StrictReader& in, const StrictNode& root, std::string_view section, ItemRef::Kind kind,
                 LayoutSidecar& out) {
    const StrictNode* node = root.find(section);
    if (node == nullptr || node->isNull() || !in.namedMap(*node, section)) return;
    for (const StrictNode& each : node->children) {
        if (!in.map(each, "a place", {"x", "y", "pinned", "collapsed"})) return;
        Placement place;
        if (const auto* x = in.require(each, "x", "a place")) {
            place.x = static_cast<double>(in.integer(*x, "x", -kPlaceMax, kPlaceMax));
        }
        if (const auto* y = in.require(each, "y", "a place")) {
            place.y = static_cast<double>(in.integer(*y, "y", -kPlaceMax, kPlaceMax));
        }
        if (const auto* flag = each.find("pinned")) place.pinned = in.boolean(*flag, "pinned");
        if (const auto* flag = each.find("collapsed")) place.collapsed = in.boolean(*flag, "collapsed");
        out[{kind, each.key, {}}] = place;
    }
}

double coordinate(StrictReader& in, const StrictNode& node, std::string_view thing) {
    return static_cast<double>(in.integer(node, thing, -kPlaceMax, kPlaceMax));
}

void readRegions(StrictReader& in, const StrictNode& root, LayoutSidecar& out) {
    const StrictNode* node = root.find("regions");
    if (node == nullptr || node->isNull() || !in.namedMap(*node, "regions")) return;
    for (const StrictNode& each : node->children) {
        if (!in.map(each, "a region", {"collapsed"})) return;
        Placement place;
        if (const auto* flag = each.find("collapsed")) place.collapsed = in.boolean(*flag, "collapsed");
        if (place.collapsed) out[regionRef(each.key)] = place;
    }
}

void readLinks(StrictReader& in, const StrictNode& root, LayoutSidecar& out) {
    const StrictNode* node = root.find("links");
    if (node == nullptr || node->isNull() || !in.sequence(*node, "links")) return;
    for (const StrictNode& each : node->children) {
        if (!in.map(each, "a link", {"from", "to", "bends"})) return;
        ItemRef ref = linkRef({}, {});
        Placement place;
        if (const auto* from = in.require(each, "from", "a link")) ref.a = in.text(*from, "from");
        if (const auto* to = in.require(each, "to", "a link")) ref.b = in.text(*to, "to");
        const StrictNode* bends = in.require(each, "bends", "a link");
        if (bends == nullptr || !in.sequence(*bends, "bends")) return;
        for (const StrictNode& bend : bends->children) {
            if (!in.sequence(bend, "a bend")) return;
            if (bend.children.size() != 2) return in.fail(bend.pos(), "a bend needs two numbers", "as in [120, -40]");
            place.bends.push_back({coordinate(in, bend.children[0], "x"), coordinate(in, bend.children[1], "y")});
        }
        if (place.bends.size() > kBendsMax) {
            return in.fail(bends->pos(), fmt::format("a link has at most {} bends", kBendsMax));
        }
        if (!place.bends.empty()) out[ref] = std::move(place);
    }
}

void readNotes(StrictReader& in, const StrictNode& root, LayoutSidecar& out) {
    const StrictNode* node = root.find("notes");
    if (node == nullptr || node->isNull() || !in.namedMap(*node, "notes")) return;
    for (const StrictNode& each : node->children) {
        if (!in.map(each, "a note", {"x", "y", "width", "text"})) return;
        Placement place;
        if (const auto* x = in.require(each, "x", "a note")) place.x = coordinate(in, *x, "x");
        if (const auto* y = in.require(each, "y", "a note")) place.y = coordinate(in, *y, "y");
        if (const auto* width = each.find("width")) {
            place.width = static_cast<double>(in.integer(*width, "width", kNoteWidthMin, kNoteWidthMax));
        }
        if (const auto* text = in.require(each, "text", "a note")) place.text = in.anyText(*text, "text");
        out[noteRef(each.key)] = std::move(place);
    }
}

std::string regionLines(const LayoutSidecar& layout) {
    std::string out;
    for (const auto& [ref, place] : layout) {
        if (ref.kind != ItemRef::Kind::Region || !place.collapsed) continue;
        out += fmt::format("  {}: {{collapsed: true}}\n", yamlScalar(ref.a));
    }
    return out;
}

std::string linkLines(const LayoutSidecar& layout) {
    std::string out;
    for (const auto& [ref, place] : layout) {
        if (ref.kind != ItemRef::Kind::Link || place.bends.empty()) continue;
        std::string bends;
        for (const Bend& each : place.bends) {
            bends += fmt::format("{}[{}, {}]", bends.empty() ? "" : ", ", std::lround(each.x), std::lround(each.y));
        }
        out += fmt::format("  - {{from: {}, to: {}, bends: [{}]}}\n", yamlScalar(ref.a), yamlScalar(ref.b), bends);
    }
    return out;
}

std::string noteLines(const LayoutSidecar& layout) {
    std::string out;
    for (const auto& [ref, place] : layout) {
        if (ref.kind != ItemRef::Kind::Note) continue;
        const std::string width = place.width > 0 ? fmt::format(", width: {}", std::lround(place.width)) : "";
        out += fmt::format("  {}: {{x: {}, y: {}{}, text: {}}}\n", yamlScalar(ref.a), std::lround(place.x),
                           std::lround(place.y), width, yamlScalar(place.text));
    }
    return out;
}

}  // namespace

Result<LayoutSidecar> parseLayout(std::string_view text, std::string_view file) {
    const Result<StrictNode> root = parseStrictYaml(text, file);
    if (!root) return root.error();
    LayoutSidecar out;
    if (root->isNull()) return out;
    StrictReader in(file);
    if (!in.namedMap(*root, "the layout")) return in.error();
    if (const auto* version = in.require(*root, "tributary-layout", "the layout")) {
        const std::int64_t number = in.integer(*version, "the format version", 1, kPlaceMax);
        if (in.ok() && number > kLayoutFormat) {
            return Error{
                ErrorCode::Unsupported,
                fmt::format("the layout has format version {}, this program reads up to {}", number, kLayoutFormat),
                in.where(version->pos()), fmt::format("use a Tributary that reads layout version {}", number)};
        }
    }
    in.map(*root, "the layout", {"tributary-layout", "clusters", "datasets", "regions", "links", "notes"});
    readSection(in, *root, "clusters", ItemRef::Kind::Cluster, out);
    readSection(in, *root, "datasets", ItemRef::Kind::Dataset, out);
    readRegions(in, *root, out);
    readLinks(in, *root, out);
    readNotes(in, *root, out);
    if (!in.ok()) return in.error();
    return out;
}

std::string writeLayout(const LayoutSidecar& layout) {
    std::string out = "# Where the drawing's items are placed; topology.yaml says what they are.\n";
    const std::pair<std::string_view, std::string> more[] = {
        {"regions", regionLines(layout)}, {"links", linkLines(layout)}, {"notes", noteLines(layout)}};
    const bool isPlain =
        std::all_of(std::begin(more), std::end(more), [](const auto& each) { return each.second.empty(); });
    out += fmt::format("tributary-layout: {}\n", isPlain ? 1 : kLayoutFormat);
    for (const auto& [kind, section] :
         {std::pair(ItemRef::Kind::Cluster, "clusters"), std::pair(ItemRef::Kind::Dataset, "datasets")}) {
        std::string lines;
        for (const auto& [ref, place] : layout) {
            if (ref.kind != kind) continue;
            lines += fmt::format("  {}: {{x: {}, y: {}{}}}\n", yamlScalar(ref.a), std::lround(place.x),
                                 std::lround(place.y), flags(place));
        }
        if (!lines.empty()) out += fmt::format("{}:\n{}", section, lines);
    }
    for (const auto& [section, lines] : more) {
        if (!lines.empty()) out += fmt::format("{}:\n{}", section, lines);
    }
    return out;
}

}  // namespace tributary::desktop
