// Who may do what to a whole cluster, and what records may say, on real nodes.
#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

namespace {

void drawn(NodeConfig& config) {
    config.users = {"root", "ana", "ben"};
    config.groups = {{"ops", {"ana"}}};
    config.administrators = {"root"};
}

}  // namespace

class TestRights : public QObject {
    Q_OBJECT

private slots:
    void clusterWideVerbsNeedAnAdministrator_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, Method method, const char* body) {
            QTest::newRow(name) << static_cast<int>(method) << QByteArray(body);
        };
        row("gateways", Method::SetGateways, R"({"cluster":"ny","gateways":["gw-ny-1","10.0.0.7:7660"]})");
        row("service", Method::GatewayService, R"({"name":"","action":"restart"})");
        row("raise", Method::RaiseAlarm, R"({"name":"NODE_ALARM_SERVICE_GATEWAY_DOWN","entity":"gw-sf-1"})");
        row("clear", Method::ClearAlarm, R"({"name":"","entity":""})");
        row("volume", maprdb::TableMethod::SetVolume, R"({"volume":"mapr.sf.root","lagthresholdseconds":5})");
    }
    void clusterWideVerbsNeedAnAdministrator() {
        QFETCH(int, method);
        QFETCH(QByteArray, body);
        Clusters clusters({"sf"}, drawn);
        QVERIFY_OK(clusters.createTable("sf"));
        const auto refused =
            clusters.client("sf", "ana").call(Method{static_cast<std::uint16_t>(method)}, body.toStdString());
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(refused.error().what.find("administrators may (root)") != std::string::npos,
                 refused.error().what.c_str());
        QVERIFY_OK(clusters.client("sf", "root").call(Method{static_cast<std::uint16_t>(method)}, body.toStdString()));
    }

    void administratorsAreKnownWhomeverTheDrawingNames() {
        Clusters clusters({"sf"}, [](NodeConfig& config) {
            config.users = {"ana"};
            config.administrators = {"root", "carla"};
        });
        // At a verb for everybody, at one of theirs, and in a permission.
        auto& carla = clusters.client("sf", "carla");
        QVERIFY_OK(
            carla.callJson(maprdb::TableMethod::CreateTable, {{"path", Clusters::path("sf")},
                                                              {"families", {{{"name", "profile"}}}},
                                                              {"perms", {{"adminaccessperm", "u:ana | u:carla"}}}}));
        QVERIFY_OK(carla.callJson(maprdb::TableMethod::ListTables, Json::object()));
        QVERIFY_OK(carla.callJson(Method::ClearAlarm, {{"name", ""}, {"entity", ""}}));
        const auto stranger = clusters.clientThrough("sf", "sf", "dora");
        QVERIFY(!stranger.ok());
        QVERIFY2(stranger.error().what.find("knows no user dora") != std::string::npos, stranger.error().what.c_str());
    }

    void recordsThatSayTheImpossibleAreRefused_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, Method method, const char* body, const char* reason) {
            QTest::newRow(name) << static_cast<int>(method) << QByteArray(body) << QByteArray(reason);
        };
        row("unknown user", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","perms":{"replperm":"u:nobody-known"}})", "the user 'nobody-known'");
        row("unknown group", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","perms":{"replperm":"g:opps"}})", "the group 'opps'");
        row("unknown role", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","perms":{"replperm":"r:dba"}})", "the role 'dba'");
        row("no expression", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","perms":{"replperm":"u:"}})", "replperm");
        row("unknown attribute", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","attributes":{"colour":"red"}})", "no attribute 'colour'");
        row("negative deletettl", maprdb::TableMethod::AlterTable,
            R"({"path":"/mapr/sf/customers","attributes":{"deletettl":"-1"}})", "deletettl cannot be '-1'");
        row("family with a colon", maprdb::TableMethod::CreateFamily, R"({"path":"/mapr/sf/customers","name":"a:b"})",
            "it holds ':'");
        row("family with a blank", maprdb::TableMethod::CreateFamily, R"({"path":"/mapr/sf/customers","name":"x y"})",
            "it holds a blank");
        row("family renamed", maprdb::TableMethod::AlterFamily,
            R"({"path":"/mapr/sf/customers","name":"profile","newname":"a/b"})", "it holds '/'");
        row("negative ttl", maprdb::TableMethod::CreateFamily, R"({"path":"/mapr/sf/customers","name":"f","ttl":-5})",
            "ttl cannot be -5");
        row("no versions", maprdb::TableMethod::CreateFamily,
            R"({"path":"/mapr/sf/customers","name":"f","maxversions":0})", "maxversions cannot be 0");
        row("family's permission", maprdb::TableMethod::AlterFamily,
            R"({"path":"/mapr/sf/customers","name":"profile","perms":{"readperm":"u:anna"}})", "the user 'anna'");
        row("column's permission", maprdb::TableMethod::SetColumnPerms,
            R"({"path":"/mapr/sf/customers","family":"profile","column":"c","perms":{"readperm":"u:anna"}})",
            "the user 'anna'");
        row("path outside", maprdb::TableMethod::CreateTable, R"({"path":"/mapr/sf/../x"})", "'.' and '..'");
        row("path with a tab", maprdb::TableMethod::CreateTable, R"({"path":"/mapr/sf/a\tb"})", "control character");
        row("family twice", maprdb::TableMethod::CreateTable,
            R"({"path":"/mapr/sf/t","families":[{"name":"f"},{"name":"f"}]})", "named twice");
        row("new table's family", maprdb::TableMethod::CreateTable,
            R"({"path":"/mapr/sf/t","families":[{"name":"a:b"}]})", "it holds ':'");
        row("unknown volume", maprdb::TableMethod::SetVolume, R"({"volume":"nosuch","lagthresholdseconds":5})",
            "no volume nosuch");
        row("unknown alarm", Method::ClearAlarm, R"({"name":"NO_SUCH_ALARM","entity":""})", "no alarm is called");
        row("unknown entity", Method::ClearAlarm, R"({"name":"","entity":"/mapr/sf/nosuch"})", "called /mapr");
        row("gateway's cluster", Method::SetGateways, R"({"cluster":"../x","gateways":["a"]})",
            "cannot name a cluster");
        row("gateway's name", Method::SetGateways, R"({"cluster":"ny","gateways":["a b"]})", "cannot name a gateway");
    }
    void recordsThatSayTheImpossibleAreRefused() {
        QFETCH(int, method);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, reason);
        Clusters clusters({"sf"}, drawn);
        const Json table{{"path", "/mapr/sf/customers"}, {"families", {{{"name", "profile"}}}}};
        QVERIFY_OK(clusters.client("sf", "root").callJson(maprdb::TableMethod::CreateTable, table));
        const std::string before =
            clusters.client("sf", "root").callJson(maprdb::TableMethod::ListTables, Json::object()).value().dump();
        const auto refused =
            clusters.client("sf", "root").call(Method{static_cast<std::uint16_t>(method)}, body.toStdString());
        QVERIFY(!refused.ok());
        QVERIFY2(QByteArray::fromStdString(refused.error().what).contains(reason), refused.error().what.c_str());
        QCOMPARE(clusters.client("sf", "root").callJson(maprdb::TableMethod::ListTables, Json::object()).value().dump(),
                 before);
    }

    void knownNamesAreTaken() {
        Clusters clusters({"sf"}, drawn);
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.ask(
            "sf", maprdb::TableMethod::AlterTable,
            {{"path", Clusters::path("sf")}, {"perms", {{"replperm", "u:ana | u:ben | g:ops | u:mapr | g:root"}}}}));
    }

    void theAdviceForAMissingRightAddsToWhatIsGranted() {
        Clusters clusters({"sf"}, drawn);
        QVERIFY_OK(clusters.client("sf", "root")
                       .callJson(maprdb::TableMethod::CreateTable,
                                 {{"path", Clusters::path("sf")}, {"families", {{{"name", "profile"}}}}}));
        const Status refused = clusters.put("sf", "k", "v");  // by ana
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(refused.error().fix.find("-writeperm \"u:root | u:ana\"") != std::string::npos,
                 refused.error().fix.c_str());
    }

    void theDoorTakesFaultsFromAdministratorsOnly() {
        Clusters clusters({"sf"}, drawn);
        const auto refused = clusters.client("sf", "ana").callJson(Method::Faults, {{"what", "clear"}});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
    }
};
TRIBUTARY_TEST(TestRights)
#include "tst_rights.moc"
