// MessagePack: shortest forms, whole values in place, and the library's verdict on damaged ones.
#define MSGPACK_NO_BOOST
#include <msgpack.hpp>

#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

constexpr int kDamaged = 20'000;

/// One of everything, nested.
Bytes everything() {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(14);
    writer.nil();
    writer.boolean(true);
    writer.unsignedInteger(300);
    writer.integer(-40'000);
    writer.real(1.5);
    writer.string("Ace of Base");
    writer.string(Bytes(300, 'x'));
    writer.binary(Bytes("\0\x01", 2));
    writer.map(2);
    writer.string("a");
    writer.array(0);
    writer.unsignedInteger(7);
    writer.map(0);
    writer.extension(2, Bytes(16, 'u'));
    writer.extension(1, Bytes(5, 'd'));
    writer.array(20);
    for (int i = 0; i < 20; ++i) writer.integer(i - 10);
    writer.string("");
    writer.integer(INT64_MIN);
    return out;
}

/// Accepts everything: what is left is whether the bytes are values.
struct Judge : msgpack::null_visitor {
    void parse_error(std::size_t, std::size_t) { wrong = true; }
    void insufficient_bytes(std::size_t, std::size_t) { wrong = true; }
    bool wrong = false;
};

/// What the library says: bytes of the first value, or nothing.
std::optional<std::size_t> judged(BytesView bytes) {
    Judge judge;
    std::size_t used = 0;
    try {
        if (!msgpack::parse(bytes.data(), bytes.size(), used, judge) || judge.wrong) return std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return used;
}

}  // namespace

class TestMsgpack : public QObject {
    Q_OBJECT
private slots:
    void writesTheShortestForm_data() {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](qint64 value, const char* hex) {
            QTest::newRow(qPrintable(QString::number(value))) << value << QByteArray(hex);
        };
        row(0, "00");
        row(127, "7f");
        row(128, "cc80");
        row(255, "ccff");
        row(256, "cd0100");
        row(65'536, "ce00010000");
        row(4'294'967'296, "cf0000000100000000");
        row(-1, "ff");
        row(-32, "e0");
        row(-33, "d0df");
        row(-128, "d080");
        row(-129, "d1ff7f");
        row(-32'769, "d2ffff7fff");
        row(-2'147'483'649, "d3ffffffff7fffffff");
    }
    void writesTheShortestForm() {
        QFETCH(const qint64, value);
        QFETCH(const QByteArray, hex);
        Bytes out;
        MsgpackWriter(out).integer(value);
        QCOMPARE(toHex(out), hex);
        MsgpackReader reader(out);
        QCOMPARE(reader.integer(), static_cast<std::int64_t>(value));
        QVERIFY(reader.ok() && reader.atEnd());
    }

    void writesWhatTheLibraryWrites() {
        msgpack::sbuffer buffer;
        msgpack::packer<msgpack::sbuffer> packer(buffer);
        Bytes ours;
        MsgpackWriter writer(ours);
        Mutator chance(7);
        for (int i = 0; i < 2'000; ++i) {
            const std::uint64_t bits = chance.below(UINT64_MAX) >> chance.below(64);
            const auto size = static_cast<std::size_t>(chance.below(chance.below(8) == 0 ? 70'000 : 300));
            switch (chance.below(6)) {
                case 0:
                    packer.pack_uint64(bits);
                    writer.unsignedInteger(bits);
                    break;
                case 1:
                    packer.pack_int64(-static_cast<std::int64_t>(bits >> 1U));
                    writer.integer(-static_cast<std::int64_t>(bits >> 1U));
                    break;
                case 2:
                    packer.pack(std::string(size, 's'));
                    writer.string(Bytes(size, 's'));
                    break;
                case 3:
                    packer.pack_array(static_cast<std::uint32_t>(size));
                    writer.array(size);
                    break;
                case 4:
                    packer.pack_map(static_cast<std::uint32_t>(size));
                    writer.map(size);
                    break;
                default:
                    packer.pack_ext(size, 2);
                    packer.pack_ext_body(Bytes(size, 'e').data(), static_cast<std::uint32_t>(size));
                    writer.extension(2, Bytes(size, 'e'));
                    break;
            }
        }
        QCOMPARE(toHex(ours).left(2'000), toHex(Bytes(buffer.data(), buffer.size())).left(2'000));
        QVERIFY(ours == Bytes(buffer.data(), buffer.size()));
    }

    void readsBackWhatWasWritten() {
        const Bytes bytes = everything();
        QVERIFY(isOneMsgpackValue(bytes));
        MsgpackReader reader(bytes);
        QCOMPARE(reader.array(), 14U);
        reader.nil();
        QVERIFY(reader.boolean());
        QCOMPARE(reader.unsignedInteger(), std::uint64_t{300});
        QCOMPARE(reader.integer(), std::int64_t{-40'000});
        QCOMPARE(reader.real(), 1.5);
        QVERIFY(reader.string() == "Ace of Base");
        QCOMPARE(reader.string().size(), std::size_t{300});
        QCOMPARE(reader.binary().size(), std::size_t{2});
        QVERIFY(reader.type() == MsgpackType::Map);
        MsgpackReader map(reader.value());
        QCOMPARE(map.map(), 2U);
        QCOMPARE(static_cast<int>(reader.extension().kind), 2);
        QCOMPARE(reader.extension().body.size(), std::size_t{5});
        reader.value();
        QVERIFY(reader.string().empty());
        QCOMPARE(reader.integer(), std::int64_t{INT64_MIN});
        QVERIFY(reader.ok() && reader.atEnd());
    }

    void takesLongFormsOfSmallNumbers_data() {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<int>("type");
        QTest::newRow("8 bytes") << QByteArray("cf0000000000000005") << static_cast<int>(MsgpackType::Unsigned);
        QTest::newRow("signed form") << QByteArray("d005") << static_cast<int>(MsgpackType::Unsigned);
        QTest::newRow("signed, negative") << QByteArray("d1ff00") << static_cast<int>(MsgpackType::Negative);
        QTest::newRow("float") << QByteArray("ca40a00000") << static_cast<int>(MsgpackType::Float);
    }
    void takesLongFormsOfSmallNumbers() {
        QFETCH(const QByteArray, hex);
        QFETCH(const int, type);
        const Bytes bytes = fromHex(hex.constData());
        MsgpackReader reader(bytes);
        QCOMPARE(static_cast<int>(reader.type()), type);
        switch (reader.type()) {
            case MsgpackType::Unsigned: QCOMPARE(reader.unsignedInteger(), std::uint64_t{5}); break;
            case MsgpackType::Negative: QCOMPARE(reader.integer(), std::int64_t{-256}); break;
            default: QCOMPARE(reader.real(), 5.0); break;
        }
        QVERIFY(reader.ok());
    }

    void refusesTheWrongType() {
        for (const char* hex : {"c0", "a161", "91c0", "cb0000000000000000", "ff"}) {
            const Bytes bytes = fromHex(hex);
            MsgpackReader reader(bytes);
            reader.unsignedInteger();
            QVERIFY2(!reader.ok() && reader.atEnd(), hex);
        }
    }

    void takesAnyDepth() {
        const Bytes deep = Bytes(2'000'000, '\x91') + '\xc0';
        QVERIFY(isOneMsgpackValue(deep));
        QVERIFY(!isOneMsgpackValue(Bytes(2'000'000, '\x91')));
    }

    void believesNoClaim() {
        // Four billion values in six bytes.
        const Bytes claim = fromHex("ddffffffffc0");
        QVERIFY(!isOneMsgpackValue(claim));
        MsgpackReader reader(claim);
        QCOMPARE(reader.array(), 0U);
        QVERIFY(!reader.ok());
    }

    void judgesDamagedBytesAsTheLibraryDoes() {
        const Bytes good = everything();
        Mutator mutator(1);
        int wrong = 0;
        for (int i = 0; i < fuzzRounds(kDamaged); ++i) {
            const Bytes bytes = mutator.damaged(good);
            MsgpackReader reader(bytes);
            const BytesView value = reader.value();
            const auto used = judged(bytes);
            if (!reader.ok()) ++wrong;
            const bool same = used ? reader.ok() && value.size() == *used : !reader.ok();
            QVERIFY2(same, toHex(bytes).constData());
        }
        QVERIFY(wrong > fuzzRounds(kDamaged) / 10);
    }
};
TRIBUTARY_TEST(TestMsgpack)
#include "tst_msgpack.moc"
