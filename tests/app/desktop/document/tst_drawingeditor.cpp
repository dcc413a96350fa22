// What a person can do to the drawing, and what is refused with rule, reason and fix.
#include <QSignalSpy>

#include "app/desktop/document/linkcheck.h"
#include "core/systems/catalogue.h"
#include "core/workspace/topologyfile.h"
#include "drawings.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::ExampleFolder;
using tributary::test::kNy;
using tributary::test::kSf;

class DrawingEditorTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        document_ = std::make_unique<DesktopDocument>();
        selection_ = std::make_unique<Selection>();
        editor_ = std::make_unique<DrawingEditor>(*document_, *selection_);
        document_->createNew();
    }
    void cleanup() {
        document_->close();
        editor_.reset();
        document_.reset();
    }

    void drawsFromNothing() {
        QVERIFY(editor_->addCluster({}, "sf").valid());
        QVERIFY(editor_->addCluster({}, "ny").valid());
        QVERIFY(editor_->addGateway("ny").valid());
        const ItemRef source = editor_->addDataset("sf", DatasetKind::BinaryTable, "t");
        const ItemRef target = editor_->addDataset("ny", DatasetKind::BinaryTable, "t");
        QCOMPARE(source.a, std::string("/mapr/sf/t"));
        QVERIFY(document_->topology().dataset(source.a)->exists);
        QVERIFY(!document_->topology().dataset(target.a)->exists);  // the second of a name is most likely a replica
        QVERIFY(editor_->connectDatasets(source.a, target.a, LinkHalves::Replica));
        QVERIFY(document_->topology().replica(source.a, target.a) != nullptr);
        QVERIFY(document_->topology().upstream(target.a, source.a) == nullptr);
        QCOMPARE(selection_->single(), linkRef(source.a, target.a));
    }

    void whatThePaletteDrawsOfOtherSystemsCanBeMadeReal() {
        const ItemRef set = editor_->addClusterOf("tarantool");
        QVERIFY(set.valid());
        QVERIFY(editor_->addMember(set.a).valid());
        QVERIFY(editor_->addDataset(set.a, DatasetKind::Space).valid());
        const ItemRef first = editor_->addClusterOf("voltdb");
        const ItemRef second = editor_->addClusterOf("voltdb");
        QVERIFY(first.valid() && second.valid() && first != second);
        QVERIFY(editor_->addDataset(first.a, DatasetKind::DrTable, "votes").valid());
        QVERIFY(editor_->addDataset(second.a, DatasetKind::DrTable, "votes").valid());
        QVERIFY(editor_->addConnection(second.a, first.a, false));
        for (const Finding& each : checkTopology(document_->topology())) {
            QVERIFY2(each.severity != Severity::Error, (each.rule + ": " + each.reason).c_str());
        }
        const Cluster& drawn = *document_->topology().cluster(set.a);
        QVERIFY(drawn.members.size() == 2 && drawn.members[0].listen != drawn.members[1].listen);
        QVERIFY(document_->topology().cluster(first.a)->id != document_->topology().cluster(second.a)->id);
        QSignalSpy refused(editor_.get(), &DrawingEditor::failed);
        QVERIFY(!editor_->addDataset(set.a, DatasetKind::DrTable).valid());  // of another system
        QVERIFY(!editor_->addMember(first.a).valid());
        QVERIFY(!editor_->addConnection(second.a, first.a, false));
        QCOMPARE(refused.count(), 3);
    }

    void judgesTargets() {
        editor_->addCluster({}, "sf");
        editor_->addGateway("sf");
        editor_->addCluster({}, "ny");
        editor_->addGateway("ny");
        editor_->addGateway("ny");
        const std::string table = editor_->addDataset("sf", DatasetKind::BinaryTable).a;
        const std::string same = editor_->addDataset("ny", DatasetKind::BinaryTable).a;
        const std::string stream = editor_->addDataset("ny", DatasetKind::Stream).a;
        const Topology& topology = document_->topology();
        QVERIFY(topology.dataset(table)->exists && !topology.dataset(stream)->exists);  // streams are not realised
        QVERIFY(judgeLink(topology, table, same, LinkHalves::Replica).verdict == LinkVerdict::Legal);
        const LinkJudgement kinds = judgeLink(topology, table, stream, LinkHalves::Replica);
        QVERIFY(kinds.verdict == LinkVerdict::Refused);
        QVERIFY(kinds.text.find("[maprdb.kind-mismatch]") != std::string::npos);
        QVERIFY(kinds.text.find("fix: ") != std::string::npos);
        QVERIFY(judgeLink(topology, table, table, LinkHalves::Replica).verdict == LinkVerdict::Refused);
        QSignalSpy failed(editor_.get(), &DrawingEditor::failed);
        QVERIFY(!editor_->connectDatasets(table, stream, LinkHalves::Both));
        QCOMPARE(failed.size(), 1);
        QVERIFY(topology.replicas.empty());
    }

    void linksInBulk_data() {
        QTest::addColumn<int>("how");
        QTest::addColumn<int>("links");
        QTest::newRow("mesh") << static_cast<int>(DrawingEditor::Bulk::Mesh) << 12;
        QTest::newRow("ring") << static_cast<int>(DrawingEditor::Bulk::Ring) << 4;
        QTest::newRow("all to the last") << static_cast<int>(DrawingEditor::Bulk::AllToLast) << 3;
    }
    void linksInBulk() {
        QFETCH(const int, how);
        QFETCH(const int, links);
        std::vector<std::string> datasets;
        for (const char* name : {"a", "b", "c", "d"}) {
            editor_->addCluster({}, name);
            datasets.push_back(editor_->addDataset(name, DatasetKind::BinaryTable, "t").a);
        }
        const int steps = document_->undoStack().count();
        QVERIFY(editor_->connectMany(datasets, static_cast<DrawingEditor::Bulk>(how)));
        QCOMPARE(document_->topology().replicas.size(), static_cast<std::size_t>(links));
        QCOMPARE(document_->topology().upstreams.size(), static_cast<std::size_t>(links));
        QCOMPARE(document_->undoStack().count(), steps + 1);
    }

    void copiesAsTextAndPastesWithFreeNames() {
        ExampleFolder folder;
        QVERIFY_OK(document_->open(folder.path()));
        const std::string text = editor_->copyAsText({clusterRef("sanfrancisco"), clusterRef("newyork")});
        const Result<Topology> copied = parseTopology(text, "clipboard");
        QVERIFY_OK(copied);
        QCOMPARE(copied->replicas.size(), std::size_t{2});
        QVERIFY(editor_->paste(text, {}, u"Paste"_s));
        const Topology topology = document_->topology();
        QCOMPARE(topology.clusters.size(), std::size_t{4});
        QVERIFY(topology.replica("/mapr/sanfrancisco-2/customers", "/mapr/newyork-2/customers") != nullptr);
        QVERIFY(topology.wanBetween("sanfrancisco-2", "newyork-2") != nullptr);
        document_->undoStack().undo();
        QCOMPARE(document_->topology().clusters.size(), std::size_t{2});
    }

    void refusesAForeignClipboard() {
        QSignalSpy failed(editor_.get(), &DrawingEditor::failed);
        const std::string before = document_->text();
        QVERIFY(!editor_->paste("dear diary", {}, u"Paste"_s));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(document_->text(), before);
    }

    void removesWhatCannotStandAlone() {
        ExampleFolder folder;
        QVERIFY_OK(document_->open(folder.path()));
        QVERIFY(editor_->remove({datasetRef(kNy), linkRef(kSf, kNy)}));
        QVERIFY(document_->topology().replicas.empty());
        QVERIFY(document_->topology().upstreams.empty());
        QCOMPARE(document_->undoStack().count(), 1);
        document_->undoStack().undo();
        QCOMPARE(document_->topology().upstreams.size(), std::size_t{2});
    }

    void refusesNamesThatBreakPaths() {
        editor_->addCluster({}, "sf");
        QSignalSpy failed(editor_.get(), &DrawingEditor::failed);
        QVERIFY(!editor_->rename(clusterRef("sf"), "san francisco"));
        editor_->addCluster({}, "ny");
        QVERIFY(!editor_->rename(clusterRef("sf"), "ny"));
        QCOMPARE(failed.size(), 2);
        QVERIFY(document_->topology().cluster("sf") != nullptr);
    }

private:
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<Selection> selection_;
    std::unique_ptr<DrawingEditor> editor_;
};
TRIBUTARY_TEST(DrawingEditorTest)
#include "tst_drawingeditor.moc"
