// Bounded decoding: what was appended is read back, and nothing is read past the end.
#include "core/base/bytes.h"

#include "core/base/crc32c.h"
#include "core/base/uuid.h"
#include "testmain.h"

using namespace tributary;

class TestBytes : public QObject {
    Q_OBJECT
private slots:
    void readsBackWhatWasAppended() {
        Bytes out;
        appendFixed<std::uint32_t>(out, 0xdeadbeefU);
        appendVarint(out, 0);
        appendVarint(out, 127);
        appendVarint(out, 128);
        appendVarint(out, UINT64_MAX);
        appendBlob(out, "key");
        ByteReader reader(out);
        QCOMPARE(reader.fixed<std::uint32_t>(), 0xdeadbeefU);
        QCOMPARE(reader.varint(), std::uint64_t{0});
        QCOMPARE(reader.varint(), std::uint64_t{127});
        QCOMPARE(reader.varint(), std::uint64_t{128});
        QCOMPARE(reader.varint(), UINT64_MAX);
        QVERIFY(reader.blob() == "key");
        QVERIFY(reader.ok() && reader.atEnd());
    }
    void failsOnEveryTruncation() {
        Bytes out;
        appendVarint(out, 300);
        appendBlob(out, "value");
        appendFixed<std::uint64_t>(out, 7);
        for (std::size_t size = 0; size < out.size(); ++size) {
            ByteReader reader(BytesView(out).substr(0, size));
            (void)reader.varint();
            (void)reader.blob();
            (void)reader.fixed<std::uint64_t>();
            QVERIFY(!reader.ok());
        }
    }
    void refusesABlobLongerThanTheInput() {
        Bytes out;
        appendVarint(out, UINT64_MAX / 2);
        ByteReader reader(out);
        QVERIFY(reader.blob().empty());
        QVERIFY(!reader.ok());
    }
    void crcMatchesTheStandardCheckValue() {
        QCOMPARE(crc32c("123456789"), 0xe3069283U);
        QCOMPARE(crc32c("6789", crc32c("12345")), 0xe3069283U);
    }
    void uuidSurvivesItsText() {
        const Uuid uuid = Uuid::fromRandom(0x0123456789abcdefULL, 0xfedcba9876543210ULL);
        const auto parsed = Uuid::parse(uuid.text());
        QVERIFY_OK(parsed);
        QVERIFY(parsed.value() == uuid);
        QVERIFY(!Uuid::parse("not-a-uuid").ok());
        QVERIFY(!Uuid::parse(uuid.text() + "0").ok());
        QVERIFY(Uuid::fromBytes(uuid.bytes()) == uuid);
    }
};
TRIBUTARY_TEST(TestBytes)
#include "tst_bytes.moc"
