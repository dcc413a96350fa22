// Headers that would lose a column, and what was loaded when a file goes wrong.
#include "app/rows/csvload.h"

#include <QTest>
#include <sstream>

#include "fakecells.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::app::test::FakeCellClient;
using tributary::app::test::FakeCells;

class CsvLoadTest : public QObject {
    Q_OBJECT

    struct Loaded {
        Status status = okStatus();
        std::uint64_t acked = 0;
        std::string leftOut;
        FakeCells cells;
    };
    static Loaded load(const std::string& text, std::size_t batchRows = 1000) {
        Loaded out;
        FakeCellClient client(out.cells);
        PipelineOptions options{"/mapr/sf/t", {"profile", "orders"}};
        options.batchRows = batchRows;
        PutPipeline pipeline(client, options);
        std::istringstream input(text);
        const TargetTable table{"/mapr/sf/t", "sf", {"profile", "orders"}};
        const auto done = loadCsv({"t.csv", "key"}, input, table, pipeline, [](std::uint64_t) { return true; });
        if (done) out.leftOut = done->text();
        if (!done) out.status = finishAfter(done.error(), pipeline);
        out.acked = pipeline.rowsAcked();
        return out;
    }

private slots:
    void aHeaderThatWouldLoseSomethingIsRefused_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("column twice") << QByteArray("key,profile:name,profile:name")
                                      << QByteArray("t.csv:1:18: the header has column 'profile:name' twice");
        QTest::newRow("column twice, with blanks")
            << QByteArray("key,profile:name, profile:name ") << QByteArray("t.csv:1:18: the header has column");
        QTest::newRow("column twice, once by its bytes")
            << QByteArray("key,profile:na\\x6de,profile:name")
            << QByteArray("t.csv:1:21: the header has column 'profile:name' twice, as column 2 and 3");
        QTest::newRow("column longer than any") << QByteArray("key,profile:" + QByteArray(70'000, 'x'))
                                                << QByteArray("t.csv:1:5: a column's name of 70,000 bytes is larger");
        QTest::newRow("key twice") << QByteArray("key,profile:name,key")
                                   << QByteArray("t.csv:1:18: the header has column 'key' twice, as column 1 and 3");
        QTest::newRow("no name") << QByteArray("key,,profile:name")
                                 << QByteArray("t.csv:1:5: column 2 of the header has no name");
        QTest::newRow("comma last") << QByteArray("key,profile:name,") << QByteArray("t.csv:1:18: column 3");
        QTest::newRow("no name behind the family")
            << QByteArray("key,profile:") << QByteArray("t.csv:1:5: column 'profile:' has no name behind");
        QTest::newRow("no family") << QByteArray("key,name") << QByteArray("t.csv:1:5: column 'name' names no family");
        QTest::newRow("unknown family") << QByteArray("key,profle:name")
                                        << QByteArray("t.csv:1:5: table /mapr/sf/t has no family profle");
        QTest::newRow("no key") << QByteArray("id,profile:name")
                                << QByteArray("t.csv:1:1: column 'id' names no family");
    }
    void aHeaderThatWouldLoseSomethingIsRefused() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, told);
        const Loaded loaded = load(header.toStdString() + "\na,b,c\n");
        QVERIFY(!loaded.status.ok());
        QCOMPARE(loaded.status.error().code, ErrorCode::InvalidInput);
        QVERIFY2(loaded.status.error().text().rfind(told.toStdString(), 0) == 0, loaded.status.error().text().c_str());
        QVERIFY(loaded.cells.rows.empty());
    }

    void sameNamesInTwoFamiliesAreTwoColumns() {
        const Loaded loaded = load("key,profile:name,orders:name\na,b,c\n");
        QVERIFY_OK(loaded.status);
        QCOMPARE(loaded.cells.rows.at("a").at("profile:name"), std::string("b"));
        QCOMPARE(loaded.cells.rows.at("a").at("orders:name"), std::string("c"));
    }

    void recordsWithoutAValueAreCounted() {
        QCOMPARE(load("key,profile:name\na,1\nb,\"\"\n").leftOut, std::string());
        const Loaded one = load("key,profile:name\na,1\nb,\n");
        QCOMPARE(one.leftOut, std::string("1 record has a key and no value, so it is no row: t.csv:3:1"));
        const Loaded two = load("profile:name,key\n,a\n1,b\n,c\n");
        QCOMPARE(two.leftOut,
                 std::string("2 records have a key and no value, so they are no rows; the first: t.csv:2:2"));
        QCOMPARE(two.acked, std::uint64_t{1});
    }
    void whatStandsBeforeABadLineIsLoadedAndCounted() {
        const Loaded loaded = load("key,profile:name\na,1\nb,2\nc,\"3\nd,4\n");
        QCOMPARE(loaded.acked, std::uint64_t{2});
        QCOMPARE(loaded.cells.rows.size(), std::size_t{2});
        QCOMPARE(loaded.status.error().text(),
                 std::string("t.csv:4:3: a quoted field is never closed (2 rows were loaded before)"));
    }

    void rowsWithoutAnAnswerAreInDoubt() {
        FakeCells cells;
        cells.loseAnswer = 1;
        FakeCellClient client(cells);
        PipelineOptions options{"/mapr/sf/t", {"profile"}};
        options.batchRows = 2;
        options.inFlightMax = 1;
        PutPipeline pipeline(client, options);
        std::istringstream input("key,profile:name\na,1\nb,2\nc,3\nd,4\ne,5\n");
        const TargetTable table{"/mapr/sf/t", "sf", {"profile"}};
        const auto done = loadCsv({"t.csv", "key"}, input, table, pipeline, [](std::uint64_t) { return true; });
        QVERIFY(!done.ok());
        const Error told = finishAfter(done.error(), pipeline);
        QVERIFY2(told.what.find("(0 rows were loaded before; of up to 2 more it is not known") != std::string::npos,
                 told.what.c_str());
        QCOMPARE(cells.rows.size(), std::size_t{2});
    }
};
TRIBUTARY_TEST(CsvLoadTest)
#include "tst_csvload.moc"
