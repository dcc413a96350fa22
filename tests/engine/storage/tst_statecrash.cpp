// State units on a disk that crashes: after each cut the file holds exactly the state at its position, replay the rest.
#include "core/db/crashvfs.h"
#include "storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr std::size_t kEntriesPerFlush = 6;

StateUnitOptions simulated(const CrashVfs& vfs) {
    StateUnitOptions options = storageOptions("/rows.db");
    options.vfsName = vfs.name();
    options.singleConnection = true;
    options.cacheBytes = 16U << 10U;  // small: pages spill into the WAL in the midst of a transaction
    return options;
}

/// Opens and runs the rest of the workload with a flush and a checkpoint now and then; stops at the first error.
/// @return highest position known to be checkpointed
Lsn run(const StateUnitOptions& options, MemoryPool& pool, const Workload& load) {
    auto unit = openStateUnit(options, pool);
    if (!unit.ok()) return 0;
    StateUnit& state = **unit;
    for (const EntryRef& entry : load.entries()) {
        if (!state.apply(entry).ok()) break;
        if (entry.lsn % kEntriesPerFlush == 0 && !finished(state.makeFlush(entry.lsn)).ok()) break;
        if (entry.lsn % (3 * kEntriesPerFlush) == 0 && !finished(state.makeCheckpoint(false)).ok()) break;
    }
    return state.checkpointedLsn();
}

}  // namespace

class TestStateCrash : public QObject {
    Q_OBJECT
private slots:
    void holdsTheStateAtItsPositionAfterEveryCut_data() {
        QTest::addColumn<int>("seed");
        QTest::newRow("first") << 1;
        QTest::newRow("second") << 2;
        QTest::newRow("third") << 3;
        QTest::newRow("fourth") << 4;
    }
    void holdsTheStateAtItsPositionAfterEveryCut() {
        QFETCH(int, seed);
        const Workload load(static_cast<std::uint64_t>(seed), 54, 40, 12);
        const auto context = storageContext();
        std::set<Lsn> positions;
        int cuts = 0;
        for (std::uint64_t cut = 0;; ++cut) {
            CrashDisk disk({cut, UINT64_MAX, false});
            CrashVfs vfs(disk, "state-crash");
            MemoryPool pool;
            const auto options = simulated(vfs);
            disk.cutPowerAfter(cut);
            const Lsn durable = run(options, pool, load);
            if (!disk.powerIsOff()) break;
            ++cuts;
            disk.crash(cut * 31 + static_cast<std::uint64_t>(seed));
            auto unit = openStateUnit(options, pool);
            VERIFY_ONCE(unit);
            const Lsn position = unit.value()->flushedLsn();
            positions.insert(position);
            QVERIFY2(position >= durable,
                     qPrintable(QStringLiteral("cut %1: %2 < %3").arg(cut).arg(position).arg(durable)));
            QVERIFY2(position % kEntriesPerFlush == 0, qPrintable(QStringLiteral("cut %1").arg(cut)));
            QVERIFY2(tableOf(*unit.value(), context) == load.after(position, context),
                     qPrintable(QStringLiteral("cut %1").arg(cut)));
            const auto stored = unit.value()->view(true).value()->scan({}, {}, 100'000, 1U << 30U);
            VERIFY_ONCE(stored);
            QCOMPARE(unit.value()->storedRows(), static_cast<std::uint64_t>(stored->rows.size()));
            // Replay of the whole log, as after a real restart.
            for (const EntryRef& entry : load.entries()) VERIFY_ONCE(unit.value()->apply(entry));
            VERIFY_ONCE(finished(unit.value()->makeFlush(UINT64_MAX)));
            QVERIFY(tableOf(*unit.value(), context) == load.after(UINT64_MAX, context));
        }
        QVERIFY(cuts > 100);
        QVERIFY(positions.size() > 3);
    }
    void survivesEachFailingWriteOnce() {
        // One I/O error at each write or sync in turn; the same job made again succeeds and nothing is lost.
        const Workload load(5, 24, 30, 10);
        const auto context = storageContext();
        bool reached = true;
        int failures = 0;
        for (std::uint64_t n = 0; reached; ++n) {
            CrashDisk disk;
            CrashVfs vfs(disk, "state-crash");
            MemoryPool pool;
            auto unit = openStateUnit(simulated(vfs), pool);
            VERIFY_ONCE(unit);
            std::uint64_t left = n;
            reached = false;
            disk.setFaultHook([&](DiskOperation operation, const std::string&) -> std::optional<ErrorCode> {
                if (operation != DiskOperation::Write && operation != DiskOperation::Sync) return std::nullopt;
                if (reached || left-- > 0) return std::nullopt;
                reached = true;
                return ErrorCode::Io;
            });
            for (const EntryRef& entry : load.entries()) {
                VERIFY_ONCE(unit.value()->apply(entry));
                if (entry.lsn % 8 != 0) continue;
                const Status flushed = finished(unit.value()->makeFlush(entry.lsn));
                const Status checkpointed = finished(unit.value()->makeCheckpoint(false));
                if (!flushed.ok() || !checkpointed.ok()) ++failures;
                QVERIFY(flushed.ok() || flushed.error().code == ErrorCode::Io);
                QVERIFY(tableOf(*unit.value(), context) == load.after(entry.lsn, context));
            }
            VERIFY_ONCE(finished(unit.value()->makeFlush(UINT64_MAX)));
            QCOMPARE(unit.value()->memoryRows(), std::uint64_t{0});
            QVERIFY(tableOf(*unit.value(), context) == load.after(UINT64_MAX, context));
        }
        QVERIFY(failures > 20);
    }
    void waitsOutAFullDisk() {
        const Workload load(6, 30, 200, 20);
        const auto context = storageContext();
        CrashDisk disk;
        CrashVfs vfs(disk, "state-crash");
        MemoryPool pool;
        auto unit = openStateUnit(simulated(vfs), pool);
        VERIFY_ONCE(unit);
        for (std::size_t i = 0; i < 15; ++i) VERIFY_ONCE(unit.value()->apply(load.entries()[i]));
        VERIFY_ONCE(finished(unit.value()->makeFlush(UINT64_MAX)));
        disk.setCapacityBytes(disk.usedBytes() + 2000);
        for (std::size_t i = 15; i < 30; ++i) VERIFY_ONCE(unit.value()->apply(load.entries()[i]));
        const Status full = finished(unit.value()->makeFlush(UINT64_MAX));
        QVERIFY(!full.ok());
        QCOMPARE(full.error().code, ErrorCode::DiskFull);
        QCOMPARE(unit.value()->flushedLsn(), Lsn{15});
        QVERIFY(unit.value()->memoryRows() > 0);
        QVERIFY(tableOf(*unit.value(), context) == load.after(UINT64_MAX, context));  // from memory
        disk.setCapacityBytes(UINT64_MAX);
        VERIFY_ONCE(finished(unit.value()->makeFlush(UINT64_MAX)));
        QCOMPARE(unit.value()->flushedLsn(), Lsn{30});
        QVERIFY(tableOf(*unit.value(), context) == load.after(UINT64_MAX, context));
    }
    void makesNoFlushWhileAViewOfTheOneConnectionIsOpen() {
        const Workload load(7, 20, 10, 5);
        const auto context = storageContext();
        CrashDisk disk;
        CrashVfs vfs(disk, "state-crash");
        MemoryPool pool;
        auto unit = openStateUnit(simulated(vfs), pool);
        VERIFY_ONCE(unit);
        for (std::size_t i = 0; i < 10; ++i) VERIFY_ONCE(unit.value()->apply(load.entries()[i]));
        auto job = unit.value()->makeFlush(UINT64_MAX);  // made before the view, runs under it
        auto view = std::move(unit.value()->view(false)).value();
        job->run();
        for (std::size_t i = 10; i < 20; ++i) VERIFY_ONCE(unit.value()->apply(load.entries()[i]));
        QVERIFY(scanned(*view, context, 3) == load.after(10, context));
        VERIFY_ONCE(job->finish());
        job.reset();
        QVERIFY(unit.value()->makeFlush(UINT64_MAX) == nullptr);
        QVERIFY(scanned(*view, context, 3) == load.after(10, context));
        view.reset();
        QVERIFY(unit.value()->makeFlush(UINT64_MAX) != nullptr);
    }
};
TRIBUTARY_TEST(TestStateCrash)
#include "tst_statecrash.moc"
