// Values as bytes: one form each, golden bytes, and nothing else is read.
#include "engine/systems/maprdb/json/valuebytes.h"

#include "engine/systems/maprdb/json/jsonlimits.h"
#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestValueBytes : public QObject {
    Q_OBJECT
private slots:
    void writesEachTypeAsBefore() {
        QString text;
        const Value all = parsed(allTypesText());
        for (const Field& field : all.fields()) {
            text +=
                QString::fromStdString(field.name) + u' ' + QString::fromUtf8(toHex(encodeValue(field.value))) + u'\n';
        }
        compareGolden(QStringLiteral("value-bytes.txt"), text);
    }
    void readsBackWhatItWrites() {
        const Value all = parsed(allTypesText());
        QVERIFY(decodeValue(encodeValue(all)).value() == all);
        Mutator dice(31);
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            const Value random = randomValue(dice, 4);
            const auto back = decodeValue(encodeValue(random));
            QVERIFY2(back.ok() && back.value() == random, printJson(random).c_str());
        }
    }
    void refusesAnyOtherForm_data() {
        QTest::addColumn<QString>("hex");
        const auto row = [](const char* name, const char* hex) { QTest::newRow(name) << hex; };
        row("nothing", "");
        row("version 0", "00 01");
        row("no type 0", "01 00");
        row("no type 18", "01 12");
        row("bytes behind", "01 01 00");
        row("boolean 2", "01 02 02");
        row("long varint", "01 06 80 00");
        row("int too large", "01 06 80 80 80 80 10");
        row("time too large", "01 0c 80 b8 99 29");
        row("text is no utf-8", "01 03 01 ff");
        row("text ends early", "01 03 05 61");
        row("infinite float", "01 08 00 00 80 7f");
        row("nan", "01 09 00 00 00 00 00 00 f8 7f");
        row("decimal sign", "01 0a 00 02 01 10");
        row("decimal minus zero", "01 0a 00 01 00");
        row("decimal leading zero", "01 0a 00 00 02 05");
        row("decimal loose digit", "01 0a 00 00 01 11");
        row("decimal no digit", "01 0a 00 00 01 a0");
        row("decimal scale", "01 0a c2 60 00 01 10");
        row("names descend", "01 10 02 01 62 01 01 61 01");
        row("name twice", "01 10 02 01 61 01 01 61 01");
        row("name is a tag", "01 10 01 05 24 64 61 74 65 01");
        row("count without values", "01 11 7f 01");
    }
    void refusesAnyOtherForm() {
        QFETCH(QString, hex);
        const auto value = decodeValue(fromHex(qPrintable(hex)));
        QVERIFY(!value);
        QVERIFY(value.error().code == ErrorCode::Corrupt);
    }
    void namesAVersionToCome() {
        const auto value = decodeValue(fromHex("02 01"));
        QVERIFY(!value && value.error().code == ErrorCode::Unsupported);
    }
    void readsNoEndlessDepth() {
        Bytes deep = "\x01";
        for (std::size_t i = 0; i < kDepthMax; ++i) deep += fromHex("11 01");
        QVERIFY(decodeValue(deep + Bytes(1, '\x01')).ok());
        QVERIFY(!decodeValue(deep + fromHex("11 00")));
    }
    void standsAnyDamage() {
        Mutator mutator(32);
        const Bytes good = encodeValue(parsed(allTypesText()));
        int read = 0;
        for (int i = 0; i < fuzzRounds(8'000); ++i) {
            const Bytes bytes = mutator.damaged(good);
            const auto value = decodeValue(bytes);
            if (!value) continue;
            ++read;
            // What is read is exactly what would be written: two values never share bytes.
            QCOMPARE(toHex(encodeValue(value.value())), toHex(bytes));
        }
        QVERIFY(read > 0);
    }
    void checksADocument() {
        QVERIFY(checkDocument(parsed(allTypesText())).ok());
        Value deep = Value::map();
        for (std::size_t i = 0; i < kDepthMax; ++i) {
            Value outer = Value::map();
            outer.set("a", std::move(deep));
            deep = std::move(outer);
        }
        QVERIFY(!checkDocument(deep));
        QVERIFY(!checkDocument(Value::binary(Bytes(kDocumentBytesMax, 'x'))));
    }
};
TRIBUTARY_TEST(TestValueBytes)
#include "tst_valuebytes.moc"
