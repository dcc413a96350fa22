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

}  // namespace

class TestSeeds : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        page_ = readSeed(QStringLiteral("000"));
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
    }
    void examplesParse() {
        QFETCH(QByteArray, line);
        QFETCH(bool, strict);
        const std::string text = line.toStdString();
        QVERIFY(commands().contains(text));
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
            QCOMPARE(whole, std::string("maprcli table replica resume -path /mapr/sanfrancisco/customers -replica "
                                        "/mapr/newyork/customers"));
        }
    }
    void everyCommandOfThePageIsUnderstood() {
        int templates = 0;
        for (const auto& [line, count] : commands()) {
            const auto parsed = parseLine(line, {.lenient = true, .placeholders = true});
            QVERIFY2(parsed.ok(), line.c_str());
            if (parsed.value().placeholders.empty()) continue;
            templates += count;
            QVERIFY2(!parseLine(line).ok(), line.c_str());
            const auto again = parseLine(printLine(parsed.value().op), {.placeholders = true});
            QVERIFY_OK(again);
            QVERIFY(again.value().op == parsed.value().op);
        }
        QCOMPARE(templates, page_.empty() ? 0 : 9);  // items 3 5 7 9 11 14 16 17 18
    }
    void streamCommandsAreJoinedAndRefusedByName() {
        const std::string page = page_.empty() ? "maprcli stream replica autosetup -path\n /mapr/a/s -replica /mapr/b/s"
                                               : readSeed(QStringLiteral("001"));
        int seen = 0;
        for (const JoinedLine& command : joinWrappedLines(page, spoken())) {
            const auto parsed = parseLine(command.line, {.placeholders = true});
            QVERIFY2(!parsed.ok(), command.line.c_str());
            QVERIFY(parsed.error().code == ErrorCode::Unsupported);
            QVERIFY2(command.line.find("-path ") != std::string::npos, command.line.c_str());
            ++seen;
        }
        QCOMPARE(seen, page_.empty() ? 1 : 15);  // items 24 to 36, 38 and 39
    }

private:
    [[nodiscard]] std::map<std::string, int> commands() const {
        std::map<std::string, int> found;
        for (const JoinedLine& command : joinWrappedLines(page_.empty() ? builtIn_ : page_, spoken()))
            ++found[command.line];
        return found;
    }
    std::string page_;
    std::string builtIn_;
};
TRIBUTARY_TEST(TestSeeds)
#include "tst_seeds.moc"
