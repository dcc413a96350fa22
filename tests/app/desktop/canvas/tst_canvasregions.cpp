// A large drawing: regions, bundles, what is in focus, names at every zoom.
#include "app/desktop/canvas/canvasfocus.h"
#include "app/desktop/canvas/canvaslabels.h"
#include "app/desktop/canvas/canvasview.h"
#include "app/desktop/canvas/noteitem.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr const char* kFour =
    "tributary: 1\n"
    "clusters: {sf: {}, la: {}, ny: {}, dc: {system: voltdb}}\n"
    "datasets:\n"
    "  /mapr/sf/t: {kind: binary-table, exists: true}\n"
    "  /mapr/la/t: {kind: binary-table}\n"
    "  /mapr/ny/t: {kind: binary-table}\n"
    "  /mapr/ny/clicks: {kind: stream}\n"
    "replicas:\n"
    "  - {from: /mapr/sf/t, to: /mapr/la/t}\n"
    "  - {from: /mapr/sf/t, to: /mapr/ny/t}\n"
    "  - {from: /mapr/ny/t, to: /mapr/sf/t}\n"
    "upstreams:\n"
    "  - {at: /mapr/la/t, from: /mapr/sf/t}\n"
    "  - {at: /mapr/ny/t, from: /mapr/sf/t}\n"
    "regions:\n"
    "  west: {clusters: [sf, la]}\n"
    "  east: {clusters: [ny, dc]}\n";

const ItemRef kAcross = bundleRef(regionEnd("west"), "ny");
const ItemRef kPair = bundleRef("ny", "sf");
const ItemRef kForth = linkRef("/mapr/sf/t", "/mapr/ny/t");

}  // namespace

class CanvasRegionsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        document_ = std::make_unique<DesktopDocument>();
        selection_ = std::make_unique<Selection>();
        editor_ = std::make_unique<DrawingEditor>(*document_, *selection_);
        document_->createNew();
        scene_ = std::make_unique<CanvasScene>(*document_, *selection_, themes_);
        connect(scene_.get(), &CanvasScene::itemsAppeared, document_.get(), &DesktopDocument::fillLayout);
        connect(scene_.get(), &CanvasScene::itemsPlaced, document_.get(),
                [this](const LayoutSidecar& layout, const QString& title) { document_->place(layout, title); });
        QVERIFY_OK(document_->editText(kFour));
        settle();
    }
    void cleanup() {
        scene_.reset();
        document_->close();
    }

    void aRegionEnclosesItsClustersAndTakesThemAlong() {
        RegionItem* west = scene_->region("west");
        QVERIFY(west != nullptr);
        for (const char* name : {"sf", "la"}) QVERIFY(west->frameRect().contains(scene_->rectOf(clusterRef(name))));
        const QPointF sf = scene_->cluster("sf")->pos();
        const QPointF ny = scene_->cluster("ny")->pos();
        west->setPos(west->pos() + QPointF(40, -16));
        settle();
        QCOMPARE(scene_->cluster("sf")->pos(), sf + QPointF(40, -16));
        QCOMPARE(scene_->cluster("ny")->pos(), ny);
        QVERIFY(west->frameRect().contains(scene_->rectOf(clusterRef("sf"))));
    }

    void collapsedItIsOneCardThatSaysWhatIsInIt() {
        collapse("west", true);
        QVERIFY(!scene_->cluster("sf")->isVisible() && !scene_->cluster("sf")->frame().isVisible());
        QVERIFY(!scene_->dataset("/mapr/sf/t")->isVisible());
        QVERIFY(!scene_->link("/mapr/sf/t", "/mapr/la/t")->isVisible());
        const RegionLook look = scene_->region("west")->look();
        QCOMPARE(std::tuple(look.clusters, look.datasets, look.links, look.inside), std::tuple(2, 2, 3, 1));
        QVERIFY(!look.health.has_value());
        // What it hides is found at its card.
        QCOMPARE(scene_->rectOf(datasetRef("/mapr/sf/t")), scene_->region("west")->frameRect());
        const BundleItem* bundle = scene_->bundle(kAcross);
        QVERIFY(bundle != nullptr && !bundle->isOpen());
        QCOMPARE(std::tuple(bundle->look().links(), bundle->look().broken), std::tuple(2, 1));
        QCOMPARE(bundle->count(), u"1 of 2"_s);
        QVERIFY(!scene_->link(kForth.a, kForth.b)->isVisible());
        collapse("west", false);
        QVERIFY(scene_->cluster("sf")->isVisible() && scene_->dataset("/mapr/sf/t")->isVisible());
        QVERIFY(scene_->bundle(kAcross) == nullptr && scene_->link(kForth.a, kForth.b)->isVisible());
        document_->undoStack().undo();
        settle();
        QVERIFY(scene_->region("west")->look().collapsed);
    }

    void itsStateIsTheWorstThatWasObserved() {
        ObservedState seen;
        seen.known = true;
        seen.clusters["sf"] = {};
        seen.clusters["sf"].reachable = true;
        seen.clusters["sf"].state = "running";
        scene_->setObserved(seen);
        QCOMPARE(*scene_->region("west")->look().health, LinkHealth::Unknown);  // of la, nothing is known
        seen.clusters["la"] = seen.clusters["sf"];
        scene_->setObserved(seen);
        QCOMPARE(*scene_->region("west")->look().health, LinkHealth::Good);
        ObservedLink stopped;
        stopped.replicaListed = stopped.upstreamListed = true;
        stopped.state = "replicating";
        stopped.error = "refused";
        seen.links[{kForth.a, kForth.b}] = stopped;
        scene_->setObserved(seen);
        QCOMPARE(*scene_->region("west")->look().health, LinkHealth::Bad);
        QVERIFY(scene_->region("west")->toolTip().contains(u"1 failing"_s));
    }

    void atASmallZoomPairsAreBundlesThatASelectionOpens() {
        QVERIFY(scene_->bundle(kPair) == nullptr);
        scene_->setZoom(0.1);
        const BundleItem* pair = scene_->bundle(kPair);
        QVERIFY(pair != nullptr && !pair->isOpen());
        QVERIFY(scene_->link("/mapr/sf/t", "/mapr/la/t")->isVisible());  // one link is no bundle
        const std::vector<ItemRef> refs = scene_->itemRefs();
        QVERIFY(std::find(refs.begin(), refs.end(), kPair) != refs.end());
        QVERIFY(pair->toolTip().contains(u"2 link"_s) && pair->toolTip().contains(u"sf \u2192 ny: 1"_s));
        selection_->select(kPair);
        settle();
        QVERIFY(scene_->bundle(kPair)->isOpen() && scene_->link(kForth.a, kForth.b)->isVisible());
        selection_->select(kForth);  // one of its links keeps it open
        settle();
        QVERIFY(scene_->link(kForth.a, kForth.b)->isVisible());
        selection_->clear();
        settle();
        QVERIFY(!scene_->bundle(kPair)->isOpen() && !scene_->link(kForth.a, kForth.b)->isVisible());
        scene_->setZoom(1);
        QVERIFY(scene_->bundle(kPair) == nullptr && scene_->link(kForth.a, kForth.b)->isVisible());
    }

    void aFilterFadesTheRest_data() {
        QTest::addColumn<CanvasFilter>("filter");
        QTest::addColumn<QStringList>("lit");
        using State = CanvasFilter::State;
        QTest::newRow("nothing") << CanvasFilter{} << QStringList{u"dc"_s, u"la"_s, u"ny"_s, u"sf"_s};
        QTest::newRow("a cluster's name") << CanvasFilter{u"LA"_s, {}, State::Any} << QStringList{u"la"_s, u"sf"_s};
        QTest::newRow("a dataset's name") << CanvasFilter{u"clicks"_s, {}, State::Any} << QStringList{u"ny"_s};
        QTest::newRow("a region's name") << CanvasFilter{u"east"_s, {}, State::Any} << QStringList{u"dc"_s, u"ny"_s};
        QTest::newRow("a system") << CanvasFilter{{}, "voltdb", State::Any} << QStringList{u"dc"_s};
        QTest::newRow("both") << CanvasFilter{u"sf"_s, "voltdb", State::Any} << QStringList{};
        QTest::newRow("a state that nothing was observed in") << CanvasFilter{{}, {}, State::Failing} << QStringList{};
    }
    void aFilterFadesTheRest() {
        QFETCH(const CanvasFilter, filter);
        QFETCH(const QStringList, lit);
        scene_->setFilter(filter);
        QStringList seen;
        for (const char* name : {"dc", "la", "ny", "sf"}) {
            if (scene_->cluster(name)->opacity() == 1) seen << QString::fromUtf8(name);
        }
        QCOMPARE(seen, lit);
        QCOMPARE(scene_->filterCount() == 0, lit.isEmpty() || !filter.isOn());
    }

    void theNeighboursOfASelectionAreWhatItTouches() {
        const Topology& topology = document_->topology();
        const std::vector<ItemRef> links = linksOf(topology);
        const auto near = [&](const ItemRef& ref) { return neighbourhood(topology, links, {ref}); };
        const std::set<ItemRef> ofTable = near(datasetRef("/mapr/la/t"));
        QVERIFY(ofTable.contains(datasetRef("/mapr/sf/t")) && ofTable.contains(clusterRef("sf")));
        QVERIFY(!ofTable.contains(clusterRef("ny")) && !ofTable.contains(kForth));
        QVERIFY(near(kForth).contains(clusterRef("ny")) && !near(kForth).contains(clusterRef("la")));
        QVERIFY(near(regionRef("west")).contains(clusterRef("ny")) &&
                !near(regionRef("west")).contains(clusterRef("dc")));
        QVERIFY(near(kPair).contains(kForth) && near(kAcross).contains(kForth));
        QCOMPARE(near(clusterRef("dc")), std::set<ItemRef>{clusterRef("dc")});
        // Four clusters are seen at once: nothing is faded.
        selection_->select(clusterRef("dc"));
        QCOMPARE(scene_->cluster("la")->opacity(), 1.0);
    }

    void labelsHideNoOther() {
        const QColor ink(Qt::black);
        std::vector<CanvasLabel> wanted;
        for (int i = 0; i < 60; ++i)
            wanted.push_back({u"cluster-%1"_s.arg(i), QPointF(i * 60, 0), 11, false, ink, ink, {}});
        const auto placed = placeLabels(wanted, 0.1);
        QVERIFY(placed.size() > 2 && placed.size() < wanted.size());
        QCOMPARE(placed.front().label.text, u"cluster-0"_s);
        for (std::size_t i = 0; i < placed.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) QVERIFY(!placed[i].box.intersects(placed[k].box));
        }
        QCOMPARE(placeLabels(wanted, 4).size(), wanted.size());
        wanted.front().widthMax = 12;  // no room for a few letters
        QVERIFY(placeLabels(wanted, 4).front().label.text != u"cluster-0"_s);
    }

    void collapsingIsKeptInTheLayoutAndARegionInTheDrawing() {
        collapse("east", true);
        QVERIFY(document_->layout().at(regionRef("east")).collapsed);
        QVERIFY(editor_->rename(regionRef("east"), "atlantic"));
        settle();
        QVERIFY(scene_->region("atlantic")->look().collapsed && scene_->region("east") == nullptr);
        QVERIFY(editor_->putIntoRegion({"ny"}, "west"));
        settle();
        QVERIFY(document_->text().find("west: {clusters: [sf, la, ny]}") != std::string::npos);
        QVERIFY(document_->text().find("atlantic: {clusters: [dc]}") != std::string::npos);
        QVERIFY(scene_->cluster("ny")->isVisible() && !scene_->cluster("dc")->isVisible());
        QVERIFY(editor_->putIntoRegion({"dc"}, {}));
        settle();
        QVERIFY(scene_->region("atlantic") == nullptr && scene_->cluster("dc")->isVisible());
        QVERIFY(editor_->addRegion({"dc", "ny"}).valid());
        QVERIFY(document_->topology().region("west")->clusters == (std::vector<std::string>{"sf", "la"}));
        QVERIFY(editor_->remove({regionRef("west")}));
        QVERIFY(document_->topology().cluster("sf") != nullptr);
    }

    void aBendLeadsALinkAndIsUndone() {
        const QPointF before = scene_->link(kForth.a, kForth.b)->middle();
        selection_->select(kForth);
        scene_->addBend(kForth, {120, -500});
        settle();
        QCOMPARE(document_->layout().at(kForth).bends, (std::vector<Bend>{{120, -500}}));
        const LinkItem* link = scene_->link(kForth.a, kForth.b);
        QVERIFY(link->middle() != before);
        QVERIFY(link->boundingRect().contains(QPointF(120, -500)));
        scene_->addBend(kForth, {140, -700});  // comes where it is nearest, not at the end
        settle();
        QCOMPARE(document_->layout().at(kForth).bends.size(), std::size_t{2});
        document_->undoStack().undo();
        document_->undoStack().undo();
        settle();
        QVERIFY(!document_->layout().contains(kForth));
        QCOMPARE(scene_->link(kForth.a, kForth.b)->middle(), before);
        document_->undoStack().redo();
        QVERIFY(editor_->remove({clusterRef("ny")}));  // a bend goes with its link
        QVERIFY(!document_->layout().contains(kForth));
    }

    void notesArePlacedWrittenAndRemoved() {
        const std::string text = document_->text();
        const ItemRef ref = editor_->addNote(40, -300, "first");
        settle();
        NoteItem* note = scene_->note(ref.a);
        QVERIFY(note != nullptr && scene_->contentRect().contains(note->sceneBoundingRect()));
        QCOMPARE(note->pos(), QPointF(40, -300));
        connect(scene_.get(), &CanvasScene::noteEdited, this,
                [this](const ItemRef& each, const QString& typed) { editor_->setNote(each, typed.toStdString()); });
        note->edit();
        QVERIFY(scene_->isEditingNote());
        note->setPlainText(u"second"_s);
        note->clearFocus();
        if (note->isEditing()) emit note->edited(note->toPlainText());  // a scene that nobody shows gives no focus
        settle();
        QCOMPARE(document_->layout().at(ref).text, std::string("second"));
        const std::vector<ItemRef> refs = scene_->itemRefs();
        QVERIFY(std::find(refs.begin(), refs.end(), ref) != refs.end());
        QVERIFY(editor_->remove({clusterRef("dc")}));
        QVERIFY(document_->layout().contains(ref));  // what else goes, goes without it
        QVERIFY(editor_->remove({ref}));
        settle();
        QVERIFY(scene_->note(ref.a) == nullptr);
        while (document_->undoStack().canUndo() && document_->text() != text) document_->undoStack().undo();
        QCOMPARE(document_->text(), text);
    }

private:
    void settle() {
        // Timers of 0 ms run in the order of their start: what was scheduled before is over then.
        for (int i = 0; i < 3; ++i) {
            bool over = false;
            QTimer::singleShot(0, this, [&over] { over = true; });
            QVERIFY(QTest::qWaitFor([&over] { return over; }));
        }
    }
    void collapse(const std::string& name, bool on) {
        emit scene_->region(name)->collapseRequested(on);
        settle();
    }

    ThemeHolder themes_{ThemeKind::Light};
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<Selection> selection_;
    std::unique_ptr<DrawingEditor> editor_;
    std::unique_ptr<CanvasScene> scene_;
};
TRIBUTARY_TEST(CanvasRegionsTest)
#include "tst_canvasregions.moc"
