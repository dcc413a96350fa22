// Every call to the disk fails once, for ever, or is the last before a power cut.
#include "logworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::test;

namespace {

constexpr Lsn kEntries = 60;

LogOptions smallSegments(LogOptions options, Durability durability) {
    options.segmentBytes = options.firstSegmentBytes = 1500;
    options.durability = durability;
    options.settleMs = 10;
    options.ringBytes = 1000;
    return options;
}

/// Appends in bursts with rollovers, claims and retention between; goes on after refusals.
void work(LogWorld& world, Lsn entries) {
    std::uint64_t number = 0;
    while (number < entries) {
        for (int burst = 0; burst < 3; ++burst) world.append(payloadOf(++number));
        world.settle();
        if (number % 12 == 0) world.timers.advance(10);
        if (number % 20 == 0) world.log->releaseBelow(world.log->syncedLsn() / 2);
        world.settle();
        if (world.log->failure()) return;
    }
}

/// What is stored is what was acknowledged, each lsn with one meaning.
QString checkAcked(const LogWorld& before, const LogWorld& after, Lsn mustHold) {
    std::map<Lsn, Bytes> stored;
    for (const LogEntry& entry : after.replayed) {
        if (!stored.empty() && entry.lsn != stored.rbegin()->first + 1) return QStringLiteral("a hole");
        stored[entry.lsn] = *entry.payload;
    }
    const Lsn first = after.log->firstLsn();
    std::map<Lsn, Bytes> meaning;
    for (const auto& [lsn, payload] : before.acked) {
        if (!meaning.emplace(lsn, payload).second) return QStringLiteral("lsn %1 acknowledged twice").arg(lsn);
        if (lsn < first) continue;
        const auto found = stored.find(lsn);
        if (found == stored.end()) {
            if (lsn <= mustHold) return QStringLiteral("acknowledged lsn %1 is lost").arg(lsn);
            continue;
        }
        if (found->second != payload) return QStringLiteral("lsn %1 means something else").arg(lsn);
    }
    return {};
}

}  // namespace

class TestFaults : public QObject {
    Q_OBJECT
private slots:
    void everyFailingCallStopsOrIsSurvived_data() {
        QTest::addColumn<bool>("persistent");
        QTest::addColumn<bool>("diskFull");
        QTest::newRow("one I/O error") << false << false;
        QTest::newRow("I/O errors from then on") << true << false;
        QTest::newRow("one refusal for space") << false << true;
        QTest::newRow("no space from then on") << true << true;
    }
    void everyFailingCallStopsOrIsSurvived() {
        QFETCH(bool, persistent);
        QFETCH(bool, diskFull);
        bool reached = true;
        std::size_t failures = 0;
        std::uint64_t n = 1;
        for (; reached; ++n) {
            MemDisk disk;
            LogWorld world(disk);
            world.options = smallSegments(world.options, Durability::Fsync);
            disk.failCall(n, persistent, diskFull ? ErrorCode::DiskFull : ErrorCode::Io);
            const Status opened = world.open();
            if (opened.ok()) {
                work(world, kEntries);
                failures += world.log->failure() ? 1 : 0;
                if (world.log->failure()) {
                    QCOMPARE(world.append("late"), Lsn{0});
                    world.settle();
                    QVERIFY(!world.refused.empty());
                    QCOMPARE(world.refused.back().first, Lsn{0});
                }
                QCOMPARE(world.log->durableLsn(), world.acked.empty() ? Lsn{0} : world.acked.back().first);
            }
            reached = disk.calls >= n;
            disk.heal();
            world.log.reset();
            LogWorld after(disk, 2);
            after.options = world.options;
            QVERIFY_DONE(after.open());
            const QString wrong = checkAcked(world, after, ~Lsn{0});
            QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("call %1: %2").arg(n).arg(wrong)));
            const std::size_t before = after.replayed.size();
            after.append("goes on");
            after.settle();
            QCOMPARE(after.acked.size(), std::size_t{1});
            QVERIFY(before <= kEntries);
        }
        QVERIFY(n > 100);
        QVERIFY(failures > 0);
    }

    void everyCutKeepsWhatWasAcknowledged_data() {
        QTest::addColumn<bool>("syncs");
        QTest::newRow("fsync") << true;
        QTest::newRow("write") << false;
    }
    void everyCutKeepsWhatWasAcknowledged() {
        QFETCH(bool, syncs);
        std::size_t torn = 0;
        bool reached = true;
        for (std::uint64_t n = 1; reached; ++n) {
            for (std::uint64_t seed = 0; seed < 4; ++seed) {
                MemDisk disk;
                LogWorld world(disk);
                world.options = smallSegments(world.options, syncs ? Durability::Fsync : Durability::Write);
                disk.failCall(n, true);
                if (world.open().ok()) work(world, kEntries);
                reached = disk.calls >= n;
                const Lsn mustHold = world.log ? world.log->syncedLsn() : 0;
                if (syncs && world.log) QCOMPARE(mustHold, world.log->durableLsn());
                world.log.reset();
                std::mt19937_64 chaos(n * 31 + seed);
                const auto disk2 = disk.afterCut(seed == 0 ? nullptr : &chaos);
                LogWorld after(*disk2, n);
                after.options = world.options;
                const Status opened = after.open();
                QVERIFY2(opened.ok(),
                         qPrintable(QStringLiteral("call %1 seed %2: %3")
                                        .arg(n)
                                        .arg(seed)
                                        .arg(QString::fromStdString(opened.ok() ? "" : opened.error().text()))));
                torn += after.tornBytes > 0 ? 1 : 0;
                const QString wrong = checkAcked(world, after, mustHold);
                QVERIFY2(wrong.isEmpty(),
                         qPrintable(QStringLiteral("call %1 seed %2: %3").arg(n).arg(seed).arg(wrong)));
            }
        }
        QVERIFY(torn > 10);
    }

    void everyCutDuringRecoveryKeepsWhatWasAcknowledged() {
        std::mt19937_64 chaos(77);
        MemDisk first;
        LogWorld world(first);
        world.options = smallSegments(world.options, Durability::Fsync);
        QVERIFY_DONE(world.open());
        work(world, kEntries);
        // Opens a new segment, if that is due: one that cannot be made refuses an entry and stops nothing.
        world.append(payloadOf(98));
        world.settle();
        world.append(payloadOf(99));
        first.failCall(2, true);  // the write goes through, the sync does not
        world.settle();
        QVERIFY(world.log->failure().has_value());
        world.log.reset();
        const auto base = first.afterCut(&chaos);
        bool reached = true;
        for (std::uint64_t n = 1; reached; ++n) {
            const auto disk = base->afterCut(nullptr);
            LogWorld during(*disk, n);
            during.options = world.options;
            disk->failCall(n, true);
            const Status opened = during.open();
            reached = disk->calls >= n;
            QVERIFY(opened.ok() || reached);
            during.log.reset();
            const auto cut = disk->afterCut(&chaos);
            LogWorld after(*cut, n + 1);
            after.options = world.options;
            QVERIFY_DONE(after.open());
            const QString wrong = checkAcked(world, after, ~Lsn{0});
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        }
    }

    void whatRecoveryShowedSurvivesTheNextCut() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.settle();
        disk.failSyncs(true);
        world.append(payloadOf(2));
        world.settle();
        world.log.reset();
        disk.failSyncs(false);
        QVERIFY_DONE(world.open());
        QCOMPARE(world.replayed.size(), std::size_t{2});
        const auto cut = disk.afterCut(nullptr);
        LogWorld after(*cut);
        QVERIFY_DONE(after.open(3));
        QCOMPARE(after.log->headLsn(), Lsn{2});
    }

    void failedSyncIsNeverRetried() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.settle();
        disk.failSyncs(true);
        world.append(payloadOf(2));
        world.append(payloadOf(3));
        world.settle();
        QVERIFY(world.log->failure().has_value());
        QCOMPARE(world.refused.size(), std::size_t{2});
        QCOMPARE(world.log->durableLsn(), Lsn{1});
        disk.failSyncs(false);
        const std::uint64_t syncs = disk.syncs;
        QCOMPARE(world.append(payloadOf(4)), Lsn{0});
        world.settle();
        QCOMPARE(world.refused.size(), std::size_t{3});
        QCOMPARE(disk.syncs, syncs);
        QVERIFY(!closeCleanly(*world.log).ok());
    }

    void fullDiskRefusesUntilSpaceReturns_data() {
        QTest::addColumn<int>("freeBytes");
        for (const int bytes : {0, 10, 100, 150, 700, 1400, 1600}) {
            QTest::newRow(qPrintable(QStringLiteral("%1 bytes left").arg(bytes))) << bytes;
        }
    }
    void fullDiskRefusesUntilSpaceReturns() {
        QFETCH(int, freeBytes);
        MemDisk disk;
        LogWorld world(disk);
        world.options = smallSegments(world.options, Durability::Fsync);
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.settle();
        disk.setFree(static_cast<std::uint64_t>(freeBytes));
        for (Lsn n = 2; n <= 40; ++n) {
            world.append(payloadOf(n));
            world.append(payloadOf(n + 100));
            world.settle();
        }
        QVERIFY(!world.refused.empty());
        QVERIFY(!world.log->failure().has_value());
        for (const auto& [lsn, error] : world.refused) QCOMPARE(error.code, ErrorCode::DiskFull);
        QCOMPARE(world.log->headLsn(), world.log->durableLsn());
        const Lsn durable = world.log->durableLsn();
        disk.setFree(1U << 20U);
        QCOMPARE(world.append("space is back"), durable + 1);
        world.settle();
        QCOMPARE(world.acked.back().first, durable + 1);
        world.log.reset();
        LogWorld after(disk);
        QVERIFY_DONE(after.open());
        QVERIFY(checkAcked(world, after, ~Lsn{0}).isEmpty());
        QCOMPARE(after.replayed.size(), world.acked.size());
        QCOMPARE(after.tornBytes, std::uint64_t{0});  // nothing of a refused group lies behind the accepted ones
    }
};
TRIBUTARY_TEST(TestFaults)
#include "tst_faults.moc"
