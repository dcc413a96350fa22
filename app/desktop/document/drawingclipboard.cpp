// Copy, paste and duplicate: the clipboard holds the text of a drawing, so that it can be pasted into a file as well.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/desktop/document/drawingeditor.h"
#include "core/systems/maprdb/naming.h"
#include "core/workspace/topologyfile.h"

namespace tributary::desktop {

namespace {

/// `name`, or `name-2`, `name-3`, ... when it is taken.
template <typename Taken>
std::string freeName(const std::string& name, Taken taken) {
    std::string out = name;
    for (int i = 2; taken(out); ++i) out = fmt::format("{}-{}", name, i);
    return out;
}

std::string movedPath(const std::string& path, const std::string& toCluster) {
    Result<DatasetPath> parsed = parseDatasetPath(path);
    if (!parsed) return path;
    parsed->cluster = toCluster;
    return parsed->text();
}

/// Gives everything in `pasted` a name that the drawing does not use yet.
Topology withFreeNames(const Topology& pasted, const Topology& drawn, const std::string& intoCluster) {
    Topology out = pasted;
    std::set<std::string> used;
    for (const Cluster& each : pasted.clusters) {
        const std::string name = freeName(each.name, [&](const std::string& wanted) {
            return drawn.cluster(wanted) != nullptr || used.contains(wanted);
        });
        used.insert(name);
        if (name == each.name) continue;
        const Renames rename = clusterRename(out, each.name, name);
        out = renamed(std::move(out), rename);
    }
    Renames renames;
    std::set<std::string> paths;
    for (const Dataset& each : out.datasets) {
        const bool alone = out.clusterOfPath(each.path) == nullptr;
        const std::string wanted = alone && !intoCluster.empty() ? movedPath(each.path, intoCluster) : each.path;
        const std::string path = freeName(
            wanted, [&](const std::string& name) { return drawn.dataset(name) != nullptr || paths.contains(name); });
        paths.insert(path);
        if (path != each.path) renames.datasets[each.path] = path;
    }
    return renamed(std::move(out), renames);
}

}  // namespace

std::string DrawingEditor::copyAsText(const std::vector<ItemRef>& items) const {
    const Topology& all = document_.topology();
    std::set<std::string> clusters;
    std::set<std::string> paths;
    std::set<ItemRef> chosen(items.begin(), items.end());
    for (const ItemRef& ref : items) {
        if (ref.kind == ItemRef::Kind::Cluster) clusters.insert(ref.a);
        if (ref.kind == ItemRef::Kind::Dataset) paths.insert(ref.a);
    }
    Topology out;
    for (const Cluster& each : all.clusters) {
        if (clusters.contains(each.name)) out.clusters.push_back(each);
    }
    for (const Dataset& each : all.datasets) {
        if (!paths.contains(each.path) && !clusters.contains(clusterOf(each.path))) continue;
        out.datasets.push_back(each);
        paths.insert(each.path);
    }
    const auto wanted = [&](const std::string& from, const std::string& to) {
        return chosen.contains(linkRef(from, to)) || (paths.contains(from) && paths.contains(to));
    };
    for (const Replica& each : all.replicas) {
        if (wanted(each.from, each.to)) out.replicas.push_back(each);
    }
    for (const Upstream& each : all.upstreams) {
        if (wanted(each.from, each.at)) out.upstreams.push_back(each);
    }
    for (const Wan& each : all.wan) {
        if (chosen.contains(wanRef(each.a, each.b)) || (clusters.contains(each.a) && clusters.contains(each.b))) {
            out.wan.push_back(each);
        }
    }
    return writeTopology(out);
}

bool DrawingEditor::paste(const std::string& text, const std::string& intoCluster, const QString& title) {
    const Result<Topology> parsed = parseTopology(text, "clipboard");
    if (!parsed) {
        emit failed({ErrorCode::InvalidInput, "the clipboard holds no drawing: " + parsed.error().what,
                     parsed.error().where, "copy items of a drawing, or lines of a topology.yaml with their sections"});
        return false;
    }
    const Topology pasted = withoutPositions(withFreeNames(*parsed, document_.topology(), intoCluster));
    Topology wanted = document_.topology();
    LayoutSidecar layout = document_.layout();
    std::vector<ItemRef> items;
    for (const Cluster& each : pasted.clusters) {
        wanted.clusters.push_back(each);
        items.push_back(clusterRef(each.name));
    }
    for (const Dataset& each : pasted.datasets) {
        wanted.datasets.push_back(each);
        if (pasted.clusterOfPath(each.path) == nullptr) items.push_back(datasetRef(each.path));
    }
    for (const Replica& each : pasted.replicas) {
        if (wanted.replica(each.from, each.to) == nullptr) wanted.replicas.push_back(each);
    }
    for (const Upstream& each : pasted.upstreams) {
        if (wanted.upstream(each.at, each.from) == nullptr) wanted.upstreams.push_back(each);
    }
    for (const Wan& each : pasted.wan) {
        if (wanted.wanBetween(each.a, each.b) == nullptr) wanted.wan.push_back(each);
    }
    if (!done(document_.change(wanted, title, layout))) return false;
    selection_.set(items);
    return true;
}

bool DrawingEditor::duplicate(const std::vector<ItemRef>& items) {
    if (items.empty()) return false;
    return paste(copyAsText(items), {}, tr("Duplicate"));
}

}  // namespace tributary::desktop
