// A real node: writes, reads, permissions, restarts.
#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

class TestNode : public QObject {
    Q_OBJECT
private slots:
    void readsWhatWasWritten() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k1", "v1"));
        QCOMPARE(clusters.get("sf", "k1"), std::string("v1"));
        QVERIFY_OK(clusters.put("sf", "k1", "v2"));
        QCOMPARE(clusters.get("sf", "k1"), std::string("v2"));
        QVERIFY(clusters.get("sf", "absent").empty());
    }
    void refusesUnknownTablesAndFamilies() {
        Clusters clusters({"sf"});
        const Status missing = clusters.put("sf", "k", "v");
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY_OK(clusters.createTable("sf"));
        const Status family = clusters.put("sf", "k", "v", "nofamily");
        QCOMPARE(family.error().code, ErrorCode::NotFound);
        QVERIFY(family.error().fix.find("cf create") != std::string::npos);
        QVERIFY(family.error().what.find("profile") != std::string::npos);
        QCOMPARE(clusters.createTable("sf").error().code, ErrorCode::AlreadyExists);
    }
    void deniesWhatTheAceDoesNotAllow() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k", "v"));
        auto& ben = clusters.client("sf", "ben");
        const auto got = ben.callJson(maprdb::TableMethod::Get, {{"path", Clusters::path("sf")}, {"key", "k"}});
        QVERIFY_OK(got);
        QVERIFY(got.value()["cells"].empty());
        const auto dropped = ben.callJson(maprdb::TableMethod::DropTable, {{"path", Clusters::path("sf")}});
        QVERIFY(!dropped.ok());
        QCOMPARE(dropped.error().code, ErrorCode::PermissionDenied);
        QVERIFY(dropped.error().fix.find("adminaccessperm") != std::string::npos);
    }
    void aFingerprintOfColumnsKnowsOnlyThose() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k1", "a", "profile"));
        const auto print = [&](engine::ControlClient& client, const std::string& columns) {
            const auto answer =
                client.callJson(maprdb::TableMethod::Fingerprint,
                                {{"path", Clusters::path("sf")}, {"rowsperrange", 0}, {"columns", columns}});
            if (!answer) return std::string(errorCodeName(answer.error().code));
            Json range = answer.value()["ranges"][0];
            // Deletes are told of the whole table alone: a row's delete is of no column, so columns answer without.
            const bool whole = columns.empty();
            if (range.contains("deletes") != whole) return std::string("deletes of ") + (whole ? "nothing" : columns);
            range.erase("deletes");
            return range.dump();
        };
        engine::ControlClient& ana = clusters.client("sf");
        const std::string profile = print(ana, "profile");
        const std::string all = print(ana, "");
        QCOMPARE(profile, all);
        QVERIFY_OK(clusters.put("sf", "k1", "b", "orders"));
        QVERIFY_OK(clusters.put("sf", "k2", "c", "orders"));  // no row for who asks for profile
        QCOMPARE(print(ana, "profile"), profile);
        QVERIFY(print(ana, "") != all);
        QVERIFY_OK(clusters.put("sf", "k2", "d", "profile"));
        QVERIFY(print(ana, "profile") != profile);
        QCOMPARE(print(ana, "nofamily"), std::string("not-found"));
        // Who may not read all may still compare what he may read.
        engine::ControlClient& ben = clusters.client("sf", "ben");
        QVERIFY_OK(clusters.ask(
            "sf", maprdb::TableMethod::AlterFamily,
            {{"path", Clusters::path("sf")}, {"name", "profile"}, {"perms", {{"readperm", "u:ana | u:ben"}}}}));
        QCOMPARE(print(ben, ""), std::string("permission-denied"));
        QCOMPARE(print(ben, "profile"), print(ana, "profile"));
        QCOMPARE(print(ben, "profile,orders:v"), std::string("permission-denied"));
    }
    void keepsAcknowledgedWritesOverAKill() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.putMany("sf", 0, 500, "first"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "kill"}}));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "start"}}));
        clusters.forget("sf/ana");
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 500);
        QVERIFY_OK(clusters.putMany("sf", 500, 10, "second"));
        QVERIFY_OK(clusters.host().stopAll());
        clusters.restart({"sf"});
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 510);
    }
    void dropAndRecreateFamilyLosesTheOldCellsOnly() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k", "old", "orders"));
        QVERIFY_OK(clusters.put("sf", "k", "kept", "profile"));
        QVERIFY_OK(
            clusters.ask("sf", maprdb::TableMethod::DropFamily, {{"path", Clusters::path("sf")}, {"name", "orders"}}));
        QVERIFY_OK(clusters.ask("sf", maprdb::TableMethod::CreateFamily,
                                {{"path", Clusters::path("sf")}, {"name", "orders"}}));
        QVERIFY_OK(clusters.put("sf", "k2", "new", "orders"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "kill"}}));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "start"}}));
        clusters.forget("sf/ana");
        const auto row =
            clusters.ask("sf", maprdb::TableMethod::Get, {{"path", Clusters::path("sf")}, {"key", "k"}}).value();
        QCOMPARE(row["cells"].size(), std::size_t{1});
        QCOMPARE(row["cells"][0]["value"].get<std::string>(), std::string("kept"));
        QCOMPARE(clusters.get("sf", "k2"), std::string("new"));
    }
    void aTableThatIsHardlyWrittenToDoesNotKeepTheLog() {
        Clusters clusters({"sf"}, [](NodeConfig& config) {
            config.logSegmentBytes = 64U << 10U;
            config.snapshotEveryMs = 100;
        });
        const Json idle{{"path", "/mapr/sf/idle"}, {"families", {{{"name", "profile"}}}}};
        QVERIFY_OK(clusters.ask("sf", maprdb::TableMethod::CreateTable, idle));
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k", "v"));
        const auto firstLsn = [&] {
            return clusters.ask("sf", Method::NodeStatus, Json::object()).value()["log"]["first"].get<Lsn>();
        };
        for (int i = 0; i < 20; ++i) QVERIFY_OK(clusters.putMany("sf", i * 200, 200, std::string(100, 'x')));
        // Both tables have been created within the first ten entries.
        QTRY_VERIFY_WITH_TIMEOUT(firstLsn() > 10, 20'000);
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 4'001);
    }
    void secondOwnerOfAVolumeIsRefused() {
        Clusters clusters({"sf"});
        EngineHost second(EngineHost::Options{});
        NodeConfig config;
        config.kinds = maprdb::onlyTables();
        config.cluster = "sf";
        config.volumeDir = clusters.volumeDir("sf");
        const Status refused = second.start(std::move(config));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY_OK(clusters.createTable("sf"));  // the first owner goes on
    }
};
TRIBUTARY_TEST(TestNode)
#include "tst_node.moc"
