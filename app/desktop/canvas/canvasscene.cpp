// Keeping items in step with the document.
#include "app/desktop/canvas/canvasscene.h"

#include <QGraphicsSceneMouseEvent>
#include <QScopedValueRollback>
#include <algorithm>

#include "app/desktop/canvas/canvasmetrics.h"
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
    : QGraphicsScene(parent), document_(document), selection_(selection), themes_(themes) {
    routeTimer_.setSingleShot(true);
    routeTimer_.setInterval(0);
    connect(&routeTimer_, &QTimer::timeout, this, &CanvasScene::route);
    judgeTimer_.setInterval(0);
    connect(&judgeTimer_, &QTimer::timeout, this, &CanvasScene::judgeSome);
    connect(&document_, &DesktopDocument::drawingChanged, this, &CanvasScene::syncDrawing);
    connect(&document_, &DesktopDocument::layoutChanged, this, &CanvasScene::syncLayout);
    connect(&document_.problems(), &ProblemChecker::findingsChanged, this, &CanvasScene::syncLooks);
    connect(&selection_, &Selection::changed, this, &CanvasScene::takeSelection);
    connect(this, &QGraphicsScene::selectionChanged, this, &CanvasScene::giveSelection);
    connect(&themes_, &ThemeHolder::changed, this, [this] { update(); });
    syncDrawing();
}

CanvasScene::~CanvasScene() {
    disconnect(this, &QGraphicsScene::selectionChanged, this, nullptr);
    // Clusters own their frames and datasets; links hold nothing.
    for (const auto& [name, item] : clusters_) delete item;
}

void CanvasScene::setObserved(const ObservedState& state) {
    if (state == observed_) return;
    const bool linksChanged = [&] {
        if (state.links.size() != observed_.links.size()) return true;
        return !std::equal(state.links.begin(), state.links.end(), observed_.links.begin(),
                           [](const auto& a, const auto& b) { return a.first == b.first; });
    }();
    observed_ = state;
    if (linksChanged) syncLinks();
    syncLooks();
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
    syncWan();
    syncLinks();
    for (const auto& [name, item] : clusters_) item->fitFrame();
    takeSelection();
    scheduleRouting();
    syncLooks();
    const auto known = [&](const auto& each) { return document_.layout().contains(each.second->ref()); };
    if (!std::all_of(clusters_.begin(), clusters_.end(), known) ||
        !std::all_of(datasets_.begin(), datasets_.end(), known)) {
        emit itemsAppeared(effectiveLayout());
    }
}

void CanvasScene::syncClusters() {
    const Topology& topology = document_.topology();
    std::map<std::string, const Cluster*, std::less<>> wanted;
    for (const Cluster& each : topology.clusters) wanted.emplace(each.name, &each);
    // Datasets first: a cluster that goes takes its children along.
    std::map<std::string, const Dataset*, std::less<>> paths;
    for (const Dataset& each : topology.datasets) {
        if (wanted.contains(clusterOf(each.path))) paths.emplace(each.path, &each);
    }
    eraseGone(links_, [&](const ItemRef& ref) { return paths.contains(ref.a) && paths.contains(ref.b); });
    eraseGone(datasets_, [&](const std::string& path) { return paths.contains(path); });
    eraseGone(clusters_, [&](const std::string& name) { return wanted.contains(name); });
    std::vector<ClusterItem*> fresh;
    const std::size_t datasetsBefore = datasets_.size();
    for (const auto& [name, each] : wanted) {
        if (clusters_.contains(name)) continue;
        auto* item = new ClusterItem(themes_, clusterRef(name));
        connectCluster(*item);
        clusters_[name] = item;
        addItem(item);
        fresh.push_back(item);
    }
    for (const auto& [path, each] : paths) {
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

/// Datasets without a place take their cluster's next free slot, in the drawing's order.
void CanvasScene::syncDatasets() {
    const LayoutSidecar& layout = document_.layout();
    std::map<std::string, std::vector<QPointF>> taken;
    std::vector<std::pair<DatasetItem*, std::string>> unplaced;
    for (const Dataset& each : document_.topology().datasets) {
        DatasetItem* item = dataset(each.path);
        if (item == nullptr) continue;
        const auto place = layout.find(datasetRef(each.path));
        if (place == layout.end()) {
            unplaced.emplace_back(item, clusterOf(each.path));
            continue;
        }
        item->setPos(place->second.x, place->second.y);
        taken[clusterOf(each.path)].push_back(item->pos());
    }
    for (const auto& [item, name] : unplaced) {
        std::vector<QPointF>& used = taken[name];
        int index = 0;
        const auto isTaken = [&] {
            const QRectF card(ClusterItem::slot(index), QSizeF(metrics::kCardWidth, metrics::kCardHeight));
            return std::any_of(used.begin(), used.end(), [&](const QPointF& at) {
                return card.intersects(QRectF(at, QSizeF(metrics::kCardWidth, metrics::kCardHeight)));
            });
        };
        while (isTaken()) ++index;
        item->setPos(ClusterItem::slot(index));
        used.push_back(item->pos());
    }
}

void CanvasScene::placeNewClusters(const std::vector<ClusterItem*>& fresh) {
    const LayoutSidecar& layout = document_.layout();
    std::vector<ClusterItem*> unplaced;
    for (ClusterItem* each : fresh) {
        each->fitFrame();
        const auto place = layout.find(each->ref());
        if (place == layout.end()) {
            unplaced.push_back(each);
        } else {
            each->setPos(place->second.x, place->second.y);
        }
    }
    if (unplaced.empty()) return;
    if (unplaced.size() == clusters_.size()) {
        const LayoutSidecar all = arranged(LayoutKind::Layered).layout;
        for (ClusterItem* each : unplaced) {
            const Placement place = all.at(each->ref());
            each->setPos(place.x, place.y);
        }
        return;
    }
    // Beside what is there already: nothing that was placed moves.
    for (ClusterItem* each : unplaced) {
        QRectF others;
        for (const auto& [name, item] : clusters_) {
            const bool waits = std::find(unplaced.begin(), unplaced.end(), item) != unplaced.end();
            if (item != each && (!waits || item->data(0).toBool())) others = others.united(item->frameRect());
        }
        each->setPos(others.isNull() ? QPointF() : QPointF(others.right() + 160, others.top()));
        each->setData(0, true);  // placed by now
    }
}

void CanvasScene::syncLinks() {
    const Topology& topology = document_.topology();
    std::set<ItemRef> wanted;
    for (const Replica& each : topology.replicas) wanted.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) wanted.insert(linkRef(each.from, each.at));
    for (const auto& [key, seen] : observed_.links) {
        if (observed_.known) wanted.insert(linkRef(key.first, key.second));
    }
    eraseGone(links_, [&](const ItemRef& ref) { return wanted.contains(ref); });
    for (const ItemRef& ref : wanted) {
        if (links_.contains(ref) || dataset(ref.a) == nullptr || dataset(ref.b) == nullptr) continue;
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
    syncLooks();
    for (const auto& [name, item] : clusters_) item->fitFrame();
    scheduleRouting();
}

void CanvasScene::scheduleRouting() {
    routeTimer_.start();
}

QRectF CanvasScene::linkBox(const std::string& path) const {
    const DatasetItem* item = dataset(path);
    if (item == nullptr) return {};
    const auto* parent = dynamic_cast<const ClusterItem*>(item->parentItem());
    if (parent != nullptr && parent->look().collapsed) return parent->frameRect();
    return item->mapRectToScene(item->cardRect());
}

void CanvasScene::route() {
    routeTimer_.stop();
    std::vector<RoutedLink> routed;
    std::vector<LinkItem*> items;
    for (const auto& [ref, item] : links_) {
        const QRectF from = linkBox(ref.a);
        const QRectF to = linkBox(ref.b);
        // Inside one collapsed cluster there is nothing to see.
        item->setVisible(from != to || ref.a == ref.b);
        routed.push_back({ref, from, to});
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
        item->setEnds(cluster(ref.a)->frameRect(), cluster(ref.b)->frameRect());
    }
    const QRectF content = contentRect();
    const QRectF wanted = content.adjusted(-1600, -1200, 1600, 1200);
    if (!sceneRect().contains(content.adjusted(-400, -300, 400, 300)) || sceneRect().width() > 3 * wanted.width()) {
        setSceneRect(wanted);
    }
}

void CanvasScene::leadAround(const std::vector<RoutedLink>& links, std::vector<LinkRoute>& routes) const {
    for (std::size_t i = 0; i < links.size(); ++i) {
        const std::string from = clusterOf(links[i].ref.a);
        const std::string to = clusterOf(links[i].ref.b);
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
    for (const auto& [name, item] : clusters_) out = out.united(item->frameRect());
    return out;
}

ItemRef CanvasScene::refOf(const QGraphicsItem* item) const {
    if (item == nullptr) return {};
    switch (item->type()) {
        case ClusterFrame::Type: return static_cast<const ClusterFrame*>(item)->ref();
        case ClusterItem::Type: return static_cast<const ClusterItem*>(item)->ref();
        case GatewayItem::Type: return static_cast<const GatewayItem*>(item)->ref();
        case DatasetItem::Type: return static_cast<const DatasetItem*>(item)->ref();
        case LinkItem::Type: return static_cast<const LinkItem*>(item)->ref();
        case WanItem::Type: return static_cast<const WanItem*>(item)->ref();
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
        case ItemRef::Kind::Link: return link(ref.a, ref.b);
        case ItemRef::Kind::Wan: {
            const auto found = wan_.find(ref);
            return found == wan_.end() ? nullptr : found->second;
        }
    }
    return nullptr;
}

QRectF CanvasScene::rectOf(const ItemRef& ref) const {
    if (ref.kind == ItemRef::Kind::Cluster) {
        const ClusterItem* found = cluster(ref.a);
        return found == nullptr ? QRectF() : found->frameRect();
    }
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

LayoutSidecar CanvasScene::effectiveLayout() const {
    LayoutSidecar out;
    const auto add = [&](const ItemRef& ref, const QPointF& at) {
        const auto old = document_.layout().find(ref);
        Placement place = old == document_.layout().end() ? Placement{} : old->second;
        place.x = std::round(at.x());
        place.y = std::round(at.y());
        out[ref] = place;
    };
    for (const auto& [name, item] : clusters_) add(item->ref(), item->pos());
    for (const auto& [path, item] : datasets_) add(item->ref(), item->pos());
    return out;
}

CanvasScene::Arrangement CanvasScene::arranged(LayoutKind kind) const {
    std::vector<LayoutBox> boxes;
    std::vector<ItemRef> refs;
    std::map<std::string, std::size_t, std::less<>> index;
    Arrangement out;
    out.layout = effectiveLayout();
    // In the drawing's order: it often tells which site came first.
    for (const Cluster& each : document_.topology().clusters) {
        const ClusterItem* item = cluster(each.name);
        if (item == nullptr || !index.emplace(each.name, boxes.size()).second) continue;
        const auto place = document_.layout().find(item->ref());
        const bool pinned = place != document_.layout().end() && place->second.pinned;
        boxes.push_back({item->frameRect().size(), item->pos(), pinned});
        refs.push_back(item->ref());
    }
    std::vector<LayoutEdge> edges;
    const auto addEdge = [&](const std::string& from, const std::string& to) {
        const auto a = index.find(clusterOf(from));
        const auto b = index.find(clusterOf(to));
        if (a == index.end() || b == index.end() || a->second == b->second) return;
        edges.emplace_back(a->second, b->second);
    };
    for (const Replica& each : document_.topology().replicas) addEdge(each.from, each.to);
    for (const Upstream& each : document_.topology().upstreams) {
        if (document_.topology().replica(each.from, each.at) == nullptr) addEdge(each.from, each.at);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    const std::vector<QPointF> places = layoutBoxes(kind, boxes, edges);
    for (std::size_t i = 0; i < refs.size(); ++i) {
        Placement& place = out.layout[refs[i]];
        const bool moves = QPointF(place.x, place.y) != places[i];
        if (moves && document_.layout().contains(refs[i])) ++out.placedBefore;
        place.x = places[i].x();
        place.y = places[i].y();
    }
    return out;
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
    LayoutSidecar now = document_.layout();
    const LayoutSidecar all = effectiveLayout();
    bool moved = false;
    for (const QGraphicsItem* each : selectedItems()) {
        const ItemRef ref = refOf(each);
        const auto place = all.find(ref);
        if (place == all.end()) continue;
        const auto before = now.find(ref);
        if (before != now.end() && before->second == place->second) continue;
        if (before == now.end() && event->buttonDownScenePos(Qt::LeftButton) == event->scenePos()) continue;
        moved = true;
    }
    if (moved) emit itemsPlaced(all, tr("Move %n item(s)", nullptr, static_cast<int>(selectedItems().size())));
}

}  // namespace tributary::desktop
