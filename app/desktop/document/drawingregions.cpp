// Regions and notes: what groups and explains a drawing, and changes nothing that runs.
#include <fmt/format.h>

#include <algorithm>

#include "app/desktop/document/drawingeditor.h"

namespace tributary::desktop {

namespace {

/// Takes the clusters out of every region but `except`; one that holds nothing then is removed.
void leaveRegions(const Topology& topology, const std::vector<std::string>& clusters, const std::string& except,
                  std::vector<EditPtr>& edits) {
    for (const Region& region : topology.regions) {
        if (region.name == except) continue;
        Region rest = region;
        std::erase_if(rest.clusters, [&](const std::string& each) {
            return std::find(clusters.begin(), clusters.end(), each) != clusters.end();
        });
        if (rest == region) continue;
        edits.push_back(rest.clusters.empty() ? removeElement(idOf(region)) : replaceRegion(region.name, rest));
    }
}

}  // namespace

ItemRef DrawingEditor::addRegion(const std::vector<std::string>& clusters, const std::string& name) {
    const Topology& topology = document_.topology();
    if (clusters.empty()) {
        emit failed({ErrorCode::InvalidInput, "a region groups clusters", {}, "select the clusters first"});
        return {};
    }
    Region region;
    region.name = name.empty() ? "region" : name;
    for (int i = 2; name.empty() && topology.region(region.name) != nullptr; ++i)
        region.name = fmt::format("region-{}", i);
    region.clusters = clusters;
    std::vector<EditPtr> edits;
    leaveRegions(topology, clusters, {}, edits);
    const ItemRef ref = regionRef(region.name);
    edits.push_back(tributary::addRegion(std::move(region)));
    const QString title = tr("Add region %1").arg(QString::fromStdString(ref.a));
    if (!applyGroup(title, std::move(edits))) return {};
    selection_.select(ref);
    return ref;
}

bool DrawingEditor::putIntoRegion(const std::vector<std::string>& clusters, const std::string& name) {
    const Topology& topology = document_.topology();
    std::vector<EditPtr> edits;
    leaveRegions(topology, clusters, name, edits);
    if (!name.empty()) {
        const Region* region = topology.region(name);
        if (region == nullptr) {
            return done(Error{ErrorCode::NotFound, "region " + name + " is not drawn", {}, "draw it first"});
        }
        Region with = *region;
        for (const std::string& each : clusters) {
            const bool isIn = std::find(with.clusters.begin(), with.clusters.end(), each) != with.clusters.end();
            if (!isIn) with.clusters.push_back(each);
        }
        if (!(with == *region)) edits.push_back(replaceRegion(name, std::move(with)));
    }
    const QString title = name.empty()
                              ? tr("Take %n cluster(s) out of their region", nullptr, static_cast<int>(clusters.size()))
                              : tr("Put %n cluster(s) into a region", nullptr, static_cast<int>(clusters.size()));
    return applyGroup(title, std::move(edits));
}

bool DrawingEditor::renameRegion(const ItemRef& ref, const std::string& name, const QString& title) {
    const Region* region = document_.topology().region(ref.a);
    if (region == nullptr) return false;
    Region with = *region;
    with.name = name;
    LayoutSidecar layout = document_.layout();
    if (const auto place = layout.find(ref); place != layout.end()) {
        layout[regionRef(name)] = place->second;
        layout.erase(ref);
    }
    if (!done(document_.apply(replaceRegion(ref.a, std::move(with)), title, layout))) return false;
    selection_.select(regionRef(name));
    return true;
}

ItemRef DrawingEditor::addNote(double x, double y, const std::string& text) {
    LayoutSidecar layout = document_.layout();
    int number = 1;
    while (layout.contains(noteRef(fmt::format("note-{}", number)))) ++number;
    const ItemRef ref = noteRef(fmt::format("note-{}", number));
    Placement place;
    place.x = x;
    place.y = y;
    place.text = text;
    layout[ref] = std::move(place);
    document_.place(layout, tr("Add note"));
    selection_.select(ref);
    return ref;
}

bool DrawingEditor::setNote(const ItemRef& note, const std::string& text) {
    LayoutSidecar layout = document_.layout();
    const auto place = layout.find(note);
    if (place == layout.end()) return false;
    if (text.empty()) {
        layout.erase(place);
        document_.place(layout, tr("Remove note"));
        selection_.clear();
        return true;
    }
    place->second.text = text;
    document_.place(layout, tr("Change note"));
    return true;
}

}  // namespace tributary::desktop
