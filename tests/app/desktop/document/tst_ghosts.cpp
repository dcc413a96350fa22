// What runs and is not drawn: which things those are, and taking them into the drawing.
#include "app/desktop/document/ghosts.h"

#include <QSignalSpy>

#include "seen.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

class GhostsTest : public QObject {
    Q_OBJECT
private slots:
    void clustersDatasetsAndLinksAreGhostsOnceEach() {
        std::vector<ItemRef> refs;
        for (const Ghost& each : ghosts(drawnLess())) {
            QVERIFY(!each.words.empty());
            refs.push_back(each.ref);
        }
        const std::vector<ItemRef> wanted{clusterRef("berlin"), datasetRef(old_), datasetRef(away_), linkRef(kSf, old_),
                                          linkRef(away_, kNy)};
        QVERIFY(refs == wanted);
        const std::vector<Ghost> all = ghosts(drawnLess());
        // Both records are one link.
        QCOMPARE(ghostOf(all, linkRef(kSf, old_))->elements.size(), std::size_t{2});
        QCOMPARE(ghostOf(all, datasetRef(old_))->kind, std::optional(DatasetKind::BinaryTable));
        QVERIFY(ghostOf(all, clusterRef("newyork")) == nullptr);
    }
    void whatDiffersOrIsMissingIsNoGhost() {
        Topology drawing = drawnLess();
        drawing.datasets.front().families.front().maxVersions = 3;
        drawing.datasets.emplace_back().path = "/mapr/newyork/planned";
        const std::vector<Ghost> all = ghosts(drawing);
        QVERIFY(ghostOf(all, datasetRef(kSf)) == nullptr);
        QVERIFY(ghostOf(all, datasetRef("/mapr/newyork/planned")) == nullptr);
    }
    void theOtherHalfOfADrawnLinkIsAGhostThatIsNotUndrawn() {
        Topology drawing = drawnLess();
        drawing.upstreams.clear();
        const std::vector<Ghost> all = ghosts(drawing);
        const Ghost* half = ghostOf(all, linkRef(kSf, kNy));
        QVERIFY(half != nullptr);
        QVERIFY(half->elements == std::vector<ElementId>({UpstreamId{kNy, kSf}}));
        QVERIFY(ghostOf(undrawnOf(all, drawing), linkRef(kSf, kNy)) == nullptr);
        QVERIFY(ghostOf(undrawnOf(all, drawing), linkRef(kSf, old_)) != nullptr);
    }
    void aLinkNeedsItsEndsAndADatasetItsCluster() {
        const Topology drawing = drawnLess();
        QVERIFY(adoptionOrder({ReplicaId{kSf, old_}}, drawing) ==
                std::vector<ElementId>({DatasetId{old_}, ReplicaId{kSf, old_}}));
        QVERIFY(adoptionOrder({ReplicaId{away_, kNy}}, drawing) ==
                std::vector<ElementId>({ClusterId{"berlin"}, ReplicaId{away_, kNy}}));
        QVERIFY(adoptionOrder({DatasetId{away_}, ClusterId{"berlin"}}, drawing) ==
                std::vector<ElementId>({ClusterId{"berlin"}}));
    }
    void adoptingIsOneStepThatCanBeUndone_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("title");
        QTest::newRow("dataset") << u"old"_s << u"Adopt dataset /mapr/newyork/old"_s;
        QTest::newRow("cluster") << u"berlin"_s << u"Adopt cluster berlin"_s;
        QTest::newRow("link") << u"link"_s << u"Adopt dataset /mapr/newyork/old"_s;
    }
    void adoptingIsOneStepThatCanBeUndone() {
        QFETCH(QString, what);
        open();
        const Topology before = document_->topology();
        const ItemRef ref = what == u"old"      ? datasetRef(old_)
                            : what == u"berlin" ? clusterRef("berlin")
                                                : linkRef(kSf, old_);
        const std::vector<Ghost> all = ghosts(before);
        QVERIFY(editor_->adopt(ghostOf(all, ref)->elements, seen_));
        QTEST(document_->undoStack().undoText(), "title");
        QVERIFY(isDrawn(document_->topology(), ref));
        QVERIFY(ghostOf(ghosts(document_->topology()), ref) == nullptr);
        // A link that is paused is drawn so.
        if (what != u"berlin") QVERIFY(document_->topology().replica(kSf, old_)->paused);
        if (what == u"berlin") QVERIFY(document_->topology().upstream(kNy, away_) != nullptr);
        QVERIFY(document_->text().find("# by hand") != std::string::npos);
        document_->undoStack().undo();
        QVERIFY(document_->topology() == before);
    }
    void adoptingAllLeavesNoGhost() {
        open();
        std::vector<ElementId> elements;
        for (const Ghost& each : ghosts(document_->topology()))
            elements.insert(elements.end(), each.elements.begin(), each.elements.end());
        QVERIFY(editor_->adopt(elements, seen_));
        QVERIFY(ghosts(document_->topology()).empty());
        QCOMPARE(document_->undoStack().count(), 1);
    }
    void whatCouldNotBeObservedIsNotAdopted() {
        open();
        for (ObservedCluster& each : seen_.clusters) each.answered = false;
        const QSignalSpy failed(editor_.get(), &DrawingEditor::failed);
        QVERIFY(!editor_->adopt({DatasetId{old_}}, seen_));
        QCOMPARE(failed.count(), 1);
        QCOMPARE(document_->undoStack().count(), 0);
    }

private:
    [[nodiscard]] std::vector<Ghost> ghosts(const Topology& drawing) const {
        return ghostsOf(differencesOf(drawing, seen_), seen_);
    }
    void open() {
        seen_ = seenMore();
        document_ = std::make_unique<DesktopDocument>();
        editor_ = std::make_unique<DrawingEditor>(*document_, selection_);
        document_->createNew();
        QVERIFY(document_->editText(document_->text() + "# by hand\n").ok());
        QVERIFY(document_->change(drawnLess(), u"Draw"_s).ok());
        document_->undoStack().clear();
    }

    const std::string old_ = "/mapr/newyork/old";
    const std::string away_ = "/mapr/berlin/customers";
    Observation seen_ = seenMore();
    Selection selection_;
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<DrawingEditor> editor_;
};
TRIBUTARY_TEST(GhostsTest)
#include "tst_ghosts.moc"
