// Multi-master: how long delete markers must live, and whose offsets collide.
#include "core/systems/maprdb/rules/context.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

class TestMasters : public QObject {
    Q_OBJECT
private slots:
    void deletettlMustOutliveTheDrawnOutage_data() {
        QTest::addColumn<QString>("ttl");
        QTest::addColumn<QString>("outage");
        QTest::addColumn<int>("severity");  // -1: nothing found
        const auto row = [](const char* ttl, const char* outage, int severity) {
            QTest::addRow("%s against %s", ttl, outage)
                << QString::fromUtf8(ttl) << QString::fromUtf8(outage) << severity;
        };
        row("7d", "1d", -1);
        row("86401", "1d", -1);
        row("1d", "1d", static_cast<int>(Severity::Error));
        row("1h", "1d", static_cast<int>(Severity::Error));
        row("1h", "0", -1);
        row("30m", "0", static_cast<int>(Severity::Warning));
        row("0", "0", static_cast<int>(Severity::Error));
    }
    void deletettlMustOutliveTheDrawnOutage() {
        QFETCH(QString, ttl);
        QFETCH(QString, outage);
        QFETCH(int, severity);
        std::string text = replaced(std::string(kGoodDrawing), "outage: 1d", "outage: " + outage.toStdString());
        text = replaced(text, "exists: true, deletettl: 7d", "exists: true, deletettl: " + ttl.toStdString());
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.deletettl-too-small");
        QCOMPARE(found.empty(), severity < 0);
        if (severity >= 0) QCOMPARE(static_cast<int>(found.front().severity), severity);
    }

    void oneDirectionNeedsNoDeletettl() {
        std::string text = replaced(std::string(kGoodDrawing), "  - {from: /mapr/ny/t, to: /mapr/sf/t}\n", "");
        text = replaced(text, "  - {at: /mapr/sf/t, from: /mapr/ny/t}\n", "");
        text = replaced(text, "exists: true, deletettl: 7d", "exists: true");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = checkTopology(*topology);
        QCOMPARE(found.size(), std::size_t{1});  // the outage against our own default
        QCOMPARE(found.front().rule, std::string("maprdb.horizon-near"));
        QCOMPARE(found.front().severity, Severity::Info);
    }

    void anOutageNearDeletettlIsToldWithItsFigures_data() {
        QTest::addColumn<QString>("ttl");
        QTest::addColumn<QString>("outage");
        QTest::addColumn<int>("severity");  // -1: nothing found
        QTest::addColumn<QString>("says");
        QTest::newRow("far") << "7d"
                             << "5d" << -1 << "";
        QTest::newRow("near") << "10h"
                              << "8h" << static_cast<int>(Severity::Warning)
                              << "the network may be cut for 8h, and delete markers of /mapr/sf/t live 10h: "
                                 "VOLUME_ALARM_TABLE_REPL_ERROR tells from 8h on, and after 10h deleted rows may come "
                                 "back at /mapr/ny/t for good";
        QTest::newRow("beyond") << "10h"
                                << "10h" << static_cast<int>(Severity::Error) << "live 10h";
        QTest::newRow("no markers") << "0"
                                    << "10h" << -1 << "";
    }
    void anOutageNearDeletettlIsToldWithItsFigures() {
        QFETCH(QString, ttl);
        QFETCH(QString, outage);
        QFETCH(int, severity);
        QFETCH(QString, says);
        std::string text = replaced(std::string(kGoodDrawing), "  - {from: /mapr/ny/t, to: /mapr/sf/t}\n", "");
        text = replaced(text, "  - {at: /mapr/sf/t, from: /mapr/ny/t}\n", "");
        text = replaced(text, "outage: 1d", "outage: " + outage.toStdString());
        text = replaced(text, "exists: true, deletettl: 7d", "exists: true, deletettl: " + ttl.toStdString());
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.horizon-near");
        QCOMPARE(found.empty(), severity < 0);
        if (severity < 0) return;
        QCOMPARE(static_cast<int>(found.front().severity), severity);
        QVERIFY2(found.front().reason.find(says.toStdString()) != std::string::npos, found.front().reason.c_str());
        QVERIFY(found.front().edit != nullptr);
    }

    void aPauseIsToldWithItsFigures() {
        const std::string text = replaced(std::string(kGoodDrawing), "- {from: /mapr/sf/t, to: /mapr/ny/t}",
                                          "- {from: /mapr/sf/t, to: /mapr/ny/t, paused: true}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.paused-drawn");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY2(found.front().reason.find("delete markers of /mapr/sf/t live 7d") != std::string::npos,
                 found.front().reason.c_str());
        QVERIFY(found.front().reason.find("after 7d deleted rows may come back at /mapr/ny/t") != std::string::npos);
    }

    void aRingOfThreeIsOneLoop() {
        Topology topology;
        for (const char* path : {"/mapr/a/t", "/mapr/b/t", "/mapr/c/t"}) {
            Dataset dataset;
            dataset.path = path;
            topology.datasets.push_back(dataset);
        }
        const std::vector<std::pair<int, int>> ring{{0, 1}, {1, 2}, {2, 0}};
        for (const auto& [from, to] : ring) {
            Replica replica;
            replica.from = topology.datasets[static_cast<std::size_t>(from)].path;
            replica.to = topology.datasets[static_cast<std::size_t>(to)].path;
            topology.replicas.push_back(replica);
        }
        const CheckOptions options;
        const RuleContext allDrawn(topology, options);
        const maprdb::Context whole(allDrawn);
        QVERIFY(whole.inOneLoop("/mapr/a/t", "/mapr/c/t"));
        topology.replicas.pop_back();
        const RuleContext partDrawn(topology, options);
        const maprdb::Context chain(partDrawn);
        QVERIFY(!chain.inOneLoop("/mapr/a/t", "/mapr/c/t"));
        QVERIFY(chain.reaches("/mapr/a/t", "/mapr/c/t"));
        QVERIFY(!chain.isMaster("/mapr/b/t"));
    }

    void topicsCollideWhereTwoSourcesMeet() {
        const std::string text = R"(tributary: 1
clusters:
  sf: {gateways: [g1, g2]}
datasets:
  /mapr/sf/a: {kind: stream, topics: [clicks], exists: true}
  /mapr/sf/b: {kind: stream, topics: [clicks], exists: true}
  /mapr/sf/all: {kind: stream, exists: true}
replicas:
  - {from: /mapr/sf/a, to: /mapr/sf/all}
  - {from: /mapr/sf/b, to: /mapr/sf/all}
)";
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.stream-topic-collision");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].reason.find("/mapr/sf/all") != std::string::npos);
        const Result<Topology> apart = parseTopology(replaced(text, "[clicks]", "[clicks-a]"), "drawing");
        QVERIFY_OK(apart);
        QVERIFY(findingsOf(checkTopology(*apart), "maprdb.stream-topic-collision").empty());
    }

    void aReplicaDrawsTheTopicsOfItsSource() {
        const std::string text = R"(tributary: 1
clusters:
  sf: {gateways: [g1, g2]}
datasets:
  /mapr/sf/a: {kind: stream, topics: [clicks], exists: true}
  /mapr/sf/b: {kind: stream, topics: [clicks], exists: true}
  /mapr/sf/c: {kind: stream, topics: [clicks], exists: true}
  /mapr/sf/d: {kind: stream, topics: [clicks], exists: true}
replicas:
  - {from: /mapr/sf/a, to: /mapr/sf/b}
  - {from: /mapr/sf/a, to: /mapr/sf/c}
  - {from: /mapr/sf/b, to: /mapr/sf/d}
  - {from: /mapr/sf/c, to: /mapr/sf/d}
)";
        const Result<Topology> oneWay = parseTopology(text, "drawing");
        QVERIFY_OK(oneWay);
        QVERIFY(findingsOf(checkTopology(*oneWay), "maprdb.stream-topic-collision").empty());
        const Result<Topology> twoWays = parseTopology(text + "  - {from: /mapr/sf/b, to: /mapr/sf/a}\n", "drawing");
        QVERIFY_OK(twoWays);
        const auto found = findingsOf(checkTopology(*twoWays), "maprdb.stream-topic-collision");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].reason.find("at /mapr/sf/a and /mapr/sf/b") != std::string::npos);
    }

    void manyToOneIsMendedByOneStreamForEachSource() {
        const std::string text = R"(tributary: 1
clusters:
  sanfrancisco: {gateways: [g1, g2]}
  newyork: {gateways: [g3, g4]}
  singapore: {gateways: [g5, g6]}
datasets:
  /mapr/sanfrancisco/activity: {kind: stream, topics: [topic_1], exists: true}
  /mapr/newyork/activity: {kind: stream, topics: [topic_1], exists: true}
  /mapr/singapore/activity: {kind: stream, exists: true}
replicas:
  - {from: /mapr/sanfrancisco/activity, to: /mapr/singapore/activity}
  - {from: /mapr/newyork/activity, to: /mapr/singapore/activity}
upstreams:
  - {at: /mapr/singapore/activity, from: /mapr/sanfrancisco/activity}
  - {at: /mapr/singapore/activity, from: /mapr/newyork/activity}
)";
        Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.stream-topic-collision");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].edit != nullptr);
        const Topology before = *topology;
        const auto undo = found[0].edit->apply(*topology);
        QVERIFY_OK(undo);
        QVERIFY(findingsOf(checkTopology(*topology), "maprdb.stream-topic-collision").empty());
        QVERIFY(findingsOf(checkTopology(*topology), "maprdb.upstream-missing").empty());
        QVERIFY(topology->dataset("/mapr/singapore/activity") == nullptr);
        for (const char* made : {"/mapr/singapore/activity_sanfrancisco", "/mapr/singapore/activity_newyork"}) {
            QVERIFY2(topology->dataset(made) != nullptr, made);
            QCOMPARE(topology->dataset(made)->topics, std::vector<std::string>{"topic_1"});
        }
        QVERIFY_OK((*undo)->apply(*topology));
        QVERIFY(*topology == before);
    }
};
TRIBUTARY_TEST(TestMasters)
#include "tst_masters.moc"
