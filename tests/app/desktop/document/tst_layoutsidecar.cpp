// layout.yaml: read, written, refused.
#include "app/desktop/document/layoutsidecar.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::desktop;

class LayoutSidecarTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatItWrites() {
        LayoutSidecar layout;
        layout[clusterRef("sf")] = {-40, 8, true, true};
        layout[clusterRef("name: with colon")] = {0, 0};
        layout[datasetRef("/mapr/sf/t")] = {16, 56};
        const std::string text = writeLayout(layout);
        const Result<LayoutSidecar> back = parseLayout(text, "layout.yaml");
        QVERIFY_OK(back);
        QVERIFY(*back == layout);
        QCOMPARE(writeLayout(*back), text);
    }
    void keepsRegionsBendsAndNotes() {
        LayoutSidecar layout;
        layout[clusterRef("sf")] = {1, 2};
        QVERIFY(writeLayout(layout).find("tributary-layout: 1\n") != std::string::npos);  // older programs read it
        layout[regionRef("west")].collapsed = true;
        layout[linkRef("/mapr/sf/t", "/mapr/ny/t")].bends = {{10, -20}, {30, 40}};
        Placement note;
        note.x = 5;
        note.y = -6;
        note.width = 240;
        note.text = "two lines:\n\"quoted\", #not a comment";
        layout[noteRef("note-1")] = note;
        const std::string text = writeLayout(layout);
        QVERIFY(text.find("tributary-layout: 2\n") != std::string::npos);
        const Result<LayoutSidecar> back = parseLayout(text, "layout.yaml");
        QVERIFY_OK(back);
        QVERIFY(*back == layout);
        QCOMPARE(writeLayout(*back), text);
    }
    void refuses_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("no version") << "clusters: {}";
        QTest::newRow("newer") << "tributary-layout: 3";
        QTest::newRow("half a bend") << "tributary-layout: 2\nlinks: [{from: a, to: b, bends: [[1]]}]";
        QTest::newRow("a link without bends") << "tributary-layout: 2\nlinks: [{from: a, to: b}]";
        QTest::newRow("a note without a text") << "tributary-layout: 2\nnotes: {a: {x: 1, y: 2}}";
        QTest::newRow("a wide note") << "tributary-layout: 2\nnotes: {a: {x: 1, y: 2, width: 9000, text: t}}";
        QTest::newRow("a region with a place") << "tributary-layout: 2\nregions: {a: {x: 1}}";
        QTest::newRow("unknown key") << "tributary-layout: 1\nboxes: {}";
        QTest::newRow("unknown place") << "tributary-layout: 1\nclusters:\n  a: {x: 1, y: 2, z: 3}";
        QTest::newRow("fraction") << "tributary-layout: 1\nclusters:\n  a: {x: 1.5, y: 2}";
    }
    void refuses() {
        QFETCH(const QString, text);
        const Result<LayoutSidecar> read = parseLayout(text.toStdString(), "layout.yaml");
        QVERIFY(!read.ok());
        QVERIFY(read.error().where.starts_with("layout.yaml:"));
    }
};
TRIBUTARY_TEST(LayoutSidecarTest)
#include "tst_layoutsidecar.moc"
