// Bodies of streams: what is written is read, their bytes, and what strangers send.
#include "engine/systems/maprdb/streams/streambody.h"

#include "engine/systems/maprdb/streams/defaults.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb;

namespace {

Bytes oneMessage() {
    Bytes out;
    appendMessage(out, {"k", "value", 1'700'000'000'000, {{"h", "1"}}});
    return out;
}

Bytes everyPart() {
    const Bytes message = oneMessage();
    Bytes body;
    appendTopic(body, {"clicks", 3, TopicChange::Mode::Create});
    appendPart(body, StreamPart::Produce, encodeProduce({"clicks", {}, 1, message}));
    appendPart(body, StreamPart::Placed, encodeBatch({7, Uuid::fromRandom(1, 2), "clicks", 2, 3, 41, 1, message}));
    appendCursor(body, {"readers", "clicks", 2, 42, 9});
    return body;
}

std::string hex(BytesView bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace

class StreamBodyTest : public QObject {
    Q_OBJECT
private slots:
    void partsAreReadAsTheyWereWritten() {
        const Bytes body = everyPart();
        const auto parts = partsOfBody(body);
        QVERIFY(parts.ok() && parts.value().size() == 4);
        const TopicChange topic = parseTopic(parts.value()[0].content).value();
        QCOMPARE(std::string(topic.topic), std::string("clicks"));
        QCOMPARE(topic.partitions, 3U);
        const ProduceView produce = parseProduce(parts.value()[1].content).value();
        QVERIFY(!produce.partition && produce.count == 1);
        const BatchView batch = parseBatch(parts.value()[2].content).value();
        QCOMPARE(batch.first, std::uint64_t{41});
        QCOMPARE(batch.end(), std::uint64_t{42});
        QVERIFY(batch.origin == Uuid::fromRandom(1, 2));
        ByteReader reader(batch.messages);
        const MessageView message = readMessage(reader);
        QCOMPARE(std::string(*message.key), std::string("k"));
        QCOMPARE(std::string(message.value), std::string("value"));
        QCOMPARE(message.headers.size(), std::size_t{1});
        const CursorChange cursor = parseCursor(parts.value()[3].content).value();
        QCOMPARE(*cursor.offset, std::uint64_t{42});
        QCOMPARE(countParts(body, false).value(), 4U);
    }
    void bytesAreTheFormat() {
        QCOMPARE(hex(oneMessage()), std::string("026b0576616c75650068e5cf8b01000001016801"
                                                "31"));
        Bytes body;
        appendCursor(body, {"g", "t", 1, 5, 9});
        QCOMPARE(hex(body), std::string("040e01670174010609000000"
                                        "00000000"));
    }
    void whatLinksBringHasItsOffsets() {
        QCOMPARE(countParts(everyPart(), true).error().what, std::string("messages came without offsets"));
    }
    void namesAndNumbersHaveBounds() {
        const Bytes message = oneMessage();
        QVERIFY(!parseProduce(encodeProduce({"a/b", {}, 1, message})).ok());
        QVERIFY(!parseProduce(encodeProduce({"", {}, 1, message})).ok());
        QVERIFY(!parseProduce(encodeProduce({"a", kPartitionsMax, 1, message})).ok());
        QVERIFY(!parseProduce(encodeProduce({"a", {}, 2, message})).ok());
        QVERIFY(!parseProduce(encodeProduce({"a", {}, 0, ""})).ok());
        QVERIFY(!parseBatch(encodeBatch({7, Uuid(), "a", 0, 1, 0, 1, message})).ok());
        QVERIFY(!parseBatch(encodeBatch({7, Uuid::fromRandom(1, 2), "a", 1, 1, 0, 1, message})).ok());
        QVERIFY(!checkTopicName("a:b").ok());
        QVERIFY(checkTopicName("a.b_c-9").ok());
    }
    void damagedBodiesAreRefusedOrWhole() {
        test::Mutator mutator(14);
        const Bytes good = everyPart();
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            const Bytes body = mutator.damaged(good);
            const auto count = countParts(body, i % 2 == 0);
            if (!count) {
                ++refused;
                continue;
            }
            QVERIFY(partsOfBody(body).ok());
        }
        QVERIFY(refused > 10'000);
    }
};

TRIBUTARY_TEST(StreamBodyTest)
#include "tst_streambody.moc"
