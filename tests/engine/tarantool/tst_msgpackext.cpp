// Decimals, uuids and errors as Tarantool packs them.
#include "engine/systems/tarantool/msgpack/msgpackext.h"

#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

class TestMsgpackExt : public QObject {
    Q_OBJECT
private slots:
    void packsDecimals_data() {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* written, const char* hex, const char* shown) {
            QTest::newRow(written) << QString::fromLatin1(written) << QByteArray(hex) << QString::fromLatin1(shown);
        };
        // Bytes of 2.6.0: msgpack.encode(decimal.new(...)) behind the extension's head.
        row("1.50", "02150c", "1.50");
        row("-1.50", "02150d", "-1.50");
        row("0", "000c", "0");
        row("123", "00123c", "123");
        row("-1234", "0001234d", "-1234");
        row("0.0001", "041c", "0.0001");
        row("1e3", "0001000c", "1000");
        row("0.000", "030c", "0.000");
        row("12345678901234567890123456789012345678", "00012345678901234567890123456789012345678c",
            "12345678901234567890123456789012345678");
    }
    void packsDecimals() {
        QFETCH(const QString, written);
        QFETCH(const QByteArray, hex);
        QFETCH(const QString, shown);
        const auto value = Decimal::parse(written.toStdString());
        QVERIFY_OK(value);
        QCOMPARE(QString::fromStdString(value->text()), shown);
        QCOMPARE(toHex(value->encode()), hex);
        const Bytes body = fromHex(hex.constData());
        const auto decoded = Decimal::decode(body);
        QVERIFY_OK(decoded);
        QCOMPARE(QString::fromStdString(decoded->text()), shown);
    }

    void refusesWhatIsNoDecimal() {
        for (const char* text : {"", "-", ".", "x", "1x", "1e", "1e99", "1.2.3", "0x10", "1e-40",
                                 "123456789012345678901234567890123456789"}) {
            QVERIFY2(!Decimal::parse(text).ok(), text);
        }
        for (const char* hex : {"", "02", "0215", "02b50c", "c0150c", "02150a0c"}) {
            const Bytes body = fromHex(hex);
            const auto decoded = Decimal::decode(body);
            QVERIFY2(!decoded.ok() || QByteArray(hex) == "02150a", hex);
        }
    }

    void comparesByValue_data() {
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<int>("order");
        const auto row = [](const char* left, const char* right, int order) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(left), QLatin1String(right))))
                << QString::fromLatin1(left) << QString::fromLatin1(right) << order;
        };
        row("1.5", "1.50", 0);
        row("1.5", "1.51", -1);
        row("-1.5", "-1.51", 1);
        row("10", "9.999", 1);
        row("-1", "1", -1);
        row("0", "-0.0", 0);
        row("0", "0.1", -1);
        row("0", "-0.1", 1);
        row("0.01", "0.1", -1);
        row("1000", "1e3", 0);
    }
    void comparesByValue() {
        QFETCH(const QString, left);
        QFETCH(const QString, right);
        QFETCH(const int, order);
        const auto a = Decimal::parse(left.toStdString());
        const auto b = Decimal::parse(right.toStdString());
        QVERIFY_OK(a);
        QVERIFY_OK(b);
        QCOMPARE(a->compare(*b), order);
        QCOMPARE(b->compare(*a), -order);
    }

    void survivesDamagedDecimals() {
        const Bytes good = fromHex("00012345678901234567890123456789012345678c");
        Mutator mutator(3);
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            const Bytes body = mutator.damaged(good);
            const auto value = Decimal::decode(body);
            if (!value) continue;
            QVERIFY(value->digits.size() <= Decimal::kDigitsMax + 2);
            const Bytes again = value->encode();
            const auto back = Decimal::decode(again);
            QVERIFY_OK(back);
            QCOMPARE(back->compare(*value), 0);
        }
    }

    void carriesUuids() {
        const auto uuid = Uuid::parse("4cfa6e3c-625e-b027-00a7-29b2f2182f23");
        QVERIFY_OK(uuid);
        Bytes out;
        appendUuid(out, *uuid);
        QCOMPARE(toHex(out), QByteArray("d8024cfa6e3c625eb02700a729b2f2182f23"));
        MsgpackReader reader(out);
        QVERIFY(uuidOf(reader.extension()) == *uuid);
        QVERIFY(!uuidOf({kUuidExtension, "short"}));
        QVERIFY(!uuidOf({kDecimalExtension, Bytes(16, 'x')}));
    }

    void carriesStacksOfErrors() {
        Bytes out;
        appendErrorStack(out,
                         {{"ClientError", "box.cc", 1'234, "Duplicate key exists", 0, 3}, {"X", "", 0, "y", 2, 0}});
        const auto stack = decodeErrorStack(out);
        QVERIFY_OK(stack);
        QCOMPARE(stack->size(), std::size_t{2});
        QCOMPARE(stack->front().message, std::string("Duplicate key exists"));
        QCOMPARE(stack->front().code, std::uint64_t{3});
        QCOMPARE(stack->back().systemError, std::uint64_t{2});
        Mutator mutator(5);
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            const auto damaged = decodeErrorStack(mutator.damaged(out));
            if (damaged) QVERIFY(damaged->size() <= out.size() + 64);
        }
    }
};
TRIBUTARY_TEST(TestMsgpackExt)
#include "tst_msgpackext.moc"
