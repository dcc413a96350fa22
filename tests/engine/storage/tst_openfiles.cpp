// State files that take turns: bounded, reopened on use, never read closed, never closed with something to lose.
#include <QFile>
#include <QTemporaryDir>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/db/gatevfs.h"
#include "engine/storage/openfiles.h"
#include "tests/engine/storage/storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

class TestOpenFiles : public QObject {
    Q_OBJECT

    /// Refuses while it is shut.
    class TurningGate final : public DiskGate {
    public:
        std::atomic<bool> full{false};
        Status beforeWrite(const std::string& path) override {
            return full ? Status(Error{ErrorCode::DiskFull, "no space", path, {}}) : okStatus();
        }
        Status beforeSync(const std::string&) override { return okStatus(); }
    };

    static constexpr std::size_t kMost = 3;
    static constexpr std::size_t kUnits = 8;

    std::unique_ptr<QTemporaryDir> dir_;
    TurningGate gate_;
    std::unique_ptr<GateVfs> vfs_;
    MemoryPool pool_;
    std::shared_ptr<OpenFiles> files_;
    std::vector<std::unique_ptr<StateUnit>> units_;

    [[nodiscard]] StateUnitOptions options(std::size_t number) const {
        StateUnitOptions out = storageOptions(dir_->filePath(QStringLiteral("%1.db").arg(number)).toStdString());
        out.vfsName = vfs_->name();
        out.openFiles = files_;
        out.checkpointWalBytes = 16U << 20U;  // what is flushed stays in the WAL
        return out;
    }
    static EntryRef put(Lsn lsn, const std::string& key, const std::string& value) {
        auto payload = std::make_shared<Bytes>();
        maprdb::MutationBuilder out(*payload);
        out.put(key, {0, "q", value, {}});
        EntryRef entry;
        entry.lsn = lsn;
        entry.mutations = *payload;
        entry.hold = payload;
        entry.stamp = stampFromMs(1000 + static_cast<Millis>(lsn));
        entry.ids = {10, 11};
        return entry;
    }
    Status write(std::size_t unit, Lsn lsn) {
        if (Status taken = units_[unit]->apply(put(lsn, fmt::format("row{}", lsn), "v")); !taken) return taken;
        return finished(units_[unit]->makeFlush(lsn));
    }
    Result<std::size_t> rowsOf(std::size_t unit) {
        auto view = units_[unit]->view(false);
        if (!view) return view.error();
        const auto chunk = view.value()->scan({}, {}, 1000, 1U << 20U);
        if (!chunk) return chunk.error();
        return chunk->rows.size();
    }
    [[nodiscard]] QString path(std::size_t unit, const QString& suffix = {}) const {
        return dir_->filePath(QStringLiteral("%1.db").arg(unit)) + suffix;
    }

private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/open files XXXXXX"));
        gate_.full = false;
        vfs_ = std::make_unique<GateVfs>(gate_, "test-open-files", dir_->path().toStdString());
        files_ = std::make_shared<OpenFiles>(kMost);
        for (std::size_t i = 0; i < kUnits; ++i) {
            units_.push_back(std::move(openStateUnit(options(i), pool_)).value());
        }
    }
    void cleanup() {
        units_.clear();
        vfs_.reset();
    }

    void noMoreThanTheBoundIsOpen() {
        QCOMPARE(files_->openCount(), kMost);
        for (std::size_t i = 0; i < kUnits; ++i) {
            VERIFY_ONCE(write(i, 1));
            QCOMPARE(files_->openCount(), kMost);
        }
        for (std::size_t i = 0; i < kUnits; ++i) {
            QCOMPARE(rowsOf(i).valueOr(0), std::size_t{1});
            QVERIFY(files_->openCount() <= kMost);
        }
        units_.clear();
        QCOMPARE(files_->openCount(), std::size_t{0});
    }
    void theLongestUnusedCloses() {
        for (const std::size_t i : {0, 1, 2, 0}) QCOMPARE(rowsOf(i).valueOr(9), std::size_t{0});
        QCOMPARE(rowsOf(3).valueOr(9), std::size_t{0});
        QVERIFY(QFile::exists(path(0, QStringLiteral("-shm"))));  // there while it is open
        QVERIFY(!QFile::exists(path(1, QStringLiteral("-shm"))));
        QVERIFY(QFile::exists(path(2, QStringLiteral("-shm"))));
    }
    void whatIsUsedStaysOpen() {
        VERIFY_ONCE(write(0, 1));
        auto view = units_[0]->view(false);
        VERIFY_ONCE(view);
        for (std::size_t i = 1; i < kUnits; ++i) VERIFY_ONCE(write(i, 1));
        VERIFY_ONCE(write(0, 2));
        QVERIFY(view.value()->get("row1").valueOr(std::nullopt).has_value());
        QVERIFY(!view.value()->get("row2").valueOr(Bytes()).has_value());  // the picture stays what it was
        QVERIFY(files_->closeIdle() > 0);
        QCOMPARE(files_->openCount(), std::size_t{1});
        view = units_[1]->view(false);  // the first one ends
        QCOMPARE(rowsOf(0).valueOr(0), std::size_t{2});
    }
    void whatLiesInTheLogIsBroughtOverBeforeItCloses() {
        VERIFY_ONCE(write(0, 7));
        QCOMPARE(units_[0]->flushedLsn(), Lsn{7});
        QCOMPARE(units_[0]->checkpointedLsn(), Lsn{0});
        QVERIFY(files_->closeIdle() > 0);
        QCOMPARE(units_[0]->checkpointedLsn(), Lsn{7});
        QVERIFY(!QFile::exists(path(0, QStringLiteral("-wal"))));
        QCOMPARE(units_[0]->storedRows(), std::uint64_t{1});
        VERIFY_ONCE(finished(units_[0]->makeCheckpoint(true)));  // nothing to do, and nothing is opened for it
        QCOMPARE(files_->openCount(), std::size_t{0});
    }
    void aFileThatCannotBeBroughtOverStaysOpen() {
        for (const std::size_t i : {0, 1, 2}) VERIFY_ONCE(write(i, 1));
        gate_.full = true;
        QCOMPARE(files_->closeIdle(), std::size_t{0});
        for (const std::size_t i : {0, 1, 2}) QCOMPARE(rowsOf(i).valueOr(0), std::size_t{1});
        QCOMPARE(rowsOf(3).error().code, ErrorCode::DiskFull);  // the request's error
        gate_.full = false;
        QCOMPARE(rowsOf(3).valueOr(9), std::size_t{0});
        QCOMPARE(files_->openCount(), kMost);
    }
    void aFileThatWasExchangedWhileItWasClosedIsNotRead_data() {
        QTest::addColumn<bool>("removed");
        QTest::addColumn<QString>("says");
        QTest::newRow("older copy") << false << "was exchanged while it was closed";
        QTest::newRow("removed") << true << "was removed while it was closed";
    }
    void aFileThatWasExchangedWhileItWasClosedIsNotRead() {
        QFETCH(bool, removed);
        QFETCH(QString, says);
        VERIFY_ONCE(write(0, 1));
        QVERIFY(files_->closeIdle() > 0);
        QVERIFY(QFile::copy(path(0), path(0, QStringLiteral(".older"))));
        VERIFY_ONCE(write(0, 2));
        QVERIFY(files_->closeIdle() > 0);
        QVERIFY(QFile::remove(path(0)));
        if (!removed) QVERIFY(QFile::copy(path(0, QStringLiteral(".older")), path(0)));
        const auto rows = rowsOf(0);
        QCOMPARE(rows.error().code, ErrorCode::Corrupt);
        QVERIFY2(rows.error().what.find(says.toStdString()) != std::string::npos, rows.error().full().c_str());
        VERIFY_ONCE(units_[0]->apply(put(3, "row3", "v")));
        QVERIFY(!finished(units_[0]->makeFlush(3)).ok());
        QCOMPARE(units_[0]->memoryRows(), std::uint64_t{1});  // waits
    }
    void manyThreadsTakeTurns() {
        // As in a process: each unit has its executor, flushes and checkpoints run elsewhere, all share few files.
        constexpr std::uint64_t kWrites = 25;
        std::atomic<int> wrong{0};
        std::mutex materialise;
        std::vector<std::thread> executors;
        for (std::size_t i = 0; i < kUnits; ++i) {
            executors.emplace_back([&, i] {
                for (Lsn lsn = 1; lsn <= kWrites; ++lsn) {
                    if (!units_[i]->apply(put(lsn, fmt::format("row{}", lsn), "v")).ok()) ++wrong;
                    auto flush = units_[i]->makeFlush(lsn);
                    std::thread worker([&] {
                        const std::lock_guard lock(materialise);
                        if (flush) flush->run();
                    });
                    if (rowsOf(i).valueOr(0) != lsn) ++wrong;
                    worker.join();
                    if (flush && !flush->finish().ok()) ++wrong;
                    if (lsn % 7 == 0 && !finished(units_[i]->makeCheckpoint(true)).ok()) ++wrong;
                }
            });
        }
        for (std::thread& executor : executors) executor.join();
        QCOMPARE(wrong.load(), 0);
        files_->trim();
        QVERIFY(files_->openCount() <= kMost);
        for (std::size_t i = 0; i < kUnits; ++i) {
            QCOMPARE(units_[i]->storedRows(), kWrites);
            QCOMPARE(rowsOf(i).valueOr(0), std::size_t{kWrites});
        }
    }
};
TRIBUTARY_TEST(TestOpenFiles)
#include "tst_openfiles.moc"
