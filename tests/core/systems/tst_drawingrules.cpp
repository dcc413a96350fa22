// What is judged by whose rules: a name of a shape that nobody knows is nobody's, and no longer MapR-DB's.
#include <set>

#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

std::set<std::string> rulesBrokenBy(const std::string& text) {
    const Result<Topology> topology = parseTopology(text, "drawing");
    if (!topology) return {topology.error().text()};
    std::set<std::string> out;
    for (const Finding& each : checkTopology(*topology)) out.insert(each.rule);
    return out;
}

}  // namespace

class TestDrawingRules : public QObject {
    Q_OBJECT
private slots:
    void judgesAnEdgeByTheSystemOfItsEnds_data() {
        QTest::addColumn<QString>("end");
        QTest::addColumn<QStringList>("rules");
        // The cluster is not drawn: the form alone says whose it is.
        QTest::newRow("a path of an unknown cluster")
            << QStringLiteral("/mapr/tokyo/t")
            << QStringList{QStringLiteral("maprdb.edge-dataset-missing"), QStringLiteral("maprdb.upstream-missing")};
        QTest::newRow("a name of no path")
            << QStringLiteral("tokyo:t") << QStringList{QStringLiteral("maprdb.path-not-global")};
        QTest::newRow("a name in another system's cluster")
            << QStringLiteral("berlin:t") << QStringList{QStringLiteral("maprdb.edge-across-systems")};
    }
    void judgesAnEdgeByTheSystemOfItsEnds() {
        QFETCH(QString, end);
        QFETCH(QStringList, rules);
        std::string text = "tributary: 1\nclusters:\n  sf: {gateways: [a, b]}\n";
        if (end.startsWith(QStringLiteral("berlin"))) text += "  berlin: {system: voltdb, members: {b1: {}}}\n";
        text +=
            "datasets:\n  /mapr/sf/t: {kind: binary-table, exists: true}\nreplicas:\n  - {from: /mapr/sf/t, to: \"" +
            end.toStdString() + "\"}\n";
        std::set<std::string> expected;
        for (const QString& rule : rules) expected.insert(rule.toStdString());
        QCOMPARE(rulesBrokenBy(text), expected);
    }

    void anUnknownClusterIsDrawnAsItsSystem() {
        const Result<Topology> topology =
            parseTopology("tributary: 1\ndatasets:\n  /mapr/tokyo/t: {kind: binary-table}\n", "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.cluster-unknown");
        QCOMPARE(found.size(), std::size_t{1});
        Topology mended = *topology;
        QVERIFY_OK(found.front().edit->apply(mended));
        QCOMPARE(mended.clusters.front().system, std::string("maprdb"));
    }
};
TRIBUTARY_TEST(TestDrawingRules)
#include "tst_drawingrules.moc"
