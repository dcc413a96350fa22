// Layouts and routes: pure geometry.
#include <QSet>

#include "app/desktop/canvas/exporter.h"
#include "app/desktop/canvas/layouts.h"
#include "app/desktop/canvas/linkrouter.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

Q_DECLARE_METATYPE(tributary::desktop::LayoutKind)

class LayoutsTest : public QObject {
    Q_OBJECT
private slots:
    void nobodyStandsOnAnother_data() {
        QTest::addColumn<LayoutKind>("kind");
        QTest::newRow("layered") << LayoutKind::Layered;
        QTest::newRow("ring") << LayoutKind::Ring;
        QTest::newRow("radial") << LayoutKind::Radial;
        QTest::newRow("force") << LayoutKind::Force;
    }
    void nobodyStandsOnAnother() {
        QFETCH(const LayoutKind, kind);
        std::vector<LayoutBox> boxes(23, LayoutBox{QSizeF(240, 160), QPointF(), false});
        boxes[7].fixed = true;
        boxes[7].place = QPointF(111, 57);
        std::vector<LayoutEdge> edges;
        for (std::size_t i = 0; i < boxes.size(); ++i) edges.emplace_back(i, (i * 5 + 1) % boxes.size());
        const std::vector<QPointF> at = layoutBoxes(kind, boxes, edges);
        QCOMPARE(at.size(), boxes.size());
        QCOMPARE(at[7], QPointF(111, 57));  // pinned
        for (std::size_t i = 0; i < at.size(); ++i) {
            for (std::size_t j = i + 1; j < at.size(); ++j) {
                QVERIFY2(!QRectF(at[i], boxes[i].size).intersects(QRectF(at[j], boxes[j].size)),
                         qPrintable(u"%1 and %2"_s.arg(i).arg(j)));
            }
        }
        QVERIFY(layoutBoxes(kind, boxes, edges) == at);
    }
    void layeredFollowsTheFlow() {
        const std::vector<LayoutBox> boxes(3, LayoutBox{QSizeF(240, 160), QPointF(), false});
        const std::vector<QPointF> at = layoutBoxes(LayoutKind::Layered, boxes, {{2, 0}, {0, 1}});
        QVERIFY(at[2].x() < at[0].x() && at[0].x() < at[1].x());
    }
    void bothDirectionsHaveLanesOfTheirOwn() {
        const QRectF left(0, 0, 200, 50);
        const QRectF right(500, 0, 200, 50);
        const auto routes = routeLinks({{linkRef("a", "b"), left, right}, {linkRef("b", "a"), right, left}});
        QVERIFY(routes[0].from.at.y() != routes[1].to.at.y());
        QCOMPARE(routes[0].from.at.y(), routes[0].to.at.y());
        QCOMPARE(routes[1].from.at.y(), routes[1].to.at.y());
        QCOMPARE(routes[0].from.at.x(), left.right());
        QCOMPARE(routes[0].to.at.x(), right.left());
    }
    void mermaidTellsWhatIsMissing() {
        Topology topology;
        topology.clusters.resize(1);
        topology.clusters[0].name = "sf";
        topology.datasets.resize(2);
        topology.datasets[0].path = "/mapr/sf/a";
        topology.datasets[1].path = "/mapr/sf/b";
        topology.replicas.resize(1);
        topology.replicas[0].from = "/mapr/sf/a";
        topology.replicas[0].to = "/mapr/sf/b";
        const QString text = QString::fromStdString(mermaidText(topology));
        QVERIFY(text.startsWith(u"flowchart LR\n"));
        QVERIFY(text.contains(u"d1 -. upstream missing .-> d2"));
        topology.upstreams.push_back({"/mapr/sf/b", "/mapr/sf/a", {}});
        QVERIFY(QString::fromStdString(mermaidText(topology)).contains(u"d1 --> d2"));
    }
};
TRIBUTARY_TEST(LayoutsTest)
#include "tst_layouts.moc"
