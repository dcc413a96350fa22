// Regions, bundles, and what is in focus: how a large drawing is looked at.
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasbadges.h"
#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/canvasscene.h"
#include "core/systems/naming.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kFaded = 0.16;
/// In a smaller drawing everything can be followed with the eye.
constexpr std::size_t kFocusClusters = 8;
constexpr std::size_t kFocusLinks = 40;
/// A line shorter than this on the screen has no room for its count.
constexpr double kCountLength = 46;
constexpr double kNameLeast = 92;
constexpr double kNameMost = 150;

/// The worse of two, as a person would rank them.
LinkHealth worseOf(LinkHealth a, LinkHealth b) {
    const auto rank = [](LinkHealth health) {
        switch (health) {
            case LinkHealth::Bad: return 3;
            case LinkHealth::Held: return 2;
            case LinkHealth::Unknown: return 1;
            case LinkHealth::Good: break;
        }
        return 0;
    };
    return rank(a) >= rank(b) ? a : b;
}

/// nullopt: of what is only drawn, nothing was observed.
std::optional<LinkHealth> healthOf(const LinkLook& look) {
    if (!look.observedKnown || !look.observed) return std::nullopt;
    if (!look.observed->fault.empty() && look.observed->health() != LinkHealth::Held) return LinkHealth::Bad;
    return look.observed->health();
}

QString stateWords(LinkHealth health, int count) {
    switch (health) {
        case LinkHealth::Good: return CanvasScene::tr("all well");
        case LinkHealth::Held: return CanvasScene::tr("%n held", nullptr, count);
        case LinkHealth::Bad: return CanvasScene::tr("%n failing", nullptr, count);
        case LinkHealth::Unknown: break;
    }
    return CanvasScene::tr("%n unknown", nullptr, count);
}

/// The worst of several, and how many are as bad as that.
struct Worst {
    std::optional<LinkHealth> health;
    int count = 0;
    void add(std::optional<LinkHealth> one) {
        if (!one) return;
        const LinkHealth worse = health ? worseOf(*health, *one) : *one;
        if (!health || worse != *health) count = 0;
        health = worse;
        if (*one == worse) ++count;
    }
};

}  // namespace

RegionItem* CanvasScene::region(const std::string& name) const {
    const auto found = regions_.find(name);
    return found == regions_.end() ? nullptr : found->second;
}

BundleItem* CanvasScene::bundle(const ItemRef& ref) const {
    const auto found = bundles_.find(ref);
    return found == bundles_.end() ? nullptr : found->second;
}

void CanvasScene::syncRegions() {
    const Topology& topology = document_.topology();
    homes_.clear();
    std::set<std::string, std::less<>> wanted;
    for (const Region& each : topology.regions) {
        bool holds = false;
        for (const std::string& name : each.clusters) {
            if (cluster(name) == nullptr || isGhost(clusterRef(name))) continue;
            holds = homes_.emplace(name, each.name).second || holds;  // the first region counts
        }
        if (holds) wanted.insert(each.name);
    }
    for (auto it = regions_.begin(); it != regions_.end();) {
        if (wanted.contains(it->first)) {
            ++it;
        } else {
            delete it->second;
            it = regions_.erase(it);
        }
    }
    for (const std::string& name : wanted) {
        RegionItem*& item = regions_[name];
        if (item == nullptr) {
            item = new RegionItem(themes_, regionRef(name));
            connectRegion(*item);
            addItem(item);
        }
        RegionLook look = item->look();
        const auto place = document_.layout().find(item->ref());
        look.collapsed = place != document_.layout().end() && place->second.collapsed;
        item->setLook(look);
    }
    for (const auto& [name, item] : clusters_) {
        const bool shown = !isInCollapsedRegion(name);
        item->setVisible(shown);
        item->frame().setVisible(shown);
    }
}

void CanvasScene::connectRegion(RegionItem& item) {
    connect(&item, &RegionItem::dragged, this, [this, &item](const QPointF& by) {
        for (const auto& [cluster, region] : homes_) {
            ClusterItem* held = region == item.ref().a ? this->cluster(cluster) : nullptr;
            // A selected one is moved by the same hand.
            if (held != nullptr && !(held->isSelected() && held->isVisible())) held->setPos(held->pos() + by);
        }
        scheduleRouting();
    });
    connect(&item, &RegionItem::renameRequested, this, [this, &item] { emit renameRequested(item.ref()); });
    connect(&item, &RegionItem::collapseRequested, this, [this, ref = item.ref()](bool collapsed) {
        LayoutSidecar layout = effectiveLayout();
        layout[ref].collapsed = collapsed;
        if (!collapsed) layout.erase(ref);
        const QString name = QString::fromStdString(ref.a);
        emit itemsPlaced(layout, collapsed ? tr("Collapse region %1").arg(name) : tr("Expand region %1").arg(name));
    });
}

void CanvasScene::fitRegions() {
    std::map<std::string, QRectF, std::less<>> around;
    for (const auto& [name, region] : homes_) {
        if (const ClusterItem* item = cluster(name)) around[region] = around[region].united(item->frameRect());
    }
    for (const auto& [name, item] : regions_) item->fitAround(around[name]);
}

bool CanvasScene::isInCollapsedRegion(const std::string& cluster) const {
    const auto home = homes_.find(cluster);
    const RegionItem* item = home == homes_.end() ? nullptr : region(home->second);
    return item != nullptr && item->look().collapsed;
}

std::string CanvasScene::shownEnd(const std::string& cluster) const {
    return isInCollapsedRegion(cluster) ? regionEnd(homes_.at(cluster)) : cluster;
}

QRectF CanvasScene::shownBox(const std::string& end) const {
    const ItemRef ref = refOfEnd(end);
    if (ref.kind == ItemRef::Kind::Region) return region(ref.a) == nullptr ? QRectF() : region(ref.a)->frameRect();
    return cluster(end) == nullptr ? QRectF() : cluster(end)->frameRect();
}

std::set<ItemRef> CanvasScene::openBundles() const {
    std::set<ItemRef> out;
    for (const ItemRef& each : selection_.items()) {
        if (each.kind == ItemRef::Kind::Bundle) out.insert(each);
        if (each.kind != ItemRef::Kind::Link) continue;
        const std::string a = shownEnd(endpointOf(each.a).cluster);
        const std::string b = shownEnd(endpointOf(each.b).cluster);
        if (a != b) out.insert(bundleRef(a, b));
    }
    return out;
}

void CanvasScene::regroup() {
    openBundles_ = openBundles();
    std::map<ItemRef, std::vector<LinkItem*>> groups;
    for (const auto& [ref, item] : links_) {
        const std::string& from = item->fromCluster();
        const std::string a = shownEnd(from);
        const std::string b = shownEnd(item->toCluster());
        if (a == b) {
            // Inside one collapsed cluster or region there is nothing to see.
            const bool apart = linkBox(ref.a) != linkBox(ref.b) || ref.a == ref.b;
            item->setVisible(apart && !isInCollapsedRegion(from));
        } else {
            groups[bundleRef(a, b)].push_back(item);
        }
    }
    const bool isSmall = zoom_ < metrics::kCardDetailZoom;
    std::erase_if(groups, [&](const auto& group) {
        const auto& [ref, items] = group;
        const bool ofRegion =
            refOfEnd(ref.a).kind == ItemRef::Kind::Region || refOfEnd(ref.b).kind == ItemRef::Kind::Region;
        const bool isBundle = items.size() > 1 && (isSmall || ofRegion);
        const bool isShown = isBundle && !openBundles_.contains(ref);
        for (LinkItem* each : items) each->setVisible(!isShown);
        return !isBundle;
    });
    const bool same =
        groups.size() == bundles_.size() && std::equal(groups.begin(), groups.end(), bundles_.begin(),
                                                       [](const auto& a, const auto& b) { return a.first == b.first; });
    for (auto it = bundles_.begin(); it != bundles_.end();) {
        if (groups.contains(it->first)) {
            ++it;
        } else {
            delete it->second;
            it = bundles_.erase(it);
        }
    }
    bundled_ = std::move(groups);
    for (const auto& [ref, items] : bundled_) {
        BundleItem*& item = bundles_[ref];
        if (item == nullptr) {
            item = new BundleItem(themes_, ref, zoom_);
            addItem(item);
            item->setSelected(selection_.contains(ref));
        }
        item->setEnds(shownBox(ref.a), shownBox(ref.b));
        item->setOpen(openBundles_.contains(ref));
    }
    syncBundleLooks();
    if (same) return;
    ++itemsRevision_;
    syncFocus();
    emit itemsChanged();
}

void CanvasScene::syncBundleLooks() {
    for (const auto& [ref, items] : bundled_) {
        const auto item = bundles_.find(ref);
        if (item == bundles_.end()) continue;
        BundleLook look;
        Worst worst;
        for (const LinkItem* each : items) {
            const bool isThere = shownEnd(each->fromCluster()) == ref.a;
            ++(isThere ? look.there : look.back);
            if (each->look().drawn() && !each->look().whole()) ++look.broken;
            if (each->look().worst)
                look.worst = look.worst ? std::min(*look.worst, *each->look().worst) : each->look().worst;
            worst.add(healthOf(each->look()));
            look.highlighted = look.highlighted || each->look().highlighted;
        }
        look.health = worst.health;
        look.unwell = worst.count;
        item->second->setLook(look);
    }
    renewLabels();
}

void CanvasScene::syncRegionLooks(const Badges& marks) {
    std::map<std::string, RegionLook, std::less<>> looks;
    std::map<std::string, Worst, std::less<>> worst;
    const auto homeOf = [this](const std::string& cluster) -> const std::string* {
        const auto home = homes_.find(cluster);
        return home == homes_.end() ? nullptr : &home->second;
    };
    for (const auto& [name, region] : homes_) {
        RegionLook& look = looks[region];
        ++look.clusters;
        const ClusterItem* item = cluster(name);
        if (item == nullptr) continue;
        look.datasets += item->look().datasets;
        look.highlighted = look.highlighted || item->look().highlighted;
        if (const auto mark = marks.clusters.find(name); mark != marks.clusters.end() && mark->second.shown()) {
            look.worst = look.worst ? std::min(*look.worst, *mark->second.shown()) : mark->second.shown();
            look.problems += mark->second.count;
        }
        if (!observed_.known) continue;
        const auto seen = observed_.clusters.find(name);
        worst[region].add(seen == observed_.clusters.end() ? LinkHealth::Unknown
                          : item->look().trouble           ? LinkHealth::Bad
                                                           : LinkHealth::Good);
    }
    for (const auto& [ref, item] : links_) {
        if (homes_.empty()) break;
        const std::string* from = homeOf(item->fromCluster());
        const std::string* to = homeOf(item->toCluster());
        const bool isInside = from != nullptr && to != nullptr && *from == *to;
        std::optional<LinkHealth> health;
        if (const auto seen = observed_.links.find({ref.a, ref.b}); observed_.known && seen != observed_.links.end()) {
            health = seen->second.health();
        }
        for (const std::string* home : {from, isInside ? nullptr : to}) {
            if (home == nullptr) continue;
            ++looks[*home].links;
            if (isInside) ++looks[*home].inside;
            worst[*home].add(health);
        }
    }
    for (const auto& [name, item] : regions_) {
        RegionLook look = looks[name];
        look.name = QString::fromStdString(name);
        look.collapsed = item->look().collapsed;
        if (const auto own = marks.regions.find(name); own != marks.regions.end() && own->second.shown()) {
            look.worst = look.worst ? std::min(*look.worst, *own->second.shown()) : own->second.shown();
            look.problems += own->second.count;
        }
        look.health = worst[name].health;
        if (look.health) look.state = stateWords(*look.health, worst[name].count);
        item->setLook(look);
    }
}

void CanvasScene::setZoom(double zoom) {
    if (zoom == zoom_) return;
    const bool wasSmall = zoom_ < metrics::kCardDetailZoom;
    zoom_ = zoom;
    const bool isSmall = zoom_ < metrics::kCardDetailZoom;
    if (wasSmall != isSmall) regroup();
    constexpr double kMuch = 1.6;
    if (zoom_ > bundleZoom_ * kMuch || zoom_ * kMuch < bundleZoom_) {
        bundleZoom_ = zoom_;
        for (const auto& [ref, item] : bundles_) item->rescale();
    }
    labels_.reset();  // placed when they are painted next: zooming asks for it at every step
}

void CanvasScene::setFilter(const CanvasFilter& filter) {
    if (filter == filter_) return;
    filter_ = filter;
    syncFocus();
}

void CanvasScene::setFocusShown(bool on) {
    focusShown_ = on;
    syncFocus();
}

void CanvasScene::syncFocus() {
    const Topology& topology = document_.topology();
    const bool isLarge = clusters_.size() > kFocusClusters || links_.size() > kFocusLinks;
    const bool chosen = focusShown_ && isLarge && !selection_.items().empty();
    const bool filters = filter_.isOn();
    if (!chosen && !filters && !isFocused_) return;
    isFocused_ = chosen || filters;
    FocusSet fits;
    if (filters) fits = filtered(topology, document_.problems().findings(), observed_, filter_);
    std::set<ItemRef> near;
    if (chosen) {
        std::vector<ItemRef> links;
        links.reserve(links_.size());
        for (const auto& [ref, item] : links_) links.push_back(ref);
        near = neighbourhood(topology, links, selection_.items());
    }
    const auto isLit = [&](const ItemRef& ref) {
        return (!filters || fits.shown.contains(ref)) && (!chosen || near.contains(ref));
    };
    const auto shade = [](QGraphicsItem& item, bool lit) { item.setOpacity(lit ? 1 : kFaded); };
    for (const auto& [name, item] : clusters_) {
        const bool lit = isLit(item->ref());
        shade(*item, lit);
        shade(item->frame(), lit);
    }
    // Inside a faded cluster they are faded with it.
    for (const auto& [path, item] : datasets_) shade(*item, isLit(item->ref()) || !isLit(clusterRef(clusterOf(path))));
    for (const auto& [ref, item] : links_) shade(*item, isLit(ref));
    for (const auto& [ref, item] : wan_) shade(*item, !filters && (!chosen || near.contains(ref)));
    for (const auto& [ref, items] : bundled_) {
        const bool lit =
            std::any_of(items.begin(), items.end(), [&](const LinkItem* each) { return isLit(each->ref()); });
        if (BundleItem* item = bundle(ref)) shade(*item, lit);
    }
    for (const auto& each : regions_) {
        RegionItem* item = each.second;
        const bool lit = std::any_of(homes_.begin(), homes_.end(), [&](const auto& home) {
            return home.second == each.first && isLit(clusterRef(home.first));
        });
        shade(*item, lit || isLit(item->ref()));
    }
    renewLabels();
    const int count = static_cast<int>(fits.items.size());
    if (count == filterCount_) return;
    filterCount_ = count;
    emit filterCounted();
}

void CanvasScene::renewLabels() {
    const bool isSmall = zoom_ < metrics::kCardDetailZoom;
    if (isSmall && labels_ && smallLabels() == wantedLabels_) return;
    labels_.reset();
    // They lie beside what they name: where an item moves, its old name must go too.
    if (isSmall) update();
}

std::vector<CanvasLabel> CanvasScene::smallLabels() const {
    const Theme& theme = themes_.theme();
    std::vector<CanvasLabel> out;
    const auto veiled = [](QColor colour) {
        colour.setAlphaF(0.86F);
        return colour;
    };
    for (const auto& [name, item] : regions_) {
        const QRectF box = item->frameRect();
        const bool isWell = !item->look().health || *item->look().health != LinkHealth::Bad;
        CanvasLabel label{
            item->look().name, box.center(), 13, true, isWell ? theme.text : theme.bad, veiled(theme.canvas), {}};
        if (item->look().collapsed && item->cardScale() * zoom_ >= metrics::kCardDetailZoom)
            continue;  // it says so itself
        if (!item->look().collapsed) label.at = QPointF(box.center().x(), box.top());
        label.faded = item->opacity();
        out.push_back(std::move(label));
    }
    // Those that are in focus first, then those with the most to say.
    std::vector<const ClusterItem*> named;
    for (const auto& [name, item] : clusters_) {
        if (item->isVisible()) named.push_back(item);
    }
    const auto weight = [](const ClusterItem* item) {
        return std::tuple(item->opacity() == 1, item->isSelected(), item->look().trouble, item->look().datasets);
    };
    std::stable_sort(named.begin(), named.end(),
                     [&](const ClusterItem* a, const ClusterItem* b) { return weight(a) > weight(b); });
    for (const ClusterItem* item : named) {
        const QRectF box = item->frameRect();
        const bool isWrong = item->look().trouble || item->look().worst == Severity::Error;
        CanvasLabel label{item->look().name,
                          box.center(),
                          11,
                          item->isSelected(),
                          item->isSelected() ? theme.accent
                          : isWrong          ? theme.bad
                                             : theme.text,
                          veiled(theme.cluster),
                          {}};
        label.widthMax = std::clamp(box.width() * zoom_ * 1.6, kNameLeast, kNameMost);
        label.faded = item->opacity();
        out.push_back(std::move(label));
    }
    for (const auto& [ref, item] : bundles_) {
        if (item->isOpen() || item->length() * zoom_ < kCountLength) continue;
        CanvasLabel label{item->count(), item->middle(), 10, false, item->colour(), theme.raised, item->colour()};
        label.faded = item->opacity();
        out.push_back(std::move(label));
    }
    return out;
}

}  // namespace tributary::desktop
