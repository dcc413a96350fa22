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
    heard.overview =
        rows({"HOST_ID", "KEY", "VALUE"},
             {{"0", "CLUSTERSTATE", "Running"}, {"0", "REPLICATIONROLE", "REPLICA"}, {"0", "STARTTIME", "2000"}});
    heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"REPLICA", "ACTIVE", "1"}});
    heard.partitions = rows({"REMOTE_CLUSTER_ID", "LAST_RECEIVED_TIMESTAMP", "LAST_APPLIED_TIMESTAMP"},
                            {{"1", "2026-11-27 10:00:01.000000", "2026-11-27 10:00:00.750000"},
                             {"1", "2026-11-27 10:00:01.000000", "2026-11-27 10:00:01.000000"}});
    heard.tables =
        rows({"TABLE_NAME", "REMARKS"}, {{"VOTES", R"({"partitionColumn":"A","drEnabled":"true"})"}, {"LOCAL", "{}"}});
    return heard;
}

}  // namespace

class TestDatabaseLook : public QObject {
    Q_OBJECT
private slots:
    void aReplicaThatFollows() {
        const ClusterLook look = databaseLookOf(west(), kWest, {running()}, kNames);
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
    }

    void lagThatIsNotToldIsUnknown() {
        HostHeard heard = running();
        heard.partitions.reset();
        QVERIFY(!databaseLookOf(west(), kWest, {heard}, kNames).edges[0].lagMs);
        heard = running();
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"REPLICA", "STOPPED", "1"}});
        const ClusterLook look = databaseLookOf(west(), kWest, {heard}, kNames);
        QCOMPARE(look.edges[0].state, std::string("stopped"));
        QVERIFY(!look.edges[0].lagMs && !look.edges[0].error.empty());
    }

    void aHostThatDoesNotAnswerIsUnknownAndNotDown() {
        HostHeard heard;
        heard.seen = {HostLife::Running, 42};
        heard.silence = Error{ErrorCode::Unavailable, "it says nothing", {}, {}};
        const ClusterLook look = databaseLookOf(west(), kWest, {heard}, kNames);
        QCOMPARE(look.state, std::string("?"));
        QVERIFY(!look.answered && look.edges.empty());
        QVERIFY(!look.members[0].readOnly);
    }

    void aKilledOneIsToldFromOneThatWasStopped() {
        HostHeard heard;
        heard.seen = {HostLife::Dead, 42};
        QCOMPARE(databaseLookOf(west(), kWest, {heard}, kNames).state, std::string("killed"));
        heard.seen = {HostLife::NotRunning, 0};
        QCOMPARE(databaseLookOf(west(), kWest, {heard}, kNames).state, std::string("down"));
    }

    void aMasterLeavesTheEdgeToItsConsumer() {
        HostHeard heard = running();
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"MASTER", "ACTIVE", "1"}});
        QVERIFY(databaseLookOf(west(), kWest, {heard}, kNames).edges.empty());
        heard.role = rows({"ROLE", "STATE", "REMOTE_CLUSTER_ID"}, {{"XDCR", "PENDING", "-1"}});
        QVERIFY(databaseLookOf(west(), kWest, {heard}, kNames).edges.empty());
    }
};
TRIBUTARY_TEST(TestDatabaseLook)
#include "tst_databaselook.moc"
