// The engine's port: lines run and fail in the dialect's words, links stay known, fingerprints bind to the start.
#include <QTest>

#include "app/adapters/engineport.h"
#include "testmain.h"
#include "tests/engine/admin/fakeclusters.h"

using namespace tributary;
using namespace tributary::app;
using engine::Json;
using test::FakeCluster;
using test::FakeDirectory;

class EnginePortTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;
    std::unique_ptr<EnginePort> port_;

private slots:
    void init() {
        directory_ = FakeDirectory();
        sf_ = &directory_.add("sanfrancisco");
        ny_ = &directory_.add("newyork");
        sf_->add("/customers", {"profile"}, 1).put("k", "profile", "q", 1, "v");
        port_ = std::make_unique<EnginePort>(directory_, "ana", [] { return Millis{1'700'000'000'000}; });
    }

    void theManualsSetupRunsLineByLine() {
        const std::vector<std::string> lines{
            "maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers",
            "maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -paused "
            "true",
            "maprcli table upstream add -path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers",
            "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/sanfrancisco/customers -dst "
            "/mapr/newyork/customers -bulkload false -mapreduce false",
            "maprcli table replica resume -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers",
            "maprcli table replica add -path /mapr/newyork/customers -replica /mapr/sanfrancisco/customers",
            "maprcli table upstream add -path /mapr/sanfrancisco/customers -upstream /mapr/newyork/customers"};
        for (const std::string& line : lines) {
            QVERIFY_OK(port_->validate(line));
            const auto done = port_->execute(line, 60'000);
            QVERIFY2(done.ok, (line + "\n" + done.error).c_str());
        }
        const std::string sf = "/mapr/sanfrancisco/customers";
        const std::string ny = "/mapr/newyork/customers";
        QCOMPARE(port_->check("upstream-and-replica", {sf, ny}).verdict, runbooks::CheckVerdict::True);
        QCOMPARE(port_->check("upstream-and-replica", {ny, sf}).verdict, runbooks::CheckVerdict::True);
        QCOMPARE(port_->check("same-data", {sf, ny}).verdict, runbooks::CheckVerdict::True);
        QCOMPARE(port_->links().size(), 2U);
    }

    void warningsFollowTheOutput() {
        ny_->add("/customers", {"profile"}, 2);
        const auto done = port_->execute(
            "maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers", 1'000);
        QVERIFY(done.ok);
        QVERIFY(done.output.starts_with("warning: nothing is sent until the replica agrees"));
    }

    void aFailureHasItsKindAndItsFixBesideTheText() {
        const auto failed = port_->execute(
            "maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers", 1'000);
        QVERIFY(!failed.ok);
        QCOMPARE(failed.errorKind, std::string(errorCodeName(ErrorCode::NotFound)));
        QVERIFY2(failed.error.starts_with("ERROR ("), failed.error.c_str());
        QVERIFY(failed.fix.starts_with("maprcli table create -path /mapr/newyork/customers"));
        QVERIFY(failed.error.find(failed.fix) == std::string::npos);
    }

    void aLineWithoutItsSlashIsRefusedByBoth() {
        const std::string line =
            "maprcli table replica resume -path mapr/sanfrancisco/customers -replica /mapr/newyork/customers";
        QVERIFY(!port_->validate(line).ok());
        const auto failed = port_->execute(line, 1'000);
        QVERIFY(!failed.ok);
        QCOMPARE(failed.errorKind, std::string(errorCodeName(ErrorCode::InvalidInput)));
        QVERIFY(!failed.fix.empty());
    }

    void linksOfASilentClusterStayKnownWithoutFigures() {
        ny_->add("/customers", {"profile"}, 2);
        QVERIFY(port_
                    ->execute("maprcli table replica add -path /mapr/sanfrancisco/customers -replica "
                              "/mapr/newyork/customers",
                              1'000)
                    .ok);
        sf_->linkFigures["/mapr/newyork/customers"] = Json::parse(R"({"lagms":70,"bytespending":9,"putspending":2})");
        auto links = port_->links();
        QCOMPARE(links.size(), 1U);
        QCOMPARE(links[0].state, std::string("replicating"));
        QCOMPARE(links[0].lagMs, Millis{70});
        QCOMPARE(links[0].operationsPending, std::int64_t{2});
        sf_->up = false;
        links = port_->links();
        QCOMPARE(links.size(), 1U);
        QCOMPARE(links[0].from, std::string("/mapr/sanfrancisco/customers"));
        QCOMPARE(links[0].state, std::string("unreachable"));
        QCOMPARE(links[0].lagMs, Millis{-1});
        QCOMPARE(links[0].bytesPending, std::int64_t{-1});
    }

    void theFingerprintFollowsDatasetsAndEdgesOnly() {
        const std::string first = port_->fingerprint();
        QVERIFY(!first.empty());
        sf_->at("/mapr/sanfrancisco/customers")->put("k2", "profile", "q", 1, "v");
        QCOMPARE(port_->fingerprint(), first);
        ny_->add("/customers", {"profile"}, 2);
        const std::string second = port_->fingerprint();
        QVERIFY(second != first);
        ny_->at("/mapr/newyork/customers")->record.uuid = Uuid::fromRandom(9, 9);  // made anew at the same path
        QVERIFY(port_->fingerprint() != second);
        ny_->up = false;
        QCOMPARE(port_->fingerprint(), std::string());
    }
};
TRIBUTARY_TEST(EnginePortTest)

#include "tst_engineport.moc"
