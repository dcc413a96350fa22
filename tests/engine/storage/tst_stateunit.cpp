// State units against a map of all events: flushes, views, scans over memory and file, settings, reopening.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <atomic>
#include <thread>

#include "storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

/// One row operation as an entry.
EntryRef entryOf(Lsn lsn, const std::function<void(maprdb::MutationBuilder&)>& write) {
    auto payload = std::make_shared<Bytes>();
    maprdb::MutationBuilder out(*payload);
    write(out);
    EntryRef entry;
    entry.lsn = lsn;
    entry.mutations = *payload;
    entry.hold = payload;
    entry.stamp = stampFromMs(1000 + static_cast<Millis>(lsn));
    entry.ids = {10, 11};
    return entry;
}

EntryRef putOf(Lsn lsn, const std::string& key, const std::string& value) {
    return entryOf(lsn, [&](maprdb::MutationBuilder& out) { out.put(key, {0, "q", value, {}}); });
}

}  // namespace

class TestStateUnit : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/state unit XXXXXX"));
        options_ = storageOptions(dir_->filePath(QStringLiteral("rows.db")).toStdString());
    }
    void agreesWithAMapWhereverRowsAre_data() {
        QTest::addColumn<int>("entries");
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("eventsMax");
        QTest::newRow("few rows, often") << 300 << 12 << 6;
        QTest::newRow("many rows") << 120 << 5000 << 120;  // more than an active generation may hold in a long scan
    }
    void agreesWithAMapWhereverRowsAre() {
        QFETCH(int, entries);
        QFETCH(int, keys);
        QFETCH(int, eventsMax);
        const Workload load(11, static_cast<std::size_t>(entries), static_cast<std::uint64_t>(keys),
                            static_cast<std::size_t>(eventsMax));
        const auto context = options_.context;
        auto unit = opened();
        Dice dice(12);
        for (const EntryRef& entry : load.entries()) {
            VERIFY_ONCE(unit->apply(entry));
            const std::uint64_t roll = dice.below(30);
            if (roll < 2) VERIFY_ONCE(finished(unit->makeFlush(entry.lsn)));
            if (roll == 2) VERIFY_ONCE(finished(unit->makeCheckpoint(false)));
            if (roll == 3) unit->setFoldContext(context);  // freezes
            if (roll > 4) continue;
            const SeenTable expected = load.after(entry.lsn, context);
            const auto view = unit->view(roll % 2 == 0);
            VERIFY_ONCE(view);
            QCOMPARE(view.value()->position(), entry.lsn);
            QVERIFY(scanned(*view.value(), context, 1 + dice.below(50)) == expected);
            for (const auto& [key, cells] : expected) {
                const auto record = view.value()->get(key);
                VERIFY_ONCE(record);
                QVERIFY(record.value().has_value() && seenCells(*record.value(), context) == cells);
            }
        }
        VERIFY_ONCE(finished(unit->makeFlush(UINT64_MAX)));
        QCOMPARE(unit->memoryRows(), std::uint64_t{0});
        QVERIFY(tableOf(*unit, context) == load.after(UINT64_MAX, context));
        unit.reset();
        unit = opened();
        QCOMPARE(unit->flushedLsn(), load.entries().back().lsn);
        QCOMPARE(unit->checkpointedLsn(), unit->flushedLsn());
        QVERIFY(tableOf(*unit, context) == load.after(UINT64_MAX, context));
    }
    void scansRangesInChunks() {
        auto unit = opened();
        for (Lsn lsn = 1; lsn <= 40; ++lsn) {
            VERIFY_ONCE(unit->apply(putOf(lsn, fmt::format("k{:02}", lsn), Bytes(100, 'v'))));
            if (lsn % 15 == 0) VERIFY_ONCE(finished(unit->makeFlush(lsn)));
        }
        const auto view = unit->view(false);
        VERIFY_ONCE(view);
        auto chunk = view.value()->scan("k05", "k15", 100, 1U << 20U);
        VERIFY_ONCE(chunk);
        QCOMPARE(chunk->rows.size(), std::size_t{10});
        QVERIFY(chunk->atEnd && chunk->rows.front().key == "k05" && chunk->rows.back().key == "k14");
        chunk = view.value()->scan("k05", "k15", 10, 1U << 20U);
        QVERIFY(chunk.ok() && chunk->rows.size() == 10 && chunk->atEnd);  // nothing follows: known at once
        chunk = view.value()->scan("", "", 3, 1U << 20U);
        QVERIFY(chunk.ok() && chunk->rows.size() == 3 && !chunk->atEnd);
        chunk = view.value()->scan("", "", 100, 250);
        QVERIFY(chunk.ok() && chunk->rows.size() == 3 && !chunk->atEnd);  // by bytes
        chunk = view.value()->scan("z", "", 100, 1);
        QVERIFY(chunk.ok() && chunk->rows.empty() && chunk->atEnd);
    }
    void fixesThePictureOfAView() {
        const Workload load(13, 60, 10, 5);
        const auto context = options_.context;
        auto unit = opened();
        for (std::size_t i = 0; i < 20; ++i) VERIFY_ONCE(unit->apply(load.entries()[i]));
        VERIFY_ONCE(finished(unit->makeFlush(UINT64_MAX)));
        for (std::size_t i = 20; i < 40; ++i) VERIFY_ONCE(unit->apply(load.entries()[i]));
        auto view = std::move(unit->view(false)).value();
        for (std::size_t i = 40; i < 60; ++i) VERIFY_ONCE(unit->apply(load.entries()[i]));
        QVERIFY(scanned(*view, context, 3) == load.after(40, context));
        VERIFY_ONCE(finished(unit->makeFlush(UINT64_MAX)));
        VERIFY_ONCE(finished(unit->makeCheckpoint(false)));
        QVERIFY(scanned(*view, context, 3) == load.after(40, context));
        unit.reset();  // a view may outlive its unit
        QVERIFY(scanned(*view, context, 3) == load.after(40, context));
    }
    void bringsNoMaskedCellBackWhileAFlushIsBeingFinished() {
        // The flush masked a late put by a stored tombstone and purged the tombstone; the put's generation is still in
        // the unit's hands. Folding it again would show the put.
        auto unit = opened();
        VERIFY_ONCE(unit->apply(entryOf(1, [](maprdb::MutationBuilder& out) { out.deleteRow("k"); })));
        VERIFY_ONCE(finished(unit->makeFlush(1)));
        options_.context.deleteTtlMs = 0;
        unit->setFoldContext(options_.context);
        VERIFY_ONCE(unit->apply(entryOf(2, [](maprdb::MutationBuilder& out) {
            out.put("k", {0, "q", "late", {Millis{5}, {}}});
        })));
        auto job = unit->makeFlush(2);
        QVERIFY(job != nullptr);
        job->run();
        auto view = std::move(unit->view(false)).value();
        QVERIFY(!view->get("k").value().has_value());
        VERIFY_ONCE(job->finish());
        QCOMPARE(unit->storedRows(), std::uint64_t{0});
    }
    void countsStoredRows() {
        auto unit = opened();
        for (Lsn lsn = 1; lsn <= 10; ++lsn) VERIFY_ONCE(unit->apply(putOf(lsn, fmt::format("k{}", lsn), "v")));
        VERIFY_ONCE(finished(unit->makeFlush(10)));
        QCOMPARE(unit->storedRows(), std::uint64_t{10});
        VERIFY_ONCE(unit->apply(putOf(11, "k3", "w")));
        VERIFY_ONCE(unit->apply(putOf(12, "new", "w")));
        VERIFY_ONCE(finished(unit->makeFlush(12)));
        QCOMPARE(unit->storedRows(), std::uint64_t{11});
        options_.context.deleteTtlMs = 0;
        unit->setFoldContext(options_.context);
        const auto remove = [](maprdb::MutationBuilder& out) {
            out.deleteRow("k3");
            out.deleteRow("never there");
        };
        VERIFY_ONCE(unit->apply(entryOf(13, remove)));
        VERIFY_ONCE(finished(unit->makeFlush(13)));
        QCOMPARE(unit->storedRows(), std::uint64_t{10});
        unit.reset();
        unit = opened();
        QCOMPARE(unit->storedRows(), std::uint64_t{10});
        QCOMPARE(scannedKeys(*unit), std::uint64_t{10});
    }
    void keepsTombstonesForALatePut() {
        auto unit = opened();
        VERIFY_ONCE(unit->apply(entryOf(1, [](maprdb::MutationBuilder& out) { out.deleteRow("k"); })));
        VERIFY_ONCE(finished(unit->makeFlush(1)));
        QCOMPARE(unit->storedRows(), std::uint64_t{1});
        VERIFY_ONCE(unit->apply(entryOf(2, [](maprdb::MutationBuilder& out) {
            out.put("k", {0, "q", "late", {Millis{999}, {}}});
        })));
        VERIFY_ONCE(finished(unit->makeFlush(2)));
        QVERIFY(tableOf(*unit, options_.context).empty());
        // Once deletettl has passed, the next write of the row purges it.
        unit->setNow(2000 + 86'400'000);
        VERIFY_ONCE(unit->apply(putOf(3, "k", "new")));
        VERIFY_ONCE(finished(unit->makeFlush(3)));
        const auto record = unit->view(false).value()->get("k");
        VERIFY_ONCE(record);
        QVERIFY(record.value().has_value());
        maprdb::RecordReader items(*record.value());
        maprdb::RowItem item;
        QVERIFY(items.next(item) && item.kind == maprdb::ItemKind::Put && !items.next(item));
    }
    void purgesExpiredCellsAtFlush() {
        options_.context.rules = maprdb::makeFoldRules({{10, 2, 0, 100}, {11, 2, 0, 0}});
        auto unit = opened();
        VERIFY_ONCE(unit->apply(putOf(1, "k", "v")));
        VERIFY_ONCE(finished(unit->makeFlush(1)));
        QCOMPARE(unit->storedRows(), std::uint64_t{1});
        unit->setNow(1200);
        VERIFY_ONCE(unit->apply(entryOf(2, [](maprdb::MutationBuilder& out) {
            out.put("k", {0, "old", "x", {Millis{1}, {}}});
        })));
        VERIFY_ONCE(unit->apply(entryOf(3, [](maprdb::MutationBuilder& out) {
            out.deleteColumn("k", 0, "q", {Millis{1}, {}});
        })));
        options_.context.deleteTtlMs = 0;
        options_.context.nowMs = 1200;
        unit->setFoldContext(options_.context);
        VERIFY_ONCE(finished(unit->makeFlush(3)));
        QCOMPARE(unit->storedRows(), std::uint64_t{0});
    }
    void forgetsDroppedFamilies() {
        auto unit = opened();
        VERIFY_ONCE(unit->apply(putOf(1, "stored", "v")));
        VERIFY_ONCE(finished(unit->makeFlush(1)));
        VERIFY_ONCE(unit->apply(putOf(2, "in memory", "v")));
        options_.context.rules = maprdb::makeFoldRules({{11, 2, 0, 0}});
        unit->setFoldContext(options_.context);
        QCOMPARE(scannedKeys(*unit), std::uint64_t{0});
        QVERIFY(!unit->view(false).value()->get("stored").value().has_value());
    }
    void flushesOnlyWhatIsSynced() {
        auto unit = opened();
        for (Lsn lsn = 1; lsn <= 4; ++lsn) VERIFY_ONCE(unit->apply(putOf(lsn, fmt::format("k{}", lsn), "v")));
        QVERIFY(unit->makeFlush(3) == nullptr);  // one generation, not wholly synced
        VERIFY_ONCE(unit->apply(putOf(5, "k5", "v")));
        VERIFY_ONCE(finished(unit->makeFlush(4)));
        QCOMPARE(unit->flushedLsn(), Lsn{4});
        QCOMPARE(unit->memoryRows(), std::uint64_t{1});
        VERIFY_ONCE(finished(unit->makeFlush(5)));
        QCOMPARE(unit->flushedLsn(), Lsn{5});
        QVERIFY(unit->makeFlush(5) == nullptr);
    }
    void tellsHowFarAnIdleDatasetReachesWithoutAWrite() {
        auto unit = opened();
        unit->advanceTo(100);
        QCOMPARE(unit->appliedLsn(), Lsn{100});
        QCOMPARE(unit->coveredLsn(), Lsn{100});
        QCOMPARE(restsOf(*unit), QStringLiteral("0..100"));
        QVERIFY(unit->makeFlush(200) == nullptr);
        QCOMPARE(unit->flushedLsn(), Lsn{0});
    }
    void whatAPowerCutBringsBackIsRememberedUntilItCannot() {
        auto unit = opened();
        unit->advanceTo(100);
        VERIFY_ONCE(unit->apply(putOf(120, "k", "v")));
        QCOMPARE(unit->coveredLsn(), Lsn{100});  // the file lacks 120
        QCOMPARE(restsOf(*unit), QStringLiteral("0..100"));
        VERIFY_ONCE(finished(unit->makeFlush(120)));
        unit->advanceTo(150);
        // Committed, and not durable: the file may come back at 120 and at 0. The log may be gone up to 100.
        QCOMPARE(unit->coveredLsn(), Lsn{100});
        QCOMPARE(restsOf(*unit), QStringLiteral("0..100 120..150"));
        VERIFY_ONCE(finished(unit->makeCheckpoint(true)));
        QCOMPARE(unit->coveredLsn(), Lsn{150});
        QCOMPARE(restsOf(*unit), QStringLiteral("120..150"));
        VERIFY_ONCE(unit->apply(putOf(151, "k", "v")));
        VERIFY_ONCE(finished(unit->makeFlush(151)));
        VERIFY_ONCE(unit->apply(putOf(152, "k", "v")));
        QCOMPARE(unit->coveredLsn(), Lsn{150});
        QCOMPARE(restsOf(*unit), QStringLiteral("120..150"));
    }
    void ignoresWhatItAlreadyHolds() {
        auto unit = opened();
        VERIFY_ONCE(unit->apply(putOf(1, "k", "v")));
        VERIFY_ONCE(finished(unit->makeFlush(1)));
        VERIFY_ONCE(unit->apply(putOf(1, "other", "v")));
        QCOMPARE(unit->memoryRows(), std::uint64_t{0});
    }
    void refusesDamagedMutations() {
        auto unit = opened();
        EntryRef entry = putOf(1, "k", "v");
        entry.mutations.remove_suffix(1);
        const Status refused = unit->apply(entry);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Corrupt);
        QCOMPARE(unit->appliedLsn(), Lsn{0});
        QCOMPARE(unit->memoryRows(), std::uint64_t{0});
    }
    void namesADamagedFile() {
        QFile file(QString::fromStdString(options_.path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        MemoryPool pool;
        const auto unit = openStateUnit(options_, pool);
        QVERIFY(!unit.ok());
        QCOMPARE(unit.error().code, ErrorCode::Corrupt);
        QCOMPARE(unit.error().where, options_.path);
        QVERIFY(!unit.error().fix.empty());
    }
    void namesTheFileOfADamagedRecord() {
        opened().reset();
        {
            const auto db = Database::open({options_.path});
            VERIFY_ONCE(db.value()->exec("INSERT INTO rows VALUES(x'6b', x'07ff')"));
        }
        auto unit = opened();
        const auto record = unit->view(false).value()->get("k");
        QCOMPARE(record.error().code, ErrorCode::Corrupt);
        VERIFY_ONCE(unit->apply(putOf(1, "k", "v")));
        const Status flush = finished(unit->makeFlush(1));
        QCOMPARE(flush.error().code, ErrorCode::Corrupt);
        QCOMPARE(flush.error().where, options_.path);
        QCOMPARE(unit->flushedLsn(), Lsn{0});
        QCOMPARE(unit->memoryRows(), std::uint64_t{1});
    }
    void refusesANewerFormat() {
        opened().reset();
        VERIFY_ONCE(Database::open({options_.path}).value()->exec("PRAGMA user_version=9"));
        MemoryPool pool;
        const auto unit = openStateUnit(options_, pool);
        QCOMPARE(unit.error().code, ErrorCode::Unsupported);
    }
    void mayBeDestroyedWhileAJobRuns() {
        auto unit = opened();
        VERIFY_ONCE(unit->apply(putOf(1, "k", "v")));
        auto job = unit->makeFlush(1);
        QVERIFY(job != nullptr);
        QVERIFY(unit->makeFlush(1) == nullptr);  // one at a time
        unit.reset();
        job->run();
        VERIFY_ONCE(job->finish());
        job.reset();
        unit = opened();
        QCOMPARE(unit->flushedLsn(), Lsn{1});
    }
    void readsAndFlushesWhileItIsWritten() {
        // As in a node: applies here, flushes and checkpoints on one worker, a scan of each view on another.
        const Workload load(17, 400, 3000, 60);
        const auto context = options_.context;
        auto unit = opened();
        std::atomic<int> wrong{0};
        for (std::size_t at = 0; at < load.entries().size();) {
            for (std::size_t i = 0; i < 10; ++i) VERIFY_ONCE(unit->apply(load.entries()[at++]));
            auto flush = unit->makeFlush(at);
            auto checkpoint = unit->makeCheckpoint(false);
            auto view = std::move(unit->view(at % 20 == 0)).value();
            std::thread materialiser([&] {
                if (flush) flush->run();
                if (checkpoint) checkpoint->run();
            });
            std::thread reader([&, seenLsn = at] {
                if (scanned(*view, context, 100) != load.after(seenLsn, context)) ++wrong;
            });
            for (std::size_t i = 0; i < 10; ++i) VERIFY_ONCE(unit->apply(load.entries()[at++]));
            materialiser.join();
            reader.join();
            if (flush) VERIFY_ONCE(flush->finish());
            if (checkpoint) VERIFY_ONCE(checkpoint->finish());
        }
        QCOMPARE(wrong.load(), 0);
        QVERIFY(tableOf(*unit, context) == load.after(UINT64_MAX, context));
    }
    void givesMemoryBack() {
        auto unit = opened();
        const std::size_t idle = pool_.usedBytes();
        for (Lsn lsn = 1; lsn <= 100; ++lsn)
            VERIFY_ONCE(unit->apply(putOf(lsn, fmt::format("{}", lsn), Bytes(1000, 'v'))));
        QVERIFY(unit->memoryBytes() > 100'000);
        QCOMPARE(pool_.usedBytes(), unit->memoryBytes());
        VERIFY_ONCE(finished(unit->makeFlush(100)));
        QCOMPARE(pool_.usedBytes(), idle);
        QVERIFY(unit->diskBytes() > 100'000);
        unit.reset();
        QCOMPARE(pool_.usedBytes(), std::size_t{0});
    }

private:
    std::unique_ptr<StateUnit> opened() { return std::move(openStateUnit(options_, pool_)).value(); }
    static QString restsOf(StateUnit& unit) {
        QStringList out;
        for (const StateRest& rest : unit.rests()) {
            out << QStringLiteral("%1..%2").arg(rest.position).arg(rest.upTo);
        }
        return out.join(QLatin1Char(' '));
    }
    static std::uint64_t scannedKeys(StateUnit& unit) {
        return unit.view(true).value()->scan({}, {}, 1'000'000, 1U << 30U).value().rows.size();
    }

    std::unique_ptr<QTemporaryDir> dir_;
    StateUnitOptions options_;
    MemoryPool pool_;
};
TRIBUTARY_TEST(TestStateUnit)
#include "tst_stateunit.moc"
