// Records out of CSV text, and the places of what is wrong.
#include "app/rows/csv.h"

#include <QTest>
#include <sstream>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class CsvTest : public QObject {
    Q_OBJECT

    /// Fields joined by '|', records by '/'.
    static std::string readAll(const std::string& text) {
        std::istringstream input(text);
        CsvReader reader(input, "t.csv");
        std::vector<CsvField> fields;
        std::string out;
        while (true) {
            const auto more = reader.next(fields);
            if (!more) return more.error().where + " " + more.error().what;
            if (!more.value()) return out;
            if (!out.empty()) out += '/';
            for (std::size_t i = 0; i < fields.size(); ++i) out += (i > 0 ? "|" : "") + fields[i].text;
        }
    }

private slots:
    void recordsAreRead_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("records");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("plain") << QByteArray("a,b\nc,d\n") << QByteArray("a|b/c|d");
        QTest::newRow("no line end at the end") << QByteArray("a,b\nc,d") << QByteArray("a|b/c|d");
        QTest::newRow("CRLF") << QByteArray("a,b\r\nc,d\r\n") << QByteArray("a|b/c|d");
        QTest::newRow("empty fields") << QByteArray(",,\n") << QByteArray("||");
        QTest::newRow("quoted comma") << QByteArray("\"a,b\",c\n") << QByteArray("a,b|c");
        QTest::newRow("doubled quotes") << QByteArray("\"say \"\"hi\"\"\",c\n") << QByteArray("say \"hi\"|c");
        QTest::newRow("line end inside quotes") << QByteArray("\"a\nb\",c\n") << QByteArray("a\nb|c");
        QTest::newRow("CRLF inside quotes") << QByteArray("\"a\r\nb\"\r\nc\r\n") << QByteArray("a\r\nb/c");
        QTest::newRow("empty lines") << QByteArray("a\n\n\nb\n") << QByteArray("a/b");
        QTest::newRow("byte order mark") << QByteArray(
                                                "\xef\xbb\xbf"
                                                "a,b\n")
                                         << QByteArray("a|b");
        QTest::newRow("blanks stay") << QByteArray(" a , b\n") << QByteArray(" a | b");
        QTest::newRow("comma last") << QByteArray("a,") << QByteArray("a|");
    }
    void recordsAreRead() {
        QFETCH(QByteArray, text);
        QTEST(QByteArray::fromStdString(readAll(text.toStdString())), "records");
    }

    void mistakesAreToldWithTheirPlace_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("quote inside a field") << QByteArray("a,b\nc,d\"e\n") << QByteArray("t.csv:2:4");
        QTest::newRow("text behind a quote") << QByteArray("a\n\"b\"c\n") << QByteArray("t.csv:2:4");
        QTest::newRow("never closed: where it opened") << QByteArray("a,\"b\nc\n") << QByteArray("t.csv:1:3");
        QTest::newRow("columns are characters") << QByteArray("\xc3\xa9\xc3\xa9,\"b\"x\n") << QByteArray("t.csv:1:7");
    }
    void mistakesAreToldWithTheirPlace() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        const std::string told = readAll(text.toStdString());
        QVERIFY2(told.rfind(where.toStdString() + " ", 0) == 0, told.c_str());
    }

    void emptyAndQuotedEmptyDiffer() {
        std::istringstream input(",\"\"\n");
        CsvReader reader(input, "t.csv");
        std::vector<CsvField> fields;
        QVERIFY(reader.next(fields).value());
        QCOMPARE(fields.size(), std::size_t{2});
        QVERIFY(!fields[0].quoted);
        QVERIFY(fields[1].quoted);
        QCOMPARE(reader.where(fields[1]), std::string("t.csv:1:2"));
    }
};
TRIBUTARY_TEST(CsvTest)
#include "tst_csv.moc"
