// Typed statements, images of rows, and what strangers may run.
#include "core/db/sqlsession.h"
#include "verifyonce.h"

using namespace tributary;

namespace {

QByteArray shown(const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return QByteArray::number(qlonglong{*number});
    if (const auto* real = std::get_if<double>(&value)) return QByteArray::number(*real) + "r";
    if (const auto* text = std::get_if<std::string>(&value)) return "'" + QByteArray::fromStdString(*text) + "'";
    if (const auto* blob = std::get_if<SqlBlob>(&value)) return "x" + QByteArray::fromStdString(blob->bytes).toHex();
    return "null";
}

}  // namespace

class TestSqlSession : public QObject {
    Q_OBJECT

private slots:
    void init() {
        session_.reset();
        db_ = std::move(Database::open({":memory:"})).value();
        VERIFY_ONCE(
            db_->exec("CREATE TABLE K(a INTEGER, b TEXT, c, PRIMARY KEY(b, a)) WITHOUT ROWID;"
                      "CREATE TABLE R(a INTEGER, b TEXT UNIQUE); CREATE TABLE OTHER(a); CREATE TABLE N(z);"
                      "CREATE TEMP VIEW R AS SELECT a FROM main.R;"));
        session_ = std::make_unique<SqlSession>(*db_);
        session_->setTables({{0, "N", {"z"}, {}}, {1, "K", {"a", "b", "c"}, {1, 0}}, {2, "R", {"a", "b"}, {}}});
        changes_.clear();
        session_->capture(&changes_);
    }
    void cleanup() { session_.reset(); }

    void everyChangeIsTakenBackAndMadeAgain_data() {
        QTest::addColumn<QByteArrayList>("statements");
        QTest::newRow("insert") << QByteArrayList{"INSERT INTO main.K VALUES(1,'x',2.5)"};
        QTest::newRow("many") << QByteArrayList{"INSERT INTO main.R SELECT a, b||'+' FROM main.R"};
        QTest::newRow("update") << QByteArrayList{"UPDATE main.K SET c=x'0102'"};
        QTest::newRow("key") << QByteArrayList{"UPDATE main.K SET b=b||'z', a=a+100"};
        QTest::newRow("rowid") << QByteArrayList{"UPDATE main.R SET rowid=rowid+1000"};
        QTest::newRow("delete all") << QByteArrayList{"DELETE FROM main.K", "DELETE FROM main.R"};
        QTest::newRow("replace") << QByteArrayList{"REPLACE INTO main.K VALUES(1,'k1',null)",
                                                   "REPLACE INTO main.R VALUES(99,'r1')"};
        QTest::newRow("upsert") << QByteArrayList{
            "INSERT INTO main.K VALUES(1,'k1',7) ON CONFLICT(b,a) DO UPDATE SET c=excluded.c+c"};
        QTest::newRow("one upon the other")
            << QByteArrayList{"DELETE FROM main.R WHERE b='r1'", "INSERT INTO main.R VALUES(5,'r1')",
                              "UPDATE main.R SET b='r9' WHERE b='r1'", "DELETE FROM main.R WHERE a=5"};
    }
    void everyChangeIsTakenBackAndMadeAgain() {
        QFETCH(QByteArrayList, statements);
        for (int i = 1; i <= 5; ++i) {
            VERIFY_ONCE(session_->run("INSERT INTO main.K VALUES(?,?,?)", {i, "k" + std::to_string(i), i * 10}));
            VERIFY_ONCE(session_->run("INSERT INTO main.R VALUES(?,?)", {i, "r" + std::to_string(i)}));
        }
        const QByteArray before = all();
        changes_.clear();
        for (const QByteArray& sql : statements) VERIFY_ONCE(session_->run(sql.toStdString()));
        const QByteArray after = all();
        QVERIFY(before != after);
        const Bytes made = changes_;
        VERIFY_ONCE(session_->undo(made));
        QCOMPARE(all(), before);
        VERIFY_ONCE(session_->redo(made));
        QCOMPARE(all(), after);
        QCOMPARE(changes_, made);  // neither way is captured
    }
    void aFailedStatementLeavesNothing() {
        VERIFY_ONCE(session_->run("INSERT INTO main.R VALUES(1,'x')"));
        const Bytes before = changes_;
        const auto failed = session_->run("INSERT INTO main.R VALUES(2,'y'),(3,'x')");
        QVERIFY(!failed.ok());
        QCOMPARE(failed.error().code, ErrorCode::Conflict);
        QCOMPARE(failed.error().where, std::string("UNIQUE"));
        QCOMPARE(failed.error().what, std::string("UNIQUE constraint failed: R.b"));
        QCOMPARE(changes_, before);
        QCOMPARE(all(), QByteArray("R 1|1|'x' "));
    }
    void valuesKeepTheirTypes() {
        const auto row = session_->run("SELECT ?,?,?,?,?",
                                       {{}, std::int64_t{-5}, 0.5, std::string("a\0b", 3), SqlBlob{Bytes("\0\1", 2)}});
        VERIFY_ONCE(row);
        Bytes bytes;
        QByteArray text;
        for (const SqlValue& value : row.value().rows[0]) {
            appendSqlValue(bytes, value);
            text += shown(value) + " ";
        }
        QCOMPARE(text, QByteArray("null -5 0.5r 'a\0b' x0001 ", 25));
        const auto again = readSqlRow(bytes, 5);
        VERIFY_ONCE(again);
        QCOMPARE(again.value() == row.value().rows[0], true);
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) QVERIFY(!readSqlRow(bytes.substr(0, cut), 5).ok());
    }
    void strangersMayNot_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("may");
        QTest::newRow("select") << QByteArray("SELECT * FROM K") << true;
        QTest::newRow("view before a table") << QByteArray("SELECT * FROM R") << true;
        QTest::newRow("with") << QByteArray("WITH x AS (SELECT a FROM K) SELECT count(*) FROM x") << true;
        QTest::newRow("insert") << QByteArray("INSERT INTO main.K VALUES(1,'x',1)") << true;
        QTest::newRow("other table") << QByteArray("SELECT * FROM OTHER") << false;
        QTest::newRow("our table") << QByteArray("SELECT * FROM N") << false;
        QTest::newRow("into ours") << QByteArray("DELETE FROM N") << false;
        QTest::newRow("schema") << QByteArray("SELECT * FROM sqlite_master") << false;
        QTest::newRow("schema counted") << QByteArray("SELECT count(*) FROM sqlite_master") << false;
        QTest::newRow("pragma counted") << QByteArray("SELECT count(*) FROM pragma_database_list") << false;
        QTest::newRow("pragma") << QByteArray("PRAGMA user_version=5") << false;
        QTest::newRow("pragma as a table") << QByteArray("SELECT * FROM pragma_table_info('K')") << false;
        QTest::newRow("attach") << QByteArray("ATTACH ':memory:' AS x") << false;
        QTest::newRow("commit") << QByteArray("COMMIT") << false;
        QTest::newRow("begin") << QByteArray("BEGIN") << false;
        QTest::newRow("savepoint") << QByteArray("SAVEPOINT x") << false;
        QTest::newRow("ddl") << QByteArray("DROP TABLE K") << false;
        QTest::newRow("vacuum") << QByteArray("VACUUM") << false;
        QTest::newRow("two") << QByteArray("SELECT 1; SELECT 2") << false;
        QTest::newRow("nothing") << QByteArray("-- nothing") << false;
    }
    void strangersMayNot() {
        QFETCH(QByteArray, sql);
        QFETCH(bool, may);
        session_->setGuard(SqlGuard::Writing);
        const auto ran = session_->run(sql.toStdString());
        QCOMPARE(ran.ok(), may);
        if (!may) QCOMPARE(ran.error().code, ErrorCode::InvalidInput);
    }
    void readersChangeNothing() {
        VERIFY_ONCE(session_->run("INSERT INTO main.K VALUES(1,'x',2.5)"));
        const QByteArray before = all();
        // Compiled before: a statement kept for one guard is none for another.
        session_->setGuard(SqlGuard::Writing);
        VERIFY_ONCE(session_->run("WITH a(x) AS (SELECT 7) DELETE FROM main.K WHERE c = (SELECT x FROM a)"));
        session_->setGuard(SqlGuard::Reading);
        VERIFY_ONCE(session_->run("WITH a(x) AS (SELECT 7) SELECT * FROM main.K, a"));
        for (const char* sql : {"WITH a(x) AS (SELECT 7) DELETE FROM main.K WHERE c = (SELECT x FROM a)",
                                "WITH a(x) AS (SELECT 7) INSERT INTO main.K SELECT x, x, x FROM a",
                                "UPDATE main.K SET c = 9", "DELETE FROM main.K"}) {
            const auto ran = session_->run(sql);
            QVERIFY2(!ran.ok(), sql);
            QCOMPARE(ran.error().code, ErrorCode::InvalidInput);
        }
        session_->setGuard(SqlGuard::Ours);
        QCOMPARE(all(), before);
    }
    void aStatementEndsByTheClock() {
        constexpr const char* kEndless =
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c";
        int looks = 0;
        session_->setClock([&looks] { return std::int64_t{++looks} * 1'000'000; });
        const auto ran = session_->run(kEndless, {}, {0, 0, 10'000'000});
        QVERIFY(!ran.ok());
        QCOMPARE(ran.error().code, ErrorCode::Timeout);
        QCOMPARE(looks, 11);
        // However late it is: what is short ends by itself.
        QVERIFY_OK(session_->run("SELECT 1", {}, {0, 0, 1}));
        QCOMPARE(looks, 11);
    }
    void anEndlessStatementEnds() {
        const auto ran = session_->run(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c", {}, {100'000, 0});
        QVERIFY(!ran.ok());
        QCOMPARE(ran.error().code, ErrorCode::Timeout);
        const auto large = session_->run(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c", {}, {0, 10'000});
        QVERIFY(!large.ok());
        QCOMPARE(large.error().code, ErrorCode::Unsupported);
        VERIFY_ONCE(session_->run("SELECT 1"));
    }
    void damagedImagesAreRefused() {
        VERIFY_ONCE(session_->run("INSERT INTO main.K VALUES(1,'x',2.5)"));
        VERIFY_ONCE(session_->run("UPDATE main.K SET c=3"));
        appendSqlMark(changes_, "mark");
        appendSqlCounter(changes_, 1, 2, 3);
        appendSqlTruncate(changes_, 2);
        const Bytes whole = changes_;
        session_->capture(nullptr);
        VERIFY_ONCE(session_->run("DELETE FROM main.K"));
        std::size_t refused = 0;
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const int bit : {0, 3, 7}) {
                Bytes damaged = whole;
                damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
                if (!session_->redo(damaged).ok()) ++refused;
                VERIFY_ONCE(session_->run("DELETE FROM main.K"));
            }
            if (!session_->redo(whole.substr(0, at)).ok()) ++refused;
            VERIFY_ONCE(session_->run("DELETE FROM main.K"));
        }
        QVERIFY(refused > whole.size());
        const auto twice = session_->redo(whole);
        VERIFY_ONCE(twice);
        QCOMPARE(session_->redo(whole).error().code, ErrorCode::Corrupt);  // the row is there already
    }

private:
    QByteArray all() {
        Bytes* none = nullptr;
        session_->capture(none);
        QByteArray text;
        for (const auto& sql :
             {"SELECT 'K', a, b, c FROM main.K ORDER BY b", "SELECT 'R', rowid, a, b FROM main.R ORDER BY rowid"}) {
            const auto rows = session_->run(sql);
            if (!rows.ok()) return QByteArray::fromStdString(rows.error().full());
            for (const SqlRow& row : rows.value().rows) {
                text += QByteArray::fromStdString(std::get<std::string>(row[0])) + " ";
                for (std::size_t i = 1; i < row.size(); ++i) text += (i == 1 ? "" : "|") + shown(row[i]);
                text += " ";
            }
        }
        session_->capture(&changes_);
        return text;
    }

    std::unique_ptr<Database> db_;
    std::unique_ptr<SqlSession> session_;
    Bytes changes_;
};
TRIBUTARY_TEST(TestSqlSession)
#include "tst_sqlsession.moc"
