// LIKE and regular expressions: what they find, what they refuse, and that no pattern takes for ever.
#include "engine/systems/maprdb/json/pattern.h"

#include <QRegularExpression>

#include "engine/systems/maprdb/json/jsonlimits.h"
#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestPattern : public QObject {
    Q_OBJECT
private slots:
    void findsLikePatterns_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("found");
        const auto row = [](const char* pattern, const char* text, bool found) {
            QTest::newRow(qPrintable(QStringLiteral("%1 | %2").arg(QLatin1String(pattern), QLatin1String(text))))
                << pattern << text << found;
        };
        row("abc", "abc", true);
        row("abc", "abcd", false);
        row("abc", "xabc", false);
        row("a%", "a", true);
        row("a%c", "abbbc", true);
        row("a%c", "abbb", false);
        row("%b%", "abc", true);
        row("%", "", true);
        row("_", "", false);
        row("_", "\xc3\xa4", true);
        row("a_c", "abc", true);
        row("a_c", "abbc", false);
        row("100!%", "100%", true);
        row("100!%", "1000", false);
        row("a.c", "abc", false);
        row("%\n%", "a\nb", true);
    }
    void findsLikePatterns() {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(bool, found);
        const auto made = Pattern::like(pattern.toStdString(), '!');
        QVERIFY_OK(made);
        QCOMPARE(made->matches(text.toStdString()), found);
    }
    void refusesAnOpenEscape() {
        QVERIFY(!Pattern::like("a!", '!'));
        QVERIFY(Pattern::like("a!").ok());
    }
    /// Qt's expressions (PCRE) are the judge.
    void findsWhatPcreFinds_data() {
        QTest::addColumn<QString>("pattern");
        for (const char* pattern :
             {"a",         "ab",         "a|b",   "ab|ba|c",     "a*",        "a+b",    "ab?c",
              "^a",        "b$",         "^$",    "^(ab|c)+$",   "a.c",       "[abc]+", "[^ab]",
              "[a-c]{2}",  "a{2,3}b",    "a{2,}", "(a|b)*c",     "(?:ab)+c?", "\\d",    "\\D+",
              "\\w\\s\\w", "\\S",        "a\\.b", "[\\d.]+",     "[]a]",      "[a-]",   "[^\\W1]",
              "(?i)AB",    "(?i)[b-c]+", "(a*)*", "(a*)+b",      "(|a)b",     "a||b",   "()",
              "x{0}a",     "(^a|b$)",    "a*?b",  "((a|b)c){2}", "[\\w-]c",   "\\t",    "(ab{0,2}){1,2}c",
              "a$|^b"}) {
            QTest::newRow(pattern) << pattern;
        }
    }
    void findsWhatPcreFinds() {
        QFETCH(QString, pattern);
        const auto made = Pattern::regex(pattern.toStdString());
        QVERIFY_OK(made);
        const QRegularExpression judge(pattern);
        QVERIFY(judge.isValid());
        Mutator dice(81);
        const char* letters[] = {"a", "b", "c", "A", "B", "1", ".", " ", "-", "]", "\t", "a", "b"};
        for (int i = 0; i < fuzzRounds(400); ++i) {
            QString text;
            for (std::uint64_t left = dice.below(7); left > 0; --left) {
                text += QLatin1String(letters[dice.below(std::size(letters))]);
            }
            QVERIFY2(made->matches(text.toStdString()) == judge.match(text).hasMatch(), qPrintable(text));
        }
    }
    void countsCharactersNotBytes() {
        QVERIFY(Pattern::regex("^.$")->matches("\xf0\x9f\x98\x80"));
        QVERIFY(Pattern::regex("^[\xc3\xa0-\xc3\xbf]$")->matches("\xc3\xa4"));
        QVERIFY(!Pattern::regex("^[\xc3\xa0-\xc3\xbf]$")->matches("a"));
    }
    void refuses_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("unsupported");
        const auto row = [](const char* pattern, bool unsupported) {
            QTest::newRow(pattern) << pattern << unsupported;
        };
        row("*a", false);
        row("a**", false);
        row("(a", false);
        row("a)", false);
        row("[a", false);
        row("[b-a]", false);
        row("a{2", false);
        row("a{3,2}", false);
        row("a{2000}", false);
        row("a\\", false);
        row("(a{1000}){1000}", false);
        row("(?=a)", true);
        row("(?<n>a)", true);
        row("(a)\\1", true);
        row("\\bword", true);
        row("[[:alpha:]]", true);
    }
    void refuses() {
        QFETCH(QString, pattern);
        QFETCH(bool, unsupported);
        const auto made = Pattern::regex(pattern.toStdString());
        QVERIFY(!made);
        QCOMPARE(made.error().code == ErrorCode::Unsupported, unsupported);
        QVERIFY(!made.error().where.empty());
    }
    void holdsToItsLimits() {
        QVERIFY(!Pattern::regex(std::string(kPatternBytesMax + 1, 'a')));
        QVERIFY(!Pattern::regex(std::string(200, '(') + std::string(200, ')')));
        QVERIFY(!Pattern::regex("\xff"));
        QVERIFY(!Pattern::like("\xff"));
    }
    void takesTimeOnlyByLength() {
        // Either would keep a matcher that goes back busy for longer than this test may run.
        const std::string text(20'000, 'a');
        QVERIFY(!Pattern::regex("^(a|a)*(a|aa)+$x")->matches(text));
        QVERIFY(Pattern::regex("((((){1000}){1000}){1000}){1000}a")->matches("a"));
        QVERIFY(!Pattern::like("%a%a%a%a%a%a%a%a%b")->matches(text));
    }
    void standsAnyDamage() {
        Mutator mutator(82);
        int made = 0;
        for (int i = 0; i < fuzzRounds(10'000); ++i) {
            const Bytes text = mutator.damaged("^(a|b)+[^c-e\\d]{2,3}(?:x*|y?)\\.$");
            const auto pattern = Pattern::regex(text);
            if (!pattern) continue;
            ++made;
            (void)pattern->matches("abba.xyz");  // comes back
        }
        QVERIFY(made > 100);
    }
};
TRIBUTARY_TEST(TestPattern)
#include "tst_pattern.moc"
