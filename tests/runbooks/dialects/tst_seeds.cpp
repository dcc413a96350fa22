// The literal commands of the vendor's pages (maprdb.md section 6), read from the pages when they lie beside the
// sources.
#include <QDir>
#include <QFile>

#include "core/base/text.h"
#include "runbooks/dialects/joinlines.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

QString seedFolder() {
    return QStringLiteral(TRIBUTARY_SOURCE_DIR "/../shared/seeds");
}

std::string readSeed(const QString& prefix) {
    const QStringList names = QDir(seedFolder()).entryList({prefix + QStringLiteral("_*.txt")});
    if (names.isEmpty()) return {};
    QFile file(seedFolder() + QLatin1Char('/') + names.front());
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

struct Example {
    const char* item;
    const char* line;
    bool strict;  // parses strictly
};

// Items 4, 6, 8, 10, 12 and 15 of the catalogue; the page must contain them verbatim.
constexpr Example kTableExamples[] = {
    {"4", "maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers", true},
    {"6", "maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -paused true",
     true},
    {"8", "maprcli table replica list -path /mapr/sanfrancisco/customers", true},
    {"10", "maprcli table upstream add -path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers", true},
    {"12", "maprcli table upstream list -path /mapr/newyork/customers", true},
    {"15", "maprcli table replica resume -path mapr/sanfrancisco/customers -replica /mapr/newyork/customers", false},
};

// Items 25, 26, 28, 30, 32, 34, 36 and 39, their wrapped lines joined.
constexpr Example kStreamExamples[] = {
    {"25", "maprcli stream replica autosetup -path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity", true},
    {"26", "maprcli stream replica autosetup -path /mapr/sanfrancisco/activityA -replica /mapr/sanfrancisco/activityB",
     true},
    {"28", "maprcli stream create -path /mapr/newyork/activity -copymetafrom /mapr/sanfrancisco/activity", true},
    {"30", "maprcli stream replica add -path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity -paused true",
     true},
    {"32", "maprcli stream replica list -path /mapr/sanfrancisco/activity", true},
    {"34", "maprcli stream upstream add -path /mapr/newyork/activity -upstream /mapr/sanfrancisco/activity", true},
    {"36", "maprcli stream upstream list -path /mapr/newyork/activity", true},
    {"39", "maprcli stream replica resume -path mapr/sanfrancisco/activity -replica /mapr/newyork/activity", false},
};

}  // namespace

class TestSeeds : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        page_ = readSeed(QStringLiteral("000"));
        streams_ = readSeed(QStringLiteral("001"));
        if (streams_.empty()) {
            for (const Example& example : kStreamExamples) streams_ += std::string(example.line) + "\n";
        }
        if (page_.empty()) {
            qInfo("the pages are not at %s: only the built-in copies of their commands are checked",
                  qPrintable(seedFolder()));
            for (const Example& example : kTableExamples) builtIn_ += std::string(example.line) + "\n";
        }
    }
    void examplesParse_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("strict");
        for (const Example& example : kTableExamples) {
            QTest::newRow(example.item) << QByteArray(example.line) << example.strict;
        }
        for (const Example& example : kStreamExamples) {
            QTest::newRow(example.item) << QByteArray(example.line) << example.strict;
        }
    }
    void examplesParse() {
        QFETCH(QByteArray, line);
        QFETCH(bool, strict);
        const std::string text = line.toStdString();
        const bool ofStreams = line.contains("maprcli stream ");
        QVERIFY(commandsOf(ofStreams ? streams_ : tables()).contains(text));
        const auto parsed = parseLine(text);
        QCOMPARE(parsed.ok(), strict);
        const auto lenient = parseLine(text, {.lenient = true});
        QVERIFY_OK(lenient);
        QCOMPARE(lenient.value().warnings.empty(), strict);
        const std::string whole = printLine(lenient.value().op);
        if (strict) {
            QCOMPARE(whole, text);
        } else {
            QVERIFY(parsed.error().what.find("-path") != std::string::npos);
            QVERIFY(parsed.error().what.find("leading slash") != std::string::npos);
            QCOMPARE(parsed.error().fix, whole);
            const std::string slash = " -path /mapr/";
            QCOMPARE(whole, std::string(text).replace(text.find(" -path mapr/"), slash.size() - 1, slash));
        }
    }
    void everyCommandOfThePagesIsUnderstood_data() {
        QTest::addColumn<bool>("streams");
        QTest::addColumn<int>("templates");
        QTest::newRow("000: 3 5 7 9 11 14 16 17 18") << false << (page_.empty() ? 0 : 9);
        QTest::newRow("001: 24 27 29 31 33 35 38") << true << (page_.empty() ? 0 : 7);
    }
    void everyCommandOfThePagesIsUnderstood() {
        QFETCH(bool, streams);
        int templates = 0;
        for (const auto& [line, count] : commandsOf(streams ? streams_ : tables())) {
            const auto parsed = parseLine(line, {.lenient = true, .placeholders = true});
            QVERIFY2(parsed.ok(), line.c_str());
            if (parsed.value().placeholders.empty()) continue;
            templates += count;
            QVERIFY2(!parseLine(line).ok(), line.c_str());
            const auto again = parseLine(printLine(parsed.value().op), {.placeholders = true});
            QVERIFY_OK(again);
            QVERIFY(again.value().op == parsed.value().op);
        }
        QTEST(templates, "templates");
    }
    /// The second trap of the pages (item 24): as the shell joins it, the option and its value are one word.
    void anOptionJoinedWithItsValueIsToldWithTheBlankThatIsMissing() {
        const auto parsed = parseLine(
            "maprcli stream replica autosetup -path/mapr/sanfrancisco/activity -replica /mapr/newyork/activity");
        QVERIFY(!parsed.ok());
        QVERIFY2(parsed.error().what.find("are one word") != std::string::npos, parsed.error().full().c_str());
        QCOMPARE(parsed.error().fix, std::string("maprcli stream replica autosetup -path /mapr/sanfrancisco/activity "
                                                 "-replica /mapr/newyork/activity"));
    }
    /// The third: a line that was wrapped without a backslash, pasted as two commands.
    void aWrappedLinePastedAloneSaysWhatItLacks() {
        const auto parsed = parseLine("maprcli stream create -path");
        QVERIFY(!parsed.ok());
        QVERIFY2(parsed.error().what.find("-path") != std::string::npos, parsed.error().full().c_str());
    }
    void commandsOfThePageOnAutosetupAreUnderstood() {
        for (const char* line :
             {"maprcli stream replica autosetup -path /mapr/a/s -replica /mapr/b/s",
              "maprcli stream replica list -path /mapr/a/s",
              "maprcli stream replica remove -path /mapr/a/s -replica /mapr/b/s",
              "mapr copystream -src /mapr/a/s -dst /mapr/b/s -mapreduce false",
              "maprcli stream replica autosetup -path /mapr/a/s -replica /mapr/b/s -directcopy false"}) {
            const auto parsed = parseLine(line);
            QVERIFY2(parsed.ok(), line);
            QCOMPARE(printLine(parsed.value().op), std::string(line));
        }
    }

private:
    [[nodiscard]] const std::string& tables() const { return page_.empty() ? builtIn_ : page_; }
    [[nodiscard]] static std::map<std::string, int> commandsOf(const std::string& page) {
        std::map<std::string, int> found;
        for (const JoinedLine& command : joinWrappedLines(page, spoken())) ++found[command.line];
        return found;
    }
    std::string page_;
    std::string streams_;
    std::string builtIn_;
};
TRIBUTARY_TEST(TestSeeds)
#include "tst_seeds.moc"
