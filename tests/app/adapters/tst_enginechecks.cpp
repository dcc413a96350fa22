// Every check: True, False and, whenever a cluster is silent, Unknown.
#include <QTest>

#include "app/adapters/enginechecks.h"
#include "runbooks/model/checks.h"
#include "spokenrunbooks.h"
#include "testmain.h"
#include "tests/engine/admin/fakeclusters.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::app;
using engine::Json;
using runbooks::CheckVerdict;
using test::FakeCluster;
using test::FakeDirectory;

namespace {

constexpr const char* kS = "/mapr/sf/t";
constexpr const char* kR = "/mapr/ny/t";

QString nameOf(CheckVerdict verdict) {
    return verdict == CheckVerdict::True ? u"true"_s : verdict == CheckVerdict::False ? u"false"_s : u"unknown"_s;
}

}  // namespace

class EngineChecksTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;
    test::FakeTime time_;

    runbooks::CheckOutcome ask(const std::string& line) {
        const auto check = runbooks::parseCheck(line);
        if (!check) return {CheckVerdict::Unknown, check.error().full()};
        engine::maprdb::ClusterCalls calls(directory_, [this] { return time_.look(); });
        return evaluateCheck(calls, "ana", check->name, check->arguments);
    }
    engine::ReplicaRecord& edge() { return sf_->at(kS)->record.replicas[0]; }

private slots:
    // /mapr/sf/t -> /mapr/ny/t, agreed and replicating; equal data.
    void init() {
        directory_ = FakeDirectory();
        time_ = test::FakeTime();
        sf_ = &directory_.add("sf");
        ny_ = &directory_.add("ny");
        auto& source = sf_->add("/t", {"f", "g"}, 1);
        auto& replica = ny_->add("/t", {"f", "g"}, 2);
        source.put("k", "f", "q", 1, "v");
        replica.put("k", "f", "q", 1, "v");
        engine::ReplicaRecord record;
        record.idx = 1;
        record.cluster = "ny";
        record.path = kR;
        record.uuid = replica.record.uuid;
        source.record.replicas.push_back(record);
        replica.record.upstreams.push_back({1, "sf", kS, source.record.uuid});
        ny_->gatewaysLocal = Json::parse(R"([{"name":"gw","running":true}])");
    }

    void checksAnswerTrueAndFalse_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("verdict");
        const auto row = [](const char* line, const char* verdict) { QTest::newRow(line) << line << verdict; };
        row("dataset-exists /mapr/sf/t", "true");
        row("dataset-exists /mapr/sf/none", "false");
        row("dataset-absent /mapr/sf/none", "true");
        row("dataset-absent /mapr/sf/t", "false");
        row("same-metadata /mapr/sf/t /mapr/ny/t", "true");
        row("same-metadata /mapr/sf/t /mapr/ny/none", "false");
        row("replica-listed /mapr/sf/t /mapr/ny/t", "true");
        row("replica-listed /mapr/ny/t /mapr/sf/t", "false");
        row("replica-absent /mapr/sf/t /mapr/ny/t", "false");
        row("replica-absent /mapr/sf/none /mapr/ny/t", "true");
        row("replica-paused /mapr/sf/t /mapr/ny/t", "false");
        row("upstream-listed /mapr/ny/t /mapr/sf/t", "true");
        row("upstream-absent /mapr/ny/t /mapr/sf/t", "false");
        row("upstream-absent /mapr/sf/t /mapr/ny/t", "true");
        row("leftover-of /mapr/ny/t /mapr/sf/t", "true");
        row("leftover-of /mapr/ny/t /mapr/sf/other", "false");
        row("leftover-of /mapr/sf/t /mapr/ny/t", "false");
        row("leftover-of /mapr/ny/none /mapr/sf/t", "false");
        row("upstream-and-replica /mapr/sf/t /mapr/ny/t", "true");
        row("upstream-and-replica /mapr/ny/t /mapr/sf/t", "false");
        row("link-state /mapr/sf/t /mapr/ny/t replicating", "true");
        row("link-state /mapr/sf/t /mapr/ny/t paused", "false");
        row("link-healthy /mapr/sf/t /mapr/ny/t", "true");
        row("link-healthy /mapr/ny/t /mapr/sf/t", "false");
        row("caught-up /mapr/sf/t /mapr/ny/t", "true");
        row("caught-up /mapr/ny/t /mapr/sf/t", "false");
        row("same-data /mapr/sf/t /mapr/ny/t", "true");
        row("family-exists /mapr/sf/t f", "true");
        row("family-exists /mapr/sf/t zzz", "false");
        row("family-absent /mapr/sf/t zzz", "true");
        row("family-absent /mapr/sf/none zzz", "false");
        row("replicates-family /mapr/sf/t /mapr/ny/t f", "true");
        row("replicates-family /mapr/sf/t /mapr/ny/t zzz", "false");
        row("whole-table /mapr/sf/t /mapr/ny/t", "true");
        row("subset /mapr/sf/t /mapr/ny/t", "false");
        row("readable /mapr/sf/t", "true");
        row("readable /mapr/sf/none", "false");
        row("writable /mapr/sf/t", "true");
        row("has-permission /mapr/sf/t replperm", "true");
        row("has-permission /mapr/sf/t readperm", "true");
        row("gateways-reachable sf ny", "true");
        row("gateways-reachable ny sf", "false");
        row("not-in-bulkload /mapr/sf/t", "true");
        row("no-alarm sf VOLUME_ALARM_TABLE_REPL_ERROR", "true");
        row("dataset-is /mapr/sf/t 00000000-0000-0000-0000-000000000000", "false");
        row("dataset-is /mapr/sf/none 00000000-0000-0000-0000-000000000000", "false");
        row("table-has /mapr/sf/t bulkload false", "true");
        row("table-has /mapr/sf/t deletettl 86400", "true");
        row("table-has /mapr/sf/t deletettl 60", "false");
        row("table-has /mapr/sf/t replperm 'u:nobody'", "false");
        row("family-has /mapr/sf/t f maxversions 1", "true");
        row("family-has /mapr/sf/t f ttl 0", "true");
        row("family-has /mapr/sf/t f inmemory true", "false");
        row("family-has /mapr/sf/t none ttl 0", "false");
        row("replica-has /mapr/sf/t /mapr/ny/t paused false", "true");
        row("replica-has /mapr/sf/t /mapr/ny/t synchronous true", "false");
        row("replica-has /mapr/sf/t /mapr/ny/t columns ''", "true");
        row("replica-has /mapr/sf/t /mapr/ny/t columns f", "false");
        row("replica-has /mapr/sf/t /mapr/ny/t networkcompression lz4", "true");
        row("replica-has /mapr/ny/t /mapr/sf/t paused false", "false");
        row("only-here /mapr/sf/t '*' 0", "true");
        row("rows-at-most /mapr/sf/t '*' 1", "true");
        row("rows-at-most /mapr/sf/t '*' 0", "false");
        row("gateway-open ny gw", "true");
        row("gateway-open ny other", "false");
        row("gateways-set sf ny ''", "true");
        row("gateways-set sf ny gw", "false");
    }
    void aTableIsTheOneThatWasMeantByItsIdentity() {
        const std::string uuid = sf_->at(kS)->record.uuid.text();
        QCOMPARE(nameOf(ask(std::string("dataset-is ") + kS + " " + uuid).verdict), u"true"_s);
    }
    void aSetUpThatGaveUpSaysSoForGood() {
        for (const char* name : {"link-healthy ", "caught-up "}) {
            edge().state = engine::ReplicaState::Unexpected;
            const auto gaveUp = ask(std::string(name) + kS + " " + kR);
            QCOMPARE(nameOf(gaveUp.verdict), u"false"_s);
            QVERIFY(gaveUp.isFinal);
            QVERIFY2(gaveUp.evidence.find("maprcli table replica remove -path /mapr/sf/t -replica /mapr/ny/t") !=
                         std::string::npos,
                     gaveUp.evidence.c_str());
            edge().state = engine::ReplicaState::CopyInRecover;
            QVERIFY(!ask(std::string(name) + kS + " " + kR).isFinal);
        }
    }
    void whatWorksForOthersIsNoLeftover() {
        const std::string ask1 = std::string("leftover-of ") + kR + " " + kS;
        engine::maprdb::TableRecord& replica = ny_->at(kR)->record;
        replica.upstreams.push_back({2, "la", "/mapr/la/t", {}});
        QCOMPARE(nameOf(ask(ask1).verdict), u"false"_s);
        QVERIFY(ask(ask1).evidence.find("/mapr/la/t") != std::string::npos);
        replica.upstreams.pop_back();
        replica.replicas.push_back(edge());
        QCOMPARE(nameOf(ask(ask1).verdict), u"false"_s);
        replica.replicas.clear();
        replica.upstreams.clear();  // nothing tells where its row came from
        QCOMPARE(nameOf(ask(ask1).verdict), u"false"_s);
        ny_->at(kR)->rows.clear();
        QCOMPARE(nameOf(ask(ask1).verdict), u"true"_s);
    }
    void rowsThatOneTableHoldsAloneAreCounted() {
        sf_->at(kS)->put("alone", "f", "q", 1, "v");
        QCOMPARE(nameOf(ask(std::string("only-here ") + kS + " '*' 0").verdict), u"false"_s);
        QCOMPARE(nameOf(ask(std::string("only-here ") + kS + " '*' 1").verdict), u"true"_s);
        QCOMPARE(nameOf(ask(std::string("only-here ") + kS + " '*' many").verdict), u"unknown"_s);
    }
    void checksAnswerTrueAndFalse() {
        QFETCH(QString, line);
        QFETCH(QString, verdict);
        const auto outcome = ask(line.toStdString());
        QVERIFY2(nameOf(outcome.verdict) == verdict, outcome.evidence.c_str());
        QVERIFY(!outcome.evidence.empty());
    }

    void everyCheckIsUnknownWhenItsClusterIsSilent_data() {
        QTest::addColumn<QString>("line");
        for (const runbooks::CheckSpec* each : runbooks::spoken().of("maprdb").checks()) {
            const runbooks::CheckSpec& spec = *each;
            QString line = QString::fromUtf8(spec.name.data(), static_cast<qsizetype>(spec.name.size()));
            for (const std::string_view argument : spec.arguments) {
                const bool cluster = argument.find("CLUSTER") != std::string_view::npos;
                const auto allowed = runbooks::spoken().allowedValues(argument);
                line += u' ';
                if (!allowed.empty())
                    line += QString::fromStdString(allowed.front());
                else if (cluster)
                    line += u"sf"_s;
                else if (argument == "F" || argument == "ALARM")
                    line += u"f"_s;
                else
                    line += QString::fromLatin1(kS);
            }
            QTest::newRow(qPrintable(line)) << line;
        }
    }
    void everyCheckIsUnknownWhenItsClusterIsSilent() {
        QFETCH(QString, line);
        sf_->up = false;
        const auto outcome = ask(line.toStdString());
        QCOMPARE(nameOf(outcome.verdict), u"unknown"_s);
        QVERIFY2(outcome.evidence.find("sf") != std::string::npos, outcome.evidence.c_str());
    }

    void anUnknownClusterIsNotAnAbsentDataset() {
        QCOMPARE(nameOf(ask("dataset-absent /mapr/nowhere/t").verdict), u"unknown"_s);
    }

    void linkStatesComeFromRecordLinkAndError_data() {
        QTest::addColumn<QString>("figures");
        QTest::addColumn<QString>("state");
        const auto row = [](const char* figures, const char* state) { QTest::newRow(figures) << figures << state; };
        row(R"({"paused":true,"link":"paused"})", "paused");
        row(R"({"state":"REPLICA_STATE_COPY_IN_PROGRESS"})", "copying");
        row(R"({"state":"REPLICA_STATE_COPY_IN_RECOVER"})", "copying");
        row(R"({"state":"REPLICA_STATE_COPY_SCHEDULE"})", "scheduled");
        row(R"({"state":"REPLICA_STATE_UNEXPECTED"})", "error");
        row(R"({"link":"agreement-missing","error":{"code":"ErrNoUpstream","message":"m"}})", "agreement-missing");
        row(R"({"link":"backing-off","error":{"code":"ErrAllGatewaysUnreachable","message":"m"}})", "unreachable");
        row(R"({"link":"backing-off","error":{"code":"ErrColumnFamilyMissing","message":"m"}})", "error");
        row(R"({"link":"backing-off"})", "unreachable");
    }
    void linkStatesComeFromRecordLinkAndError() {
        QFETCH(QString, figures);
        QFETCH(QString, state);
        sf_->linkFigures[kR] = Json::parse(figures.toStdString());
        const std::string line = std::string("link-state /mapr/sf/t /mapr/ny/t ") + state.toStdString();
        const auto outcome = ask(line);
        QVERIFY2(outcome.verdict == CheckVerdict::True, outcome.evidence.c_str());
        QCOMPARE(nameOf(ask("link-healthy /mapr/sf/t /mapr/ny/t").verdict), u"false"_s);
        QCOMPARE(nameOf(ask("caught-up /mapr/sf/t /mapr/ny/t").verdict), u"false"_s);
    }

    void pendingUpdatesOlderThanTheQuestionMeanNotCaughtUp() {
        time_.stepMs = 10;  // so that patience ends
        sf_->linkFigures[kR] = Json::parse(R"({"bytespending":10,"putspending":1,"minpendingts":5,"maxpendingts":9})");
        const auto outcome = ask("caught-up /mapr/sf/t /mapr/ny/t");
        QCOMPARE(nameOf(outcome.verdict), u"false"_s);
        QVERIFY(outcome.evidence.find("bytesPending 10") != std::string::npos);
    }

    void caughtUpSaysThatNothingWasCopiedOverTheLink() {
        const std::string note = "counted is what was written since the link was made";
        const auto bare = ask("caught-up /mapr/sf/t /mapr/ny/t");
        QCOMPARE(nameOf(bare.verdict), u"true"_s);
        QVERIFY2(bare.evidence.find(note) != std::string::npos, bare.evidence.c_str());
        sf_->linkFigures[kR] = Json::parse(R"({"copypercent":100})");
        const auto copied = ask("caught-up /mapr/sf/t /mapr/ny/t");
        QCOMPARE(nameOf(copied.verdict), u"true"_s);
        QVERIFY2(copied.evidence.find(note) == std::string::npos, copied.evidence.c_str());
    }

    void differencesAreTheEvidenceOfSameData() {
        ny_->at(kR)->put("k", "f", "q", 2, "newer");
        const auto outcome = ask("same-data /mapr/sf/t /mapr/ny/t");
        QCOMPARE(nameOf(outcome.verdict), u"false"_s);
        QVERIFY(outcome.evidence.find("row 'k' is different: f:q at 2") != std::string::npos);
    }

    void subsetsNameTheirFamilies() {
        edge().projection = "f:q";
        QCOMPARE(nameOf(ask("subset /mapr/sf/t /mapr/ny/t").verdict), u"true"_s);
        QCOMPARE(nameOf(ask("whole-table /mapr/sf/t /mapr/ny/t").verdict), u"false"_s);
        QCOMPARE(nameOf(ask("replicates-family /mapr/sf/t /mapr/ny/t f").verdict), u"true"_s);
        QCOMPARE(nameOf(ask("replicates-family /mapr/sf/t /mapr/ny/t g").verdict), u"false"_s);
    }

    void anAgreementWithADeletedAndRemadeReplicaIsNone() {
        ny_->at(kR)->record.uuid = Uuid::fromRandom(77, 77);
        const auto outcome = ask("upstream-and-replica /mapr/sf/t /mapr/ny/t");
        QCOMPARE(nameOf(outcome.verdict), u"false"_s);
        QVERIFY(outcome.evidence.find("uuid") != std::string::npos);
    }

    void bulkLoadAndFailedClustersTakeNoWrites() {
        sf_->state = "read-only";
        QCOMPARE(nameOf(ask("writable /mapr/sf/t").verdict), u"false"_s);
        sf_->state = "ok";
        sf_->at(kS)->record.attributes["bulkload"] = "true";
        QCOMPARE(nameOf(ask("writable /mapr/sf/t").verdict), u"false"_s);
        QCOMPARE(nameOf(ask("not-in-bulkload /mapr/sf/t").verdict), u"false"_s);
    }

    void permissionsOfOthersAndOfGroups_data() {
        QTest::addColumn<QString>("ace");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("the user") << "u:ana"
                                  << "true";
        QTest::newRow("everybody") << "p"
                                   << "true";
        QTest::newRow("another") << "u:ben"
                                 << "false";
        QTest::newRow("nobody") << ""
                                << "false";
        const auto row = [](const char* ace, const char* verdict) { QTest::newRow(ace) << ace << verdict; };
        row("g:admins", "true");
        row("g:interns", "false");
        row("g:nobodyknows", "false");
        row("u:ana | g:interns", "true");
        row("u:ana & !g:admins", "false");
        row("u:ana & !g:interns", "true");
        row("r:boss", "false");
        row("g:", "unknown");
    }
    void permissionsOfOthersAndOfGroups() {
        QFETCH(QString, ace);
        QFETCH(QString, verdict);
        sf_->groups = Json::parse(R"({"admins": ["ana", "zoe"], "interns": ["ben"]})");
        sf_->at(kS)->record.perms["replperm"] = ace.toStdString();
        for (auto& family : sf_->at(kS)->record.families) family.perms["writeperm"] = ace.toStdString();
        QCOMPARE(nameOf(ask("has-permission /mapr/sf/t replperm").verdict), verdict);
        QCOMPARE(nameOf(ask("has-permission /mapr/sf/t writeperm").verdict), verdict);
        QCOMPARE(nameOf(ask("writable /mapr/sf/t").verdict), verdict);
    }

    void theEvidenceNamesTheGroups() {
        sf_->groups = Json::parse(R"({"admins": ["ana"]})");
        sf_->at(kS)->record.perms["replperm"] = "g:admins";
        const auto held = ask("has-permission /mapr/sf/t replperm");
        QVERIFY2(held.evidence.ends_with("is 'g:admins', asked for u:ana, who is in admins"), held.evidence.c_str());
        sf_->groups = Json::object();
        const auto denied = ask("has-permission /mapr/sf/t replperm");
        QVERIFY2(denied.evidence.ends_with("asked for u:ana, who is in no group"), denied.evidence.c_str());
    }

    void oneDeniedFamilyTakesThePermissionAway() {
        sf_->at(kS)->record.families[1].perms["readperm"] = "u:ben";
        const auto outcome = ask("has-permission /mapr/sf/t readperm");
        QCOMPARE(nameOf(outcome.verdict), u"false"_s);
        QVERIFY(outcome.evidence.find("family g") != std::string::npos);
        QCOMPARE(nameOf(ask("readable /mapr/sf/t").verdict), u"true"_s);
    }

    void raisedAlarmsAreSeen() {
        sf_->alarms = Json::parse(R"([{"name":"VOLUME_ALARM_TABLE_REPL_ERROR","entity":"/v","description":"d"}])");
        QCOMPARE(nameOf(ask("no-alarm sf VOLUME_ALARM_TABLE_REPL_ERROR").verdict), u"false"_s);
        QCOMPARE(nameOf(ask("no-alarm sf VOLUME_ALARM_TABLE_REPL_ASYNC").verdict), u"true"_s);
    }
};
TRIBUTARY_TEST(EngineChecksTest)

#include "tst_enginechecks.moc"
