// A full disk as databases see it: what writes is refused, what reads goes on.
#include "core/db/gatevfs.h"

#include <QTemporaryDir>
#include <atomic>

#include "core/db/database.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;

namespace {

class Gate final : public DiskGate {
public:
    Status beforeWrite(const std::string& path) override {
        if (!full) return okStatus();
        return Error{ErrorCode::DiskFull, "no space left", path, {}};
    }
    Status beforeSync(const std::string&) override { return okStatus(); }
    std::atomic<bool> full{false};
};

}  // namespace

class TestGateVfs : public QObject {
    Q_OBJECT
private slots:
    void newReadersComeInWhileTheDiskIsFull_data() {
        QTest::addColumn<bool>("walIsEmpty");
        QTest::newRow("nothing in the write-ahead log") << true;
        QTest::newRow("rows in the write-ahead log") << false;
    }
    void newReadersComeInWhileTheDiskIsFull() {
        QFETCH(bool, walIsEmpty);
        const QTemporaryDir dir;
        Gate gate;
        const GateVfs vfs(gate, "test-gate", dir.path().toStdString());
        const std::string path = dir.filePath(QStringLiteral("s.db")).toStdString();
        auto writer = Database::open({path, vfs.name()});
        VERIFY_ONCE(writer);
        VERIFY_ONCE(writer.value()->exec("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1)"));
        if (walIsEmpty) VERIFY_ONCE(writer.value()->checkpoint(Database::Checkpoint::Truncate));
        gate.full = true;
        const Status refused = writer.value()->exec("INSERT INTO t VALUES(2)");
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::DiskFull);
        auto reader = Database::open({path, vfs.name(), false, false});
        VERIFY_ONCE(reader);
        VERIFY_ONCE(reader.value()->exec("PRAGMA query_only=ON; PRAGMA cache_size=-2048;"));
        QCOMPARE(reader.value()->queryInt("SELECT count(*) FROM t").valueOr(-1), std::int64_t{1});
        gate.full = false;
        VERIFY_ONCE(writer.value()->exec("INSERT INTO t VALUES(2)"));
        QCOMPARE(reader.value()->queryInt("SELECT count(*) FROM t").valueOr(-1), std::int64_t{2});
    }
    void aFullDiskTakesNoNewDatabase() {
        const QTemporaryDir dir;
        Gate gate;
        const GateVfs vfs(gate, "test-gate", dir.path().toStdString());
        gate.full = true;
        auto made = Database::open({dir.filePath(QStringLiteral("s.db")).toStdString(), vfs.name()});
        const Status written = made ? made.value()->exec("CREATE TABLE t(x)") : Status(made.error());
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::DiskFull);
    }
};
TRIBUTARY_TEST(TestGateVfs)
#include "tst_gatevfs.moc"
