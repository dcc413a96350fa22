// Where items stand: places of the document, free slots, what an automatic layout would do.
#include <QGraphicsView>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/canvasscene.h"
#include "app/desktop/canvas/noteitem.h"
#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

QRectF cardAt(const QPointF& at) {
    return {at, QSizeF(metrics::kCardWidth, metrics::kCardHeight)};
}

}  // namespace

/// Datasets without a place take their cluster's next free slot, in the drawing's order.
void CanvasScene::syncDatasets() {
    const LayoutSidecar& layout = document_.layout();
    std::map<std::string, std::vector<QPointF>, std::less<>> taken;
    std::vector<DatasetItem*> unplaced;
    for (const Dataset& each : document_.topology().datasets) {
        DatasetItem* item = dataset(each.path);
        if (item == nullptr) continue;
        const auto place = layout.find(datasetRef(each.path));
        if (place == layout.end()) {
            unplaced.push_back(item);
            continue;
        }
        item->setPos(place->second.x, place->second.y);
        taken[clusterOf(each.path)].push_back(item->pos());
    }
    // What a person has just adopted stays where it was seen.
    const auto stays = [&](const DatasetItem* item) {
        const std::vector<QPointF>& used = taken[clusterOf(item->ref().a)];
        return item->look().ghost && std::none_of(used.begin(), used.end(), [&](const QPointF& at) {
                   return cardAt(at).intersects(cardAt(item->pos()));
               });
    };
    for (DatasetItem* item : unplaced) {
        if (stays(item)) taken[clusterOf(item->ref().a)].push_back(item->pos());
    }
    std::erase_if(unplaced, [&](const DatasetItem* item) {
        const std::vector<QPointF>& used = taken[clusterOf(item->ref().a)];
        return item->look().ghost && std::find(used.begin(), used.end(), item->pos()) != used.end();
    });
    fillSlots(unplaced, taken);
    std::vector<DatasetItem*> undrawn;
    for (const auto& [ref, ghost] : ghosts_) {
        if (DatasetItem* item = ref.kind == ItemRef::Kind::Dataset ? dataset(ref.a) : nullptr) undrawn.push_back(item);
    }
    fillSlots(undrawn, taken);
}

void CanvasScene::fillSlots(const std::vector<DatasetItem*>& items,
                            std::map<std::string, std::vector<QPointF>, std::less<>>& used) const {
    for (DatasetItem* item : items) {
        std::vector<QPointF>& places = used[clusterOf(item->ref().a)];
        const auto* home = dynamic_cast<const ClusterItem*>(item->parentItem());
        if (home == nullptr) continue;
        const auto isTaken = [&](int index) {
            return std::any_of(places.begin(), places.end(),
                               [&](const QPointF& at) { return cardAt(at).intersects(cardAt(home->slot(index))); });
        };
        int index = 0;
        while (isTaken(index)) ++index;
        item->setPos(home->slot(index));
        places.push_back(item->pos());
    }
}

void CanvasScene::placeNewClusters(const std::vector<ClusterItem*>& fresh) {
    const LayoutSidecar& layout = document_.layout();
    std::vector<ClusterItem*> unplaced;
    for (ClusterItem* each : fresh) {
        each->fitFrame();
        if (isGhost(each->ref())) continue;  // they stand beside all that is drawn
        const auto place = layout.find(each->ref());
        if (place == layout.end()) {
            unplaced.push_back(each);
        } else {
            each->setPos(place->second.x, place->second.y);
        }
    }
    if (unplaced.empty()) return;
    const auto undrawn = static_cast<std::size_t>(std::count_if(
        clusters_.begin(), clusters_.end(), [this](const auto& each) { return isGhost(each.second->ref()); }));
    if (unplaced.size() + undrawn == clusters_.size()) {
        const LayoutSidecar all = arranged(LayoutKind::Layered).layout;
        for (ClusterItem* each : unplaced) {
            const Placement& place = all.at(each->ref());
            each->setPos(place.x, place.y);
        }
        return;
    }
    // Beside what is there already: nothing that was placed moves.
    for (ClusterItem* each : unplaced) {
        QRectF others;
        for (const auto& [name, item] : clusters_) {
            if (isGhost(item->ref())) continue;
            const bool waits = std::find(unplaced.begin(), unplaced.end(), item) != unplaced.end();
            if (item != each && (!waits || item->data(0).toBool())) others = others.united(item->frameRect());
        }
        each->setPos(others.isNull() ? QPointF() : QPointF(others.right() + 160, others.top()));
        each->setData(0, true);  // placed by now
    }
}

LayoutSidecar CanvasScene::effectiveLayout() const {
    LayoutSidecar out;
    const auto add = [&](const ItemRef& ref, const QPointF& at) {
        if (isGhost(ref)) return;
        const auto old = document_.layout().find(ref);
        Placement place = old == document_.layout().end() ? Placement{} : old->second;
        place.x = std::round(at.x());
        place.y = std::round(at.y());
        out[ref] = place;
    };
    for (const auto& [name, item] : clusters_) add(item->ref(), item->pos());
    for (const auto& [path, item] : datasets_) add(item->ref(), item->pos());
    // Regions, bends and notes stand where the document has them.
    for (const auto& [ref, place] : document_.layout()) {
        if (ref.kind != ItemRef::Kind::Cluster && ref.kind != ItemRef::Kind::Dataset) out[ref] = place;
    }
    for (const auto& [name, item] : notes_) {
        Placement& place = out[item->ref()];
        place.x = std::round(item->pos().x());
        place.y = std::round(item->pos().y());
    }
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
        const Region* home = document_.topology().regionOf(each.name);
        const int group = home == nullptr ? -1 : static_cast<int>(home - document_.topology().regions.data());
        boxes.push_back({item->frameRect().size(), item->pos(), pinned, group});
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
    const QSize room = views().isEmpty() ? QSize() : views().front()->viewport()->size();
    const double aspect = room.width() < 200 || room.height() < 200 ? 1.6 : 1.0 * room.width() / room.height();
    const std::vector<QPointF> places = layoutBoxes(kind, boxes, edges, aspect);
    for (std::size_t i = 0; i < refs.size(); ++i) {
        Placement& place = out.layout[refs[i]];
        const bool moves = QPointF(place.x, place.y) != places[i];
        if (moves && document_.layout().contains(refs[i])) ++out.placedBefore;
        place.x = places[i].x();
        place.y = places[i].y();
    }
    return out;
}

}  // namespace tributary::desktop
