// A cluster as its host tells it; what nobody told is unknown.
#include "app/databases/databaselook.h"

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
namespace volt = engine::voltdb;

namespace {

NamedRows rows(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& cells) {
    volt::ResultTable table;
    for (const std::string& column : columns) table.columns.push_back({column, volt::ColumnType::Varchar});
    for (const auto& row : cells) {
        volt::RowImage image;
        for (const std::string& cell : row) image.emplace_back(cell);
        table.rows.push_back(std::move(image));
    }
    return NamedRows(table);
}

const std::string kLast = "2026-11-27 10:00:01.000000";
const std::vector<std::string> kBehind{"20", "17", kLast, "2026-11-27 10:00:00.750000"};

/// What east keeps for west: per partition the last id that was queued, the last that was acknowledged, their times.
QueuesOf queues(const std::vector<std::vector<std::string>>& kept) {
    return [kept](std::int64_t cluster) {
        std::vector<std::vector<std::string>> cells;
        for (const auto& each : kept) cells.push_back({"2", each[0], each[1], each[2], each[3]});
        const std::vector<std::string> columns{"REMOTE_CLUSTER_ID", "LASTQUEUEDDRID", "LASTACKDRID",
                                               "LASTQUEUEDTIMESTAMP", "LASTACKTIMESTAMP"};
        return cluster == 1 ? std::optional(rows(columns, cells)) : std::nullopt;
    };
}

const std::vector<HostPlace> kWest{{"west", "west1", "/w/voltdb/west/west1"}};
const std::map<std::int64_t, std::string> kNames{{1, "east/east1"}, {2, "west/west1"}};

Cluster west() {
    Cluster cluster;
    cluster.name = "west";
    cluster.system = "voltdb";
    cluster.members.push_back({.name = "west1"});
    return cluster;
}

HostHeard running() {
    HostHeard heard;
    heard.seen = {HostLife::Running, 42};
    heard.heardAtMs = 5'000;
    heard.overview = rows({"HOST_ID", "KEY", "VALUE"}, {{"0", "CLUSTERSTATE", "Running"},
                                                        {"0", "REPLICATIONROLE", "REPLICA"},
                                                        {"0", "STARTTIME", "2000"},
                                                        {"0", "CLUSTERID", "2"}});
    heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"REPLICA", "ACTIVE", "1"}});
    heard.tables =
        rows({"TABLE_NAME", "REMARKS"}, {{"VOTES", R"({"partitionColumn":"A","drEnabled":"true"})"}, {"LOCAL", "{}"}});
    return heard;
}

}  // namespace

class TestDatabaseLook : public QObject {
    Q_OBJECT
private slots:
    void aReplicaThatFollows() {
        const ClusterLook look =
            databaseLookOf(west(), kWest, {running()}, kNames, queues({{"20", "20", kLast, kLast}, kBehind}));
        QCOMPARE(look.state, std::string("up"));
        QVERIFY(look.answered);
        QCOMPARE(look.datasets, (std::vector<std::string>{"VOTES"}));
        QCOMPARE(look.members.size(), std::size_t(1));
        QCOMPARE(look.members[0].readOnly, std::optional(true));
        QCOMPARE(look.members[0].readOnlyReason, std::string("replica"));
        QCOMPARE(look.members[0].uptimeMs, std::optional<Millis>(3'000));
        QCOMPARE(look.edges.size(), std::size_t(1));
        QCOMPARE(look.edges[0].from, std::string("east/east1"));
        QCOMPARE(look.edges[0].to, std::string("west/west1"));
        QCOMPARE(look.edges[0].state, std::string("active"));
        QCOMPARE(look.edges[0].lagMs, std::optional<std::int64_t>(250));
        QCOMPARE(look.edges[0].rowsBehind, std::optional<std::int64_t>(3));
    }

    void lagIsWhatTheProducerKeeps_data() {
        QTest::addColumn<std::vector<std::vector<std::string>>>("kept");
        QTest::addColumn<qint64>("lagMs");
        QTest::addColumn<qint64>("pending");
        using Rows = std::vector<std::vector<std::string>>;
        const auto row = [](const char* name, const Rows& kept, qint64 lagMs, qint64 pending) {
            QTest::newRow(name) << kept << lagMs << pending;
        };
        const std::string epoch = "2008-01-01 00:00:00.000000";
        row("nothing was ever queued", {{"-1", "-1", epoch, epoch}}, 0, 0);
        row("all of it is acknowledged", {{"20", "20", kLast, kLast}}, 0, 0);
        row("the worst partition", {kBehind, {"9", "8", kLast, "2026-11-27 10:00:00.000000"}}, 1'000, 4);
        row("acknowledged in another life", {{"20", "17", kLast, epoch}}, -1, 3);
        row("nothing is acknowledged", {{"20", "-1", kLast, epoch}}, -1, -1);
        row("a partition does not tell", {kBehind, {"", "", "", ""}}, -1, -1);
        row("no conversation", {}, -1, -1);
    }
    void lagIsWhatTheProducerKeeps() {
        QFETCH(std::vector<std::vector<std::string>>, kept);
        const EdgeLook edge = databaseLookOf(west(), kWest, {running()}, kNames, queues(kept)).edges[0];
        QTEST(static_cast<qint64>(edge.lagMs.value_or(-1)), "lagMs");
        QTEST(static_cast<qint64>(edge.rowsBehind.value_or(-1)), "pending");
    }

    void aProducerThatIsSilentLeavesLagUnknown() {
        const auto silent = [](std::int64_t) { return std::optional<NamedRows>(); };
        const EdgeLook edge = databaseLookOf(west(), kWest, {running()}, kNames, silent).edges[0];
        QVERIFY(edge.state == "active" && !edge.lagMs && !edge.rowsBehind);
    }

    void whatIsMissingWhileASnapshotIsSentIsUnknown() {
        const auto queuesOf = [](std::int64_t) {
            return std::optional(rows({"REMOTE_CLUSTER_ID", "STREAMTYPE", "LASTQUEUEDDRID", "LASTACKDRID"},
                                      {{"2", "SNAPSHOT_SYNC", "7", "7"}}));
        };
        const EdgeLook edge = databaseLookOf(west(), kWest, {running()}, kNames, queuesOf).edges[0];
        QVERIFY(!edge.lagMs && !edge.rowsBehind);
    }

    void anEdgeThatIsBrokenSaysWhereToLook() {
        HostHeard heard = running();
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"REPLICA", "STOPPED", "1"}});
        const ClusterLook look = databaseLookOf(west(), kWest, {heard}, kNames, queues({kBehind}));
        QCOMPARE(look.edges[0].state, std::string("stopped"));
        QVERIFY(!look.edges[0].error.empty());
    }

    void aHostThatDoesNotAnswerIsUnknownAndNotDown() {
        HostHeard heard;
        heard.seen = {HostLife::Running, 42};
        heard.silence = Error{ErrorCode::Unavailable, "it says nothing", {}, {}};
        const ClusterLook look = databaseLookOf(west(), kWest, {heard}, kNames, queues({}));
        QCOMPARE(look.state, std::string("?"));
        QVERIFY(!look.answered && look.edges.empty());
        QVERIFY(!look.members[0].readOnly);
    }

    void aKilledOneIsToldFromOneThatWasStopped() {
        HostHeard heard;
        heard.seen = {HostLife::Dead, 42};
        QCOMPARE(databaseLookOf(west(), kWest, {heard}, kNames, queues({})).state, std::string("killed"));
        heard.seen = {HostLife::NotRunning, 0};
        QCOMPARE(databaseLookOf(west(), kWest, {heard}, kNames, queues({})).state, std::string("down"));
    }

    void aMasterLeavesTheEdgeToItsConsumer() {
        HostHeard heard = running();
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"MASTER", "ACTIVE", "1"}});
        QVERIFY(databaseLookOf(west(), kWest, {heard}, kNames, queues({})).edges.empty());
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"XDCR", "PENDING", "-1"}});
        QVERIFY(databaseLookOf(west(), kWest, {heard}, kNames, queues({})).edges.empty());
    }
};
TRIBUTARY_TEST(TestDatabaseLook)
#include "tst_databaselook.moc"
