// JSON text: every type in both directions, errors with their place, limits, and damaged texts.
#include "engine/systems/maprdb/json/jsontext.h"

#include "engine/systems/maprdb/json/jsonlimits.h"
#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestJsonText : public QObject {
    Q_OBJECT
private slots:
    void printsAllTypesAsBefore() {
        const Value value = parsed(allTypesText());
        PrintOptions lines;
        lines.lines = true;
        PrintOptions bare = lines;
        bare.tags = false;
        compareGolden(QStringLiteral("all-types.txt"), shown(value) + u'\n' +
                                                           QString::fromStdString(printJson(value, lines)) + u'\n' +
                                                           QString::fromStdString(printJson(value, bare)) + u'\n');
    }
    void readsBackWhatItPrints() {
        const Value value = parsed(allTypesText());
        PrintOptions lines;
        lines.lines = true;
        QVERIFY(parsed(printJson(value).c_str()) == value);
        QVERIFY(parsed(printJson(value, lines).c_str()) == value);
        Mutator dice(11);
        for (int i = 0; i < fuzzRounds(1'000); ++i) {
            const Value random = randomValue(dice, 4);
            const auto back = parseJson(printJson(random));
            QVERIFY2(back.ok() && back.value() == random, printJson(random).c_str());
        }
    }
    void readsEveryFloatBack() {
        Mutator dice(12);
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            const auto bits = static_cast<std::uint32_t>(dice.below(1ULL << 32U));
            const auto value = Value::real(ValueType::Float, static_cast<double>(std::bit_cast<float>(bits)));
            if (!value) continue;
            QVERIFY2(parsed(printJson(value.value()).c_str()) == value.value(), printJson(value.value()).c_str());
        }
    }
    void takesNumbersFromQuotesWithoutLoss() {
        QCOMPARE(parsed("{\"$numberLong\":\"9223372036854775807\"}").asInteger(), std::int64_t{INT64_MAX});
        QCOMPARE(parsed("{\"$numberLong\":9223372036854775807}").asInteger(), std::int64_t{INT64_MAX});
        QCOMPARE(parsed("{\"$interval\":\"-5\"}").asInteger(), std::int64_t{-5});
        QVERIFY(parsed("9223372036854775807").type() == ValueType::Double);
    }
    void putsTheKeyFirst() {
        QCOMPARE(shown(parsed("{\"A\":1,\"_id\":\"k\",\"z\":{\"_id\":1,\"A\":2}}")),
                 QStringLiteral("{\"_id\":\"k\",\"A\":1,\"z\":{\"A\":2,\"_id\":1}}"));
    }
    void saysWhereItStops_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* name, const char* text, const char* where, const char* what) {
            QTest::newRow(name) << text << where << what;
        };
        row("empty", "", "line 1, column 1", "the end of the text stands where a value is due");
        row("behind", "{} x", "line 1, column 4", "'x' stands behind the end of the value");
        row("deep field", "{\"a\":\n {\"b\":[1,\n  tru]}}", "line 3, column 3, field a.b[1]",
            "'t' stands where a value is due");
        row("no comma", "{\"a\":1 \"b\":2}", "line 1, column 8", "'\"' stands where , or } is due");
        row("no colon", "{\"a\" 1}", "line 1, column 6", "'1' stands where : is due");
        row("comma at the end", "[1,]", "line 1, column 4, field [1]", "']' stands where a value is due");
        row("leading zero", "01", "line 1, column 2", "a number begins with a zero");
        row("bare point", "1.", "line 1, column 3", "the end of the text stands where a digit is due");
        row("huge", "1e999", "line 1, column 1", "'1e999' is no number of the type double");
        row("open text", "{\"a\":\"b", "line 1, column 6, field a", "a text is not closed");
        row("control", "\"a\tb\"", "line 1, column 3", "the byte \\x09 stands in a text");
        row("escape", "\"\\x\"", "line 1, column 2", "an escape is unknown");
        row("half a pair", "\"\\ud800\"", "line 1, column 8", "half of a surrogate pair is missing");
        row("low half", "\"\\udc00\"", "line 1, column 8", "half of a surrogate pair is missing");
        row("twice", "{\"a\":{\"x\":1,\"y\":2,\"x\":3}}", "line 1, column 19, field a.x",
            "the field stands twice in one map");
        row("tag beside", "{\"a\":1,\"$date\":\"x\"}", "line 1, column 8",
            "$date stands beside other fields; it is the name of a type and stands alone");
        row("behind a tag", "{\"$numberInt\":1,\"a\":2}", "line 1, column 16",
            "',' stands where } is due: $numberInt is the name of a type and stands alone");
        row("range", "{\"n\":{\"$numberByte\":128}}", "line 1, column 21, field n",
            "128 is outside of the range of the type byte: -128 to 127");
        row("fraction", "{\"$numberInt\":1.5}", "line 1, column 15", "'1.5' is no whole number of the type int");
        row("number for a day", "{\"$dateDay\":5}", "line 1, column 13", "'5' stands where a text is due");
        row("day", "{\"d\":{\"$dateDay\":\"2023-02-29\"}}", "line 1, column 18, field d", "'2023-02-29' is no date");
        row("base64", "{\"$binary\":\"AB\"}", "line 1, column 12",
            "the text behind $binary is no base64 with its padding");
        row("loose bits", "{\"$binary\":\"AB==\"}", "line 1, column 12",
            "the text behind $binary is no base64 with its padding");
    }
    void saysWhereItStops() {
        QFETCH(QString, text);
        QFETCH(QString, where);
        QFETCH(QString, what);
        const auto value = parseJson(text.toStdString());
        QVERIFY(!value);
        QCOMPARE(QString::fromStdString(value.error().where), where);
        QCOMPARE(QString::fromStdString(value.error().what), what);
        QVERIFY(value.error().code == ErrorCode::InvalidInput);
    }
    void refusesWhatIsNoUtf8() {
        QVERIFY(!parseJson("\"\xff\""));
        QVERIFY(!parseJson("{\"\xc0\x80\":1}"));
        QCOMPARE(parsed("\"\\ud83d\\ude00\"").asText(), std::string("\xf0\x9f\x98\x80"));
    }
    void holdsToItsLimits() {
        const std::string deepest(kDepthMax, '[');
        QVERIFY(parseJson(deepest + std::string(kDepthMax, ']')).ok());
        const auto deeper = parseJson("[" + deepest + std::string(kDepthMax + 1, ']'));
        QVERIFY(!deeper && deeper.error().what.find("'depth'") != std::string::npos);
        const auto large = parseJson("\"" + std::string(kDocumentBytesMax, 'x') + "\"");
        QVERIFY(!large && large.error().what.find("'document'") != std::string::npos);
        const auto name = parseJson("{\"" + std::string(kFieldNameBytesMax + 1, 'x') + "\":1}");
        QVERIFY(!name && name.error().what.find("'field name'") != std::string::npos);
        std::string many = "[0";
        for (std::size_t i = 0; i < kValuesMax; ++i) many += ",0";
        const auto values = parseJson(many + "]");
        QVERIFY(!values && values.error().what.find("'values'") != std::string::npos);
    }
    void wantsAMapForADocument() {
        QVERIFY(parseDocument("{}").ok());
        QVERIFY(!parseDocument("[]"));
        QVERIFY(!parseDocument("{\"$numberInt\":1}"));
    }
    void standsAnyDamage() {
        Mutator mutator(21);
        const Bytes good = allTypesText();
        int read = 0;
        for (int i = 0; i < fuzzRounds(2'000); ++i) {
            const Bytes text = mutator.damaged(good);
            const auto value = parseJson(text);
            if (!value) {
                QVERIFY(value.error().code == ErrorCode::InvalidInput && !value.error().where.empty());
                continue;
            }
            ++read;
            QVERIFY2(parsed(printJson(value.value()).c_str()) == value.value(), text.c_str());
        }
        QVERIFY(read > 0);
    }
};
TRIBUTARY_TEST(TestJsonText)
#include "tst_jsontext.moc"
