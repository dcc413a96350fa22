// Records out of CSV text, and the places of what is wrong.
#include "app/rows/csv.h"

#include <QTest>
#include <sstream>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

/// Gives its text and then fails, as a broken connection does.
class FailingInput final : public std::istream {
public:
    explicit FailingInput(std::string text) : std::istream(nullptr), buffer_(*this, std::move(text)) {
        rdbuf(&buffer_);
    }

private:
    class Buffer final : public std::streambuf {
    public:
        Buffer(std::istream& owner, std::string text) : owner_(owner), text_(std::move(text)) {
            setg(text_.data(), text_.data(), text_.data() + text_.size());
        }

    protected:
        int_type underflow() override {
            owner_.setstate(std::ios::badbit);
            return traits_type::eof();
        }

    private:
        std::istream& owner_;
        std::string text_;
    };
    Buffer buffer_;
};

}  // namespace

class CsvTest : public QObject {
    Q_OBJECT

    /// Fields joined by '|', records by '/'.
    static std::string readAll(const std::string& text, CsvReader::End end = CsvReader::End::Anywhere) {
        std::istringstream input(text);
        return readFrom(input, end);
    }
    static std::string readFrom(std::istream& input, CsvReader::End end) {
        CsvReader reader(input, "t.csv", end);
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
        QTest::newRow("a mark and nothing else") << QByteArray("\xef\xbb\xbf") << QByteArray();
        QTest::newRow("only like a mark") << QByteArray("\xef\xbc\xab,b\n") << QByteArray("\xef\xbc\xab|b");
        QTest::newRow("half of a mark") << QByteArray("\xef\xbb") << QByteArray("\xef\xbb");
        QTest::newRow("quoted, at the end") << QByteArray("a,\"b\"") << QByteArray("a|b");
        QTest::newRow("carriage return inside quotes") << QByteArray("\"a\rb\"\n") << QByteArray("a\rb");
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
        QTest::newRow("carriage return behind a quote") << QByteArray("a\n\"Ada\"\rX\n") << QByteArray("t.csv:2:6");
        QTest::newRow("carriage return in a field") << QByteArray("a\nAda\rX\n") << QByteArray("t.csv:2:4");
        QTest::newRow("carriage return at the end") << QByteArray("a\nAda\r") << QByteArray("t.csv:2:4");
        QTest::newRow("carriage returns as line ends") << QByteArray("a\rb\rc\r") << QByteArray("t.csv:1:2");
        QTest::newRow("carriage return in an empty line") << QByteArray("a\n\r\rb\n") << QByteArray("t.csv:2:1");
        QTest::newRow("UTF-16") << QByteArray(
                                       "\xff\xfe"
                                       "a\0",
                                       4)
                                << QByteArray("t.csv");
        QTest::newRow("never closed: where it opened") << QByteArray("a,\"b\nc\n") << QByteArray("t.csv:1:3");
        QTest::newRow("columns are characters") << QByteArray("\xc3\xa9\xc3\xa9,\"b\"x\n") << QByteArray("t.csv:1:7");
    }
    void mistakesAreToldWithTheirPlace() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        const std::string told = readAll(text.toStdString());
        QVERIFY2(told.rfind(where.toStdString() + " ", 0) == 0, told.c_str());
    }

    void anInputThatMayBeTornEndsWithALineEnd_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("in a field") << QByteArray("a,b\nc,d") << QByteArray("t.csv:2:4");
        QTest::newRow("behind a comma") << QByteArray("a,b\nc,") << QByteArray("t.csv:2:3");
        QTest::newRow("behind a quote") << QByteArray("a,b\nc,\"d\"") << QByteArray("t.csv:2:6");
        QTest::newRow("inside quotes") << QByteArray("a,b\nc,\"d\n") << QByteArray("t.csv:2:3");
        QTest::newRow("between CR and LF") << QByteArray("a,b\nc,d\r") << QByteArray("t.csv:2:5");
    }
    void anInputThatMayBeTornEndsWithALineEnd() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        const std::string told = readAll(text.toStdString(), CsvReader::End::AtLineEnd);
        QVERIFY2(told.rfind(where.toStdString() + " ", 0) == 0, told.c_str());
        QCOMPARE(readAll("a,b\nc,d\n", CsvReader::End::AtLineEnd), std::string("a|b/c|d"));
    }

    void nothingOfARecordIsGivenWhenReadingFails_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("in a field") << QByteArray("a,b\nc,d") << QByteArray("t.csv:2:4 reading failed in the middle");
        QTest::newRow("inside quotes") << QByteArray("a,b\n\"c")
                                       << QByteArray("t.csv:2:3 reading failed in the middle");
        QTest::newRow("behind a quote") << QByteArray("a,\"b\"")
                                        << QByteArray("t.csv:1:6 reading failed in the middle");
        QTest::newRow("between records") << QByteArray("a,b\n") << QByteArray("t.csv:2:1 reading failed");
        QTest::newRow("at once") << QByteArray() << QByteArray("t.csv:1:1 reading failed");
    }
    void nothingOfARecordIsGivenWhenReadingFails() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, told);
        FailingInput input(text.toStdString());
        const std::string said = readFrom(input, CsvReader::End::Anywhere);
        QVERIFY2(said.rfind(told.toStdString(), 0) == 0, said.c_str());
    }

    void aRecordWithoutEndIsRefused() {
        const std::string long1(CsvReader::kRecordBytesMax + 1'000, 'x');
        QVERIFY(readAll("a\n" + long1).rfind("t.csv:2:1 a record is longer", 0) == 0);
        QVERIFY(readAll("a\n\"" + long1).rfind("t.csv:2:1 a record is longer", 0) == 0);
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
