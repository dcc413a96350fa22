// Administration of tables, families, gateways and alarms: exact rows and errors that name the next command.
#include <QTest>

#include "core/operations/schema.h"
#include "engine/admin/tableadmin.h"
#include "fakeclusters.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using test::FakeCluster;
using test::FakeDirectory;

namespace {

using Raw = std::map<std::string, std::string>;

}  // namespace

class TableAdminTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;

    Result<Outcome> run(Verb verb, const Raw& raw) {
        const Result<Operation> op = makeOperation(verb, raw);
        if (!op) return op.error();
        TableAdmin admin(directory_, "ana", [] { return Millis{1'700'000'000'000}; });
        return admin.execute(*op);
    }

private slots:
    void init() {
        directory_ = FakeDirectory();
        directory_.fallback = "sanfrancisco";
        sf_ = &directory_.add("sanfrancisco");
        ny_ = &directory_.add("newyork");
        sf_->add("/customers", {"profile", "orders"}, 1);
    }

    void createsATableWithMetadataOfAnotherCluster() {
        auto& source = sf_->at("/mapr/sanfrancisco/customers")->record;
        source.attributes = {{"audit", "true"}, {"bulkload", "false"}};
        source.families[0].maxVersions = 3;
        source.families[0].perms["readperm"] = "u:ben";
        QVERIFY_OK(run(Verb::TableCreate,
                       {{"path", "/mapr/newyork/customers"}, {"copymetafrom", "/mapr/sanfrancisco/customers"}}));
        const auto& made = ny_->at("/mapr/newyork/customers")->record;
        QCOMPARE(made.families.size(), 2U);
        QCOMPARE(made.families[0].maxVersions, 3U);
        QCOMPARE(made.families[0].perms.at("readperm"), std::string("u:ben"));
        QCOMPARE(made.attributes.at("audit"), std::string("true"));
        QVERIFY(!made.attributes.contains("bulkload"));  // a mode, not metadata
        QVERIFY(made.uuid != source.uuid);
    }

    void copiesOnlyTheMetadataAskedFor_data() {
        QTest::addColumn<QString>("types");
        QTest::addColumn<int>("families");
        QTest::addColumn<bool>("attributes");
        QTest::addColumn<bool>("aces");
        QTest::newRow("families") << "cfs" << 2 << false << false;
        QTest::newRow("attributes") << "attrs" << 0 << true << false;
        QTest::newRow("permissions") << "aces" << 0 << false << true;
        QTest::newRow("splits, which tables here have none of") << "splits" << 0 << false << false;
        QTest::newRow("two") << "cfs,attrs" << 2 << true << false;
        QTest::newRow("all") << "all" << 2 << true << true;
    }
    void copiesOnlyTheMetadataAskedFor() {
        QFETCH(QString, types);
        QFETCH(int, families);
        QFETCH(bool, attributes);
        QFETCH(bool, aces);
        auto& source = sf_->at("/mapr/sanfrancisco/customers")->record;
        source.attributes = {{"audit", "true"}};
        source.perms["replperm"] = "u:zoe";
        QVERIFY_OK(run(Verb::TableCreate, {{"path", "/mapr/newyork/c"},
                                           {"copymetafrom", "/mapr/sanfrancisco/customers"},
                                           {"copymetatype", types.toStdString()}}));
        const auto& made = ny_->at("/mapr/newyork/c")->record;
        QCOMPARE(static_cast<int>(made.families.size()), families);
        QCOMPARE(made.attributes.contains("audit"), attributes);
        QCOMPARE(made.perms.contains("replperm"), aces);
    }

    void aRefusedPermissionIsBlamedOnWhatBroughtIt_data() {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("where");
        QTest::newRow("of the model") << "readperm names the user 'zed', which this cluster does not know"
                                      << "-copymetafrom";
        QTest::newRow("typed") << "replperm names the user 'zed', which this cluster does not know"
                               << "-path";
        QTest::newRow("something else") << "the name is too long"
                                        << "-path";
    }
    void aRefusedPermissionIsBlamedOnWhatBroughtIt() {
        QFETCH(QString, message);
        QFETCH(QString, where);
        ny_->failNext(engine::maprdb::TableMethod::CreateTable,
                      Error{ErrorCode::InvalidInput, message.toStdString(), {}, "one of: root"});
        const auto refused =
            run(Verb::TableCreate,
                {{"path", "/mapr/newyork/c"}, {"copymetafrom", "/mapr/sanfrancisco/customers"}, {"replperm", "u:zed"}});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().where, where.toStdString());
        QCOMPARE(refused.error().fix.find("-copymetatype cfs,attrs") != std::string::npos,
                 where == QStringLiteral("-copymetafrom"));
    }

    void explicitOptionsWinOverCopiedOnes() {
        sf_->at("/mapr/sanfrancisco/customers")->record.attributes = {{"audit", "true"}};
        QVERIFY_OK(run(Verb::TableCreate, {{"path", "/mapr/newyork/c"},
                                           {"copymetafrom", "/mapr/sanfrancisco/customers"},
                                           {"audit", "false"},
                                           {"replperm", "u:ben"}}));
        QCOMPARE(ny_->at("/mapr/newyork/c")->record.attributes.at("audit"), std::string("false"));
        QCOMPARE(ny_->at("/mapr/newyork/c")->record.perms.at("replperm"), std::string("u:ben"));
    }

    void localPathsLieInTheAskedOrDefaultCluster() {
        QVERIFY_OK(run(Verb::TableCreate, {{"path", "/vol/t"}}));
        QVERIFY(sf_->at("/mapr/sanfrancisco/vol/t") != nullptr);
        QVERIFY_OK(run(Verb::TableCreate, {{"path", "/vol/t"}, {"cluster", "newyork"}}));
        QVERIFY(ny_->at("/mapr/newyork/vol/t") != nullptr);
        directory_.fallback.clear();
        const auto lost = run(Verb::TableInfo, {{"path", "/vol/t"}});
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error().fix, std::string("-path /mapr/<cluster>/vol/t"));
    }

    void unknownAndSleepingClustersAreTold() {
        const auto unknown = run(Verb::TableInfo, {{"path", "/mapr/newyrok/t"}});
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QCOMPARE(unknown.error().fix, std::string("did you mean 'newyork'?"));
        ny_->up = false;
        const auto sleeping = run(Verb::TableInfo, {{"path", "/mapr/newyork/t"}});
        QCOMPARE(sleeping.error().code, ErrorCode::Unavailable);
        QCOMPARE(sleeping.error().fix, std::string("start its engine: tributary up"));
    }

    void infoHasTheVendorsFieldsInOrder() {
        sf_->at("/mapr/sanfrancisco/customers")->record.attributes = {{"deletettl", "300"}};
        const auto info = run(Verb::TableInfo, {{"path", "/customers"}});
        QVERIFY_OK(info);
        QCOMPARE(info->total, 1);
        const std::vector<std::string> expected{"path",
                                                "numregions",
                                                "totallogicalsize",
                                                "totalphysicalsize",
                                                "totalcopypendingsize",
                                                "totalrows",
                                                "totalnumberofspills",
                                                "totalnumberofsegments",
                                                "autosplit",
                                                "bulkload",
                                                "tabletype",
                                                "regionsizemb",
                                                "audit",
                                                "metricsinterval",
                                                "maxvalueszinmemindex",
                                                "adminaccessperm",
                                                "createrenamefamilyperm",
                                                "bulkloadperm",
                                                "indexperm",
                                                "packperm",
                                                "deletefamilyperm",
                                                "replperm",
                                                "splitmergeperm",
                                                "defaultcompressionperm",
                                                "defaultmemoryperm",
                                                "defaultreadperm",
                                                "defaultwriteperm",
                                                "defaultversionperm",
                                                "defaultappendperm",
                                                "deletettl",
                                                "uuid"};
        QCOMPARE(tributary::test::fieldsOf(info->rows[0]), expected);
        QCOMPARE(info->rows[0]["regionsizemb"].dump(), Json(4096).dump());
        QCOMPARE(info->rows[0]["deletettl"].dump(), Json(300).dump());
        QCOMPARE(info->rows[0]["totalphysicalsize"].dump(), Json(4096).dump());
        QCOMPARE(info->rows[0]["replperm"].dump(), Json("u:ana").dump());
    }

    void editRefusesNothingAndLateBulkLoad() {
        QCOMPARE(run(Verb::TableEdit, {{"path", "/customers"}}).error().code, ErrorCode::InvalidInput);
        const auto late = run(Verb::TableEdit, {{"path", "/customers"}, {"bulkload", "true"}});
        QCOMPARE(late.error().where, std::string("-bulkload"));
        QVERIFY_OK(run(Verb::TableEdit, {{"path", "/customers"}, {"deletettl", "60"}}));
        QCOMPARE(sf_->at("/mapr/sanfrancisco/customers")->record.attributes.at("deletettl"), std::string("60"));
    }

    void familiesAreListedAsTheVendorShowsThem() {
        auto& record = sf_->at("/mapr/sanfrancisco/customers")->record;
        record.families[1].ttlSeconds = 60;
        const auto list = run(Verb::CfList, {{"path", "/customers"}});
        QVERIFY_OK(list);
        QCOMPARE(list->total, 2);
        const std::vector<std::string> expected{"inmemory",    "cfname",   "maxversions",     "minversions",
                                                "compression", "ttl",      "compressionperm", "versionperm",
                                                "memoryperm",  "readperm", "writeperm",       "appendperm"};
        QCOMPARE(tributary::test::fieldsOf(list->rows[0]), expected);
        QCOMPARE(list->rows[0]["ttl"].dump(), Json(2147483647).dump());
        QCOMPARE(list->rows[1]["ttl"].dump(), Json(60).dump());
        const auto terse = run(Verb::CfList, {{"path", "/customers"}, {"cfname", "orders"}, {"output", "terse"}});
        QCOMPARE(terse->total, 1);
        QCOMPARE(terse->rows[0]["n"].dump(), Json("orders").dump());
        const auto missing = run(Verb::CfList, {{"path", "/customers"}, {"cfname", "none"}});
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void familyEditRenamesLastAndReadsTheShownTtl() {
        QVERIFY_OK(run(Verb::CfEdit, {{"path", "/customers"},
                                      {"cfname", "orders"},
                                      {"maxversions", "5"},
                                      {"ttl", "2147483647"},
                                      {"newcfname", "buys"}}));
        const auto* family = sf_->at("/mapr/sanfrancisco/customers")->record.family("buys");
        QVERIFY(family != nullptr);
        QCOMPARE(family->maxVersions, 5U);
        QCOMPARE(family->ttlSeconds, std::int64_t{0});
        QCOMPARE(std::count(sf_->log.begin(), sf_->log.end(), "AlterFamily"), 2);
    }

    void familyCreateNamesReplicasThatDoNotGetIt() {
        ny_->add("/customers", {"profile"}, 2);
        QVERIFY_OK(run(Verb::ReplicaAdd, {{"path", "/customers"}, {"replica", "/mapr/newyork/customers"}}));
        const auto made = run(Verb::CfCreate, {{"path", "/customers"}, {"cfname", "visits"}});
        QVERIFY_OK(made);
        QCOMPARE(made->warnings.size(), 1U);
        QVERIFY(made->warnings[0].find("maprcli table cf create -path /mapr/newyork/customers -cfname visits") !=
                std::string::npos);
    }

    void columnPermissionsComeAndGo() {
        const Raw column{{"path", "/customers"}, {"cfname", "profile"}, {"name", "mail"}};
        QCOMPARE(run(Verb::ColumnPermGet, column)->total, 0);
        Raw set = column;
        set["readperm"] = "u:ben";
        QVERIFY_OK(run(Verb::ColumnPermSet, set));
        const auto shown = run(Verb::ColumnPermGet, column);
        QCOMPARE(shown->rows[0].dump(), (Json{{"name", "mail"}, {"readperm", "u:ben"}}.dump()));
        QVERIFY_OK(run(Verb::ColumnPermDelete, column));
        QCOMPARE(run(Verb::ColumnPermGet, column)->total, 0);
        QCOMPARE(run(Verb::ColumnPermDelete, column).error().code, ErrorCode::NotFound);
    }

    void gatewaysAreSetListedAndResolved() {
        QVERIFY_OK(run(Verb::GatewaySet, {{"dstcluster", "newyork"}, {"gateways", "gw-1 gw-2"}}));
        const Json expected{{"cluster", "newyork"}, {"gatewayConfig", "gw-1 gw-2"}};
        QCOMPARE(run(Verb::GatewayList, {})->rows[0].dump(), expected.dump());
        QCOMPARE(run(Verb::GatewayGet, {{"dstcluster", "newyork"}})->rows[0].dump(), expected.dump());
        ny_->gatewaysLocal = Json::parse(R"([{"name":"gw-1","running":false},{"name":"gw-2","running":true}])");
        QCOMPARE(run(Verb::GatewayResolve, {{"dstcluster", "newyork"}})->rows[0].dump(),
                 (Json{{"cluster", "newyork"}, {"gatewayConfig", "gw-2"}}.dump()));
        sf_->gatewaysKnown["newyork"] = Json::parse(R"([{"name":"gw-1","reachable":false}])");
        const auto silent = run(Verb::GatewayResolve, {{"dstcluster", "newyork"}});
        QCOMPARE(silent.error().code, ErrorCode::Unavailable);
        QCOMPARE(silent.error().what, std::string("All configured gateways to cluster newyork are unreachable"));
        QVERIFY_OK(run(Verb::GatewayDelete, {{"dstcluster", "newyork"}}));
        QCOMPARE(run(Verb::GatewayGet, {{"dstcluster", "newyork"}}).error().code, ErrorCode::NotFound);
        QCOMPARE(run(Verb::GatewayList, {})->total, 0);
    }

    void localGatewaysAsTextAndAsZone() {
        sf_->gatewaysLocal = Json::parse(R"([{"name":"gw-1","running":true},{"name":"gw-2","running":true}])");
        const auto text = run(Verb::GatewayLocal, {});
        QCOMPARE(text->rows[0]["gatewayConfig"].dump(), Json("gw-1 gw-2").dump());
        const auto zone = run(Verb::GatewayLocal, {{"format", "dns"}});
        QCOMPARE(zone->lines.size(), 4U);
        QCOMPARE(zone->lines[3], std::string("sanfrancisco\tIN\tTXT\t\"gw-1 gw-2\""));
    }

    void alarmsAreFilteredCountedAndCut() {
        sf_->alarms = Json::parse(R"([
            {"name":"VOLUME_ALARM_TABLE_REPL_ERROR","entity":"/a","type":"volume","state":1,"raisedms":5,
             "description":"x"},
            {"name":"VOLUME_ALARM_TABLE_REPL_ERROR","entity":"/b","type":"volume","state":1,"raisedms":6,
             "description":"y"},
            {"name":"NODE_ALARM_SERVICE_GATEWAY_DOWN","entity":"gw","type":"node","state":1,"raisedms":7,
             "description":"z"},
            {"name":"VOLUME_ALARM_TABLE_REPL_ASYNC","entity":"/a","type":"volume","state":0,"raisedms":0,
             "description":""}])");
        QCOMPARE(run(Verb::AlarmList, {})->total, 3);
        QCOMPARE(run(Verb::AlarmList, {{"type", "volume"}})->total, 2);
        QCOMPARE(run(Verb::AlarmList, {{"entity", "gw"}})->rows[0].dump(),
                 (Json{{"alarm state", 1},
                       {"description", "z"},
                       {"entity", "gw"},
                       {"alarm name", "NODE_ALARM_SERVICE_GATEWAY_DOWN"},
                       {"alarm statechange time", 7}}
                      .dump()));
        const auto cut = run(Verb::AlarmList, {{"start", "1"}, {"limit", "1"}});
        QCOMPARE(cut->rows.size(), 1U);
        QCOMPARE(cut->total, 3);
        QCOMPARE(run(Verb::AlarmList, {{"summary", "1"}})->rows[1].dump(),
                 (Json{{"alarm name", "VOLUME_ALARM_TABLE_REPL_ERROR"}, {"count", 2}}.dump()));
    }

    void theTimeBudgetEndsACommand() {
        const Result<Operation> op = makeOperation(Verb::TableInfo, {{"path", "/customers"}});
        test::FakeTime time;
        time.stepMs = 20;
        TableAdmin admin(directory_, "ana", [&] { return time.look(); });
        const auto late = admin.execute(*op, 10);
        QCOMPARE(late.error().code, ErrorCode::Timeout);
        QVERIFY_OK(admin.execute(*op, 1'000));
    }
};
TRIBUTARY_TEST(TableAdminTest)

#include "tst_tableadmin.moc"
