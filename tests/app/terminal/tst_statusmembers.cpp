// Clusters whose members are processes of their own, in the status as text and as JSON.
#include <QTest>

#include "app/observe/metricstext.h"
#include "app/terminal/statusmembers.h"
#include "app/terminal/statusview.h"
#include "spawn.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

MemberLook member(const std::string& name, std::uint32_t id, int port) {
    MemberLook out;
    out.name = name;
    out.state = "running";
    out.pid = 4700 + port;
    out.readOnly = false;
    out.listen = "127.0.0.1:" + std::to_string(3300 + port);
    out.id = id;
    out.uuid = id == 1 ? "4cfa6e3c-625e-b027-00a7-29b2f2182f23" : "9bb111c2-3ff5-36a7-00f4-2b9a573ea660";
    out.clock = {{1, 9}, {2, 6}};
    out.uptimeMs = 65'000;
    return out;
}

LinkRow edge(int from, int to) {
    LinkRow out;
    out.ofMembers = true;
    out.from = "replicaset001/instance00" + std::to_string(from);
    out.to = "replicaset001/instance00" + std::to_string(to);
    out.state = "follow";
    out.lagMs = 1;
    out.idleMs = 420;
    out.operationsPending = 0;
    return out;
}

/// The tutorial's pair after the reseed, with a third instance that was killed: every state that matters at once.
WorkspaceStatus tutorial() {
    WorkspaceStatus status;
    status.root = "/w";
    status.user = "ana";
    ClusterRow cluster;
    cluster.name = "replicaset001";
    cluster.system = "tarantool";
    cluster.state = "partly up";
    cluster.reason = "instance003 is killed: process 4703 is gone, and nobody had stopped it";
    cluster.answered = true;
    cluster.ofMembers = true;
    cluster.uptimeMs = 65'000;
    cluster.members = {member("instance001", 2, 1), member("instance002", 1, 2), member("instance003", 0, 3)};
    cluster.members[1].readOnly = true;
    cluster.members[1].readOnlyReason = "config";
    MemberLook& killed = cluster.members[2];
    killed.state = "killed";
    killed.pid = 0;
    killed.drawn = false;
    killed.readOnly.reset();
    killed.clock.clear();
    killed.uptimeMs.reset();
    killed.uuid.clear();
    TableRow& space = cluster.tables.emplace_back();
    space.path = "replicaset001:bands";
    space.kind = "space";
    ObservedDataset& described = space.described.emplace();
    described.path = space.path;
    described.kind = DatasetKind::Space;
    status.clusters.push_back(cluster);
    LinkRow stopped = edge(2, 1);
    stopped.state = "stopped";
    stopped.error =
        "Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [5, \"Pink Floyd\", "
        "1965]";
    stopped.lagMs.reset();
    stopped.idleMs = 1'309'943;
    stopped.operationsPending = 1;
    LinkRow never = edge(3, 2);
    never.state = "not connected";
    never.error =
        "instance002 is told to follow instance003 and has never reached it: box.info.replication does not list it";
    never.lagMs.reset();
    never.idleMs.reset();
    never.operationsPending.reset();
    LinkRow seen = edge(1, 2);
    seen.sourceNote = "stopped: timed out";
    status.links = {stopped, seen, never};
    Topology drawing;
    Cluster& drawn = drawing.clusters.emplace_back();
    drawn.name = cluster.name;
    drawn.system = cluster.system;
    status.differences = differencesOf(drawing, status);
    return status;
}

}  // namespace

class TestStatusMembers : public QObject {
    Q_OBJECT
private slots:
    void nobodyIsToldToStartTheMasterOfBefore() {
        WorkspaceStatus status;
        ClusterRow& east = status.clusters.emplace_back();
        east.name = "east";
        east.state = "down";
        QVERIFY(statusText(status, {}).find("  tributary up\n") != std::string::npos);
        Difference& promoted = status.differences.emplace_back();
        promoted.kind = DifferenceKind::Different;
        promoted.element = ClusterId{"west"};
        promoted.attribute = "role";
        const std::string text = statusText(status, {});
        QVERIFY2(text.find("tributary up") == std::string::npos, text.c_str());
        QVERIFY2(text.find("  tributary plan\n") != std::string::npos, text.c_str());
    }

    void membersAndDatasetsAreCalledAsTheirSystemDoes() {
        WorkspaceStatus status = tutorial();
        const auto heads = [&] { return statusText(status, {}); };
        QVERIFY(heads().find("INSTANCE") != std::string::npos && heads().find("Spaces of") != std::string::npos);
        status.clusters.front().system = "voltdb";
        status.clusters.front().tables.front().described->kind = DatasetKind::DrTable;
        QVERIFY2(heads().find("HOST ") != std::string::npos, heads().c_str());
        QVERIFY2(heads().find("tables of replicaset001: bands") != std::string::npos, heads().c_str());
        QVERIFY(heads().find("INSTANCE") == std::string::npos && heads().find("Spaces") == std::string::npos);
        status.clusters.push_back(tutorial().clusters.front());
        QVERIFY2(heads().find("MEMBER ") != std::string::npos, heads().c_str());
    }

    void asText_data() {
        QTest::addColumn<int>("columns");
        QTest::newRow("status-members-80") << 80;
        QTest::newRow("status-members-132") << 132;
    }
    void asText() {
        QFETCH(int, columns);
        StatusStyle style;
        style.columns = columns;
        style.fit = true;
        test::compareGolden(QString::fromUtf8(QTest::currentDataTag()) + QStringLiteral(".txt"),
                            QString::fromStdString(statusText(shownStatus(tutorial()), style)));
    }
    void asJson() {
        test::compareGolden(QStringLiteral("status-members.json"),
                            QString::fromStdString(statusJson(tutorial()).dump(2) + "\n"));
    }
    void theHeadIsTheSystemsOwnWord() {
        StatusStyle style;
        style.columns = 80;
        const auto head = [&](const WorkspaceStatus& status) {
            return QString::fromStdString(membersSection(status, style)).trimmed().section(QLatin1Char(' '), 0, 0);
        };
        WorkspaceStatus status = tutorial();
        QCOMPARE(head(status), QStringLiteral("INSTANCE"));
        ClusterRow database;
        database.name = "east";
        database.system = "voltdb";
        database.members = {member("east1", 1, 4)};
        status.clusters.push_back(database);
        QCOMPARE(head(status), QStringLiteral("MEMBER"));  // of both systems
        status.clusters.erase(status.clusters.begin());
        QCOMPARE(head(status), QStringLiteral("HOST"));
    }
    void aMemberThatDoesNotAnswerIsExit3() {
        WorkspaceStatus status = tutorial();
        QCOMPARE(statusExit(status), 0);
        status.clusters[0].state = "?";
        QCOMPARE(statusExit(status), 3);
    }
    void asMetrics() {
        const QString text = QString::fromStdString(metricsText(tutorial()));
        for (const char* line : {"tributary_instance_up{cluster=\"replicaset001\",instance=\"instance001\"} 1",
                                 "tributary_instance_up{cluster=\"replicaset001\",instance=\"instance003\"} 0",
                                 "tributary_instance_read_only{cluster=\"replicaset001\",instance=\"instance002\"} 1",
                                 "tributary_link_replicating{from=\"replicaset001/instance001\",to=\"replicaset001/"
                                 "instance002\"} 1",
                                 "tributary_link_replicating{from=\"replicaset001/instance002\",to=\"replicaset001/"
                                 "instance001\"} 0",
                                 "tributary_link_idle_seconds{from=\"replicaset001/instance001\",to=\"replicaset001/"
                                 "instance002\"} 0.42"}) {
            QVERIFY2(text.contains(QString::fromUtf8(line)), line);
        }
        // What is not known is not 0.
        QVERIFY(!text.contains(QStringLiteral("read_only{cluster=\"replicaset001\",instance=\"instance003\"}")));
    }
};

TRIBUTARY_TEST(TestStatusMembers)
#include "tst_statusmembers.moc"
