// What a node does when its files are refused: a table that cannot be made, one that cannot be opened, a full disk.
#include <filesystem>

#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

class TestNodeTroubles : public QObject {
    Q_OBJECT

    static Status create(Clusters& clusters, const std::string& path) {
        const auto made = clusters.ask("sf", maprdb::TableMethod::CreateTable,
                                       {{"path", path}, {"families", {{{"name", "profile"}}}}});
        return made ? okStatus() : Status(made.error());
    }
    static Json listed(Clusters& clusters, const std::string& path) {
        const auto tables = clusters.ask("sf", maprdb::TableMethod::ListTables, Json::object());
        if (!tables) return {};
        for (const Json& table : tables.value()["tables"]) {
            if (table["path"] == path) return table;
        }
        return {};
    }
    static std::string alarms(Clusters& clusters) {
        const auto listed = clusters.ask("sf", Method::ListAlarms, Json::object());
        return listed ? listed.value().dump() : listed.error().text();
    }

private slots:
    void aTableThatCannotHaveAFileIsRefusedWhole() {
        Clusters clusters({"sf"});
        // A folder where the file belongs: nobody can remove or open it as a file.
        const std::string inTheWay = clusters.volumeDir("sf") + "/tables/1.db";
        std::filesystem::create_directories(inTheWay + "/x");
        const Status refused = clusters.createTable("sf");
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().what.find("was not created") != std::string::npos, refused.error().what.c_str());
        QVERIFY(refused.error().where.find("tables/1.db") != std::string::npos);
        QVERIFY(listed(clusters, Clusters::path("sf")).is_null());
        QCOMPARE(clusters.put("sf", "k", "v").error().code, ErrorCode::NotFound);
        QVERIFY_OK(clusters.ask("sf", Method::NodeStatus, Json::object()));
        clusters.restart({"sf"});  // nor is it there after a start
        QVERIFY(listed(clusters, Clusters::path("sf")).is_null());
        std::filesystem::remove_all(inTheWay);
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.put("sf", "k", "v"));
    }
    void theOthersGoOnWhenATableCannotBeOpened() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(create(clusters, "/mapr/sf/other"));
        QVERIFY_OK(clusters.put("sf", "before", "v"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "kill"}}));
        const std::string file = clusters.volumeDir("sf") + "/tables/1.db";
        std::filesystem::rename(file, file + ".kept");
        std::filesystem::create_directories(file);
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "start"}}));
        clusters.forget("sf/ana");

        const Json table = listed(clusters, Clusters::path("sf"));
        QVERIFY2(table["rows"].is_null(), table.dump().c_str());
        QVERIFY(table["unavailable"].get<std::string>().find("tables/1.db") != std::string::npos);
        QCOMPARE(listed(clusters, "/mapr/sf/other")["rows"].get<int>(), 0);
        const Status put = clusters.put("sf", "k", "v");
        QVERIFY(!put.ok());
        QVERIFY2(put.error().what.find("is unavailable") != std::string::npos, put.error().what.c_str());
        const auto read =
            clusters.ask("sf", maprdb::TableMethod::Get, {{"path", Clusters::path("sf")}, {"key", "before"}});
        QVERIFY(!read.ok());
        for (const Method method :
             {maprdb::TableMethod::Describe, maprdb::TableMethod::ListReplicas, maprdb::TableMethod::ListUpstreams}) {
            QVERIFY_OK(clusters.ask("sf", method, {{"path", Clusters::path("sf")}}));
        }
        QTRY_VERIFY_WITH_TIMEOUT(alarms(clusters).find("VOLUME_ALARM_DATA_UNAVAILABLE") != std::string::npos, 10'000);

        // It is tried again, and finds what was acknowledged in the file or in the log.
        std::filesystem::remove_all(file);
        std::filesystem::rename(file + ".kept", file);
        QTRY_COMPARE_WITH_TIMEOUT(clusters.get("sf", "before"), std::string("v"), 20'000);
        QVERIFY_OK(clusters.put("sf", "after", "v"));
        QTRY_VERIFY_WITH_TIMEOUT(alarms(clusters).find("DATA_UNAVAILABLE") == std::string::npos, 10'000);
    }
    void aFullDiskIsFullForTheStateFilesToo() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.putMany("sf", 0, 500, "before"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "disk"}, {"mode", "full"}}));
        QCOMPARE(clusters.putMany("sf", 500, 10, "during").error().code, ErrorCode::DiskFull);
        const Status refused = create(clusters, "/mapr/sf/other");
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::DiskFull);
        const auto state = [&] {
            const auto told = clusters.ask("sf", Method::NodeStatus, Json::object());
            return told ? told.value()["state"].get<std::string>() : told.error().text();
        };
        QCOMPARE(state(), std::string("read-only"));
        // The flush of what was acknowledged fails as well, and what is in memory is read on.
        const auto note = [&] {
            const auto told = clusters.ask("sf", Method::NodeStatus, Json::object());
            return told ? told.value()["note"].get<std::string>() : told.error().text();
        };
        QTRY_VERIFY_WITH_TIMEOUT(note().find("tables/1.db") != std::string::npos, 20'000);
        QVERIFY_OK(clusters.ask("sf", maprdb::TableMethod::Fingerprint,
                                {{"path", Clusters::path("sf")}, {"rowsperrange", 0}}));
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 500);
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "clear"}}));
        QTRY_COMPARE_WITH_TIMEOUT(state(), std::string("ok"), 20'000);
        QVERIFY_OK(clusters.putMany("sf", 500, 10, "after"));
        QVERIFY_OK(create(clusters, "/mapr/sf/other"));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "kill"}}));
        QVERIFY_OK(clusters.host().fault("sf", {{"what", "start"}}));
        clusters.forget("sf/ana");
        QCOMPARE(clusters.fingerprint("sf")["rows"].get<int>(), 510);
    }
};
TRIBUTARY_TEST(TestNodeTroubles)
#include "tst_nodetroubles.moc"
