// Bodies of frames: what is encoded is decoded, and thousands of damaged ones are refused or harmless.
#include "engine/replication/messages.h"

#include <functional>

#include "engine/replication/linkfilter.h"
#include "engine/replication/payload.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableprojections.h"
#include "engine/wire/requests.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr int kDamagedEach = 3'000;

Hello hello() {
    Hello hello;
    hello.kind = ConnectionClass::Data;
    hello.user = "ana";
    hello.fromCluster = "sf";
    hello.fromPath = "/mapr/sf/t";
    hello.fromUuid = Uuid::fromRandom(1, 2);
    hello.toPath = "/mapr/ny/t";
    hello.toUuid = Uuid::fromRandom(3, 4);
    hello.epoch = 9;
    hello.incarnation = 0x1'0000'0005;
    hello.nextSequence = 77;
    return hello;
}

HelloOk helloOk() {
    HelloOk ok;
    ok.nowMs = 5;
    for (std::uint64_t i = 0; i < 20; ++i)
        ok.positions.add(Lane{Uuid::fromRandom(i % 3, 1), 1, "a"}, 10 * i + 1, 10 * i + 4);
    ok.positions.setComplete({Uuid::fromRandom(1, 1), "a"}, 1, 900);
    ok.positions.setComplete({Uuid::fromRandom(2, 1), {}}, 5, 5);
    return ok;
}

Bytes payload() {
    Bytes mutations;
    maprdb::MutationBuilder builder(mutations);
    builder.beginPut("row");
    builder.addCell({0, "x", "value", {Millis{7}, {}}});
    builder.addCell({1, "y", Bytes(40, 'v'), {}});
    builder.endPut();
    builder.deleteRow("other");
    builder.deleteFamily("other", 1);
    builder.deleteColumn("other", 0, "q");
    PayloadHeader header;
    header.origin = Uuid::fromRandom(5, 6);
    header.incarnation = 1;
    header.sequence = 3;
    header.stamp = stampFromMs(1'000);
    header.operations = 4;
    return encodePayload(header, maprdb::encodeBody({"a", "b"}, mutations));
}

Bytes batch(Codec codec) {
    const Bytes one = payload();
    return encodeBatch(1, std::vector<BytesView>(30, one), codec);
}

/// Everything that a node does with a payload before it is in its log.
void lookInto(BytesView bytes) {
    const auto view = parsePayload(bytes, false);
    if (!view) return;
    const auto body = maprdb::parseBody(view.value().body);
    if (!body) return;
    const auto count = maprdb::countOperations(body.value());
    const auto projected = LinkFilter::make(maprdb::columnProjections(), "a:x,b").value().project(view.value());
    if (!count.ok() || !projected.ok() || !projected.value()) return;
    QVERIFY_OK(parsePayload(*projected.value(), true));
}

struct Door {
    const char* name;
    Bytes valid;
    std::function<bool(BytesView)> accepts;  ///< decodes, and uses what came out
};

std::vector<Door> doors() {
    Request request;
    request.id = 4;
    request.method = 40;
    request.user = "ana";
    request.body = "{\"path\":\"/mapr/sf/t\"}";
    Response answer;
    answer.id = 4;
    answer.body = "{}";
    Response failure;
    failure.ok = false;
    failure.error = Error{ErrorCode::NotFound, "no table", "where", "fix"};
    const auto batches = [](BytesView bytes) {
        const auto decoded = decodeBatch(bytes);
        if (!decoded.ok()) return false;
        for (const BytesView one : decoded.value().payloads) lookInto(one);
        return true;
    };
    return {
        {"hello", encodeHello(hello()), [](BytesView bytes) { return decodeHello(bytes).ok(); }},
        {"hello answer", encodeHelloOk(helloOk()),
         [](BytesView bytes) {
             const auto ok = decodeHelloOk(bytes);
             if (!ok.ok()) return false;
             Bytes again;
             ok.value().positions.encode(again);
             ByteReader reader(again);
             Positions positions;
             return positions.decode(reader) && positions == ok.value().positions;
         }},
        {"place", encodePlace({7, 6, 90}), [](BytesView bytes) { return decodePlace(bytes).ok(); }},
        {"refusal", encodeRefusal({"ErrFenced", "replaced", 7}),
         [](BytesView bytes) { return decodeRefusal(bytes).ok(); }},
        {"plain batch", batch(Codec::Off), batches},
        {"lz4 batch", batch(Codec::Lz4), batches},
        {"zstd batch", batch(Codec::Zstd), batches},
        {"payload", payload(),
         [](BytesView bytes) {
             lookInto(bytes);
             const auto view = parsePayload(bytes, true);
             return view.ok() && maprdb::parseBody(view.value().body).ok();
         }},
        {"client body", Bytes(maprdb::encodeBody({"a", "b"}, BytesView())),
         [](BytesView bytes) { return maprdb::parseBody(bytes).ok(); }},
        {"skip", encodeSkip({1, Lane{Uuid::fromRandom(1, 2), 1, "a"}, 4, 9}),
         [](BytesView bytes) {
             const auto skip = decodeSkip(bytes);
             if (!skip.ok()) return false;
             Positions positions;
             positions.add(skip.value().lane, skip.value().from, skip.value().to);
             return positions.coversRange(maprdb::columnProjections(), skip.value().lane, skip.value().from,
                                          skip.value().to);
         }},
        {"end of a life", encodeEnded({3, {Uuid::fromRandom(1, 2), 4, 9, 2}}),
         [](BytesView bytes) {
             const auto ended = decodeEnded(bytes);
             return ended.ok() && ended.value().end.from <= ended.value().end.incarnation;
         }},
        {"ack", encodeAck({8, 5, 1'000}),
         [](BytesView bytes) {
             const auto ack = decodeAck(bytes);
             return ack.ok() && ack.value().durable <= ack.value().received;
         }},
        {"request", encodeRequest(request), [](BytesView bytes) { return decodeRequest(bytes).ok(); }},
        {"answer", encodeResponse(answer), [](BytesView bytes) { return decodeResponse(bytes).ok(); }},
        {"failure", encodeResponse(failure), [](BytesView bytes) { return decodeResponse(bytes).ok(); }},
    };
}

}  // namespace

class TestMessages : public QObject {
    Q_OBJECT
private slots:
    void damagedBodiesAreRefusedOrHarmless_data() {
        QTest::addColumn<int>("door");
        int index = 0;
        for (const Door& door : doors()) QTest::newRow(door.name) << index++;
    }
    void damagedBodiesAreRefusedOrHarmless() {
        QFETCH(const int, door);
        const Door one = doors()[static_cast<std::size_t>(door)];
        QVERIFY(one.accepts(one.valid));
        test::Mutator mutator(static_cast<std::uint64_t>(door) + 1);
        int refused = 0;
        for (int i = 0; i < kDamagedEach; ++i) {
            // An allocation of its own size: a read beyond the end is seen by the sanitizer.
            const Bytes damaged = mutator.damaged(one.valid);
            const std::vector<char> exact(damaged.begin(), damaged.end());
            if (!one.accepts(BytesView(exact.data(), exact.size()))) ++refused;
        }
        QVERIFY(refused > 0);
    }
    void everyTruncationIsRefused_data() { damagedBodiesAreRefusedOrHarmless_data(); }
    void everyTruncationIsRefused() {
        QFETCH(const int, door);
        const Door one = doors()[static_cast<std::size_t>(door)];
        // Requests, answers and client bodies end in bytes of their own; nothing tells where those should end.
        if (QByteArray(one.name) == "request" || QByteArray(one.name) == "answer") return;
        for (std::size_t size = 0; size < one.valid.size(); ++size) {
            const std::vector<char> cut(one.valid.begin(), one.valid.begin() + static_cast<std::ptrdiff_t>(size));
            QVERIFY2(!one.accepts(BytesView(cut.data(), cut.size())), std::to_string(size).c_str());
        }
    }
    void greetingIsReadBack() {
        const auto decoded = decodeHello(encodeHello(hello()));
        QVERIFY_OK(decoded);
        QCOMPARE(decoded.value().toPath, std::string("/mapr/ny/t"));
        QCOMPARE(decoded.value().epoch, std::uint64_t{9});
        QCOMPARE(decoded.value().incarnation, std::uint64_t{0x1'0000'0005});
        QCOMPARE(decoded.value().nextSequence, std::uint64_t{77});
        QVERIFY(decoded.value().kind == ConnectionClass::Data);
    }
    void greetingOfAnUnknownClassIsRefused_data() {
        QTest::addColumn<int>("kind");
        for (const int kind : {0, 5, 77, 255}) QTest::addRow("%d", kind) << kind;
    }
    void greetingOfAnUnknownClassIsRefused() {
        QFETCH(const int, kind);
        Hello odd = hello();
        odd.kind = static_cast<ConnectionClass>(kind);
        QVERIFY(!decodeHello(encodeHello(odd)).ok());
    }
    void namesThatAreNoTextAreRefused() {
        for (std::string Hello::*text : {&Hello::user, &Hello::fromCluster, &Hello::fromPath, &Hello::toPath}) {
            Hello odd = hello();
            odd.*text = "an\xff";
            QVERIFY(!decodeHello(encodeHello(odd)).ok());
        }
        Request request;
        request.user = "an\xff";
        QVERIFY(!decodeRequest(encodeRequest(request)).ok());
        request.user = "Ånä";
        QVERIFY(decodeRequest(encodeRequest(request)).ok());
    }
    void batchThatClaimsMorePayloadsThanItHoldsIsNotBelieved() {
        Bytes body;
        appendFixed<std::uint64_t>(body, 1);
        appendFixed<std::uint8_t>(body, 0);
        appendFixed<std::uint32_t>(body, 0);
        appendVarint(body, 1'000'000);
        body.append(1'000'000, '\0');
        QVERIFY(!decodeBatch(body).ok());
    }
    void skipToTheEndOfNumbersIsRefused() {
        QVERIFY(!decodeSkip(encodeSkip({1, Lane{}, 1, UINT64_MAX})).ok());
        QVERIFY(!decodeSkip(encodeSkip({1, Lane{}, 0, 3})).ok());
        QVERIFY(!decodeSkip(encodeSkip({1, Lane{}, 4, 3})).ok());
    }
};
TRIBUTARY_TEST(TestMessages)
#include "tst_messages.moc"
