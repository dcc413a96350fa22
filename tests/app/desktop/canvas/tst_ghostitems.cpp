// Ghosts on the canvas: shown and named, without a place in the drawing; what is adopted stays where it was seen.
#include "app/desktop/canvas/canvasaccessible.h"
#include "seen.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

class GhostItemsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        document_ = std::make_unique<DesktopDocument>();
        selection_ = std::make_unique<Selection>();
        editor_ = std::make_unique<DrawingEditor>(*document_, *selection_);
        document_->createNew();
        scene_ = std::make_unique<CanvasScene>(*document_, *selection_, themes_);
        connect(scene_.get(), &CanvasScene::itemsAppeared, document_.get(), &DesktopDocument::fillLayout);
        QVERIFY(document_->change(drawnLess(), u"Draw"_s).ok());
        look();
    }
    void cleanup() {
        scene_.reset();
        document_->close();
    }

    void areShownAndNamedInWords() {
        for (const ItemRef& ref : {berlin_, old_, linkRef(kSf, old_.a), linkRef("/mapr/berlin/customers", kNy)}) {
            QVERIFY(scene_->isGhost(ref));
            QVERIFY(scene_->itemOf(ref) != nullptr);
            QVERIFY(scene_->itemOf(ref)->toolTip().contains(u"not drawn"_s));
        }
        QVERIFY(!scene_->isGhost(datasetRef(kNy)));
        CanvasAccessible::install();
        CanvasView view(*scene_, *selection_, themes_);
        QAccessibleInterface* canvas = QAccessible::queryAccessibleInterface(&view);
        QStringList names;
        for (int i = 0; i < canvas->childCount(); ++i) names << canvas->child(i)->text(QAccessible::Name);
        QVERIFY(names.contains(u"dataset /mapr/newyork/old, not drawn"_s));
        QVERIFY(names.contains(u"cluster berlin, not drawn"_s));
        QVERIFY(names.contains(u"dataset /mapr/newyork/customers"_s));
    }
    void haveNoPlaceInTheDrawingAndCoverNothing() {
        const LayoutSidecar layout = scene_->effectiveLayout();
        QVERIFY(!layout.contains(berlin_) && !layout.contains(old_));
        QVERIFY(!document_->layout().contains(berlin_));
        QVERIFY(!scene_->arranged(LayoutKind::Ring).layout.contains(berlin_));
        QVERIFY(!(scene_->itemOf(old_)->flags() & QGraphicsItem::ItemIsMovable));
        QVERIFY(!scene_->rectOf(old_).intersects(scene_->rectOf(datasetRef(kNy)).adjusted(8, 8, -8, -8)));
        for (const char* name : {"sanfrancisco", "newyork"})
            QVERIFY(!scene_->rectOf(berlin_).intersects(scene_->rectOf(clusterRef(name))));
        QVERIFY(scene_->rectOf(clusterRef("newyork")).contains(scene_->rectOf(old_).adjusted(8, 8, -16, -8)));
    }
    void whatIsAdoptedStaysWhereItWasSeen() {
        const QRectF table = scene_->rectOf(old_);
        const QRectF cluster = scene_->rectOf(berlin_);
        const Observation seen = seenMore();
        QVERIFY(editor_->adopt({DatasetId{old_.a}}, seen));
        QVERIFY(editor_->adopt({ClusterId{"berlin"}}, seen));
        QVERIFY(!scene_->isGhost(old_) && !scene_->isGhost(berlin_));
        QCOMPARE(scene_->rectOf(old_), table);
        QCOMPARE(scene_->rectOf(berlin_), cluster);
        QVERIFY(document_->layout().contains(berlin_));
        // Undone, they are ghosts again: they still run.
        document_->undoStack().undo();
        document_->undoStack().undo();
        QVERIFY(scene_->isGhost(old_) && scene_->isGhost(berlin_));
    }
    void goWithWhatRuns() {
        selection_->select(old_);
        scene_->setObserved({});
        QVERIFY(scene_->itemOf(old_) == nullptr);
        QVERIFY(scene_->itemOf(berlin_) == nullptr);
        QVERIFY(scene_->itemOf(datasetRef(kNy)) != nullptr);
    }

private:
    void look() {
        const Observation seen = seenMore();
        ObservedState state;
        state.known = true;
        state.ghosts = ghostsOf(differencesOf(document_->topology(), seen), seen);
        scene_->setObserved(state);
    }

    const ItemRef berlin_ = clusterRef("berlin");
    const ItemRef old_ = datasetRef("/mapr/newyork/old");
    const ThemeHolder themes_{ThemeKind::Light};
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<Selection> selection_;
    std::unique_ptr<DrawingEditor> editor_;
    std::unique_ptr<CanvasScene> scene_;
};
TRIBUTARY_TEST(GhostItemsTest)
#include "tst_ghostitems.moc"
