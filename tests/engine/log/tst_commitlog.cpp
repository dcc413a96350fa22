// Appending, publication order, group commit, rollover, reads, retention, clean shutdown.
#include "engine/log/commitlog.h"

#include "logworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::test;

namespace {

bool holdsInOrder(const std::vector<LogEntry>& entries, Lsn first, Lsn last) {
    if (entries.size() != last - first + 1) return false;
    for (const LogEntry& entry : entries) {
        if (entry.lsn != first || *entry.payload != payloadOf(first)) return false;
        ++first;
    }
    return true;
}

/// Appends payloads first..last one group each.
void appendSettled(LogWorld& world, Lsn first, Lsn last, std::uint32_t datasetId = 7) {
    for (Lsn n = first; n <= last; ++n) {
        world.append(payloadOf(n), datasetId);
        world.settle();
    }
}

std::size_t segmentCount(const MemDisk& disk) {
    std::size_t count = 0;
    for (const auto& [name, inode] : disk.names) count += name.ends_with(".log") ? 1 : 0;
    return count;
}

}  // namespace

class TestCommitLog : public QObject {
    Q_OBJECT
private slots:
    void replaysWhatWasAppended() {
        MemDisk disk;
        {
            LogWorld world(disk);
            QVERIFY_DONE(world.open());
            QCOMPARE(world.log->headLsn(), Lsn{0});
            QCOMPARE(world.log->firstLsn(), Lsn{1});
            appendSettled(world, 1, 5);
            QCOMPARE(world.log->durableLsn(), Lsn{5});
            QCOMPARE(world.acked.size(), std::size_t{5});
        }
        LogWorld world(disk);
        QVERIFY_DONE(world.open(3));
        QVERIFY(holdsInOrder(world.replayed, 3, 5));
        QVERIFY(!world.cleanShutdown);
        const EntryEnvelope& envelope = world.replayed.front().envelope;
        QCOMPARE(envelope.datasetId, 7U);
        QCOMPARE(envelope.operations, 2U);
        QVERIFY(envelope.receivedMs > 1000);
        QCOMPARE(world.append(payloadOf(6)), Lsn{6});
    }

    void acknowledgesOnlyAfterTheSyncAndInOrder() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        std::vector<std::string> events;
        world.log->setOnPublished([&](Lsn lsn) { events.push_back("published " + std::to_string(lsn)); });
        for (int n = 1; n <= 3; ++n) {
            world.log->append({}, std::make_shared<const Bytes>("x"), [&events, n](const Status& status) {
                events.push_back((status.ok() ? "ack " : "refused ") + std::to_string(n));
            });
        }
        world.runExecutor();
        QVERIFY(events.empty());
        QCOMPARE(world.log->headLsn(), Lsn{3});
        QCOMPARE(world.log->durableLsn(), Lsn{0});
        world.settle();
        const std::vector<std::string> expected{"ack 1", "published 1", "ack 2", "ack 3", "published 3"};
        QCOMPARE(events, expected);
    }

    void thousandQueuedAppendsTakeTwoSyncs() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.segmentBytes = world.options.firstSegmentBytes = 1U << 20U;
        QVERIFY_DONE(world.open());
        const std::uint64_t before = disk.syncs;
        const std::uint64_t writesBefore = disk.writes;
        for (Lsn n = 1; n <= 1000; ++n) world.append(payloadOf(n));
        world.settle();
        QCOMPARE(world.acked.size(), std::size_t{1000});
        QCOMPARE(disk.syncs - before, std::uint64_t{2});
        QCOMPARE(disk.writes - writesBefore, std::uint64_t{2});
    }

    void sharesThePayloadInsteadOfCopyingIt() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        const auto payload = std::make_shared<const Bytes>(payloadOf(1, 900));
        world.log->append({}, payload, nullptr);
        world.settle();
        const auto recent = world.log->readRecent(1, 1);
        QVERIFY(recent && recent->size() == 1);
        QCOMPARE(recent->front().payload.get(), payload.get());
    }

    void recentReadsStopAtWhatIsPublished() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.ringBytes = 2000;
        QVERIFY_DONE(world.open());
        appendSettled(world, 1, 40);
        world.append(payloadOf(41));
        QVERIFY(!world.log->readRecent(1, 100).has_value());
        const auto last = world.log->readRecent(39, 10'000);
        QVERIFY(last && holdsInOrder(*last, 39, 40));
        const auto none = world.log->readRecent(41, 10'000);
        QVERIFY(none && none->empty());
        QCOMPARE(world.log->readRecent(39, 1)->size(), std::size_t{1});
    }

    void rollsOverAndReadsAcrossSegments_data() {
        QTest::addColumn<bool>("fillAhead");
        QTest::addColumn<bool>("bulk");
        QTest::newRow("zero-filled ahead") << true << false;
        QTest::newRow("not filled under a bulk load") << true << true;
        QTest::newRow("extended") << false << false;
    }
    void rollsOverAndReadsAcrossSegments() {
        QFETCH(bool, fillAhead);
        QFETCH(bool, bulk);
        MemDisk disk;
        LogWorld world(disk);
        world.options.fillAhead = fillAhead;
        world.options.ringBytes = 0;
        if (bulk) world.clock.stepUs = 0;
        QVERIFY_DONE(world.open());
        appendSettled(world, 1, 200);
        std::size_t spares = 0;
        for (const auto& [name, inode] : disk.names) spares += name.find("/spare-") != std::string::npos ? 1 : 0;
        QCOMPARE(spares, std::size_t{fillAhead && !bulk ? 1U : 0U});
        QVERIFY(segmentCount(disk) > 3);
        for (const Lsn from : {Lsn{1}, Lsn{2}, Lsn{77}, Lsn{200}}) {
            const auto all = world.readAll(from);
            QVERIFY_DONE(all);
            QVERIFY(holdsInOrder(*all, from, 200));
        }
        world.log.reset();
        LogWorld again(disk);
        QVERIFY_DONE(again.open(150));
        QVERIFY(holdsInOrder(again.replayed, 150, 200));
        const auto all = again.readAll(1);
        QVERIFY_DONE(all);
        QVERIFY(holdsInOrder(*all, 1, 200));
        QCOMPARE(again.log->headLsn(), Lsn{200});
    }

    void fillingAheadNeverHoldsUpAppends() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        for (Lsn n = 1; n <= 200; ++n) {
            world.append(payloadOf(n));
            world.workers.runOne(WorkKind::LogSync);  // the Checkpoint worker never gets a turn
            world.runExecutor();
        }
        QCOMPARE(world.log->durableLsn(), Lsn{200});
        QVERIFY(segmentCount(disk) > 3);
        world.settle();
        QVERIFY(holdsInOrder(*world.readAll(1), 1, 200));
    }

    void skipsSegmentsWithoutTheDataset() {
        MemDisk disk;
        {
            LogWorld world(disk);
            QVERIFY_DONE(world.open());
            appendSettled(world, 1, 100, 1);
            appendSettled(world, 101, 110, 2);
            appendSettled(world, 111, 200, 1);
        }
        LogWorld world(disk);
        world.options.ringBytes = 0;
        QVERIFY_DONE(world.open(200));  // older segments are known by their footers only
        const std::uint64_t before = disk.calls;
        const auto second = world.readAll(1, 2, 1U << 20U);
        QVERIFY_DONE(second);
        QVERIFY(holdsInOrder(*second, 101, 110));
        const std::uint64_t filtered = disk.calls - before;
        QVERIFY_DONE(world.readAll(1, 0, 1U << 20U));
        QVERIFY(filtered < disk.calls - before - filtered);
        const auto pending = world.log->pendingFrom(1, 2);
        QCOMPARE(pending.entries, std::uint64_t{10});
        QCOMPARE(pending.operations, std::uint64_t{20});
        QVERIFY(pending.exact);
        QVERIFY(!world.log->pendingFrom(105, 2).exact);
    }

    void removesWholeSegmentsBelowWhatIsNeeded() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.ringBytes = 0;
        QVERIFY_DONE(world.open());
        appendSettled(world, 1, 200);
        const std::size_t before = segmentCount(disk);
        const std::uint64_t bytes = world.log->bytesFrom(1);
        world.log->releaseBelow(100);
        world.settle();
        QVERIFY(segmentCount(disk) < before);
        QVERIFY(world.log->firstLsn() > 1 && world.log->firstLsn() <= 100);
        QVERIFY(world.log->bytesFrom(1) < bytes);
        QVERIFY(world.log->bytesFrom(150) < world.log->bytesFrom(100));
        const auto kept = world.readAll(100);
        QVERIFY_DONE(kept);
        QVERIFY(holdsInOrder(*kept, 100, 200));
        QCOMPARE(world.readAll(1).error().code, ErrorCode::NotFound);
        world.log->releaseBelow(1000);  // the segment that is written stays
        world.settle();
        QCOMPARE(segmentCount(disk), std::size_t{1});
        QCOMPARE(world.log->headLsn(), Lsn{200});
        world.log.reset();
        LogWorld again(disk);
        QVERIFY_DONE(again.open(201));
        QCOMPARE(again.log->headLsn(), Lsn{200});
        QCOMPARE(again.open(1).error().code, ErrorCode::Corrupt);
    }

    void marksACleanShutdownOnce() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        appendSettled(world, 1, 3);
        world.append(payloadOf(4));
        QCOMPARE(closeCleanly(*world.log).error().code, ErrorCode::Conflict);
        world.settle();
        QVERIFY_DONE(closeCleanly(*world.log));
        QCOMPARE(world.append(payloadOf(5)), Lsn{0});
        world.settle();
        QCOMPARE(world.refused.size(), std::size_t{1});
        world.log.reset();
        QVERIFY_DONE(world.open());
        QVERIFY(world.cleanShutdown);
        QCOMPARE(world.log->headLsn(), Lsn{4});
        world.log.reset();
        QVERIFY_DONE(world.open());
        QVERIFY(!world.cleanShutdown);
        QCOMPARE(world.replayed.size(), std::size_t{4});
    }

    void writeModePublishesBeforeTheSyncAndSyncsLater() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.durability = Durability::Write;
        world.options.settleMs = 500;
        QVERIFY_DONE(world.open());
        const std::uint64_t before = disk.syncs;
        appendSettled(world, 1, 5);
        QCOMPARE(world.acked.size(), std::size_t{5});
        QCOMPARE(disk.syncs, before);
        QCOMPARE(world.log->syncedLsn(), Lsn{0});
        world.timers.advance(500);
        world.settle();
        QCOMPARE(disk.syncs, before + 1);
        QCOMPARE(world.log->syncedLsn(), Lsn{5});
        QVERIFY(world.timers.pending.empty());  // an idle log wakes nobody
        appendSettled(world, 6, 6);
        world.log->syncSoon();
        world.settle();
        QCOMPARE(world.log->syncedLsn(), Lsn{6});
    }

    void dyingWithWorkUnderWayIsSilent() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.settleMs = 500;
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1));
        world.append(payloadOf(2));
        world.workers.runOne(WorkKind::LogSync);
        world.log.reset();
        world.settle();
        QVERIFY(world.acked.empty() && world.refused.empty());
        QVERIFY_DONE(world.open());
        QVERIFY(holdsInOrder(world.replayed, 1, 1));  // written and synced, never acknowledged: allowed to be there
    }

    void survivesBeingDestroyedByACallback() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        int calls = 0;
        for (int n = 0; n < 3; ++n) {
            world.log->append({}, std::make_shared<const Bytes>("x"), [&](const Status&) {
                ++calls;
                if (calls == 2) world.log.reset();
            });
        }
        world.settle();
        QCOMPARE(calls, 2);
    }

    void refusesAPayloadNoGroupCanHold() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        std::optional<Status> outcome;
        const auto huge = std::make_shared<const Bytes>((256ULL << 20U) + 1, 'x');
        QCOMPARE(world.log->append({}, huge, [&](const Status& status) { outcome = status; }), Lsn{0});
        QVERIFY(!outcome);
        world.settle();
        QVERIFY(outcome && !outcome->ok());
        QCOMPARE(outcome->error().code, ErrorCode::InvalidInput);
        QCOMPARE(world.append("next"), Lsn{1});
    }
};
TRIBUTARY_TEST(TestCommitLog)
#include "tst_commitlog.moc"
