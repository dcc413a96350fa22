// Keys sort as tuples do.
#include "engine/systems/tarantool/instance/rowkeys.h"

#include <cmath>
#include <limits>

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

template <typename Write>
Bytes value(Write write) {
    Bytes out;
    MsgpackWriter writer(out);
    write(writer);
    return out;
}
Bytes whole(std::int64_t number) {
    return value([&](MsgpackWriter& writer) { writer.integer(number); });
}
Bytes large(std::uint64_t number) {
    return value([&](MsgpackWriter& writer) { writer.unsignedInteger(number); });
}
Bytes realPart(double number) {
    return value([&](MsgpackWriter& writer) { writer.real(number); });
}
Bytes textPart(BytesView characters) {
    return value([&](MsgpackWriter& writer) { writer.string(characters); });
}
Bytes rawPart(BytesView bytes) {
    return value([&](MsgpackWriter& writer) { writer.binary(bytes); });
}

std::vector<Bytes> values() {
    std::vector<Bytes> all{value([](MsgpackWriter& writer) { writer.nil(); }),
                           value([](MsgpackWriter& writer) { writer.boolean(false); }),
                           value([](MsgpackWriter& writer) { writer.boolean(true); })};
    using Limits = std::numeric_limits<double>;
    for (const double number :
         {0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 1e300, -1e300, 5e-324, -5e-324, Limits::infinity(), -Limits::infinity(),
          Limits::quiet_NaN(), 9007199254740992.0, 9007199254740994.0, 1.8446744073709552e19, -9223372036854775808.0}) {
        all.push_back(realPart(number));
    }
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{2}, std::int64_t{255}, std::int64_t{256},
          std::int64_t{-256}, std::int64_t{9007199254740993}, INT64_MAX, INT64_MIN, INT64_MIN + 1}) {
        all.push_back(whole(number));
    }
    all.push_back(large(UINT64_MAX));
    all.push_back(large(UINT64_MAX - 1));
    for (const BytesView characters :
         {BytesView(""), BytesView("\0", 1), BytesView("\0\0", 2), BytesView("a"), BytesView("a\0", 2),
          BytesView("a\0\xff", 3), BytesView("a\x01"), BytesView("ab"), BytesView("b"), BytesView("\xff")}) {
        all.push_back(textPart(characters));
        all.push_back(rawPart(characters));
    }
    for (const char first : {'\0', '\x7f', '\xff'}) {
        Bytes out;
        appendUuid(out, Uuid::fromBytes(Bytes(15, first) + '\x01'));
        all.push_back(out);
    }
    return all;
}

int sign(int number) {
    return number < 0 ? -1 : number > 0 ? 1 : 0;
}

}  // namespace

class TestRowKeys : public QObject {
    Q_OBJECT
private slots:
    void partsSortAsValuesDo() {
        const std::vector<Bytes> all = values();
        for (const Bytes& left : all) {
            for (const Bytes& right : all) {
                Bytes one;
                Bytes other;
                QVERIFY(appendPart(one, left) && appendPart(other, right));
                const QByteArray shown =
                    QByteArray::fromStdString(left).toHex() + " and " + QByteArray::fromStdString(right).toHex();
                QVERIFY2(sign(one.compare(other)) == sign(compareValues(left, right)), shown.constData());
                // A part ends itself: nothing behind it changes the order.
                if (one != other) QVERIFY2(!BytesView(other).starts_with(one), shown.constData());
            }
        }
    }
    void aPrefixOfPartsIsAPrefixOfTheKey() {
        for (const Bytes& first : values()) {
            Bytes prefix = indexPrefix(512, 3);
            QVERIFY(appendPart(prefix, first));
            for (const Bytes& second : values()) {
                Bytes key = prefix;
                QVERIFY(appendPart(key, second));
                QVERIFY(key > prefix && key < behindPrefix(prefix));
                QVERIFY(key > indexPrefix(512, 3) && key < behindPrefix(indexPrefix(512, 3)));
                QVERIFY(key < indexPrefix(512, 4) && key < indexPrefix(513, 0));
            }
        }
    }
    void whatNoKeyHoldsIsRefused() {
        Bytes out;
        QVERIFY(!appendPart(out, value([](MsgpackWriter& writer) { writer.array(0); })));
        QVERIFY(!appendPart(out, value([](MsgpackWriter& writer) { writer.map(0); })));
        QVERIFY(!appendPart(out, value([](MsgpackWriter& writer) { writer.extension(1, "\x01\x1c"); })));
    }
};

TRIBUTARY_TEST(TestRowKeys)
#include "tst_rowkeys.moc"
