// Keeping items in step with the document.
#include "app/desktop/canvas/canvasscene.h"

#include <QGraphicsSceneMouseEvent>
#include <QGraphicsView>
#include <QScopedValueRollback>
#include <algorithm>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/noteitem.h"
#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

/// Among more links than these nobody could follow a detour.
constexpr std::size_t kLinksAroundMax = 400;

/// Removes items whose key is not wanted any more.
template <typename Map, typename Wanted>
void eraseGone(Map& items, Wanted wanted) {
    for (auto it = items.begin(); it != items.end();) {
        if (wanted(it->first)) {
            ++it;
        } else {
            delete it->second;
            it = items.erase(it);
        }
    }
}

}  // namespace

CanvasScene::CanvasScene(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QObject* parent)
    : QGraphicsScene(parent), document_(document), selection_(selection), themes_(themes), flow_([this](double place) {
          return advanceFlow(place);
      }) {
    routeTimer_.setSingleShot(true);
    routeTimer_.setInterval(0);
    connect(&routeTimer_, &QTimer::timeout, this, &CanvasScene::route);
    judgeTimer_.setInterval(0);
    connect(&judgeTimer_, &QTimer::timeout, this, &CanvasScene::judgeSome);
    connect(&document_, &DesktopDocument::drawingChanged, this, &CanvasScene::syncDrawing);
    connect(&document_, &DesktopDocument::layoutChanged, this, &CanvasScene::syncLayout);
    connect(&document_.problems(), &ProblemChecker::findingsChanged, this, &CanvasScene::syncLooks);
    connect(&selection_, &Selection::changed, this, &CanvasScene::takeSelection);
    connect(&selection_, &Selection::changed, this, [this] {
        if (openBundles() != openBundles_) scheduleRouting();
        syncFocus();
        syncBends();
    });
    connect(this, &QGraphicsScene::selectionChanged, this, &CanvasScene::giveSelection);
    connect(&themes_, &ThemeHolder::changed, this, [this] {
        renewLabels();
        update();
    });
    syncDrawing();
}

CanvasScene::~CanvasScene() {
    disconnect(this, &QGraphicsScene::selectionChanged, this, nullptr);
    // Clusters own their frames and datasets; links hold nothing.
    for (const auto& [name, item] : clusters_) delete item;
}

void CanvasScene::setObserved(const ObservedState& state) {
    if (state == observed_) return;
    const bool ghostsChanged = state.ghosts != observed_.ghosts || state.known != observed_.known;
    observed_ = state;
    if (ghostsChanged) {
        syncDrawing();
    } else {
        syncLooks();
    }
    flow_.consider();
}

int CanvasScene::advanceFlow(double place) {
    // What nobody sees does not move; neither do dots of a few pixels.
    const bool isSeen = !views().isEmpty() && views().front()->isVisible() &&
                        !views().front()->window()->isMinimized() &&
                        views().front()->transform().m11() >= metrics::kCardDetailZoom;
    int flowing = 0;
    for (const auto& [ref, item] : links_) flowing += isSeen && item->isFlowing() ? 1 : 0;
    const bool moves = place >= 0 && flowing <= CanvasFlow::kLinksMost;
    for (const auto& [ref, item] : links_) item->setFlow(isSeen && moves && item->isFlowing() ? place : -1);
    return flowing;
}

ClusterItem* CanvasScene::cluster(const std::string& name) const {
    const auto found = clusters_.find(name);
    return found == clusters_.end() ? nullptr : found->second;
}

DatasetItem* CanvasScene::dataset(const std::string& path) const {
    const auto found = datasets_.find(path);
    return found == datasets_.end() ? nullptr : found->second;
}

LinkItem* CanvasScene::link(const std::string& from, const std::string& to) const {
    const auto found = links_.find(linkRef(from, to));
    return found == links_.end() ? nullptr : found->second;
}

void CanvasScene::syncDrawing() {
    const QScopedValueRollback guard(syncing_, true);
    syncClusters();
    syncDatasets();
    syncRegions();
    syncNotes();
    syncWan();
    syncLinks();
    syncLooks();
    for (const auto& [name, item] : clusters_) item->fitFrame();
    placeGhostClusters();
    fitRegions();
    takeSelection();
    scheduleRouting();
    const auto known = [&](const auto& each) {
        return document_.layout().contains(each.second->ref()) || isGhost(each.second->ref());
    };
    if (!std::all_of(clusters_.begin(), clusters_.end(), known) ||
        !std::all_of(datasets_.begin(), datasets_.end(), known)) {
        emit itemsAppeared(effectiveLayout());
    }
}

void CanvasScene::syncClusters() {
    const Topology& topology = document_.topology();
    renewGhosts();
    std::set<std::string, std::less<>> wanted;
    for (const Cluster& each : topology.clusters) wanted.insert(each.name);
    for (const auto& [ref, ghost] : ghosts_) {
        if (ref.kind == ItemRef::Kind::Cluster) wanted.insert(ref.a);
    }
    // Datasets first: a cluster that goes takes its children along.
    std::set<std::string, std::less<>> paths;
    const auto want = [&](const std::string& path) {
        if (wanted.contains(clusterOf(path))) paths.insert(path);
    };
    for (const Dataset& each : topology.datasets) want(each.path);
    for (const auto& [ref, ghost] : ghosts_) {
        if (ref.kind == ItemRef::Kind::Dataset) want(ref.a);
    }
    eraseGone(links_, [&](const ItemRef& ref) {
        return (paths.contains(ref.a) && paths.contains(ref.b)) || (isMemberLink(ref) && isDrawn(topology, ref));
    });
    eraseGone(datasets_, [&](const std::string& path) { return paths.contains(path); });
    eraseGone(clusters_, [&](const std::string& name) { return wanted.contains(name); });
    std::vector<ClusterItem*> fresh;
    const std::size_t datasetsBefore = datasets_.size();
    for (const std::string& name : wanted) {
        if (clusters_.contains(name)) continue;
        auto* item = new ClusterItem(themes_, clusterRef(name));
        connectCluster(*item);
        clusters_[name] = item;
        addItem(item);
        fresh.push_back(item);
    }
    for (const std::string& path : paths) {
        if (datasets_.contains(path)) continue;
        auto* item = new DatasetItem(themes_, datasetRef(path));
        item->setParentItem(cluster(clusterOf(path)));
        connectDataset(*item);
        datasets_[path] = item;
    }
    if (fresh.empty() && datasets_.size() == datasetsBefore) return;
    syncLooks();
    syncDatasets();
    placeNewClusters(fresh);
}

void CanvasScene::connectCluster(ClusterItem& item) {
    connect(&item, &ClusterItem::moved, this, &CanvasScene::scheduleRouting);
    connect(&item, &ClusterItem::renameRequested, this, [this, &item] { emit renameRequested(item.ref()); });
    connect(&item, &ClusterItem::collapseRequested, this, [this, &item](bool collapsed) {
        LayoutSidecar layout = effectiveLayout();
        layout[item.ref()].collapsed = collapsed;
        emit itemsPlaced(layout, collapsed ? tr("Collapse %1").arg(QString::fromStdString(item.ref().a))
                                           : tr("Expand %1").arg(QString::fromStdString(item.ref().a)));
    });
}

void CanvasScene::connectDataset(DatasetItem& item) {
    connect(&item, &DatasetItem::moved, this, [this, &item] {
        if (auto* parent = dynamic_cast<ClusterItem*>(item.parentItem())) parent->fitFrame();
        scheduleRouting();
    });
    connect(&item, &DatasetItem::linkStarted, this, [this, &item](const QPointF& at) {
        beginLink(item.ref().a);
        moveLink(at);
    });
    connect(&item, &DatasetItem::linkMoved, this, &CanvasScene::moveLink);
    connect(&item, &DatasetItem::linkDropped, this, [this](const QPointF& at) {
        const std::string from = linkFrom_;
        const DatasetItem* target = datasetAt(at);
        const std::string to = target == nullptr ? std::string() : target->ref().a;
        endLink();
        if (!to.empty()) emit linkDropped(from, to, QCursor::pos());
    });
    connect(&item, &DatasetItem::renameRequested, this, [this, &item] { emit renameRequested(item.ref()); });
}

void CanvasScene::syncLinks() {
    const Topology& topology = document_.topology();
    std::set<ItemRef> wanted;
    for (const Replica& each : topology.replicas) wanted.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) wanted.insert(linkRef(each.from, each.at));
    for (ItemRef& ref : memberLinks(topology)) wanted.insert(std::move(ref));
    for (const auto& [ref, ghost] : ghosts_) {
        if (ref.kind == ItemRef::Kind::Link) wanted.insert(ref);
    }
    eraseGone(links_, [&](const ItemRef& ref) { return wanted.contains(ref); });
    for (const ItemRef& ref : wanted) {
        if (links_.contains(ref) || linkBox(ref.a).isNull() || linkBox(ref.b).isNull()) continue;
        auto* item = new LinkItem(themes_, ref);
        links_[ref] = item;
        addItem(item);
    }
    ++itemsRevision_;
    emit itemsChanged();
    scheduleRouting();
}

void CanvasScene::syncWan() {
    const Topology& topology = document_.topology();
    std::set<ItemRef> wanted;
    for (const Wan& each : topology.wan) {
        if (cluster(each.a) != nullptr && cluster(each.b) != nullptr) wanted.insert(wanRef(each.a, each.b));
    }
    eraseGone(wan_, [&](const ItemRef& ref) { return wanted.contains(ref); });
    for (const ItemRef& ref : wanted) {
        if (wan_.contains(ref)) continue;
        auto* item = new WanItem(themes_, ref);
        wan_[ref] = item;
        addItem(item);
    }
}

void CanvasScene::syncLayout() {
    {
        const QScopedValueRollback guard(syncing_, true);
        for (const auto& [ref, place] : document_.layout()) {
            if (ref.kind != ItemRef::Kind::Cluster) continue;
            if (ClusterItem* item = cluster(ref.a)) item->setPos(place.x, place.y);
        }
        syncDatasets();
    }
    syncRegions();
    {
        const QScopedValueRollback guard(syncing_, true);
        syncNotes();
    }
    syncLooks();
    for (const auto& [name, item] : clusters_) item->fitFrame();
    placeGhostClusters();
    fitRegions();
    syncBends();
    scheduleRouting();
}

void CanvasScene::scheduleRouting() {
    routeTimer_.start();
}

QRectF CanvasScene::linkBox(const std::string& path) const {
    const Endpoint end = endpointOf(path);
    if (isInCollapsedRegion(end.cluster)) return shownBox(shownEnd(end.cluster));
    if (end.isMember()) {
        const ClusterItem* home = cluster(end.cluster);
        const MemberItem* member = home == nullptr ? nullptr : home->member(end.member);
        if (member == nullptr) return {};
        return home->look().collapsed ? home->frameRect() : member->mapRectToScene(member->cardRect());
    }
    const DatasetItem* item = dataset(path);
    if (item == nullptr) return {};
    const auto* parent = dynamic_cast<const ClusterItem*>(item->parentItem());
    if (parent != nullptr && parent->look().collapsed) return parent->frameRect();
    return item->mapRectToScene(item->cardRect());
}

void CanvasScene::route() {
    routeTimer_.stop();
    fitRegions();
    regroup();
    std::vector<RoutedLink> routed;
    std::vector<LinkItem*> items;
    for (const auto& [ref, item] : links_) {
        const QRectF from = linkBox(ref.a);
        const QRectF to = linkBox(ref.b);
        std::vector<QPointF> via;
        for (const Bend& each : bendsOf(ref)) via.emplace_back(each.x, each.y);
        routed.push_back({ref, from, to, std::move(via)});
        items.push_back(item);
    }
    std::vector<LinkRoute> routes = routeLinks(routed);
    if (routes.size() <= kLinksAroundMax) leadAround(routed, routes);
    std::map<ItemRef, double> heights;
    for (std::size_t i = 0; i < items.size(); ++i)
        heights[items[i]->ref()] = routes[i].from.at.y() + routes[i].to.at.y();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto back = heights.find(linkRef(items[i]->ref().b, items[i]->ref().a));
        const double mine = heights[items[i]->ref()];
        const bool alone = back == heights.end() || back->second == mine;
        items[i]->setRoute(routes[i], alone                 ? LinkItem::Labels::OnLine
                                      : mine < back->second ? LinkItem::Labels::Above
                                                            : LinkItem::Labels::Below);
    }
    for (const auto& [ref, item] : wan_) {
        const std::string a = shownEnd(ref.a);
        const std::string b = shownEnd(ref.b);
        item->setVisible(a != b);
        if (a != b) item->setEnds(shownBox(a), shownBox(b));
    }
    renewLabels();
    const QRectF content = contentRect();
    const QRectF wanted = content.adjusted(-1600, -1200, 1600, 1200);
    if (!sceneRect().contains(content.adjusted(-400, -300, 400, 300)) || sceneRect().width() > 3 * wanted.width()) {
        setSceneRect(wanted);
    }
}

void CanvasScene::leadAround(const std::vector<RoutedLink>& links, std::vector<LinkRoute>& routes) const {
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (!links[i].via.empty()) continue;  // a person has led it
        const std::string from = endpointOf(links[i].ref.a).cluster;
        const std::string to = endpointOf(links[i].ref.b).cluster;
        const QRectF near = links[i].from.united(links[i].to).adjusted(-400, -400, 400, 400);
        std::vector<QRectF> boxes;
        for (const auto& [name, item] : clusters_) {
            if (name != from && name != to && near.intersects(item->frameRect())) boxes.push_back(item->frameRect());
        }
        if (!boxes.empty()) routeAround(routes[i], boxes);
    }
}

QRectF CanvasScene::contentRect() const {
    QRectF out;
    for (const auto& [name, item] : clusters_) {
        if (item->isVisible()) out = out.united(item->frameRect());
    }
    for (const auto& [name, item] : regions_) out = out.united(item->frameRect());
    for (const auto& [name, item] : notes_) out = out.united(item->sceneBoundingRect());
    return out;
}

ItemRef CanvasScene::refOf(const QGraphicsItem* item) const {
    if (item == nullptr) return {};
    switch (item->type()) {
        case ClusterFrame::Type: return static_cast<const ClusterFrame*>(item)->ref();
        case ClusterItem::Type: return static_cast<const ClusterItem*>(item)->ref();
        case GatewayItem::Type: return static_cast<const GatewayItem*>(item)->ref();
        case MemberItem::Type: return static_cast<const MemberItem*>(item)->ref();
        case DatasetItem::Type: return static_cast<const DatasetItem*>(item)->ref();
        case LinkItem::Type: return static_cast<const LinkItem*>(item)->ref();
        case WanItem::Type: return static_cast<const WanItem*>(item)->ref();
        case RegionItem::Type: return static_cast<const RegionItem*>(item)->ref();
        case BundleItem::Type: return static_cast<const BundleItem*>(item)->ref();
        case NoteItem::Type: return static_cast<const NoteItem*>(item)->ref();
        default: return {};
    }
}

QGraphicsItem* CanvasScene::itemOf(const ItemRef& ref) const {
    switch (ref.kind) {
        case ItemRef::Kind::None: return nullptr;
        case ItemRef::Kind::Cluster: return cluster(ref.a);
        case ItemRef::Kind::Dataset: return dataset(ref.a);
        case ItemRef::Kind::Gateway: {
            const ClusterItem* found = cluster(ref.a);
            return found == nullptr ? nullptr : found->gateway(ref.b);
        }
        case ItemRef::Kind::Member: {
            const ClusterItem* found = cluster(ref.a);
            return found == nullptr ? nullptr : found->member(ref.b);
        }
        case ItemRef::Kind::Link: return link(ref.a, ref.b);
        case ItemRef::Kind::Wan: {
            const auto found = wan_.find(ref);
            return found == wan_.end() ? nullptr : found->second;
        }
        case ItemRef::Kind::Region: return region(ref.a);
        case ItemRef::Kind::Bundle: return bundle(ref);
        case ItemRef::Kind::Note: return note(ref.a);
    }
    return nullptr;
}

QRectF CanvasScene::rectOf(const ItemRef& ref) const {
    if (ref.kind == ItemRef::Kind::Cluster && !isInCollapsedRegion(ref.a)) {
        const ClusterItem* found = cluster(ref.a);
        return found == nullptr ? QRectF() : found->frameRect();
    }
    if (ref.kind == ItemRef::Kind::Bundle && bundle(ref) != nullptr) return shownBox(ref.a).united(shownBox(ref.b));
    const std::string home = clusterOfItem(ref);
    if (ref.kind != ItemRef::Kind::Region && isInCollapsedRegion(home)) return shownBox(shownEnd(home));
    const QGraphicsItem* item = itemOf(ref);
    return item == nullptr ? QRectF() : item->sceneBoundingRect();
}

ItemRef CanvasScene::itemUnder(const QPointF& scenePos) const {
    for (const QGraphicsItem* each : items(scenePos)) {
        if (const ItemRef ref = refOf(each); ref.valid()) return ref;
    }
    return {};
}

void CanvasScene::takeSelection() {
    const QScopedValueRollback guard(syncing_, true);
    clearSelection();
    for (const ItemRef& ref : selection_.items()) {
        if (QGraphicsItem* item = itemOf(ref)) item->setSelected(true);
    }
}

void CanvasScene::giveSelection() {
    if (syncing_) return;
    std::vector<ItemRef> refs;
    // What was selected before keeps its order: "all to the last one" depends on it.
    for (const ItemRef& ref : selection_.items()) {
        const QGraphicsItem* item = itemOf(ref);
        if (item != nullptr && item->isSelected()) refs.push_back(ref);
    }
    for (const QGraphicsItem* each : selectedItems()) {
        const ItemRef ref = refOf(each);
        if (std::find(refs.begin(), refs.end(), ref) == refs.end()) refs.push_back(ref);
    }
    const QScopedValueRollback guard(syncing_, true);
    selection_.set(std::move(refs));
}

void CanvasScene::mousePressEvent(QGraphicsSceneMouseEvent* event) {
    pressed_ = true;
    QGraphicsScene::mousePressEvent(event);
}

void CanvasScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
    QGraphicsScene::mouseReleaseEvent(event);
    pressed_ = false;
    if (!guides_.empty()) {
        guides_.clear();
        update();
    }
    // Compare with the document: a click moves nothing.
    const LayoutSidecar& now = document_.layout();
    const LayoutSidecar all = effectiveLayout();
    bool moved = false;
    const bool isClick = event->buttonDownScenePos(Qt::LeftButton) == event->scenePos();
    const auto check = [&](const ItemRef& ref) {
        const auto place = all.find(ref);
        if (place == all.end()) return;
        const auto before = now.find(ref);
        if (before == now.end() ? !isClick : before->second != place->second) moved = true;
    };
    for (const QGraphicsItem* each : selectedItems()) {
        const ItemRef ref = refOf(each);
        check(ref);
        const Region* group =
            ref.kind == ItemRef::Kind::Region ? document_.topology().region(ref.a) : nullptr;  // moves what it holds
        for (const std::string& name : group == nullptr ? std::vector<std::string>{} : group->clusters) {
            check(clusterRef(name));
        }
    }
    if (moved) emit itemsPlaced(all, tr("Move %n item(s)", nullptr, static_cast<int>(selectedItems().size())));
}

}  // namespace tributary::desktop
