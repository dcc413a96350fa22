// What statements a host takes, what it refuses, and what becomes of values that their columns keep otherwise.
#include "testmain.h"
#include "voltworld.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

class TestVoltStatements : public QObject {
    Q_OBJECT

private slots:
    void init() {
        world_ = std::make_unique<VoltWorld>();
        world_->must(
            "CREATE TABLE votes (phone BIGINT NOT NULL, state VARCHAR(2) NOT NULL, n INTEGER, PRIMARY KEY (phone));"
            "PARTITION TABLE votes ON COLUMN phone; DR TABLE votes;"
            "CREATE TABLE states (state VARCHAR(2) NOT NULL PRIMARY KEY, name VARCHAR(20)); DR TABLE states;"
            "CREATE TABLE scratch (a INTEGER, b FLOAT, c DECIMAL, d TIMESTAMP, e VARBINARY(4), f VARCHAR(5))");
    }
    void cleanup() { world_.reset(); }

    void aDecimalThatAFloatWouldRoundIsRefused() {
        const std::string told = world_->sql("INSERT INTO scratch (c) VALUES (12345678901234567.25)");
        QVERIFY2(told.find("more than 15 digits") != std::string::npos, told.c_str());
        QCOMPARE(world_->sql("INSERT INTO scratch (a, c) VALUES (1, 1234567890123456789)"),
                 std::string("modified_tuples:1"));
        QCOMPARE(world_->sql("SELECT c FROM scratch"), std::string("C:1234567890123456789.000000000000"));
    }
    void limitsAreChecked_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("integer") << QByteArray("INSERT INTO scratch (a) VALUES (2147483648)")
                                 << QByteArray("out of range for the destination type");
        QTest::newRow("lowest") << QByteArray("INSERT INTO scratch (a) VALUES (-2147483648)")
                                << QByteArray("out of range for the destination type");
        QTest::newRow("text for a number")
            << QByteArray("INSERT INTO scratch (a) VALUES ('x')") << QByteArray("can't be cast as INTEGER");
        QTest::newRow("varchar") << QByteArray("INSERT INTO scratch (f) VALUES ('abcdef')")
                                 << QByteArray(
                                        "The size 6 of the value 'abcdef' exceeds the size of the VARCHAR(5) column.");
        QTest::newRow("varbinary") << QByteArray("INSERT INTO scratch (e) VALUES ('0102030405')")
                                   << QByteArray("exceeds the size of the VARBINARY(4) column.");
        QTest::newRow("hex") << QByteArray("INSERT INTO scratch (e) VALUES ('xyz')")
                             << QByteArray("can't be cast as VARBINARY");
        QTest::newRow("timestamp") << QByteArray("INSERT INTO scratch (d) VALUES ('yesterday')")
                                   << QByteArray("is no timestamp");
        QTest::newRow("not null") << QByteArray("INSERT INTO votes (phone) VALUES (1)")
                                  << QByteArray("Constraint Type NOT_NULL, Table CatalogId VOTES");
        QTest::newRow("unique") << QByteArray("INSERT INTO votes VALUES (99, 'MA', 1)")
                                << QByteArray("Constraint Type UNIQUE, Table CatalogId VOTES");
        QTest::newRow("partitioning column") << QByteArray("UPDATE votes SET phone = 100")
                                             << QByteArray("The partitioning column VOTES.PHONE cannot be updated");
        QTest::newRow("no table") << QByteArray("INSERT INTO nothing VALUES (1)")
                                  << QByteArray("object not found: NOTHING");
        QTest::newRow("no column") << QByteArray("SELECT x FROM votes") << QByteArray("no such column: x");
        QTest::newRow("hidden column") << QByteArray("SELECT dr_clusterid_timestamp FROM votes")
                                       << QByteArray("no such column");
        QTest::newRow("our tables") << QByteArray("SELECT * FROM \"unit meta\"") << QByteArray("prohibited");
        QTest::newRow("pragma") << QByteArray("PRAGMA user_version") << QByteArray("unexpected token: PRAGMA");
        QTest::newRow("hidden column written") << QByteArray("UPDATE votes SET dr_clusterid_timestamp = 1")
                                               << QByteArray("object not found: DR_CLUSTERID_TIMESTAMP");
        QTest::newRow("hidden column written with others")
            << QByteArray("UPDATE votes SET (n, \"dr_clusterid_timestamp\") = (1, 2)")
            << QByteArray("object not found: DR_CLUSTERID_TIMESTAMP");
        QTest::newRow("hidden column inserted")
            << QByteArray("INSERT INTO votes (phone, state, dr_clusterid_timestamp) VALUES (1, 'MA', 2)")
            << QByteArray("object not found: DR_CLUSTERID_TIMESTAMP");
        QTest::newRow("hidden column compared") << QByteArray("DELETE FROM votes WHERE dr_clusterid_timestamp > 1")
                                                << QByteArray("object not found: DR_CLUSTERID_TIMESTAMP");
        QTest::newRow("conflict clause") << QByteArray(
                                                "INSERT INTO votes VALUES (99, 'MA', 1) ON CONFLICT (phone) DO UPDATE "
                                                "SET state = 'MA'")
                                         << QByteArray("unexpected token: CONFLICT");
        QTest::newRow("quotes of others")
            << QByteArray("UPDATE votes SET n = [n]") << QByteArray("unexpected token: [");
        QTest::newRow("returning") << QByteArray("UPDATE votes SET n = 1 WHERE phone = 1 RETURNING *")
                                   << QByteArray("unexpected token: RETURNING");
        QTest::newRow("update from") << QByteArray("UPDATE votes SET n = 1 FROM scratch")
                                     << QByteArray("unexpected token: FROM");
        QTest::newRow("mixed") << QByteArray("CREATE TABLE x (a INTEGER); SELECT 1")
                               << QByteArray("DDL mixed with DML and queries is unsupported.");
    }
    void limitsAreChecked() {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, told);
        world_->must("INSERT INTO votes VALUES (99, 'XX', 1)");
        const std::string answer = world_->sql(sql.toStdString());
        QVERIFY2(answer.starts_with("-2: "), answer.c_str());
        QVERIFY2(answer.find(told.toStdString()) != std::string::npos, answer.c_str());
        QCOMPARE(world_->sql("SELECT count(*) FROM scratch"), std::string("count(*):0"));
        QCOMPARE(world_->sql("SELECT state FROM votes"), std::string("STATE:'XX'"));
    }
    /// What SQLite calls one statement, and reads first.
    void withBeforeAChangeIsRefused_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("delete") << QByteArray("WITH x AS (SELECT 1) DELETE FROM votes");
        QTest::newRow("insert") << QByteArray("WITH x AS (SELECT 2, 'NY', 3) INSERT INTO votes SELECT * FROM x");
        QTest::newRow("update") << QByteArray("WITH x(a) AS (SELECT 2), y AS (SELECT 1) UPDATE votes SET n = 9");
        QTest::newRow("hidden column") << QByteArray(
            "WITH x AS (SELECT 1) UPDATE main.votes SET dr_clusterid_timestamp = 1");
        QTest::newRow("replace") << QByteArray("WITH x AS (SELECT 1) REPLACE INTO votes VALUES (1, 'NY', 1)");
    }
    void withBeforeAChangeIsRefused() {
        QFETCH(QByteArray, sql);
        world_->must("INSERT INTO votes VALUES (1, 'MA', 1)");
        const std::string text = sql.toStdString();
        const auto unchanged = [&] { return world_->sql("SELECT * FROM votes") == "PHONE,STATE,N:1,'MA',1"; };
        const std::string alone = world_->sql(text);
        QVERIFY2(alone.find("WITH stands before a query") != std::string::npos, alone.c_str());
        QVERIFY(unchanged());
        const std::string among = world_->sql("UPDATE votes SET n = 7; " + text);
        QVERIFY2(among.find("WITH stands before a query") != std::string::npos, among.c_str());
        QVERIFY(unchanged());
        const std::string made = world_->sql("CREATE PROCEDURE p AS " + text);
        if (!made.starts_with("-")) QVERIFY(!world_->call("p").ok());
        QVERIFY(unchanged());
        QVERIFY(!world_->call("@Pause").ok() || world_->sql(text).starts_with("-"));
        QVERIFY(unchanged());
        QCOMPARE(shown(world_->call("@Resume")), std::string("STATUS:0"));
        QCOMPARE(
            world_->sql("WITH x(a) AS (SELECT replace('ab', 'a', 'c')) SELECT a, replace(a, 'c', 'd') AS b FROM x"),
            std::string("a,b:'cb','db'"));
        world_->kill();
        QVERIFY(unchanged());
        QCOMPARE(world_->node().checkInvariants(), std::string());
    }
    void everyUpdateStampsItsRow_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("plain") << QByteArray("UPDATE votes SET n = 2");
        QTest::newRow("comment") << QByteArray("UPDATE votes SET n = 2 -- and no more");
        QTest::newRow("comment before WHERE") << QByteArray("UPDATE votes SET n = 2 -- here\nWHERE phone = 1");
        QTest::newRow("a text as a name") << QByteArray("UPDATE votes SET 'dr_clusterid_timestamp' = 5");
        QTest::newRow("upsert") << QByteArray("UPSERT INTO votes VALUES (1, 'NY', 2) -- and no more");
        QTest::newRow("upsert of rows") << QByteArray("UPSERT INTO votes SELECT phone, 'NY', 2 FROM votes -- so");
    }
    void everyUpdateStampsItsRow() {
        QFETCH(QByteArray, sql);
        world_->must("INSERT INTO votes VALUES (1, 'MA', 1)");
        const auto stamp = [&] { return world_->sql("SELECT dr_clusterid_timestamp FROM main.votes"); };
        const std::string before = stamp();
        QVERIFY2(before.starts_with("DR_CLUSTERID_TIMESTAMP:"), before.c_str());
        QCOMPARE(world_->sql(sql.toStdString()), std::string("modified_tuples:1"));
        QVERIFY2(stamp() != before, before.c_str());
        QVERIFY(stamp() != "DR_CLUSTERID_TIMESTAMP:5");
    }
    /// Values that their columns keep otherwise than they were written, in rows that one statement touches twice.
    void convertedRowsAreLoggedAsTheyAre_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("rows");
        QTest::newRow("key of several rows") << QByteArray("UPSERT INTO k SELECT 1.5, t, s FROM src ORDER BY s")
                                             << QByteArray("modified_tuples:3") << QByteArray("1,3000000,'z'");
        QTest::newRow("keys that become one")
            << QByteArray("UPSERT INTO k SELECT a, t, s FROM src ORDER BY s") << QByteArray("modified_tuples:3")
            << QByteArray("1,2000000,'y';2,3000000,'z'");
        QTest::newRow("column of several rows")
            << QByteArray("UPSERT INTO k SELECT 7, w, s FROM src ORDER BY s") << QByteArray("modified_tuples:3")
            << QByteArray("7,1577836800000000,'z'");
        QTest::newRow("key that is there")
            << QByteArray("INSERT INTO k VALUES (1, 5, 'a'); UPSERT INTO k VALUES (1.25, '1970-01-01 00:00:09', 'b')")
            << QByteArray("modified_tuples:1 | modified_tuples:1") << QByteArray("1,9000000,'b'");
        QTest::newRow("keys of rows become one")
            << QByteArray("INSERT INTO k SELECT a, t, s FROM src ORDER BY s")
            << QByteArray("-2: VOLTDB ERROR: CONSTRAINT VIOLATION") << QByteArray("");
        QTest::newRow("a key is taken on the way")
            << QByteArray(
                   "INSERT INTO k VALUES (1, 0, 'a'); INSERT INTO k VALUES (2, 0, 'b'); UPDATE k SET a = a + 1.5")
            << QByteArray("-2: VOLTDB ERROR: CONSTRAINT VIOLATION") << QByteArray("");
        QTest::newRow("a time that is none") << QByteArray("UPSERT INTO times VALUES ('yesterday', 'a')")
                                             << QByteArray("-2: VOLTDB ERROR: SQL ERROR") << QByteArray("");
    }
    void convertedRowsAreLoggedAsTheyAre() {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, rows);
        world_->must(
            "CREATE TABLE k (a INTEGER NOT NULL PRIMARY KEY, t TIMESTAMP, s VARCHAR(5));"
            "CREATE TABLE times (t TIMESTAMP NOT NULL PRIMARY KEY, s VARCHAR(5)); DR TABLE times;"
            "CREATE TABLE src (a FLOAT, t TIMESTAMP, w VARCHAR(30), s VARCHAR(5))");
        world_->must(
            "INSERT INTO src VALUES (1.5, 1000000, '2020-01-01', 'x'); INSERT INTO src VALUES (1.7, 2000000, "
            "'2020-01-01',"
            " 'y'); INSERT INTO src VALUES (2.5, 3000000, '2020-01-01', 'z')");
        const std::string answered = world_->sql(sql.toStdString());
        QVERIFY2(answered.starts_with(answer.toStdString()), answered.c_str());
        const std::string expected = "A,T,S:" + rows.toStdString();
        QCOMPARE(world_->sql("SELECT * FROM k ORDER BY a"), expected);
        world_->kill();
        QCOMPARE(world_->sql("SELECT * FROM k ORDER BY a"), expected);
        QCOMPARE(world_->node().checkInvariants(), std::string());
    }
    void keysAreFoundAsTheyAreKept() {
        world_->must(
            "CREATE TABLE times (t TIMESTAMP NOT NULL PRIMARY KEY, s VARCHAR(5)); DR TABLE times;"
            "CREATE TABLE codes (c VARBINARY(4) NOT NULL PRIMARY KEY, s VARCHAR(5))");
        for (const char* s : {"a", "b"}) {
            QCOMPARE(world_->sql(fmt::format("UPSERT INTO times VALUES ('1970-01-01 00:00:01', '{}')", s)),
                     std::string("modified_tuples:1"));
            QCOMPARE(world_->sql(fmt::format("UPSERT INTO codes (s, c) VALUES ('{}', 'c0de')", s)),
                     std::string("modified_tuples:1"));
            QCOMPARE(shown(world_->call("TIMES.upsert", {std::string("1970-01-01 00:00:02"), std::string(s)})),
                     std::string("modified_tuples:1"));
        }
        QCOMPARE(world_->sql("SELECT * FROM times ORDER BY t"), std::string("T,S:1000000,'b';2000000,'b'"));
        QCOMPARE(world_->sql("SELECT s FROM codes"), std::string("S:'b'"));
        world_->kill();
        QCOMPARE(world_->sql("SELECT * FROM times ORDER BY t"), std::string("T,S:1000000,'b';2000000,'b'"));
    }
    /// One call of ten seconds, however many statements it has; the host goes on.
    void aCallEndsByTheClock_data() {
        QTest::addColumn<QByteArray>("sql");
        const QByteArray endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) ";
        QTest::newRow("query") << endless + "SELECT count(*) FROM c";
        QTest::newRow("change") << QByteArray("UPDATE votes SET n = (" + endless + "SELECT count(*) FROM c)");
    }
    void aCallEndsByTheClock() {
        QFETCH(QByteArray, sql);
        world_->must("INSERT INTO votes VALUES (1, 'MA', 1)");
        auto* unit = dynamic_cast<SqlStateUnit*>(world_->node().dataset(world_->control().datasetId())->state.get());
        QVERIFY(unit != nullptr);
        Micros us = 0;
        unit->session().value()->setClock([&us] { return us += 1'000'000; });
        const std::string answer = world_->sql(sql.toStdString());
        QVERIFY2(answer.starts_with("-2: ") && answer.find("ran for more than 10 s") != std::string::npos,
                 answer.c_str());
        QCOMPARE(us, Micros{12'000'000});
        QCOMPARE(world_->sql("SELECT * FROM votes"), std::string("PHONE,STATE,N:1,'MA',1"));
    }

private:
    std::unique_ptr<VoltWorld> world_;
};
TRIBUTARY_TEST(TestVoltStatements)
#include "tst_voltstatements.moc"
