// What the rules of replica sets find, and what they leave alone.
#include <fmt/format.h>

#include <set>

#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

std::string peersOf(const std::vector<std::string>& edges) {
    std::string out = "peers:\n";
    for (const std::string& edge : edges) {
        out += fmt::format("  - {{at: rs/{}, from: rs/{}}}\n", edge.substr(0, 2), edge.substr(2));
    }
    return out;
}

/// Three instances of which `writers` write, with these peers ("i1i2": i1 follows i2).
std::string threeInstances(const std::set<std::string>& writers, const std::vector<std::string>& edges) {
    std::string out = "tributary: 1\nclusters:\n  rs:\n    system: tarantool\n    members:\n";
    for (int i = 1; i <= 3; ++i) {
        out += fmt::format("      i{}: {{mode: {}, listen: '127.0.0.1:330{}'}}\n", i,
                           writers.contains(fmt::format("i{}", i)) ? "rw" : "ro", i);
    }
    out += "    users: {replicator: {roles: [replication]}}\n";
    return edges.empty() ? out : out + peersOf(edges);
}

std::vector<Finding> checked(const std::string& text) {
    const Result<Topology> topology = parseTopology(text, "drawing");
    return topology ? checkTopology(*topology) : std::vector<Finding>{};
}

}  // namespace

class TestReplicaSetRules : public QObject {
    Q_OBJECT
private slots:
    void aGoodReplicaSetBreaksNothing() {
        const auto findings = checked(std::string(kGoodReplicaSet));
        QCOMPARE(findings.size(), std::size_t{0});
    }

    void whoDoesNotHearOfWhomIsSaid_data() {
        QTest::addColumn<QString>("edges");
        QTest::addColumn<int>("warnings");
        QTest::addColumn<int>("errors");
        const auto row = [](const char* name, const char* edges, int warnings, int errors) {
            QTest::newRow(name) << QString::fromUtf8(edges) << warnings << errors;
        };
        row("no peers: everybody follows everybody", "", 0, 0);
        row("all six", "i1i2 i1i3 i2i1 i2i3 i3i1 i3i2", 0, 0);
        row("a ring reaches all", "i1i2 i2i3 i3i1", 3, 0);
        // i1 writes and nobody hears of it: two errors; the rest is whole.
        row("nobody follows the writer", "i1i2 i1i3 i2i3 i3i2", 0, 2);
        row("a chain", "i2i1 i3i2", 4, 0);
    }
    void whoDoesNotHearOfWhomIsSaid() {
        QFETCH(QString, edges);
        QFETCH(int, warnings);
        QFETCH(int, errors);
        std::vector<std::string> drawn;
        for (const QString& each : edges.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            drawn.push_back(each.toStdString());
        }
        const auto found = findingsOf(checked(threeInstances({"i1"}, drawn)), "tarantool.mesh-incomplete");
        QCOMPARE(static_cast<int>(countOf(found, Severity::Warning)), warnings);
        QCOMPARE(static_cast<int>(countOf(found, Severity::Error)), errors);
    }

    void theFixesOfAMeshCompleteIt() {
        const Result<Topology> topology = parseTopology(threeInstances({"i1"}, {"i2i1", "i3i2"}), "drawing");
        QVERIFY_OK(topology);
        Topology mended = *topology;
        for (const Finding& each : findingsOf(checkTopology(*topology), "tarantool.mesh-incomplete")) {
            QVERIFY_OK(each.edit->apply(mended));
        }
        QVERIFY(findingsOf(checkTopology(mended), "tarantool.mesh-incomplete").empty());
        QCOMPARE(mended.peers.size(), std::size_t{6});
    }

    void thirtyOneInstancesHaveIds_data() {
        QTest::addColumn<int>("registered");
        QTest::addColumn<int>("anonymous");
        QTest::addColumn<bool>("refused");
        QTest::newRow("31") << 31 << 0 << false;
        QTest::newRow("31 and anonymous ones") << 31 << 3 << false;
        QTest::newRow("32") << 32 << 0 << true;
    }
    void thirtyOneInstancesHaveIds() {
        QFETCH(int, registered);
        QFETCH(int, anonymous);
        Topology topology;
        Cluster& cluster = topology.clusters.emplace_back();
        cluster.name = "rs";
        cluster.system = "tarantool";
        for (int i = 0; i < registered + anonymous; ++i) {
            Member& member = cluster.members.emplace_back();
            member.name = fmt::format("i{}", i);
            member.anonymous = i >= registered;
        }
        QTEST(!findingsOf(checkTopology(topology), "tarantool.replica-limit").empty(), "refused");
    }

    void aLoneInstanceWritesUnlessDrawnOtherwise_data() {
        QTest::addColumn<QString>("member");
        QTest::addColumn<bool>("writes");
        QTest::newRow("no mode") << QStringLiteral("{listen: '127.0.0.1:3301'}") << true;
        QTest::newRow("rw") << QStringLiteral("{mode: rw}") << true;
        QTest::newRow("ro") << QStringLiteral("{mode: ro}") << false;
        QTest::newRow("anonymous") << QStringLiteral("{anonymous: true}") << false;
    }
    void aLoneInstanceWritesUnlessDrawnOtherwise() {
        QFETCH(QString, member);
        const auto findings = checked(
            "tributary: 1\nclusters:\n  rs: {system: tarantool, members: {i1: " + member.toStdString() + "}}\n");
        QTEST(findingsOf(findings, "tarantool.no-writer").empty(), "writes");
        QVERIFY(findingsOf(findings, "tarantool.replicator-missing").empty());  // nobody to follow
    }

    void anElectionLeavesModesAndLeadersAlone() {
        std::string text = threeInstances({}, {});
        for (int i = 0; i < 3; ++i) text = replaced(text, "mode: ro, ", "");
        text = replaced(text, "    members:", "    failover: election\n    members:");
        QCOMPARE(checked(text).size(), std::size_t{0});
    }

    void aDrawnAddressMustBeDialled_data() {
        QTest::addColumn<QString>("listen");
        QTest::addColumn<bool>("refused");
        QTest::newRow("a host") << QStringLiteral("10.0.0.7:3302") << false;
        QTest::newRow("all addresses") << QStringLiteral("0.0.0.0:3302") << true;
        QTest::newRow("all addresses of IPv6") << QStringLiteral("[::]:3302") << true;
    }
    void aDrawnAddressMustBeDialled() {
        QFETCH(QString, listen);
        const std::string text = replaced(std::string(kGoodReplicaSet), "127.0.0.1:3302", listen.toStdString());
        QTEST(!findingsOf(checked(text), "tarantool.listen-missing").empty(), "refused");
    }

    void findingsOfOneSystemLeaveTheOtherAlone() {
        std::string text(kGoodDrawing);
        text = replaced(text, "datasets:\n",
                        "  rs: {system: tarantool, members: {i1: {mode: rw}}}\ndatasets:\n"
                        "  rs:bands: {kind: space, primary: [id]}\n");
        QCOMPARE(checked(text).size(), std::size_t{0});
    }
};
TRIBUTARY_TEST(TestReplicaSetRules)
#include "tst_replicasetrules.moc"
