// One way in which bytes are shown, and read back.
#include "core/base/escape.h"

#include <QTest>
#include <nlohmann/json.hpp>
#include <random>

#include "testmain.h"

using namespace tributary;

class TestEscape : public QObject {
    Q_OBJECT

private slots:
    void bytesBecomeOnePrintableLine_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("utf8");
        const auto row = [](const char* name, const QByteArray& bytes, const char* text, bool utf8) {
            QTest::newRow(name) << bytes << QByteArray(text) << utf8;
        };
        row("text", "Ada", "Ada", true);
        row("umlaut", "\xc3\xbc", "\xc3\xbc", true);
        row("four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", true);
        row("escape sequence", "\x1b[31m", "\\x1b[31m", true);
        row("line end", "a\nb", "a\\x0ab", true);
        row("zero", QByteArray("a\0b", 3), "a\\x00b", true);
        row("delete", "\x7f", "\\x7f", true);
        row("backslash", "a\\b", "a\\\\b", true);
        row("what looks like an escape", "\\x41", "\\\\x41", true);
        row("zero-width space", "ma\xe2\x80\x8bprcli", "ma\\xe2\\x80\\x8bprcli", true);
        row("soft hyphen", "m\xc2\xad", "m\\xc2\\xad", true);
        row("no-break space", "a\xc2\xa0", "a\\xc2\\xa0", true);
        row("tag character", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81", true);
        row("filler", "\xe3\x85\xa4", "\\xe3\\x85\\xa4", true);
        row("ideographic space", "\xe3\x80\x80", "\xe3\x80\x80", true);
        row("lone byte", "\xff", "\\xff", false);
        row("cut sequence", "\xe2\x82", "\\xe2\\x82", false);
        row("overlong", "\xc0\xaf", "\\xc0\\xaf", false);
        row("surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", false);
        row("C1 control", "\xc2\x9b", "\\xc2\\x9b", true);
        row("right to left", "\xe2\x80\xae", "\\xe2\\x80\\xae", true);
        row("isolate", "\xe2\x81\xa6", "\\xe2\\x81\\xa6", true);
        row("line separator", "\xe2\x80\xa8", "\\xe2\\x80\\xa8", true);
        row("byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf", true);
    }
    void bytesBecomeOnePrintableLine() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, text);
        QTEST(QByteArray::fromStdString(escapedBytes(bytes.toStdString())), "text");
        QTEST(isUtf8(bytes.toStdString()), "utf8");
        QCOMPARE(QByteArray::fromStdString(bytesOfEscaped(text.toStdString())), bytes);
    }

    void everyPairOfBytesComesBack() {
        for (int first = 0; first < 256; ++first) {
            for (int second = 0; second < 256; ++second) {
                const Bytes bytes{static_cast<char>(first), static_cast<char>(second)};
                QCOMPARE(bytesOfEscaped(escapedBytes(bytes)), bytes);
            }
        }
    }

    void randomBytesComeBackAndHoldNothingThatActs() {
        std::mt19937 random(7);
        for (int round = 0; round < 5'000; ++round) {
            Bytes bytes(random() % 60, ' ');
            // Backslashes, digits and x often: they are what could be mistaken for escapes.
            for (char& byte : bytes) {
                const auto likely = random() % 2 == 0;
                byte = likely ? std::string_view("\\x0a4")[random() % 5] : static_cast<char>(random());
            }
            const std::string text = escapedBytes(bytes);
            QCOMPARE(bytesOfEscaped(text), bytes);
            QVERIFY(isUtf8(text));
            QCOMPARE(escapedBytes(bytesOfEscaped(text)), text);
            QCOMPARE(shownLine(text), text);
        }
    }

    void typedTextMayHoldLoneBackslashes_data() {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("path") << QByteArray("C:\\temp") << QByteArray("C:\\temp");
        QTest::newRow("at the end") << QByteArray("a\\") << QByteArray("a\\");
        QTest::newRow("one digit") << QByteArray("\\x4") << QByteArray("\\x4");
        QTest::newRow("no digits") << QByteArray("\\xzz") << QByteArray("\\xzz");
        QTest::newRow("capital digits") << QByteArray("\\xFF\\xAb") << QByteArray("\xff\xab");
        QTest::newRow("doubled") << QByteArray("\\\\x41") << QByteArray("\\x41");
    }
    void typedTextMayHoldLoneBackslashes() {
        QFETCH(QByteArray, typed);
        QTEST(QByteArray::fromStdString(bytesOfEscaped(typed.toStdString())), "bytes");
    }

    void proseKeepsItsLayoutAndItsBackslashes() {
        QCOMPARE(shownText("a\n\tb\\c\x1b[2J\r"), std::string("a\n\tb\\c\\x1b[2J\\x0d"));
        QCOMPARE(shownLine("a\n\tb\\c"), std::string("a\\x0a\\x09b\\c"));
        QCOMPARE(shownText(shownText("\xc2\x9b")), std::string("\\xc2\\x9b"));
    }

    void longTextIsCutBetweenCharacters() {
        QCOMPARE(bounded("short", 10), std::string("short"));
        QCOMPARE(bounded(std::string(3'145'728, 'x'), 4), std::string("xxxx... (3,145,728 bytes)"));
        QCOMPARE(bounded("a\xc3\xbc\xc3\xbc", 2), std::string("a... (5 bytes)"));
    }

    void jsonKeepsItsMeaning() {
        const nlohmann::json document{{"a", "x\x7f\xc2\x9b\xe2\x80\xaey\n"}};
        const std::string text = shownJson(document.dump(2));
        QCOMPARE(shownText(text), text);
        QVERIFY(nlohmann::json::parse(text) == document);
        QVERIFY(text.find("\\u009b") != std::string::npos);
        const nlohmann::json beyond{{"a", "x\xf3\xa0\x81\x81y"}};  // a tag character: two halves in JSON
        const std::string halves = shownJson(beyond.dump());
        QVERIFY2(halves.find("\\udb40\\udc41") != std::string::npos, halves.c_str());
        QVERIFY(nlohmann::json::parse(halves) == beyond);
    }
};
TRIBUTARY_TEST(TestEscape)
#include "tst_escape.moc"
