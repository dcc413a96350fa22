// DDL: what it makes, what it refuses and how, what is equal for replication.
#include "engine/systems/voltdb/schema/ddl.h"
#include "engine/systems/voltdb/schema/sqltokens.h"
#include "engine/systems/voltdb/voltdbkinds.h"
#include "testmain.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;
using namespace tributary::engine::voltdb;

namespace {

Result<std::shared_ptr<const VoltSchema>> schemaOf(const QByteArray& ddl, engine::Lsn lsn = 0) {
    const auto statements = splitStatements(ddl.toStdString());
    if (!statements) return statements.error();
    std::vector<DdlStep> steps;
    for (const std::string& sql : statements.value()) steps.push_back({sql, lsn == 0 ? 0 : lsn++});
    return VoltSchema::make(databaseKind(), {4, 1, 77}, std::move(steps));
}

constexpr const char* kVotes =
    "CREATE TABLE votes (phone BIGINT NOT NULL, state VARCHAR(2) NOT NULL, n INTEGER DEFAULT 5, PRIMARY KEY (phone));";

}  // namespace

class TestVoltSchema : public QObject {
    Q_OBJECT

private slots:
    void statementsAreSplit() {
        const auto split = splitStatements(
            " SELECT ';' ; -- a comment; with one\n/* ; */ SELECT 2;;\n"
            "CREATE PROCEDURE p AS BEGIN INSERT INTO t VALUES (CASE WHEN 1 THEN 2 END); SELECT 1; END; SELECT 3 ");
        VERIFY_ONCE(split);
        QCOMPARE(split.value(),
                 (std::vector<std::string>{
                     "SELECT ';'", "SELECT 2",
                     "CREATE PROCEDURE p AS BEGIN INSERT INTO t VALUES (CASE WHEN 1 THEN 2 END); SELECT 1; END",
                     "SELECT 3"}));
        QVERIFY(!splitStatements("SELECT 'x").ok());
        QVERIFY(!splitStatements("/* x").ok());
    }
    void tablesAreMade() {
        const auto schema =
            schemaOf(QByteArray(kVotes) +
                     "PARTITION TABLE votes ON COLUMN phone; DR TABLE votes;"
                     "CREATE INDEX byState ON votes (state, lower(state)) WHERE n > 3;"
                     "ALTER TABLE votes ADD COLUMN at TIMESTAMP DEFAULT NOW BEFORE n;"
                     "CREATE TABLE s (a TINYINT UNIQUE, b VARCHAR, c VARBINARY(8), d VARCHAR(3 BYTES))");
        VERIFY_ONCE(schema);
        const VoltTable& votes = *schema.value()->catalog().table("VOTES");
        QCOMPARE(votes.columns.size(), std::size_t{4});
        QCOMPARE(votes.columns[2].name, std::string("AT"));
        QCOMPARE(votes.columns[2].defaultSql, std::string("now()"));
        QCOMPARE(votes.primaryKey, std::vector<std::size_t>{0});
        QCOMPARE(votes.partitionColumn.value(), std::size_t{0});
        QVERIFY(votes.isDr);
        QCOMPARE(votes.indexes[0].parts, (std::vector<std::string>{"STATE", "lower(state)"}));
        QCOMPARE(votes.logTable().columns.back().name, std::string("DR_CLUSTERID_TIMESTAMP"));
        const VoltTable& s = *schema.value()->catalog().table("S");
        QCOMPARE(s.uniqueKeys(), (std::vector<std::vector<std::size_t>>{{0}}));
        QCOMPARE(s.columns[1].size, std::uint32_t{1048576});
        QVERIFY(s.columns[3].sizeInBytes);
        QVERIFY(votes.id != s.id);
    }
    void whatIsWrongIsRefused_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("twice") << QByteArray(kVotes) << QByteArray("object name already exists: VOTES");
        QTest::newRow("type") << QByteArray("CREATE TABLE x (a TEXT)") << QByteArray("no type that is known: \"TEXT\"");
        QTest::newRow("no end") << QByteArray("CREATE TABLE x (a INTEGER") << QByteArray("expected , or )");
        QTest::newRow("two keys") << QByteArray("CREATE TABLE x (a INTEGER PRIMARY KEY, b INTEGER PRIMARY KEY)")
                                  << QByteArray("has two primary keys");
        QTest::newRow("nullable") << QByteArray("PARTITION TABLE votes ON COLUMN n")
                                  << QByteArray("Partition column 'VOTES.N' is nullable.");
        QTest::newRow("key without it") << QByteArray("PARTITION TABLE votes ON COLUMN state")
                                        << QByteArray("must include its partitioning column STATE");
        QTest::newRow("no table to dr") << QByteArray("DR TABLE nothing")
                                        << QByteArray(
                                               "While configuring dr, table NOTHING was not present in the catalog.");
        QTest::newRow("stream") << QByteArray("CREATE STREAM x (a INTEGER)")
                                << QByteArray("streams are not supported here");
        QTest::newRow("view") << QByteArray("CREATE VIEW v AS SELECT 1") << QByteArray("views are not supported here");
        QTest::newRow("java") << QByteArray("CREATE PROCEDURE FROM CLASS a.b")
                              << QByteArray("Java procedures (FROM CLASS) are not supported here");
        QTest::newRow("export") << QByteArray("CREATE TABLE x EXPORT TO TARGET t (a INTEGER)")
                                << QByteArray("tables that export are not supported here");
        QTest::newRow("ttl") << QByteArray("CREATE TABLE x (a TIMESTAMP) USING TTL 5 ON COLUMN a")
                             << QByteArray("USING TTL and MIGRATE are not supported here");
        QTest::newRow("drop of a key") << QByteArray("ALTER TABLE votes DROP COLUMN phone")
                                       << QByteArray("is in the primary key of VOTES");
        QTest::newRow("other partition") << QByteArray(
                                                "CREATE PROCEDURE p PARTITION ON TABLE votes COLUMN n AS SELECT 1")
                                         << QByteArray("no table is partitioned so");
        QTest::newRow("unknown") << QByteArray("CREATE DATABASE x") << QByteArray("begins with \"CREATE DATABASE\"");
        QTest::newRow("length") << QByteArray("CREATE TABLE x (a VARCHAR(0))") << QByteArray("unsupported length");
        QTest::newRow("hidden") << QByteArray("CREATE TABLE x (dr_clusterid_timestamp BIGINT)")
                                << QByteArray("is a name of ours");
    }
    void whatIsWrongIsRefused() {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, told);
        auto catalog = schemaOf(kVotes).value()->catalog();
        const auto before = catalog.tables;
        const auto effect = applyDdl(catalog, sql.toStdString());
        QVERIFY(!effect.ok());
        QVERIFY2(effect.error().what.find(told.toStdString()) != std::string::npos, effect.error().what.c_str());
        QVERIFY(catalog.tables == before);
    }
    void digestsTellWhatReplicationNeeds_data() {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<bool>("same");
        QTest::newRow("nothing") << QByteArray() << true;
        QTest::newRow("plain index") << QByteArray("CREATE INDEX i ON votes (state)") << true;
        QTest::newRow("default") << QByteArray("ALTER TABLE votes ALTER COLUMN n SET DEFAULT 7") << true;
        QTest::newRow("other table") << QByteArray("CREATE TABLE y (a INTEGER)") << true;
        QTest::newRow("unique index") << QByteArray("CREATE UNIQUE INDEX i ON votes (state)") << false;
        QTest::newRow("column") << QByteArray("ALTER TABLE votes ADD COLUMN x INTEGER") << false;
        QTest::newRow("size") << QByteArray("ALTER TABLE votes ALTER COLUMN state VARCHAR(3) NOT NULL") << false;
        QTest::newRow("null") << QByteArray("ALTER TABLE votes ALTER COLUMN n SET NOT NULL") << false;
        QTest::newRow("partition") << QByteArray("PARTITION TABLE votes ON COLUMN phone") << false;
        QTest::newRow("order")
            << QByteArray("ALTER TABLE votes DROP COLUMN n; ALTER TABLE votes ADD COLUMN n INTEGER BEFORE state")
            << false;
    }
    void digestsTellWhatReplicationNeeds() {
        QFETCH(QByteArray, more);
        QFETCH(bool, same);
        const auto schema = schemaOf(QByteArray(kVotes) + "DR TABLE votes;" + more);
        VERIFY_ONCE(schema);
        const auto plain = schemaOf(QByteArray(kVotes) + "DR TABLE votes;");
        QCOMPARE(schema.value()->drDigests() == plain.value()->drDigests(), same);
        QCOMPARE(schema.value()->drTables().size(), std::size_t{1});
    }
    void entriesOfOldAreReadWithTheTablesOfThen() {
        const auto schema =
            schemaOf("CREATE TABLE a (x INTEGER); DROP TABLE a; CREATE TABLE a (y INTEGER, z INTEGER)", 10);
        VERIFY_ONCE(schema);
        QVERIFY(schema.value()->catalogAt(10).table("A") == nullptr);
        QCOMPARE(schema.value()->catalogAt(11).table("A")->columns.size(), std::size_t{1});
        QVERIFY(schema.value()->catalogAt(12).table("A") == nullptr);
        QCOMPARE(schema.value()->catalogAt(13).table("A")->columns.size(), std::size_t{2});
    }
    void schemasAreKeptInRecords() {
        const auto schema = schemaOf(QByteArray(kVotes) + "DR TABLE votes", 7);
        engine::Json record;
        databaseKind().writeSchema(*schema.value(), record);
        const auto again = databaseKind().parseSchema(record);
        VERIFY_ONCE(again);
        const auto& read = static_cast<const VoltSchema&>(*again.value());
        QVERIFY(read.catalog().tables == schema.value()->catalog().tables);
        QCOMPARE(read.steps()[1].lsn, engine::Lsn{8});
        QCOMPARE(read.creationUs(), std::int64_t{77});
        record["volt"]["ddl"].push_back(engine::Json::array({9, "CREATE NONSENSE"}));
        QCOMPARE(databaseKind().parseSchema(record).error().code, ErrorCode::Corrupt);
    }
    /// Damaged statements are refused or do something: they never end the process.
    void damagedStatementsDoNoHarm() {
        const std::string whole =
            "CREATE TABLE q (a BIGINT NOT NULL, b VARCHAR(12 BYTES) DEFAULT 'x' UNIQUE, CONSTRAINT k PRIMARY KEY (a, "
            "b))";
        std::size_t refused = 0;
        for (std::size_t at = 0; at < whole.size(); ++at) {
            VoltCatalog cut;
            if (!applyDdl(cut, whole.substr(0, at)).ok()) ++refused;
            for (const char c : {'(', ')', ',', '\'', ';', '\0'}) {
                std::string damaged = whole;
                damaged[at] = c;
                VoltCatalog catalog;
                if (!applyDdl(catalog, damaged).ok()) ++refused;
            }
        }
        QVERIFY(refused > whole.size() * 4);
    }
};
TRIBUTARY_TEST(TestVoltSchema)
#include "tst_voltschema.moc"
