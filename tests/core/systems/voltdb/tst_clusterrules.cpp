// What the rules of VoltDB find, and what they leave alone.
#include <fmt/format.h>

#include "core/systems/voltdb/vocabulary.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

std::vector<Finding> voltFindings(const std::string& text) {
    const Result<Topology> topology = parseTopology(text, "drawing");
    return topology ? checkTopology(*topology) : std::vector<Finding>{Finding{}};
}

std::string voltRules(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& each : findings) {
        if (each.rule != "engine.hosts-not-built") out += (out.empty() ? "" : " ") + each.rule;
    }
    return out;
}

/// A master and a replica with one table each.
std::string voltPair(const std::string& producer, const std::string& consumer) {
    return "tributary: 1\nclusters:\n"
           "  east: {system: voltdb, id: 1, members: {e1: {}}, command-log: synchronous, overflow-limit: '80%'}\n"
           "  west: {system: voltdb, id: 2, role: replica, members: {w1: {}}, command-log: synchronous}\n"
           "datasets:\n  east:t: {kind: dr-table, " +
           producer + "}\n  west:t: {kind: dr-table, " + consumer + "}\nconnections:\n  - {at: west, from: east}\n";
}

}  // namespace

class TestVoltClusterRules : public QObject {
    Q_OBJECT
private slots:
    void goodDrawingsAreLeftAlone() {
        QCOMPARE(voltRules(voltFindings(std::string(kGoodPassive))), std::string());
        QCOMPARE(voltRules(voltFindings(std::string(kGoodActive))), std::string());
        const auto all = voltFindings(std::string(kGoodActive));
        QVERIFY(all.empty());
    }

    void aClusterAloneNeedsNoId() {
        QCOMPARE(voltRules(voltFindings("tributary: 1\nclusters:\n  e: {system: voltdb, members: {e1: {}}}\n")),
                 std::string());
    }

    void groupsMayUseTheSameIds() {
        std::string text(kGoodPassive);
        text = replaced(text, "datasets:\n",
                        "  n: {system: voltdb, id: 1, members: {n1: {}}, command-log: synchronous, overflow-limit: "
                        "'80%'}\n  s: {system: voltdb, id: 2, role: replica, members: {s1: {}}, command-log: "
                        "synchronous}\ndatasets:\n  n:t: {kind: dr-table}\n  s:t: {kind: dr-table}\n");
        QCOMPARE(voltRules(voltFindings(text + "  - {at: s, from: n}\n")), std::string());
    }

    void onlyGroupsOfThreeCannotDoWithoutCommandLogs() {
        const auto two = findingsOf(
            voltFindings(replaced(std::string(kGoodPassive), "command-log: synchronous", "command-log: off")),
            "voltdb.command-log-off");
        QCOMPARE(two.size(), std::size_t{1});
        QVERIFY(two.front().severity == Severity::Warning);
        const auto three =
            findingsOf(voltFindings(replaced(std::string(kGoodActive), "command-log: synchronous", "command-log: off")),
                       "voltdb.command-log-off");
        QCOMPARE(three.size(), std::size_t{1});
        QVERIFY(three.front().severity == Severity::Error);
        QVERIFY(three.front().pos == (SourcePos{3, 3}));
    }

    void asynchronousIsTheDefaultAndIsWarnedOf() {
        const auto found =
            findingsOf(voltFindings(replaced(std::string(kGoodPassive),
                                             "role: replica, members: {w1: {}}, command-log: synchronous",
                                             "role: replica, members: {w1: {}}")),
                       "voltdb.command-log-asynchronous");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found.front().where, std::string("cluster west"));
        QVERIFY(found.front().reason.find("(the default)") != std::string::npos);
    }

    void aChainOfActiveClustersIsAMesh() {
        // c names b alone, and still gets what a sends.
        std::string text =
            replaced(std::string(kGoodActive),
                     "  c:t: {kind: dr-table, format: [[id, bigint], [n, integer]], primary: [id]}\n", "");
        const auto found = findingsOf(voltFindings(text), "voltdb.table-missing");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found.front().where, std::string("cluster c"));
    }

    void oneDifferenceIsToldOnce() {
        std::string text =
            replaced(std::string(kGoodActive), "b:t: {kind: dr-table, format: [[id, bigint], [n, integer]]",
                     "b:t: {kind: dr-table, format: [[id, bigint], [n, bigint]]");
        QCOMPARE(voltRules(voltFindings(text)),
                 std::string("voltdb.schema-differs voltdb.schema-differs"));  // a-b, b-c
    }

    void tablesAreComparedAsTheSystemDoes_data() {
        QTest::addColumn<QString>("producer");
        QTest::addColumn<QString>("consumer");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* producer, const char* consumer, const char* reason) {
            QTest::newRow(name) << QString::fromUtf8(producer) << QString::fromUtf8(consumer)
                                << QString::fromUtf8(reason);
        };
        row("the same", "format: [[a, bigint]], primary: [a]", "format: [[a, bigint]], primary: [a]", "");
        row("not drawn", "primary: [a]", "format: [[a, bigint]], primary: [a]", "");
        row("indexes in another order", "unique: [a, 'b, a']", "unique: ['b,a', a]", "");
        row("a size", "format: [[a, varchar(8)]]", "format: [[a, varchar(9)]]",
            "column 1 is a varchar(9) here and a varchar(8) there");
        row("null", "format: [{name: a, type: bigint, nullable: true}]", "format: [[a, bigint]]",
            "column 1 is a bigint here and a bigint (may be null) there");
        row("the order", "format: [[a, bigint], [b, bigint]]", "format: [[b, bigint], [a, bigint]]",
            "column 1 is b bigint here and a bigint there");
        row("a column less at the consumer", "format: [[a, bigint], [c2, bigint]]", "format: [[a, bigint]]",
            "Missing Column{C2} from Table{T} on local cluster");
        row("a column less at the producer", "format: [[a, bigint]]", "format: [[a, bigint], [c2, bigint]]",
            "Missing Column{C2} from Table{T} on remote cluster 1");
        row("partitioning", "partition: a", "primary: []", "its partitioning column is none here and a there");
        row("the key's order", "primary: [a, b]", "primary: [b, a]", "its primary key is (b, a) here and (a, b) there");
        row("an index more", "unique: [a]", "unique: [a, b]", "its unique indexes are not the same");
        row("columns of an index", "unique: ['a, b']", "unique: ['b, a']", "its unique indexes are not the same");
    }
    void tablesAreComparedAsTheSystemDoes() {
        QFETCH(QString, producer);
        QFETCH(QString, consumer);
        QFETCH(QString, reason);
        const auto all = voltFindings(voltPair(producer.toStdString(), consumer.toStdString()));
        QVERIFY(voltRules(all).find("drawing") == std::string::npos);
        const auto found = findingsOf(all, "voltdb.schema-differs");
        QCOMPARE(found.empty(), reason.isEmpty());
        if (found.empty()) return;
        QVERIFY2(QString::fromStdString(found.front().reason).contains(reason), found.front().reason.c_str());
    }

    void extraTablesOfAConsumerAreItsOwn() {
        std::string text = voltPair("primary: [a]", "primary: [a]");
        text = replaced(text, "connections:", "  west:own: {kind: dr-table, data: true}\nconnections:");
        QCOMPARE(voltRules(voltFindings(text)), std::string("voltdb.data-twice"));
    }

    void theFirstActiveClusterMayHaveData() {
        const std::string filled = "b:t: {kind: dr-table, data: true, format";
        const auto found =
            findingsOf(voltFindings(replaced(std::string(kGoodActive), "b:t: {kind: dr-table, format", filled)),
                       "voltdb.data-twice");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found.front().where, std::string("b:t"));
    }

    void flushIntervals_data() {
        QTest::addColumn<QString>("interval");
        QTest::addColumn<int>("severity");  // -1: nothing to say
        QTest::newRow("the default") << QStringLiteral("1s") << -1;
        QTest::newRow("below the least that settings take")
            << QStringLiteral("999ms") << static_cast<int>(Severity::Warning);
        QTest::newRow("the least") << QStringLiteral("20ms") << static_cast<int>(Severity::Warning);
        QTest::newRow("refused") << QStringLiteral("19ms") << static_cast<int>(Severity::Error);
        QTest::newRow("zero") << QStringLiteral("0ms") << static_cast<int>(Severity::Error);
    }
    void flushIntervals() {
        QFETCH(QString, interval);
        const auto found = findingsOf(voltFindings(replaced(std::string(kGoodPassive), "id: 1,",
                                                            "id: 1, flush-interval: " + interval.toStdString() + ",")),
                                      "voltdb.flush-interval");
        QTEST(found.empty() ? -1 : static_cast<int>(found.front().severity), "severity");
    }

    void partitionsAreCounted_data() {
        QTest::addColumn<int>("hosts");
        QTest::addColumn<int>("sites");
        QTest::addColumn<int>("kfactor");
        QTest::addColumn<int>("partitions");  // 0: none
        QTest::newRow("one host") << 1 << 8 << 0 << 8;
        QTest::newRow("a copy each") << 2 << 8 << 1 << 8;
        QTest::newRow("three hosts") << 3 << 4 << 1 << 6;
        QTest::newRow("uneven") << 3 << 3 << 1 << 0;
        QTest::newRow("no host") << 0 << 8 << 0 << 0;
    }
    void partitionsAreCounted() {
        QFETCH(int, hosts);
        QFETCH(int, sites);
        QFETCH(int, kfactor);
        Cluster cluster;
        for (int i = 0; i < hosts; ++i) cluster.members.emplace_back().name = fmt::format("h{}", i);
        cluster.sitesPerHost = sites;
        cluster.kfactor = kfactor;
        QTEST(static_cast<int>(voltdb::partitionsOf(cluster).value_or(0)), "partitions");
    }

    void allIdsTakenLeavesNoFix() {
        Topology topology;
        for (int i = 0; i <= 128; ++i) {
            Cluster& cluster = topology.clusters.emplace_back();
            cluster.name = fmt::format("c{}", i);
            cluster.system = "voltdb";
            cluster.role = "xdcr";
            if (i < 128) cluster.id = i;
        }
        const auto found = findingsOf(checkTopology(topology), "voltdb.id-missing");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found.front().edit == nullptr);
    }
};
TRIBUTARY_TEST(TestVoltClusterRules)
#include "tst_clusterrules.moc"
