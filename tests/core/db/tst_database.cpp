// Connections, statements, transactions, and what errors say.
#include "core/db/database.h"

#include <QFile>
#include <QTemporaryDir>

#include "tests/core/db/verifyonce.h"

using namespace tributary;

class TestDatabase : public QObject {
    Q_OBJECT
private slots:
    void init() { dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/db with space XXXXXX")); }
    void storesAndReadsBytes() {
        auto db = open();
        VERIFY_ONCE(db->exec("CREATE TABLE t(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID"));
        auto insert = db->prepare("INSERT INTO t VALUES(?1, ?2)");
        VERIFY_ONCE(insert);
        const Bytes value("a\0b", 3);
        insert->bind(1, BytesView("key"));
        insert->bind(2, BytesView(value));
        VERIFY_ONCE(insert->run());
        insert->bind(1, BytesView("empty"));
        insert->bind(2, BytesView{});
        VERIFY_ONCE(insert->run());
        auto select = db->prepare("SELECT v, v IS NULL FROM t ORDER BY k DESC");
        VERIFY_ONCE(select);
        QVERIFY(select->step().valueOr(false));
        QVERIFY(select->columnBytes(0) == value);
        QVERIFY(select->step().valueOr(false));
        QVERIFY(select->columnBytes(0).empty());
        QCOMPARE(select->columnInt(1), std::int64_t{0});  // empty, not NULL
        QVERIFY(!select->step().valueOr(true));
    }
    void rollsBackWhatWasNotCommitted() {
        auto db = open();
        VERIFY_ONCE(db->exec("CREATE TABLE t(x)"));
        {
            auto transaction = Transaction::begin(*db, Transaction::Kind::Immediate);
            VERIFY_ONCE(transaction);
            VERIFY_ONCE(db->exec("INSERT INTO t VALUES(1)"));
        }
        QCOMPARE(db->queryInt("SELECT count(*) FROM t").valueOr(-1), std::int64_t{0});
        auto transaction = Transaction::begin(*db, Transaction::Kind::Deferred);
        VERIFY_ONCE(transaction);
        VERIFY_ONCE(db->exec("INSERT INTO t VALUES(1)"));
        VERIFY_ONCE(transaction->commit());
        QCOMPARE(db->queryInt("SELECT count(*) FROM t").valueOr(-1), std::int64_t{1});
    }
    void namesTheFileThatIsNoDatabase() {
        QFile file(dir_->filePath(QStringLiteral("s.db")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        auto db = Database::open({path()});
        VERIFY_ONCE(db);
        const auto read = db.value()->queryInt("SELECT count(*) FROM sqlite_schema");
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
        QCOMPARE(read.error().where, path());
    }
    void refusesAMissingFile() {
        const auto db = Database::open({path(), {}, false});
        QVERIFY(!db.ok());
        QCOMPARE(db.error().code, ErrorCode::NotFound);
    }
    void reportsTheWalAndCheckpointsIt() {
        auto db = open();
        VERIFY_ONCE(db->exec("PRAGMA journal_mode=WAL"));
        std::int64_t frames = 0;
        db->onCommit([&](std::int64_t n) { frames = n; });
        VERIFY_ONCE(db->exec("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(10000))"));
        QVERIFY(frames >= 3);
        const auto done = db->checkpoint(Database::Checkpoint::Passive);
        VERIFY_ONCE(done);
        QVERIFY(done->complete());
        QCOMPARE(done->walFrames, frames);
        QVERIFY(db->fileBytes() >= 16'384);
    }

private:
    std::string path() const { return dir_->filePath(QStringLiteral("s.db")).toStdString(); }
    std::unique_ptr<Database> open() const { return std::move(Database::open({path()})).value(); }
    std::unique_ptr<QTemporaryDir> dir_;
};
TRIBUTARY_TEST(TestDatabase)
#include "tst_database.moc"
