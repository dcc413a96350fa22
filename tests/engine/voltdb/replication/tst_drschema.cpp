// Schemas of replicated tables: what differs, in whose words, and their bytes.
#include "engine/systems/voltdb/replication/drschema.h"

#include "fuzzing.h"
#include "memstore.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

class TestDrSchema : public QObject {
    Q_OBJECT
private slots:
    void differencesAreNamed_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << QString() << QString();
        QTest::newRow("a table") << QStringLiteral("table") << QStringLiteral("Missing DR table X on local cluster");
        QTest::newRow("a column there") << QStringLiteral("more")
                                        << QStringLiteral("Missing Column{C2} from Table{T} on local cluster");
        QTest::newRow("a column here") << QStringLiteral("less")
                                       << QStringLiteral("Missing Column{N} from Table{T} on remote cluster 7");
        const QString field = QStringLiteral(
            "Incompatible schema between remote cluster 7 and local cluster: field %1 in schema object %2");
        QTest::newRow("type") << QStringLiteral("type")
                              << field.arg(QStringLiteral("type"), QStringLiteral("Column{N} from Table{T}"));
        QTest::newRow("size") << QStringLiteral("size")
                              << field.arg(QStringLiteral("size"), QStringLiteral("Column{V} from Table{T}"));
        QTest::newRow("null") << QStringLiteral("null")
                              << field.arg(QStringLiteral("nullable"), QStringLiteral("Column{N} from Table{T}"));
        QTest::newRow("order") << QStringLiteral("order")
                               << field.arg(QStringLiteral("index"), QStringLiteral("Column{N} from Table{T}"));
        QTest::newRow("partitioning") << QStringLiteral("partition")
                                      << field.arg(QStringLiteral("partitioncolumn"), QStringLiteral("Table{T}"));
        QTest::newRow("primary key") << QStringLiteral("key")
                                     << field.arg(QStringLiteral("primary key"), QStringLiteral("Table{T}"));
        QTest::newRow("unique index") << QStringLiteral("unique")
                                      << field.arg(QStringLiteral("unique indexes"), QStringLiteral("Table{T}"));
    }
    void differencesAreNamed() {
        QFETCH(QString, change);
        DrTable remote = memTable("T");
        if (change == QStringLiteral("table")) remote.name = "X";
        if (change == QStringLiteral("more")) remote.columns.push_back({{"C2", ColumnType::Bigint}, 0, true});
        if (change == QStringLiteral("less")) remote.columns.pop_back();
        if (change == QStringLiteral("type")) remote.columns[2].column.type = ColumnType::Integer;
        if (change == QStringLiteral("size")) remote.columns[1].size = 65;
        if (change == QStringLiteral("null")) remote.columns[2].nullable = false;
        if (change == QStringLiteral("order")) std::swap(remote.columns[1], remote.columns[2]);
        if (change == QStringLiteral("partition")) remote.partitionColumn = 2;
        if (change == QStringLiteral("key")) remote.uniqueKeys[0] = {0, 2};
        if (change == QStringLiteral("unique")) remote.uniqueKeys.push_back({2});
        const DrTables local({memTable("T"), memTable("MORE")}, false);
        const std::vector<std::string> problems = schemaDifferences(local, {remote}, 7);
        QTEST(problems.empty() ? QString() : QString::fromStdString(problems.front()), "text");
    }

    void theyTravelWhole() {
        const std::vector<DrTable> tables{memTable("T", true, true), memTable("R", false)};
        Bytes bytes;
        appendTables(bytes, tables);
        ByteReader in(bytes);
        const auto back = readTables(in);
        QVERIFY_OK(back);
        QVERIFY(*back == tables && in.atEnd());
        Mutator mutator(1);
        for (int i = 0; i < fuzzRounds(2'000); ++i) {
            const Bytes damaged = mutator.damaged(bytes);
            ByteReader reader(damaged);
            const auto read = readTables(reader);
            if (!read) QVERIFY(read.error().code == ErrorCode::Corrupt);
        }
    }

    void theHiddenColumnMakesAnotherSignature() {
        const DrTables plain({memTable("T")}, false);
        const DrTables stamped({memTable("T")}, true);
        QVERIFY(plain.all()[0].signature != stamped.all()[0].signature);
        QCOMPARE(stamped.all()[0].logged.columns.size(), std::size_t{4});
        QVERIFY(stamped.signedBy(stamped.all()[0].signature) == stamped.named("T"));
    }
};
TRIBUTARY_TEST(TestDrSchema)
#include "tst_drschema.moc"
