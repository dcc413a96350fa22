// Reading and writing layout.yaml.
#include "app/desktop/document/layoutsidecar.h"

#include <fmt/format.h>

#include <cmath>

#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"

namespace tributary::desktop {

namespace {

constexpr std::int64_t kPlaceMax = 1'000'000;

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
    in.map(*root, "the layout", {"tributary-layout", "clusters", "datasets"});
    readSection(in, *root, "clusters", ItemRef::Kind::Cluster, out);
    readSection(in, *root, "datasets", ItemRef::Kind::Dataset, out);
    if (!in.ok()) return in.error();
    return out;
}

std::string writeLayout(const LayoutSidecar& layout) {
    std::string out = "# Where the drawing's items are placed; topology.yaml says what they are.\n";
    out += fmt::format("tributary-layout: {}\n", kLayoutFormat);
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
    return out;
}

}  // namespace tributary::desktop
