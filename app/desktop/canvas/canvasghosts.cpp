// What runs and is not drawn: items like the drawn ones, pale, dashed, and without a place in the document.
#include <algorithm>

#include "app/desktop/canvas/canvasscene.h"
#include "core/systems/naming.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kBeside = 160;  ///< from what is drawn to what is not
constexpr double kBelow = 48;

QString kindWord(DatasetKind kind) {
    return QString::fromUtf8(datasetKindName(kind).data()).replace(u'-', u' ');
}

}  // namespace

/// The look may be older than the drawing: what was adopted since is none any more.
void CanvasScene::renewGhosts() {
    ghosts_.clear();
    if (!observed_.known) return;
    for (Ghost& each : undrawnOf(observed_.ghosts, document_.topology())) ghosts_.emplace(each.ref, std::move(each));
}

void CanvasScene::placeGhostClusters() {
    QRectF drawn;
    std::vector<ClusterItem*> undrawn;
    for (const auto& [name, item] : clusters_) {
        if (isGhost(item->ref())) {
            undrawn.push_back(item);
        } else {
            drawn = drawn.united(item->frameRect());
        }
    }
    double y = drawn.top();
    for (ClusterItem* item : undrawn) {
        item->setPos(drawn.isNull() ? 0 : drawn.right() + kBeside, y);
        y = item->frameRect().bottom() + kBelow;
    }
}

void CanvasScene::syncGhostLooks() {
    std::map<std::string, int, std::less<>> held;
    for (const auto& [ref, ghost] : ghosts_) {
        if (ref.kind == ItemRef::Kind::Dataset) ++held[clusterOf(ref.a)];
    }
    for (const auto& [name, item] : clusters_) {
        const auto ghost = ghosts_.find(item->ref());
        ClusterLook look = item->look();
        look.ghosts = held[name];
        if (ghost != ghosts_.end()) {
            look = {};
            look.name = QString::fromStdString(name);
            look.ghosts = held[name];
            look.ghost = true;
            look.words = QString::fromStdString(ghost->second.words);
            look.highlighted = observed_.highlights.contains(name);
            if (const auto seen = observed_.clusters.find(name); seen != observed_.clusters.end()) {
                look.observed = QString::fromStdString(seen->second.state);
                for (const auto& [gateway, up] : seen->second.gateways)
                    look.gateways.push_back({QString::fromStdString(gateway), up, true});
            }
        }
        item->setLook(look);
    }
    for (const auto& [ref, ghost] : ghosts_) {
        DatasetItem* item = ref.kind == ItemRef::Kind::Dataset ? dataset(ref.a) : nullptr;
        if (item == nullptr) continue;
        DatasetLook look;
        look.name = QString::fromStdString(shortName(ref));
        look.ghost = true;
        look.kind = ghost.kind.value_or(DatasetKind::BinaryTable);
        look.detail = ghost.kind ? tr("not drawn") + u" \u00b7 "_s + kindWord(*ghost.kind) : tr("not drawn");
        look.words = QString::fromStdString(ghost.words);
        look.highlighted = observed_.highlights.contains(ref.a);
        item->setLook(look);
    }
}

}  // namespace tributary::desktop
