// What the inspector shows of regions, bundles of links and notes.
#include <QPlainTextEdit>
#include <QPushButton>
#include <algorithm>
#include <set>

#include "app/desktop/panels/inspectorpanel.h"
#include "app/desktop/style/icons.h"
#include "core/base/text.h"
#include "core/systems/naming.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

/// More links than these are no list to read: the canvas and the filter find them.
constexpr std::size_t kLinksListed = 60;

QString groupText(const std::string& each) {
    return QString::fromStdString(each);
}

/// The clusters that an end of a bundle stands for.
std::vector<std::string> clustersOf(const Topology& topology, const std::string& end) {
    const ItemRef ref = refOfEnd(end);
    if (ref.kind == ItemRef::Kind::Cluster) return {ref.a};
    const Region* region = topology.region(ref.a);
    return region == nullptr ? std::vector<std::string>{} : region->clusters;
}

bool isOneOf(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<ItemRef> linksBetween(const Topology& topology, const ItemRef& bundle) {
    const std::vector<std::string> a = clustersOf(topology, bundle.a);
    const std::vector<std::string> b = clustersOf(topology, bundle.b);
    std::set<ItemRef> all;
    for (const Replica& each : topology.replicas) all.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) all.insert(linkRef(each.from, each.at));
    for (ItemRef& each : memberLinks(topology)) all.insert(std::move(each));
    std::vector<ItemRef> out;
    for (const ItemRef& each : all) {
        const std::string from = endpointOf(each.a).cluster;
        const std::string to = endpointOf(each.b).cluster;
        if ((isOneOf(a, from) && isOneOf(b, to)) || (isOneOf(b, from) && isOneOf(a, to))) out.push_back(each);
    }
    return out;
}

}  // namespace

void InspectorPanel::showRegion(const Region& region) {
    title(u"region"_s, groupText(region.name),
          tr("region of %n cluster(s)", nullptr, static_cast<int>(region.clusters.size())));
    field(tr("Name"), groupText(region.name), {}, [this, name = region.name](const QString& typed) {
        return editor_.rename(regionRef(name), typed.toStdString());
    });
    attribute(tr("Clusters"), RegionId{region.name}, "clusters", groupText(join(region.clusters, ", ")),
              tr("names of clusters, with commas"));
    note(
        tr("A region is a way of looking at the drawing: nothing that runs knows of it. Enter on the canvas collapses "
           "it to one card and opens it again."));
}

void InspectorPanel::showBundle(const ItemRef& bundle) {
    const std::vector<ItemRef> links = linksBetween(document_.topology(), bundle);
    title(u"bundle"_s, groupText(shortName(bundle)), tr("%n link(s)", nullptr, static_cast<int>(links.size())));
    for (std::size_t i = 0; i < std::min(links.size(), kLinksListed); ++i) {
        const ItemRef& link = links[i];
        const bool isWhole = isMemberLink(link) || (document_.topology().replica(link.a, link.b) != nullptr &&
                                                    document_.topology().upstream(link.b, link.a) != nullptr);
        auto* button = new QPushButton(page_);
        button->setIcon(
            iconOf(isWhole ? u"link"_s : u"link-broken"_s, isWhole ? themes_.theme().muted : themes_.theme().bad));
        const QString from = groupText(shortName(datasetRef(link.a)));
        const QString target = groupText(shortName(datasetRef(link.b)));
        button->setText(groupText(shortName(link)) + u"  "_s + (from == target ? from : from + u" \u2192 "_s + target));
        button->setToolTip(groupText(link.a + " \u2192 " + link.b));
        button->setStyleSheet(u"text-align: left"_s);
        connect(button, &QPushButton::clicked, this, [this, link] { selection_.reveal(link); });
        form_->addRow(button);
    }
    if (links.size() > kLinksListed) {
        note(tr("and %n more: the filter (Ctrl+Shift+F) finds them", nullptr,
                static_cast<int>(links.size() - kLinksListed)));
    }
}

void InspectorPanel::showNote(const ItemRef& ref) {
    const auto place = document_.layout().find(ref);
    if (place == document_.layout().end()) return showNothing();
    title(u"note"_s, tr("Note"), tr("kept beside the drawing, in layout.yaml"));
    auto* edit = new QPlainTextEdit(groupText(place->second.text), page_);
    edit->setObjectName(u"noteText"_s);
    edit->setAccessibleName(tr("Text of the note"));
    edit->setMaximumHeight(160);
    auto* take = new QPushButton(tr("Take the text"), page_);
    connect(take, &QPushButton::clicked, this,
            [this, edit, ref] { editor_.setNote(ref, edit->toPlainText().trimmed().toStdString()); });
    form_->addRow(edit);
    form_->addRow(take);
    note(tr("An empty text removes the note."));
}

void InspectorPanel::regionField(const Cluster& cluster) {
    const Topology& topology = document_.topology();
    if (topology.regions.empty()) return;
    std::vector<std::string> names{""};
    for (const Region& each : topology.regions) names.push_back(each.name);
    const Region* home = topology.regionOf(cluster.name);
    choice(
        tr("Region"), names, home == nullptr ? QString() : groupText(home->name),
        [this, name = cluster.name](const QString& word) { return editor_.putIntoRegion({name}, word.toStdString()); });
}

}  // namespace tributary::desktop
