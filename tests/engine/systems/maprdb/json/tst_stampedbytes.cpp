// Stamped documents as bytes: golden bytes, one form each, and nothing else is read.
#include "stampedmodel.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

namespace {

StampedDocument sample() {
    StampedDocument out;
    const Stamp arrival = stampFromMs(1'700'000'000'000) + 5;
    DocumentWrite first({1'700'000'000'000, arrival});
    first.put(
        {},
        parsed("{\"name\":\"Ada\",\"address\":{\"city\":\"London\",\"zip\":{\"$numberInt\":7}},\"tags\":[1,\"x\"]}"));
    out.join(std::move(first).finish());
    DocumentWrite second({1'700'000'000'500, arrival + 1});
    second.put(names("address"), parsed("\"unknown\""));
    second.remove(names("tags"));
    out.join(std::move(second).finish());
    DocumentWrite third({1'700'000'001'000, arrival + 2});
    third.put(names("address.city"), parsed("\"Paris\""));
    third.merge(names("empty"), parsed("{}"));
    out.join(std::move(third).finish());
    return out;
}

}  // namespace

class TestStampedBytes : public QObject {
    Q_OBJECT
private slots:
    void writesAsBefore() {
        const StampedDocument document = sample();
        compareGolden(QStringLiteral("stamped-bytes.txt"),
                      shown(document.visible()) + u'\n' + QString::fromUtf8(toHex(document.encode())) + u'\n');
    }
    void readsBackWhatItWrites() {
        Mutator dice(71);
        for (int round = 0; round < fuzzRounds(3'000); ++round) {
            StampedDocument document;
            for (std::uint64_t left = dice.below(8); left > 0; --left) document.join(writtenBy(randomEvent(dice)));
            const Bytes bytes = document.encode();
            const auto back = StampedDocument::decode(bytes);
            QVERIFY2(back.ok(), qPrintable(QString::fromUtf8(toHex(bytes))));
            QCOMPARE(toHex(back->encode()), toHex(bytes));
            QCOMPARE(shown(back->visible()), shown(document.visible()));
        }
    }
    void writesAPlainDocumentShort() {
        DocumentWrite write({stampMs(stampFromMs(9)), stampFromMs(9)});
        const Value document =
            parsed("{\"a\":\"0123456789\",\"b\":\"0123456789\",\"c\":\"0123456789\",\"d\":\"0123456789\"}");
        write.put({}, document);
        // Beyond the values: one stamp for all, and for each field its flags, the stamp's index and a length.
        QVERIFY(std::move(write).finish().encode().size() <= encodeValue(document).size() + 16 + 4 * 3);
    }
    void takesNothingForTheEmptySet() {
        QVERIFY(StampedDocument::decode("").value().empty());
        QCOMPARE(StampedDocument().encode(), Bytes());
    }
    void refusesAnyOtherForm_data() {
        QTest::addColumn<QString>("hex");
        const char* stamp = "0000010000000000 00";
        const auto row = [](const char* name, const QString& hex) { QTest::newRow(name) << hex; };
        const auto one = [&](const char* node) {
            return QStringLiteral("01 01 %1 %2").arg(QLatin1String(stamp), QLatin1String(node));
        };
        row("version 0", QStringLiteral("00 00 00"));
        row("an empty node", one("00"));
        row("no closer 5", one("05 00"));
        row("unknown flag", one("21 00"));
        row("stamp out of the list", one("01 01"));
        row("stamp twice", QStringLiteral("01 02 %1 %1 01 00").arg(QLatin1String(stamp)));
        row("stamp unused", QStringLiteral("01 02 %1 0000020000000000 00 01 00").arg(QLatin1String(stamp)));
        row("stamps descend", QStringLiteral("01 02 0000020000000000 00 %1 09 00 01").arg(QLatin1String(stamp)));
        row("children that are none", one("11 00 00"));
        row("map below a delete", one("09 00 00"));
        row("map that is told", one("0a 00 00"));
        row("put of a map", one("10 01 01 61 03 00 02 10 00"));
        row("value with bytes behind", one("10 01 01 61 03 00 02 01 00"));
        row("hidden map", one("10 01 01 61 04 00 10"));
        row("names descend", one("10 02 01 62 01 00 01 61 01 00"));
        row("a tag for a name", one("10 01 05 24 64 61 74 65 01 00"));
        row("a masked delete", one("11 00 01 01 61 01 00"));
        row("bytes behind", one("01 00 00"));
    }
    void refusesAnyOtherForm() {
        QFETCH(QString, hex);
        const auto document = StampedDocument::decode(fromHex(qPrintable(hex)));
        QVERIFY(!document);
        QVERIFY(document.error().code == ErrorCode::Corrupt);
    }
    void readsTheSmallestForms() {
        // A deleted document; an empty one; one that was replaced by an empty one.
        QCOMPARE(shown(StampedDocument::decode(fromHex("01 01 0000010000000000 00 01 00"))->visible()),
                 QStringLiteral("nothing"));
        QCOMPARE(shown(StampedDocument::decode(fromHex("01 01 0000010000000000 00 08 00"))->visible()),
                 QStringLiteral("{}"));
        QCOMPARE(shown(StampedDocument::decode(fromHex("01 01 0000010000000000 00 02 00"))->visible()),
                 QStringLiteral("{}"));
    }
    void namesAVersionToCome() {
        const auto document = StampedDocument::decode(fromHex("02 00"));
        QVERIFY(!document && document.error().code == ErrorCode::Unsupported);
    }
    void standsAnyDamage() {
        Mutator mutator(72);
        const Bytes good = sample().encode();
        int read = 0;
        for (int i = 0; i < fuzzRounds(8'000); ++i) {
            const Bytes bytes = mutator.damaged(good);
            const auto document = StampedDocument::decode(bytes);
            if (!document) continue;
            ++read;
            QCOMPARE(toHex(document->encode()), toHex(bytes));
            StampedDocument twice = document.value();
            twice.join(document.value());
            QCOMPARE(toHex(twice.encode()), toHex(bytes));
            (void)document->visible();  // must not fail on what was read
        }
        QVERIFY(read > 0);
    }
};
TRIBUTARY_TEST(TestStampedBytes)
#include "tst_stampedbytes.moc"
