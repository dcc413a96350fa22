// SQLite on the simulated disk: transactions stay atomic wherever power goes.
#include "core/db/crashvfs.h"

#include "core/db/database.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;

namespace {

/// Opens in WAL mode with the setting under test.
Result<std::unique_ptr<Database>> openWal(const CrashVfs& vfs, const std::string& synchronous) {
    auto db = Database::open({"/s.db", vfs.name()});
    if (!db.ok()) return db;
    const Status set =
        db.value()->exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=" + synchronous +
                         "; PRAGMA wal_autocheckpoint=8;"
                         "CREATE TABLE IF NOT EXISTS t(x INTEGER PRIMARY KEY, pad BLOB)");
    if (!set.ok()) return set.error();
    return db;
}

/// Commits pairs (2n, 2n+1) until power goes. @return pairs whose COMMIT succeeded
std::int64_t writePairs(Database& db, std::int64_t pairs) {
    for (std::int64_t n = 0; n < pairs; ++n) {
        const std::string a = std::to_string(2 * n);
        const std::string b = std::to_string(2 * n + 1);
        const Status done = db.exec("BEGIN; INSERT INTO t VALUES(" + a + ", randomblob(3000)); INSERT INTO t VALUES(" +
                                    b + ", randomblob(3000)); COMMIT");
        if (!done.ok()) return n;
    }
    return pairs;
}

}  // namespace

class TestCrashVfs : public QObject {
    Q_OBJECT
private slots:
    void staysAtomicWhereverPowerGoes_data() {
        QTest::addColumn<QString>("synchronous");
        QTest::addColumn<bool>("durable");
        QTest::newRow("FULL: commits are durable") << QStringLiteral("FULL") << true;
        QTest::newRow("NORMAL: a suffix of commits may go") << QStringLiteral("NORMAL") << false;
    }
    void staysAtomicWhereverPowerGoes() {
        QFETCH(QString, synchronous);
        QFETCH(bool, durable);
        constexpr std::int64_t kPairs = 12;
        bool crashed = true;
        int crashes = 0;
        for (std::uint64_t cut = 0; crashed; cut += 1) {
            CrashDisk disk({cut, UINT64_MAX, false});
            CrashVfs vfs(disk, "crash-test");
            std::int64_t committed = 0;
            disk.cutPowerAfter(cut);
            if (auto db = openWal(vfs, synchronous.toStdString()); db.ok()) committed = writePairs(**db, kPairs);
            crashed = disk.powerIsOff();
            if (!crashed) break;
            ++crashes;
            disk.crash(cut * 7 + 1);
            auto db = openWal(vfs, synchronous.toStdString());
            VERIFY_ONCE(db);
            auto check = db.value()->prepare("PRAGMA integrity_check");
            VERIFY_ONCE(check);
            QVERIFY(check->step().valueOr(false));
            QVERIFY2(check->columnBytes(0) == "ok", Bytes(check->columnBytes(0)).c_str());
            const auto rows = db.value()->queryInt("SELECT count(*) FROM t").valueOr(-1);
            const auto top = db.value()->queryInt("SELECT ifnull(max(x), -1) FROM t").valueOr(-2);
            QCOMPARE(rows % 2, std::int64_t{0});  // pairs are whole
            QCOMPARE(top, rows - 1);              // and without gaps
            QVERIFY(rows / 2 <= committed + 1);
            if (durable) QVERIFY2(rows / 2 >= committed, qPrintable(QStringLiteral("cut %1").arg(cut)));
        }
        QVERIFY(crashes > 50);
    }
    void isTheSameEachTimeForOneSeed() {
        Bytes files[2];
        for (Bytes& file : files) {
            CrashDisk disk({5, UINT64_MAX, false});
            CrashVfs vfs(disk, "crash-test");
            CrashVfs::seedSqlite(77);
            auto db = openWal(vfs, "FULL");
            VERIFY_ONCE(db);
            QCOMPARE(writePairs(**db, 3), std::int64_t{3});
            const auto wal = disk.open("/s.db-wal", CrashDisk::Open::Existing);
            VERIFY_ONCE(wal);
            file.resize(disk.size(wal.value()).valueOr(0));
            VERIFY_ONCE(disk.read(wal.value(), 0, file.data(), file.size()));
        }
        QVERIFY(!files[0].empty());
        QVERIFY(files[0] == files[1]);
    }
    void reportsAFullDiskAndGoesOnWhenSpaceReturns() {
        CrashDisk disk({1, 60'000, false});
        CrashVfs vfs(disk, "crash-test");
        auto db = openWal(vfs, "FULL");
        VERIFY_ONCE(db);
        const std::int64_t fitted = writePairs(**db, 100);
        QVERIFY(fitted > 0 && fitted < 100);
        const Status full = db.value()->exec("INSERT INTO t VALUES(1000, zeroblob(50000))");
        QCOMPARE(full.error().code, ErrorCode::DiskFull);
        disk.setCapacityBytes(UINT64_MAX);
        if (db.value()->inTransaction()) VERIFY_ONCE(db.value()->exec("ROLLBACK"));
        VERIFY_ONCE(db.value()->exec("INSERT INTO t VALUES(1000, zeroblob(50000))"));
    }
};
TRIBUTARY_TEST(TestCrashVfs)
#include "tst_crashvfs.moc"
