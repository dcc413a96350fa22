// Field paths: the grammar in both directions, errors, covering and intersecting.
#include "engine/systems/maprdb/json/fieldpath.h"

#include "engine/systems/maprdb/json/jsonlimits.h"
#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

namespace {

FieldPath path(const QString& text) {
    return FieldPath::parse(text.toStdString()).value();
}

}  // namespace

class TestFieldPath : public QObject {
    Q_OBJECT
private slots:
    void printsWhatItReads_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        QTest::addColumn<int>("segments");
        const auto row = [](const char* text, const char* printed, int segments) {
            QTest::newRow(text) << text << printed << segments;
        };
        row("a", "a", 1);
        row("a.b[3].c", "a.b[3].c", 4);
        row("a[][0]", "a[][0]", 3);
        row("first name.x", "first name.x", 2);
        row("0.1", "0.1", 2);
        row("\"a.b\".c", "\"a.b\".c", 2);
        row("`a.b`", "\"a.b\"", 1);
        row("\"plain\"", "plain", 1);
        row("\"\"", "\"\"", 1);
        row("a\\.b", "\"a.b\"", 1);
        row("\"q\\\"\\\\\\`\"", "\"q\\\"\\\\\\`\"", 1);
        row("a\\u0041\\u00e4", "aA\xc3\xa4", 1);
        row("\\ud83d\\ude00", "\xf0\x9f\x98\x80", 1);
        row("\"tab\\t\"", "\"tab\\u0009\"", 1);
        row("a\\/b", "a/b", 1);
        row("x[007]", "x[7]", 2);
    }
    void printsWhatItReads() {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        QFETCH(int, segments);
        const FieldPath read = path(text);
        QCOMPARE(static_cast<int>(read.segments().size()), segments);
        QCOMPARE(QString::fromStdString(read.text()), printed);
        QVERIFY(path(printed) == read);
    }
    void refuses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        const auto row = [](const char* text, int column) {
            QTest::newRow(*text == '\0' ? "empty" : text) << text << QStringLiteral("column %1").arg(column);
        };
        row("", 1);
        row(".a", 1);
        row("a.", 3);
        row("a..b", 3);
        row("[0]", 1);
        row("a[", 3);
        row("a[1", 4);
        row("a[x]", 3);
        row("a[-1]", 3);
        row("a[70000]", 7);
        row("a[0]b", 5);
        row("a.[0]", 3);
        row("a]", 2);
        row("\"open", 6);
        row("\"a\"b", 4);
        row("a\"b", 2);
        row("a\\x", 2);
        row("a\\u12g4", 2);
        row("\\ud800", 7);
        row("a\tb", 2);
    }
    void refuses() {
        QFETCH(QString, text);
        QFETCH(QString, where);
        const auto read = FieldPath::parse(text.toStdString());
        QVERIFY(!read);
        QCOMPARE(QString::fromStdString(read.error().where), where);
    }
    void holdsToItsLimits() {
        std::string deep = "a";
        for (std::size_t i = 1; i < kDepthMax; ++i) deep += ".a";
        QVERIFY(FieldPath::parse(deep).ok());
        QVERIFY(!FieldPath::parse(deep + ".a"));
        QVERIFY(!FieldPath::parse(std::string(kFieldNameBytesMax + 1, 'x')));
        QVERIFY(!FieldPath::parse(std::string(kPathBytesMax + 1, 'x')));
        QVERIFY(!FieldPath::parse("a\xff"));
    }
    void coversWhatIsBelow_data() {
        QTest::addColumn<QString>("wide");
        QTest::addColumn<QString>("narrow");
        QTest::addColumn<bool>("covers");
        QTest::addColumn<QString>("both");
        const auto row = [](const char* wide, const char* narrow, bool covers, const char* both) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(wide), QLatin1String(narrow))))
                << wide << narrow << covers << both;
        };
        row("a", "a", true, "a");
        row("a", "a.b", true, "a.b");
        row("a", "a[1].c", true, "a[1].c");
        row("a.b", "a", false, "a.b");
        row("a.b", "ab", false, "");
        row("a[]", "a[1]", true, "a[1]");
        row("a[1]", "a[]", false, "a[1]");
        row("a[]", "a.b", false, "");
        row("a[1]", "a[2]", false, "");
        row("a[].b[0]", "a[3].b[]", false, "a[3].b[0]");
        row("a[2]", "a[].x", false, "a[2].x");
    }
    void coversWhatIsBelow() {
        QFETCH(QString, wide);
        QFETCH(QString, narrow);
        QFETCH(bool, covers);
        QFETCH(QString, both);
        QCOMPARE(path(wide).covers(path(narrow)), covers);
        for (const auto& common : {path(wide).intersect(path(narrow)), path(narrow).intersect(path(wide))}) {
            QCOMPARE(common ? QString::fromStdString(common->text()) : QString(), both);
        }
    }
    void namesTheFieldThatHoldsAll() {
        QVERIFY(path(QStringLiteral("a.b[1].c")).leadingNames() == NamePath({"a", "b"}));
        QVERIFY(!path(QStringLiteral("a[]")).isNamesOnly());
        QVERIFY(path(QStringLiteral("a.b")).isNamesOnly());
    }
    void standsAnyDamage() {
        Mutator mutator(41);
        const Bytes good = "abc.\"d.e\\u0041\"[12].`f`[].g\\.h\\ud83d\\ude00[0]";
        int read = 0;
        for (int i = 0; i < fuzzRounds(20'000); ++i) {
            const auto damaged = FieldPath::parse(mutator.damaged(good));
            if (!damaged) continue;
            ++read;
            const auto back = FieldPath::parse(damaged->text());
            QVERIFY2(back.ok() && back.value() == damaged.value(), damaged->text().c_str());
        }
        QVERIFY(read > 100);
    }
};
TRIBUTARY_TEST(TestFieldPath)
#include "tst_fieldpath.moc"
