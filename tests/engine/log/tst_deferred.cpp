// A log that acknowledges before it writes: what is lost, what ends it, and a clean end under load.
#include "engine/log/commitlog.h"
#include "logworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::test;

namespace {

class DeferredWorld final : public LogWorld {
public:
    explicit DeferredWorld(MemDisk& disk) : LogWorld(disk) {
        options.durability = Durability::Deferred;
        options.deferMs = 200;
        options.segmentBytes = options.firstSegmentBytes = 64U << 20U;
    }
    /// One that is written, and two more behind it whose time has come while the worker is slow.
    void load() {
        append(payloadOf(1));
        runExecutor();
        timers.advance(200);
        append(payloadOf(2));
        append(payloadOf(3));
        runExecutor();
        timers.advance(200);
    }
};

std::vector<Lsn> lsnsOf(const std::vector<LogEntry>& entries) {
    std::vector<Lsn> out;
    out.reserve(entries.size());
    for (const LogEntry& entry : entries) out.push_back(entry.lsn);
    return out;
}

}  // namespace

class TestDeferred : public QObject {
    Q_OBJECT
private slots:
    void acknowledgesBeforeItWrites() {
        MemDisk disk;
        {
            DeferredWorld world(disk);
            QVERIFY_DONE(world.open());
            const std::uint64_t writes = disk.writes;
            world.append(payloadOf(1));
            QVERIFY(world.acked.empty());
            world.runExecutor();
            QCOMPARE(world.acked.size(), std::size_t{1});
            QCOMPARE(world.log->durableLsn(), Lsn{1});
            QCOMPARE(world.log->syncedLsn(), Lsn{0});
            world.timers.advance(199);
            world.settle();
            QCOMPARE(disk.writes, writes);
            world.timers.advance(1);
            world.settle();
            QCOMPARE(world.log->syncedLsn(), Lsn{1});
            world.append(payloadOf(2));
            world.settle();
        }
        DeferredWorld world(disk);
        QVERIFY_DONE(world.open());
        QCOMPARE(lsnsOf(world.replayed), std::vector<Lsn>{1});
        QVERIFY(!world.cleanShutdown);
    }

    void tooMuchIsNotWaitedWith() {
        MemDisk disk;
        DeferredWorld world(disk);
        QVERIFY_DONE(world.open());
        for (Lsn n = 1; n <= 9; ++n) world.append(Bytes(1U << 20U, 'x'));
        world.settle();  // no time passes
        QCOMPARE(world.log->syncedLsn(), Lsn{9});
    }

    void aFailedWriteEndsIt() {
        MemDisk disk;
        DeferredWorld world(disk);
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.runExecutor();
        disk.setFree(0);
        world.timers.advance(200);
        world.settle();
        QVERIFY(world.log->failure().has_value());
        QCOMPARE(world.log->headLsn(), Lsn{1});  // what was acknowledged is not taken back
        world.append(payloadOf(2));
        world.settle();
        QCOMPARE(world.refused.size(), std::size_t{1});
    }

    /// A worker that is not done when the log is to be closed, and entries behind it.
    void aCleanEndUnderLoadLosesNothing_data() {
        QTest::addColumn<bool>("isMore");
        QTest::newRow("what waits") << false;
        QTest::newRow("and what came since") << true;
    }
    void aCleanEndUnderLoadLosesNothing() {
        QFETCH(bool, isMore);
        MemDisk disk;
        std::vector<Lsn> expected{1, 2, 3};
        {
            DeferredWorld world(disk);
            QVERIFY_DONE(world.open());
            world.load();
            world.log->prepareClose();
            const Status early = closeCleanly(*world.log);
            QVERIFY(!early.ok());
            QCOMPARE(early.error().code, ErrorCode::Conflict);
            if (isMore) {
                for (Lsn n = 4; n <= 12; ++n) {
                    world.append(Bytes(1U << 20U, 'x'));
                    expected.push_back(n);
                }
                world.log->syncSoon();
            }
            // The write that had begun ends, and no other begins.
            QVERIFY(world.workers.runOne(WorkKind::LogSync));
            world.runExecutor();
            world.timers.advance(1'000);
            QVERIFY(world.workers.queues[WorkKind::LogSync].empty());
            QCOMPARE(world.log->syncedLsn(), Lsn{1});
            QVERIFY_DONE(closeCleanly(*world.log));
            QCOMPARE(world.log->syncedLsn(), world.log->headLsn());
            QCOMPARE(world.acked.size(), expected.size());
        }
        DeferredWorld world(disk);
        QVERIFY_DONE(world.open());
        QCOMPARE(lsnsOf(world.replayed), expected);
        QVERIFY(world.cleanShutdown);
        QCOMPARE(world.append(payloadOf(20)), expected.back() + 1);
    }

    /// Others write on: their appends wait for it.
    void aSyncedLogIsNotHeldByItsClose() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.append(payloadOf(2));
        world.log->prepareClose();
        world.settle();
        QCOMPARE(world.acked.size(), std::size_t{2});
        QVERIFY_DONE(closeCleanly(*world.log));
    }
};
TRIBUTARY_TEST(TestDeferred)
#include "tst_deferred.moc"
