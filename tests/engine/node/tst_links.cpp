// Links between real nodes: agreement, pause, resume, filters, faults, rings.
#include "engine/systems/maprdb/tables/defaults.h"
#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

class TestLinks : public QObject {
    Q_OBJECT
private:
    static void tables(Clusters& clusters, const std::vector<std::string>& names) {
        for (const std::string& name : names) QVERIFY_OK(clusters.createTable(name));
    }

private slots:
    void nothingFlowsOnOneHalf() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.put("sf", "k", "v"));
        QTRY_COMPARE(clusters.link("sf")["link"].get<std::string>(), std::string("agreement-missing"));
        QVERIFY(clusters.get("ny", "k").empty());
        QCOMPARE(clusters.link("sf")["putspending"].get<int>(), 1);
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QTRY_COMPARE(clusters.get("ny", "k"), std::string("v"));
        QTRY_COMPARE(clusters.link("sf")["putspending"].get<int>(), 0);
    }
    void pausedLinkKeepsWhatItOwesAcrossARestart() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"paused", true}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        for (int i = 0; i < 20; ++i) QVERIFY_OK(clusters.putMany("sf", i * 50, 50, "v"));
        QCOMPARE(clusters.link("sf")["putspending"].get<int>(), 1000);
        QCOMPARE(clusters.link("sf")["link"].get<std::string>(), std::string("paused"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "kill"}}));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "start"}}));
        clusters.forget("sf/ana");
        QCOMPARE(clusters.link("sf")["putspending"].get<int>(), 1000);
        QVERIFY(clusters.get("ny", "key00000001").empty());
        QVERIFY_OK(clusters.pause("sf", "ny", false));
        QTRY_COMPARE(clusters.print("ny"), clusters.print("sf"));
        QTRY_COMPARE(clusters.link("sf")["putspending"].get<int>(), 0);
    }
    void aPausedLinkHasNoErrorOfWhatItNoLongerTries() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QTRY_VERIFY(clusters.link("sf").contains("error"));  // the other half is missing
        QVERIFY_OK(clusters.pause("sf", "ny", true));
        const Json paused = clusters.link("sf");
        QVERIFY(!paused.contains("error"));
        QVERIFY(paused["pausedms"].is_number());
        QVERIFY_OK(clusters.pause("sf", "ny", false));
        QVERIFY(clusters.link("sf")["pausedms"].is_null());
        QTRY_VERIFY(clusters.link("sf").contains("error"));
    }
    void filtersInARowLetThroughWhatIsInAll() {
        Clusters clusters({"sf", "ny", "sing"});
        tables(clusters, {"sf", "ny", "sing"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"columns", "profile"}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.addReplica("ny", "sing", {{"columns", "orders"}}));
        QVERIFY_OK(clusters.addUpstream("sing", "ny"));
        QVERIFY_OK(clusters.put("sf", "secret", "v"));
        QTRY_COMPARE(clusters.get("ny", "secret"), std::string("v"));
        QVERIFY_OK(clusters.put("ny", "order", "v", "orders"));
        QTRY_COMPARE(clusters.get("sing", "order"), std::string("v"));
        QTRY_COMPARE(clusters.link("ny")["putspending"].get<int>(), 0);
        QVERIFY(clusters.get("sing", "secret").empty());
    }
    void multiMasterPairComesToRest() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        for (const auto& [from, to] : {std::pair("sf", "ny"), std::pair("ny", "sf")}) {
            QVERIFY_OK(clusters.addReplica(from, to));
            QVERIFY_OK(clusters.addUpstream(to, from));
        }
        for (int i = 0; i < 50; ++i) {
            QVERIFY_OK(clusters.put("sf", fmt::format("s{}", i), "sf"));
            QVERIFY_OK(clusters.put("ny", fmt::format("n{}", i), "ny"));
            QVERIFY_OK(clusters.put(i % 2 == 0 ? "sf" : "ny", "hot", std::to_string(i)));
        }
        QTRY_COMPARE(clusters.print("ny"), clusters.print("sf"));
        QTRY_COMPARE(clusters.link("sf")["putspending"].get<int>(), 0);
        QTRY_COMPARE(clusters.link("ny")["putspending"].get<int>(), 0);
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 101);
    }
    void ringOfThreeAppliesEachOperationOnce() {
        Clusters clusters({"sf", "ny", "sg"});
        tables(clusters, {"sf", "ny", "sg"});
        for (const auto& [from, to] : {std::pair("sf", "ny"), std::pair("ny", "sg"), std::pair("sg", "sf")}) {
            QVERIFY_OK(clusters.addReplica(from, to));
            QVERIFY_OK(clusters.addUpstream(to, from));
        }
        for (const char* cluster : {"sf", "ny", "sg"}) {
            for (int i = 0; i < 20; ++i) QVERIFY_OK(clusters.put(cluster, fmt::format("{}{}", cluster, i), cluster));
        }
        QTRY_COMPARE(clusters.fingerprint("ny")["rows"].get<int>(), 60);
        QTRY_COMPARE(clusters.print("ny"), clusters.print("sf"));
        QTRY_COMPARE(clusters.print("sg"), clusters.print("sf"));
        for (const char* cluster : {"sf", "ny", "sg"}) {
            QTRY_COMPARE(clusters.link(cluster)["putspending"].get<int>(), 0);
            // 60 data entries , the catalog's own, and the start: nothing was logged twice, nothing goes round.
            const auto status = clusters.ask(cluster, Method::NodeStatus, Json::object()).value();
            QCOMPARE(status["log"]["head"].get<int>(), 60 + 4);
        }
    }
    void filteredLinkShipsItsColumnsOnly() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"columns", "profile"}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.put("sf", "a", "seen", "profile"));
        QVERIFY_OK(clusters.put("sf", "b", "unseen", "orders"));
        QVERIFY_OK(clusters.put("sf", "c", "seen", "profile"));
        QTRY_COMPARE(clusters.get("ny", "c"), std::string("seen"));
        QTRY_COMPARE(clusters.link("sf")["putspending"].get<int>(), 0);
        QVERIFY(clusters.get("ny", "b").empty());
        QVERIFY_OK(clusters.ask(
            "sf", maprdb::TableMethod::AlterReplica,
            {{"path", Clusters::path("sf")}, {"replica", Clusters::path("ny")}, {"columns", "profile,orders"}}));
        QVERIFY_OK(clusters.put("sf", "d", "seen now", "orders"));
        QTRY_COMPARE(clusters.get("ny", "d"), std::string("seen now"));
        QVERIFY(clusters.get("ny", "b").empty());
    }
    void missingFamilyHoldsTheLinkUntilItIsCreated() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(
            clusters.ask("sf", maprdb::TableMethod::CreateFamily, {{"path", Clusters::path("sf")}, {"name", "notes"}}));
        QVERIFY_OK(clusters.put("sf", "k", "v", "notes"));
        QTRY_COMPARE(clusters.errorCode("sf"), std::string("ErrColumnFamilyMissing"));
        QVERIFY_OK(
            clusters.ask("ny", maprdb::TableMethod::CreateFamily, {{"path", Clusters::path("ny")}, {"name", "notes"}}));
        QTRY_COMPARE(clusters.get("ny", "k"), std::string("v"));
        QTRY_COMPARE(clusters.errorCode("sf"), std::string());
    }
    void stoppedGatewaysRaiseTheErrorAndDrainAfterwards() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"synchronous", true}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.put("sf", "k0", "v"));
        QTRY_COMPARE(clusters.get("ny", "k0"), std::string("v"));
        QVERIFY_OK(clusters.ask("ny", Method::GatewayService, {{"action", "stop"}}));
        QVERIFY_OK(clusters.put("sf", "k1", "v"));
        QTRY_COMPARE(clusters.errorCode("sf"), std::string("ErrAllGatewaysUnreachable"));
        QTRY_VERIFY(!clusters.link("sf")["effectivesynchronous"].get<bool>());
        const auto names = [&] {
            std::string all;
            const Json listed = clusters.ask("sf", Method::ListAlarms, Json::object()).value();
            for (const auto& alarm : listed["alarms"]) {
                all += alarm["name"].get<std::string>() + " ";
            }
            return all;
        };
        QTRY_VERIFY2(names().find("TABLE_REPL_ASYNC") != std::string::npos,
                     (names() + clusters.link("sf").dump()).c_str());
        QTRY_VERIFY(names().find("TABLE_REPL_ERROR") != std::string::npos);
        QVERIFY(clusters.link("sf")["bytespending"].get<int>() > 0);
        QVERIFY_OK(clusters.ask("ny", Method::GatewayService, {{"action", "start"}}));
        QTRY_COMPARE(clusters.get("ny", "k1"), std::string("v"));
        QTRY_VERIFY(clusters.link("sf")["effectivesynchronous"].get<bool>());
        QTRY_COMPARE(names(), std::string());
    }
    void aSilentSynchronousLinkStaysAsynchronousUntilItAnswers() {
        Clusters clusters({"sf", "ny"}, [](NodeConfig& config) {
            config.syncLatencyMsMax = 200;
            config.peerTimeoutMs = 30'000;  // silence alone must do
        });
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"synchronous", true}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.put("sf", "k0", "v"));
        QTRY_COMPARE(clusters.get("ny", "k0"), std::string("v"));
        const auto synchronousNow = [&] { return clusters.link("sf")["effectivesynchronous"].get<bool>(); };
        QTRY_VERIFY(synchronousNow());
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "cut"}, {"peer", "ny"}}));
        QVERIFY_OK(clusters.put("sf", "k1", "v"));
        QElapsedTimer timer;
        timer.start();
        // Longer than a healthy link takes to become synchronous again.
        while (timer.elapsed() < 2 * kSyncReturnAfterMs) {
            QVERIFY_OK(clusters.put("sf", "k2", "v"));
            QVERIFY(!synchronousNow());
        }
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "heal"}, {"peer", "ny"}}));
        QTRY_COMPARE(clusters.get("ny", "k2"), std::string("v"));
        QTRY_VERIFY(synchronousNow());
    }
    void oneWayCutIsNoticedAndHealed() {
        Clusters clusters({"sf", "ny"}, [](NodeConfig& config) {
            config.heartbeatMs = 100;
            config.peerTimeoutMs = 400;
        });
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.put("sf", "k0", "v"));
        QTRY_COMPARE(clusters.get("ny", "k0"), std::string("v"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "cut"}, {"peer", "ny"}}));
        QVERIFY_OK(clusters.put("sf", "k1", "v"));
        QTRY_VERIFY(!clusters.errorCode("sf").empty());
        QVERIFY(clusters.get("ny", "k1").empty());
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "heal"}, {"peer", "ny"}}));
        QTRY_COMPARE_WITH_TIMEOUT(clusters.get("ny", "k1"), std::string("v"), 10'000);
    }
    void recreatedReplicaIsAnotherTable() {
        Clusters clusters({"sf", "ny"});
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.ask("ny", maprdb::TableMethod::DropTable, {{"path", Clusters::path("ny")}}));
        QVERIFY_OK(clusters.createTable("ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        QVERIFY_OK(clusters.put("sf", "k", "v"));
        QTRY_COMPARE(clusters.errorCode("sf"), std::string("ErrUuidMismatch"));
        QCOMPARE(clusters.link("sf")["state"].get<std::string>(), std::string("REPLICA_STATE_UNEXPECTED"));
        QVERIFY(clusters.get("ny", "k").empty());
    }
    void laggardReadsTheLogFromDisk() {
        Clusters clusters({"sf", "ny"}, [](NodeConfig& config) { config.logSegmentBytes = 1U << 20U; });
        tables(clusters, {"sf", "ny"});
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"paused", true}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        const std::string value(500, 'x');
        for (int i = 0; i < 60; ++i) QVERIFY_OK(clusters.putMany("sf", i * 1000, 1000, value));
        QVERIFY_OK(clusters.pause("sf", "ny", false));
        QTRY_COMPARE_WITH_TIMEOUT(clusters.link("sf")["putspending"].get<int>(), 0, 30'000);
        QTRY_COMPARE(clusters.print("ny"), clusters.print("sf"));
    }
};
TRIBUTARY_TEST(TestLinks)
#include "tst_links.moc"
