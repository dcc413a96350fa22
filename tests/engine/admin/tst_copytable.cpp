// CopyTable: what arrives, what is refused, what a failure leaves, and that reading and writing overlap.
#include <QTest>

#include "core/operations/schema.h"
#include "engine/admin/copytable.h"
#include "engine/admin/tableadmin.h"
#include "fakeclusters.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using test::FakeCluster;
using test::FakeDirectory;
using test::FakeItem;

class CopyTableTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;

    static CopyRequest request() {
        CopyRequest out;
        out.src = "/mapr/sf/t";
        out.dst = "/mapr/ny/t";
        out.bulkload = false;
        out.chunkRowsMax = 10;
        return out;
    }
    Result<CopyResult> copy(const CopyRequest& what, const OnCopyProgress& progress = {}) {
        ClusterCalls calls(directory_, [] { return Millis{1'700'000'000'000}; });
        return copyTable(calls, what, progress);
    }
    test::FakeTable& src() { return *sf_->at("/mapr/sf/t"); }
    test::FakeTable& dst() { return *ny_->at("/mapr/ny/t"); }
    void makeReplica(ReplicaState state) {
        ny_->add("/t", {"f", "g"}, 2);
        ReplicaRecord record;
        record.idx = 1;
        record.path = "/mapr/ny/t";
        record.uuid = dst().record.uuid;
        record.state = state;
        src().record.replicas.push_back(record);
    }

private slots:
    void init() {
        directory_ = FakeDirectory();
        sf_ = &directory_.add("sf");
        ny_ = &directory_.add("ny");
        auto& table = sf_->add("/t", {"f", "g"}, 1);
        for (int i = 0; i < 95; ++i) {
            table.put("row" + std::to_string(100 + i), "f", "q", 1000 + i, "v" + std::to_string(i),
                      static_cast<Stamp>(i + 1) << 16U);
        }
        table.put("row100", "g", "extra", 5, "old", Stamp{1} << 16U);
        table.rows["row101"].insert(FakeItem{OpKind::DeleteRow, "", "", 1, Stamp{9} << 16U, ""});
    }

    void everyCellArrivesWithItsTimesAndTombstones() {
        const auto done = copy(request());
        QVERIFY_OK(done);
        QVERIFY(done->created);
        QCOMPARE(done->rows, std::uint64_t{95});
        QVERIFY(dst().rows == src().rows);
        QCOMPARE(dst().record.families.size(), 2U);
        QVERIFY(!dst().record.bulkload());
    }

    void runningItAgainChangesNothing() {
        QVERIFY_OK(copy(request()));
        const auto before = dst().rows;
        QVERIFY_OK(copy(request()));
        QVERIFY(dst().rows == before);
    }

    void readsOnWhileItWrites() {
        QVERIFY_OK(copy(request()));
        auto& log = sf_->log;
        QVERIFY(std::count(log.begin(), log.end(), "ReadRange") >= 10);
        QVERIFY2(directory_.clientOf("ny").unreadMax > 1, "writes wait for each other");
        QVERIFY2(directory_.clientOf("ny").unreadMax <= request().putsInFlightMax, "too many writes under way");
    }

    void copiesWithinOneClusterOverOneConnection() {
        CopyRequest within = request();
        within.dst = "/mapr/sf/copy";
        QVERIFY_OK(copy(within));
        QVERIFY(sf_->at("/mapr/sf/copy")->rows == src().rows);
    }

    void selectionsDecideWhatArrives_data() {
        QTest::addColumn<QString>("columns");
        QTest::addColumn<qlonglong>("start");
        QTest::addColumn<qlonglong>("end");
        QTest::addColumn<int>("rows");
        QTest::newRow("one family") << "g" << qlonglong{0} << qlonglong{0} << 1;
        QTest::newRow("one column") << "f:q" << qlonglong{0} << qlonglong{0} << 95;
        QTest::newRow("from a time") << "" << qlonglong{1090} << qlonglong{0} << 5;
        QTest::newRow("before a time") << "" << qlonglong{0} << qlonglong{1002} << 2;
    }
    void selectionsDecideWhatArrives() {
        QFETCH(QString, columns);
        QFETCH(qlonglong, start);
        QFETCH(qlonglong, end);
        QFETCH(int, rows);
        CopyRequest some = request();
        some.columns = columns.toStdString();
        some.startMs = start;
        some.endMs = end;
        const auto done = copy(some);
        QVERIFY_OK(done);
        QCOMPARE(static_cast<int>(done->rows), rows);
        QCOMPARE(static_cast<int>(dst().rows.size()), rows);
    }

    void aFailureHalfWayTellsAndCleansUp_data() {
        QTest::addColumn<bool>("atSource");
        QTest::addColumn<int>("skip");
        QTest::newRow("third write") << false << 2;
        QTest::newRow("first write") << false << 0;
        QTest::newRow("fourth read") << true << 3;
        QTest::newRow("first read") << true << 0;
    }
    void aFailureHalfWayTellsAndCleansUp() {
        QFETCH(bool, atSource);
        QFETCH(int, skip);
        makeReplica(ReplicaState::Replicating);
        FakeCluster& where = atSource ? *sf_ : *ny_;
        where.failNext(atSource ? maprdb::TableMethod::ReadRange : maprdb::TableMethod::Put,
                       Error{ErrorCode::Io, "boom", {}, {}}, skip);
        const auto failed = copy(request());
        QCOMPARE(failed.error().code, ErrorCode::Io);
        const std::string arrived = std::to_string(dst().rows.size());
        QVERIFY2(failed.error().what.find("stopped after " + arrived + " rows") != std::string::npos,
                 failed.error().what.c_str());
        QVERIFY(failed.error().fix.find("may be run again") != std::string::npos);
        for (const char* name : {"sf", "ny"}) {
            QCOMPARE(directory_.clientOf(name).unread(), std::size_t{0});
            QVERIFY(!directory_.clientOf(name).mixedUp);
        }
        QCOMPARE(src().sessionsBegun, 1);
        QCOMPARE(src().sessions, 0);
        QCOMPARE(dst().sessions, 0);
        QCOMPARE(src().record.replicas[0].state, ReplicaState::Replicating);
        QVERIFY_OK(copy(request()));
        QVERIFY(dst().rows == src().rows);
    }

    void progressIsToldAndRecordedAndCanStopIt() {
        makeReplica(ReplicaState::CopyInRecover);
        std::vector<std::uint64_t> rows;
        QVERIFY_OK(copy(request(), [&](const CopyProgress& progress) {
            rows.push_back(progress.rows);
            return progress.rowsExpected == 95;
        }));
        QVERIFY(std::is_sorted(rows.begin(), rows.end()));
        QCOMPARE(rows.back(), std::uint64_t{95});
        const auto steps = std::count(sf_->log.begin(), sf_->log.end(), "SetReplicaState COPY_IN_PROGRESS");
        QVERIFY(steps > 3);
        QCOMPARE(src().record.replicas[0].state, ReplicaState::Replicating);
        QCOMPARE(src().record.replicas[0].copyPercent, 100);
        const auto stopped = copy(request(), [](const CopyProgress&) { return false; });
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(src().sessions, 0);
    }

    void bulkLoadLeavesTheTableInItsMode() {
        CopyRequest bulk = request();
        bulk.bulkload = true;
        const auto done = copy(bulk);
        QVERIFY_OK(done);
        QVERIFY(dst().record.bulkload());
        QVERIFY(done->warnings[0].ends_with("maprcli table edit -path /mapr/ny/t -bulkload false"));
        const auto ordinary = copy(request());  // the table takes no ordinary writes now
        QCOMPARE(ordinary.error().code, ErrorCode::Conflict);
        QCOMPARE(ordinary.error().fix, std::string("maprcli table edit -path /mapr/ny/t -bulkload false"));
    }

    void bulkLoadIntoAReplicaIsRefused() {
        makeReplica(ReplicaState::Replicating);
        CopyRequest bulk = request();
        bulk.bulkload = true;
        const auto refused = copy(bulk);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(refused.error().fix, std::string("add -bulkload false"));
        QVERIFY(!dst().record.bulkload());
        QCOMPARE(dst().rows.size(), 0U);
    }

    void aMissingFamilyIsNamedBeforeAnythingIsCopied() {
        ny_->add("/t", {"f"}, 2);
        const auto refused = copy(request());
        QCOMPARE(refused.error().fix, std::string("maprcli table cf create -path /mapr/ny/t -cfname g"));
        QCOMPARE(dst().rows.size(), 0U);
        CopyRequest some = request();
        some.columns = "f";
        QVERIFY_OK(copy(some));
    }

    void theToolPrintsTwoLinesAndRefusesMapReduce() {
        TableAdmin admin(directory_, "ana", [] { return Millis{1'700'000'000'000}; });
        const auto tool = [&](const std::map<std::string, std::string>& more) {
            std::map<std::string, std::string> raw{{"src", "/mapr/sf/t"}, {"dst", "/mapr/ny/t"}, {"bulkload", "false"}};
            raw.insert(more.begin(), more.end());
            return admin.execute(*makeOperation(Verb::CopyTable, raw));
        };
        const auto refused = tool({{"mapreduce", "true"}});
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QCOMPARE(refused.error().fix, std::string("-mapreduce false"));
        const auto done = tool({{"mapreduce", "false"}, {"numthreads", "9999"}});
        QVERIFY_OK(done);
        QCOMPARE(done->lines, (std::vector<std::string>{"rows copied: 95", "seconds: 0.000"}));
        QVERIFY(done->warnings.empty());
        QCOMPARE(tool({})->warnings.size(), 1U);  // the real default is MapReduce
    }
};
TRIBUTARY_TEST(CopyTableTest)

#include "tst_copytable.moc"
