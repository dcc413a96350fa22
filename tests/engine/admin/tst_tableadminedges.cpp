// Replica and upstream commands and autosetup: order of requests, refusals before side effects, exact rows.
#include <QTest>

#include "core/operations/schema.h"
#include "engine/admin/tableadmin.h"
#include "fakeclusters.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using test::FakeCluster;
using test::FakeDirectory;

namespace {

using Raw = std::map<std::string, std::string>;
const Raw kEdge{{"path", "/mapr/sf/t"}, {"replica", "/mapr/ny/t"}};

Raw with(Raw base, const Raw& more) {
    for (const auto& [name, value] : more) base[name] = value;
    return base;
}

std::vector<std::string> changesOf(const FakeCluster& cluster) {
    std::vector<std::string> out;
    for (const std::string& line : cluster.log) {
        const bool change = line.starts_with("Add") || line.starts_with("Create") || line.starts_with("Set") ||
                            line.starts_with("Pause");
        if (change && (out.empty() || out.back() != line)) out.push_back(line);
    }
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

class TableAdminEdgesTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;
    AdminOptions options_;

    Result<Outcome> run(Verb verb, const Raw& raw) {
        const Result<Operation> op = makeOperation(verb, raw);
        if (!op) return op.error();
        TableAdmin admin(
            directory_, "ana", [] { return Millis{1'700'000'000'000}; }, options_);
        return admin.execute(*op);
    }

private slots:
    void init() {
        directory_ = FakeDirectory();
        options_ = AdminOptions();
        sf_ = &directory_.add("sf");
        ny_ = &directory_.add("ny");
        auto& source = sf_->add("/t", {"f", "g"}, 1);
        for (int i = 0; i < 10; ++i) source.put("row" + std::to_string(i), "f", "q", 100 + i, "value");
    }

    void replicaAddRecordsTheReplicasIdentity() {
        const auto& replica = ny_->add("/t", {"f", "g"}, 2);
        const auto added = run(Verb::ReplicaAdd, with(kEdge, {{"paused", "true"}, {"columns", "g,f:q"}}));
        QVERIFY_OK(added);
        const auto* record = sf_->at("/mapr/sf/t")->record.replicaByPath("/mapr/ny/t");
        QVERIFY(record != nullptr);
        QCOMPARE(record->uuid, replica.record.uuid);
        QCOMPARE(record->projection, std::string("f:q,g"));
        QVERIFY(record->paused);
        QCOMPARE(added->warnings.size(), 1U);
        QVERIFY(added->warnings[0].ends_with("maprcli table upstream add -path /mapr/ny/t -upstream /mapr/sf/t"));
    }

    void replicaAddRefuses_data() {
        QTest::addColumn<QString>("replica");
        QTest::addColumn<QString>("columns");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("fix");
        const auto code = [](ErrorCode value) { return static_cast<int>(value); };
        QTest::newRow("missing replica") << "/mapr/ny/none"
                                         << "" << code(ErrorCode::NotFound) << "-replica"
                                         << "maprcli table create -path /mapr/ny/none -copymetafrom /mapr/sf/t";
        QTest::newRow("itself") << "/mapr/sf/t"
                                << "" << code(ErrorCode::InvalidInput) << "-replica"
                                << "name another table, in this cluster or another";
        QTest::newRow("bulk loading replica") << "/mapr/ny/bulk"
                                              << "" << code(ErrorCode::Conflict) << "-replica"
                                              << "maprcli table edit -path /mapr/ny/bulk -bulkload false";
        QTest::newRow("other kind") << "/mapr/ny/json"
                                    << "" << code(ErrorCode::InvalidInput) << "-replica"
                                    << "create the replica after the source: maprcli table create -path <new path> "
                                       "-copymetafrom /mapr/sf/t";
        QTest::newRow("family of nobody") << "/mapr/ny/t"
                                          << "zzz" << code(ErrorCode::InvalidInput) << "-columns"
                                          << "maprcli table cf list -path /mapr/sf/t";
        QTest::newRow("a replica already") << "/mapr/ny/old"
                                           << "" << code(ErrorCode::AlreadyExists) << "-replica"
                                           << "maprcli table replica list -path /mapr/sf/t";
    }
    void replicaAddRefuses() {
        QFETCH(QString, replica);
        QFETCH(QString, columns);
        QFETCH(int, code);
        QFETCH(QString, where);
        QFETCH(QString, fix);
        ny_->add("/t", {"f"}, 2);
        ny_->add("/bulk", {"f"}, 3).record.attributes["bulkload"] = "true";
        ny_->add("/json", {"f"}, 4).record.kind = "json";
        ny_->add("/old", {"f", "g"}, 5);
        QVERIFY_OK(run(Verb::ReplicaAdd, {{"path", "/mapr/sf/t"}, {"replica", "/mapr/ny/old"}}));
        Raw raw{{"path", "/mapr/sf/t"}, {"replica", replica.toStdString()}};
        if (!columns.isEmpty()) raw["columns"] = columns.toStdString();
        const auto refused = run(Verb::ReplicaAdd, raw);
        QVERIFY(!refused.ok());
        QCOMPARE(static_cast<int>(refused.error().code), code);
        QCOMPARE(QString::fromStdString(refused.error().where), where);
        QCOMPARE(QString::fromStdString(refused.error().fix), fix);
        QCOMPARE(sf_->at("/mapr/sf/t")->record.replicas.size(), 1U);
    }

    void aBulkLoadingSourceCannotBeReplicated() {
        ny_->add("/t", {"f", "g"}, 2);
        sf_->at("/mapr/sf/t")->record.attributes["bulkload"] = "true";
        const auto refused = run(Verb::ReplicaAdd, kEdge);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(refused.error().where, std::string("-path"));
    }

    void replicaAddNamesFamiliesThatTheReplicaLacks() {
        ny_->add("/t", {"f"}, 2);
        const auto added = run(Verb::ReplicaAdd, kEdge);
        QVERIFY_OK(added);
        QVERIFY(added->warnings[0].ends_with("maprcli table cf create -path /mapr/ny/t -cfname g"));
    }

    void aHealthyReplicaHasTheTwentyFields() {
        const auto& replica = ny_->add("/t", {"f", "g"}, 2);
        QVERIFY_OK(run(Verb::ReplicaAdd, kEdge));
        sf_->linkFigures["/mapr/ny/t"] = Json::parse(R"({"bytespending":1200,"putspending":3,"bucketspending":1,
            "minpendingts":5,"maxpendingts":9,"isuptodate":false})");
        const auto list = run(Verb::ReplicaList, {{"path", "/mapr/sf/t"}, {"refreshnow", "true"}});
        QVERIFY_OK(list);
        const Lines expected{"cluster",
                             "table",
                             "type",
                             "realTablePath",
                             "replicaState",
                             "paused",
                             "throttle",
                             "idx",
                             "networkencryption",
                             "synchronous",
                             "networkcompression",
                             "propagateExistingData",
                             "isUptodate",
                             "minPendingTS",
                             "maxPendingTS",
                             "bytesPending",
                             "putsPending",
                             "bucketsPending",
                             "uuid",
                             "copyTableCompletionPercentage"};
        QCOMPARE(expected.size(), 20U);
        QCOMPARE(tributary::test::fieldsOf(list->rows[0]), expected);
        QCOMPARE(list->rows[0]["type"].dump(), Json("maprdb.binary").dump());
        QCOMPARE(list->rows[0]["replicaState"].dump(), Json("REPLICA_STATE_REPLICATING").dump());
        QCOMPARE(list->rows[0]["networkcompression"].dump(), Json("lz4").dump());
        QCOMPARE(list->rows[0]["uuid"].dump(), Json(replica.record.uuid.text()).dump());
        QCOMPARE(list->rows[0]["bytesPending"].dump(), Json(1200).dump());
        QCOMPARE(list->rows[0]["copyTableCompletionPercentage"].dump(), Json(0).dump());
    }

    void columnsAndErrorsAreShownOnlyWhenThereAreAny() {
        ny_->add("/t", {"f", "g"}, 2);
        QVERIFY_OK(run(Verb::ReplicaAdd, with(kEdge, {{"columns", "f"}})));
        sf_->linkFigures["/mapr/ny/t"] =
            Json::parse(R"({"error":{"code":"ErrAllGatewaysUnreachable","host":"h","message":"m"}})");
        const auto list = run(Verb::ReplicaList, {{"path", "/mapr/sf/t"}});
        const Json& row = list->rows[0];
        QCOMPARE(tributary::test::fieldsOf(row).size(), 22U);
        QCOMPARE(tributary::test::fieldsOf(row)[3], std::string("columns"));
        QCOMPARE(row["errors"].dump(),
                 (Json{{"Code", "ErrAllGatewaysUnreachable"}, {"Host", "h"}, {"Msg", "m"}}.dump()));
        sf_->add("/lonely", {"f"}, 9);
        QCOMPARE(run(Verb::ReplicaList, {{"path", "/mapr/sf/lonely"}})->total, 0);
    }

    void upstreamsShowTheirUuidAsEscapedBytes() {
        ny_->add("/t", {"f", "g"}, 2);
        const auto added = run(Verb::UpstreamAdd, {{"path", "/mapr/ny/t"}, {"upstream", "/mapr/sf/t"}});
        QVERIFY_OK(added);
        QVERIFY(added->warnings[0].ends_with("maprcli table replica add -path /mapr/sf/t -replica /mapr/ny/t"));
        const auto list = run(Verb::UpstreamList, {{"path", "/mapr/ny/t"}});
        QCOMPARE(list->rows[0].dump(), (Json{{"cluster", "sf"},
                                             {"table", "/mapr/sf/t"},
                                             {"idx", 1},
                                             {"uuid", sf_->at("/mapr/sf/t")->record.uuid.escapedText()}}
                                            .dump()));
        const auto again = run(Verb::UpstreamAdd, {{"path", "/mapr/ny/t"}, {"upstream", "/mapr/sf/t"}});
        QCOMPARE(again.error().fix, std::string("maprcli table upstream list -path /mapr/ny/t"));
        const auto missing = run(Verb::UpstreamAdd, {{"path", "/mapr/ny/t"}, {"upstream", "/mapr/sf/none"}});
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QCOMPARE(missing.error().where, std::string("-upstream"));
    }

    void newReplicaMustBeTheSameTable() {
        const Uuid uuid = ny_->add("/t", {"f", "g"}, 2).record.uuid;
        QVERIFY_OK(run(Verb::ReplicaAdd, kEdge));
        ny_->add("/other", {"f", "g"}, 3);
        const auto refused = run(Verb::ReplicaEdit, with(kEdge, {{"newreplica", "/mapr/ny/other"}}));
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(refused.error().where, std::string("-newreplica"));
        ny_->at("/mapr/ny/other")->record.uuid = uuid;  // as after a rename
        QVERIFY_OK(run(Verb::ReplicaEdit, with(kEdge, {{"newreplica", "/mapr/ny/other"}})));
        QVERIFY(sf_->at("/mapr/sf/t")->record.replicaByPath("/mapr/ny/other") != nullptr);
    }

    void pauseResumeRemoveNameTheListWhenThereIsNoEdge() {
        ny_->add("/t", {"f", "g"}, 2);
        const auto none = run(Verb::ReplicaPause, kEdge);
        QCOMPARE(none.error().code, ErrorCode::NotFound);
        QCOMPARE(none.error().fix, std::string("maprcli table replica list -path /mapr/sf/t"));
        QVERIFY_OK(run(Verb::ReplicaAdd, kEdge));
        QVERIFY_OK(run(Verb::ReplicaPause, kEdge));
        QVERIFY(sf_->at("/mapr/sf/t")->record.replicas[0].paused);
        QVERIFY_OK(run(Verb::ReplicaResume, kEdge));
        QVERIFY(!sf_->at("/mapr/sf/t")->record.replicas[0].paused);
        const auto removed = run(Verb::ReplicaRemove, kEdge);
        QVERIFY_OK(removed);
        QVERIFY(removed->warnings[0].ends_with("maprcli table upstream remove -path /mapr/ny/t -upstream /mapr/sf/t"));
        QVERIFY(ny_->at("/mapr/ny/t") != nullptr);
    }

    void autosetupWithDirectcopyIsAskedOfTheSourceAndOfNobodyElse() {
        QVERIFY_OK(run(Verb::ReplicaAutosetup, with(kEdge, {{"multimaster", "true"}, {"columns", "f"}})));
        QCOMPARE(changesOf(*sf_), Lines{"AddReplica"});
        QCOMPARE(changesOf(*ny_), Lines{});
        const auto& record = sf_->at("/mapr/sf/t")->record.replicas[0];
        QCOMPARE(record.setup.dump(), (Json{{"multimaster", true}, {"existing", false}}.dump()));
        QVERIFY(!record.paused);
    }

    void autosetupByTheClientPausesWhileItCopies() {
        QVERIFY_OK(run(Verb::ReplicaAutosetup, with(kEdge, {{"directcopy", "false"}})));
        const Lines source{"AddReplica", "SetReplicaState COPY_IN_PROGRESS", "SetReplicaState REPLICATING",
                           "PauseReplica"};
        QCOMPARE(changesOf(*sf_), source);
        QVERIFY(!sf_->at("/mapr/sf/t")->record.replicas[0].paused);
        QCOMPARE(ny_->at("/mapr/ny/t")->rows.size(), 10U);
    }

    void multiMasterMakesFourRecordsAndLoadsBeforeTheWayBack() {
        QVERIFY_OK(run(Verb::ReplicaAutosetup, with(kEdge, {{"multimaster", "true"}, {"directcopy", "false"}})));
        const auto& source = sf_->at("/mapr/sf/t")->record;
        const auto& replica = ny_->at("/mapr/ny/t")->record;
        QCOMPARE(source.replicas.size() + source.upstreams.size(), 2U);
        QCOMPARE(replica.replicas.size() + replica.upstreams.size(), 2U);
        QCOMPARE(replica.replicas[0].uuid, source.uuid);
        const auto place = [&](const std::string& line) {
            return std::find(ny_->log.begin(), ny_->log.end(), line) - ny_->log.begin();
        };
        QVERIFY(place("Put") < place("AddReplica"));
    }

    void autosetupRefusesBeforeAnySideEffect_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("replicaExists");
        QTest::addColumn<int>("code");
        const auto code = [](ErrorCode value) { return static_cast<int>(value); };
        QTest::newRow("replica exists") << QStringList{} << true << code(ErrorCode::AlreadyExists);
        QTest::newRow("replica to reuse is missing")
            << QStringList{u"useexistingreplica"_s, u"true"_s} << false << code(ErrorCode::NotFound);
        QTest::newRow("reuse needs directcopy")
            << QStringList{u"useexistingreplica"_s, u"true"_s, u"directcopy"_s, u"false"_s} << true
            << code(ErrorCode::InvalidInput);
        QTest::newRow("reuse forbids multimaster")
            << QStringList{u"useexistingreplica"_s, u"true"_s, u"multimaster"_s, u"true"_s} << true
            << code(ErrorCode::InvalidInput);
        QTest::newRow("unknown family") << QStringList{u"columns"_s, u"zzz"_s} << false
                                        << code(ErrorCode::InvalidInput);
    }
    void autosetupRefusesBeforeAnySideEffect() {
        QFETCH(QStringList, options);
        QFETCH(bool, replicaExists);
        QFETCH(int, code);
        if (replicaExists) ny_->add("/t", {"f", "g"}, 2);
        // Built by hand: the schema refuses some of these already.
        Operation op;
        op.verb = Verb::ReplicaAutosetup;
        op.params = kEdge;
        for (int i = 0; i + 1 < options.size(); i += 2)
            op.params[options[i].toStdString()] = options[i + 1].toStdString();
        TableAdmin admin(directory_, "ana", [] { return Millis{1}; });
        const auto refused = admin.execute(op);
        QVERIFY(!refused.ok());
        QCOMPARE(static_cast<int>(refused.error().code), code);
        QVERIFY(!refused.error().fix.empty());
        QCOMPARE(changesOf(*sf_), Lines{});
        QCOMPARE(changesOf(*ny_), Lines{});
    }

    void aReplicaThatExistsCanBeReused() {
        ny_->add("/t", {"f", "g"}, 2);
        QVERIFY_OK(run(Verb::ReplicaAutosetup, with(kEdge, {{"useexistingreplica", "true"}})));
        QCOMPARE(changesOf(*ny_), Lines{});
        const auto& record = sf_->at("/mapr/sf/t")->record.replicas[0];
        QVERIFY(record.setup.at("existing").get<bool>());
        QCOMPARE(record.uuid, ny_->at("/mapr/ny/t")->record.uuid);
    }

    void aReplicaWithoutTheFamiliesIsRefusedBeforeAnySideEffect() {
        ny_->add("/t", {"f"}, 2);
        const auto refused = run(Verb::ReplicaAutosetup, with(kEdge, {{"useexistingreplica", "true"}}));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QCOMPARE(refused.error().fix, std::string("maprcli table cf create -path /mapr/ny/t -cfname g"));
        QCOMPARE(changesOf(*sf_), Lines{});
        QVERIFY_OK(run(Verb::ReplicaAutosetup, with(kEdge, {{"useexistingreplica", "true"}, {"columns", "f"}})));
    }

    void aSourceInBulkLoadIsWaitedForWithDirectcopyAlone() {
        sf_->at("/mapr/sf/t")->record.attributes["bulkload"] = "true";
        const auto refused = run(Verb::ReplicaAutosetup, with(kEdge, {{"directcopy", "false"}}));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(changesOf(*sf_), Lines{});
        const auto asked = run(Verb::ReplicaAutosetup, kEdge);
        QVERIFY_OK(asked);
        QCOMPARE(changesOf(*sf_), Lines{"AddReplica"});
        QCOMPARE(asked->warnings.size(), 1U);
        QVERIFY(asked->warnings[0].ends_with("maprcli table edit -path /mapr/sf/t -bulkload false"));
    }

    void anInterruptedClientCopyNamesWhatItLeavesBehind() {
        ny_->failNext(maprdb::TableMethod::Put, Error{ErrorCode::Unavailable, "gone", {}, {}});
        const auto failed = run(Verb::ReplicaAutosetup, with(kEdge, {{"directcopy", "false"}}));
        QVERIFY(!failed.ok());
        QVERIFY(failed.error().fix.find("maprcli table replica remove -path /mapr/sf/t -replica /mapr/ny/t; maprcli "
                                        "table delete -path /mapr/ny/t") != std::string::npos);
        QVERIFY(sf_->at("/mapr/sf/t")->record.replicas[0].paused);
    }
};
TRIBUTARY_TEST(TableAdminEdgesTest)

#include "tst_tableadminedges.moc"
