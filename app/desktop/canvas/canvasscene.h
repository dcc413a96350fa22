// The drawing as graphics items, kept in step with the document; gestures leave it as signals.
#pragma once

#include <QGraphicsScene>
#include <QLineF>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "app/desktop/canvas/bundleitem.h"
#include "app/desktop/canvas/canvasflow.h"
#include "app/desktop/canvas/canvasfocus.h"
#include "app/desktop/canvas/canvaslabels.h"
#include "app/desktop/canvas/clusteritem.h"
#include "app/desktop/canvas/datasetitem.h"
#include "app/desktop/canvas/layouts.h"
#include "app/desktop/canvas/linkitem.h"
#include "app/desktop/canvas/observed.h"
#include "app/desktop/canvas/regionitem.h"
#include "app/desktop/canvas/wanitem.h"
#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"

namespace tributary::desktop {

class BendItem;
class NoteItem;

/// Owns the items. It never changes the document itself: moves are told by itemsPlaced(), links by linkDropped().
class CanvasScene final : public QGraphicsScene {
    Q_OBJECT
public:
    CanvasScene(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QObject* parent = nullptr);
    ~CanvasScene() override;

    /// What the system reports, shown beside the drawing.
    void setObserved(const ObservedState& state);
    [[nodiscard]] const ObservedState& observed() const { return observed_; }

    [[nodiscard]] ClusterItem* cluster(const std::string& name) const;
    [[nodiscard]] DatasetItem* dataset(const std::string& path) const;
    [[nodiscard]] LinkItem* link(const std::string& from, const std::string& to) const;
    [[nodiscard]] RegionItem* region(const std::string& name) const;
    [[nodiscard]] BundleItem* bundle(const ItemRef& ref) const;
    [[nodiscard]] NoteItem* note(const std::string& name) const;
    [[nodiscard]] bool isEditingNote() const;
    /// Leads a link through a place; told by itemsPlaced().
    void addBend(const ItemRef& link, const QPointF& at);
    /// Replaces its bends; none makes it straight.
    void placeBends(const ItemRef& link, std::vector<Bend> bends, const QString& title);
    /// It runs, is not drawn, and is shown pale.
    [[nodiscard]] bool isGhost(const ItemRef& ref) const { return ghosts_.contains(ref); }
    /// Where an item is in the scene; an empty rect when it is not there.
    [[nodiscard]] QRectF rectOf(const ItemRef& ref) const;
    /// Everything that is shown, in the drawing's order: each cluster with its gateways and datasets, then what runs
    /// and is not drawn, then links and networks. `itemsRevision` changes whenever this may have changed.
    [[nodiscard]] std::vector<ItemRef> itemRefs() const;
    [[nodiscard]] quint64 itemsRevision() const { return itemsRevision_; }
    /// nullptr when it is not there.
    [[nodiscard]] QGraphicsItem* itemOf(const ItemRef& ref) const;
    /// The item under a point; a cluster's frame counts as the cluster.
    [[nodiscard]] ItemRef itemUnder(const QPointF& scenePos) const;
    /// The drawn part of the scene.
    [[nodiscard]] QRectF contentRect() const;
    /// Where everything is, also what was never placed by hand: what is saved.
    [[nodiscard]] LayoutSidecar effectiveLayout() const;

    struct Arrangement {
        LayoutSidecar layout;
        int placedBefore = 0;  ///< how many items placed by hand it would move
    };
    /// What an automatic layout of the clusters would be; nothing is moved yet.
    [[nodiscard]] Arrangement arranged(LayoutKind kind) const;

    /// Where a dragged item goes: on the grid, and in line with its neighbours, unless Alt is held.
    [[nodiscard]] QPointF snapped(const QGraphicsItem& item, const QPointF& wanted);
    void setSnapping(bool on) { snapping_ = on; }
    [[nodiscard]] bool snapping() const { return snapping_; }
    void setGridShown(bool on);
    /// Whether links through which something passes move.
    void setFlowShown(bool on) { flow_.setOn(on); }
    [[nodiscard]] const CanvasFlow& flow() const { return flow_; }

    /// How large the view shows it. Below the zoom of cards, links between two clusters are one bundle with a count,
    /// and names are written over the picture.
    void setZoom(double zoom);
    /// What fits stays as it is, the rest is faded.
    void setFilter(const CanvasFilter& filter);
    [[nodiscard]] const CanvasFilter& filter() const { return filter_; }
    /// How many items fit the filter by themselves.
    [[nodiscard]] int filterCount() const { return filterCount_; }
    /// Whether in a large drawing what the selection does not touch is faded.
    void setFocusShown(bool on);

    /// While a link is drawn: paints the verdict on every dataset, a few at a time.
    void beginLink(const std::string& from);
    void moveLink(const QPointF& scenePos);
    void endLink();
    [[nodiscard]] bool linking() const { return !linkFrom_.empty(); }

signals:
    void itemsPlaced(const tributary::desktop::LayoutSidecar& layout, const QString& title);
    /// The scene found places for items that had none.
    void itemsAppeared(const tributary::desktop::LayoutSidecar& layout);
    /// A link was dragged from a dataset onto another.
    void linkDropped(const std::string& from, const std::string& to, const QPoint& screenPos);
    /// What to say about the target under the pointer; empty when there is none.
    void linkHint(const QString& text, bool refused);
    void renameRequested(const tributary::desktop::ItemRef& ref);
    /// A note's text was typed; an empty one means that it is to go.
    void noteEdited(const tributary::desktop::ItemRef& note, const QString& text);
    void itemsChanged();  ///< items came or went
    void filterCounted();

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

private:
    struct Badges;

    void syncDrawing();
    void syncLayout();
    void syncLooks();
    void syncClusters();
    void syncDatasets();
    void syncLinks();
    void syncWan();
    void placeNewClusters(const std::vector<ClusterItem*>& fresh);
    void renewGhosts();
    void syncGhostLooks();
    void placeGhostClusters();
    /// Puts datasets without a place into their cluster's next free slots; `used` are the places that are taken.
    void fillSlots(const std::vector<DatasetItem*>& items,
                   std::map<std::string, std::vector<QPointF>, std::less<>>& used) const;
    void scheduleRouting();
    void route();
    void syncRegions();
    void connectRegion(RegionItem& item);
    void fitRegions();
    void syncRegionLooks(const Badges& marks);
    void syncBundleLooks();
    /// Decides which links are shown one by one, which as bundles, and which not at all.
    void regroup();
    /// The bundles that are shown one by one: that are selected, or of which a link is.
    [[nodiscard]] std::set<ItemRef> openBundles() const;
    /// What stands for a cluster: itself, or the collapsed region it is in (as an end of a bundle).
    [[nodiscard]] std::string shownEnd(const std::string& cluster) const;
    [[nodiscard]] QRectF shownBox(const std::string& end) const;
    [[nodiscard]] bool isInCollapsedRegion(const std::string& cluster) const;
    void syncFocus();
    [[nodiscard]] std::vector<Bend> bendsOf(const ItemRef& link) const;
    void syncBends();
    void syncNotes();
    /// Places labels anew when what they say, or where, has changed.
    void renewLabels();
    [[nodiscard]] std::vector<CanvasLabel> smallLabels() const;
    /// Routes that would cross a cluster which they do not belong to go around it.
    void leadAround(const std::vector<RoutedLink>& links, std::vector<LinkRoute>& routes) const;
    void takeSelection();
    void giveSelection();
    [[nodiscard]] Badges badges() const;
    [[nodiscard]] QRectF linkBox(const std::string& path) const;
    [[nodiscard]] ItemRef refOf(const QGraphicsItem* item) const;
    void judgeSome();
    int advanceFlow(double place);
    void connectCluster(ClusterItem& item);
    void connectDataset(DatasetItem& item);
    [[nodiscard]] DatasetItem* datasetAt(const QPointF& scenePos) const;

    DesktopDocument& document_;
    Selection& selection_;
    const ThemeHolder& themes_;
    ObservedState observed_;
    std::map<std::string, ClusterItem*, std::less<>> clusters_;
    std::map<std::string, DatasetItem*, std::less<>> datasets_;
    std::map<ItemRef, LinkItem*> links_;
    std::map<ItemRef, WanItem*> wan_;
    std::map<std::string, RegionItem*, std::less<>> regions_;
    std::map<ItemRef, BundleItem*> bundles_;
    std::map<ItemRef, std::vector<LinkItem*>> bundled_;  ///< what each bundle stands for
    std::set<ItemRef> openBundles_;
    std::map<std::string, NoteItem*> notes_;
    std::vector<BendItem*> bendItems_;  ///< of the one selected link
    ItemRef bentLink_;
    std::optional<std::pair<ItemRef, std::vector<Bend>>> liveBends_;  ///< while a hand drags one
    std::map<std::string, std::string, std::less<>> homes_;           ///< cluster -> its region
    std::map<ItemRef, Ghost> ghosts_;                                 ///< those that the drawing does not hold now
    CanvasFlow flow_;
    QTimer routeTimer_;
    QTimer judgeTimer_;
    quint64 itemsRevision_ = 1;
    double zoom_ = 1;
    double bundleZoom_ = 1;  ///< at which bundles measured themselves last
    CanvasFilter filter_;
    int filterCount_ = 0;
    bool focusShown_ = true;
    bool isFocused_ = false;  ///< something is faded
    std::vector<CanvasLabel> wantedLabels_;
    std::optional<std::vector<PlacedLabel>> labels_;  ///< nullopt: to be placed anew
    bool syncing_ = false;
    bool snapping_ = true;
    bool gridShown_ = true;
    bool pressed_ = false;
    std::vector<QLineF> guides_;
    std::string linkFrom_;
    QPointF linkTo_;
    DatasetItem* linkUnder_ = nullptr;
    std::vector<DatasetItem*> toJudge_;
};

}  // namespace tributary::desktop
