// Malformed requests: every kind of message, thousands of damaged ones. Each fails by itself; the node lives.
#include "engine/node/requestguard.h"
#include "mutator.h"
#include "rawclient.h"
#include "requestkinds.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr int kDamagedEach = 300;

Error errorOf(const std::optional<Result<Bytes>>& answer) {
    return answer && !answer->ok() ? answer->error() : Error{ErrorCode::Internal, "no error", {}, {}};
}

/// The greeting of somebody who is listed as upstream.
Hello linkTo(int host, const Uuid& from) {
    Hello hello;
    hello.kind = ConnectionClass::Data;
    hello.fromCluster = "c9";
    hello.fromPath = "/mapr/c9/t";
    hello.fromUuid = from;
    hello.toPath = LinkWorld::path(host);
    hello.toUuid = LinkWorld::uuid(host);
    hello.epoch = 1;
    return hello;
}

}  // namespace

class TestRequests : public QObject {
    Q_OBJECT
private slots:
    void damagedRequestsFailByThemselves() {
        LinkWorld world;
        RawClient client(world, 0, 3, RawClient::as("ana"));
        Mutator mutator(3);
        for (const RequestKind& kind : requestKinds()) {
            const bool json = kind.body.front() == '{';
            for (int i = 0; i < kDamagedEach; ++i) {
                const bool odd = json && i % 3 == 0;
                (void)client.ask(kind.method, odd ? oddValue(kind.body, mutator) : mutator.damaged(kind.body));
                QVERIFY(world.world().host(0).up() && !world.node(0).failed());
            }
        }
        // It still does what it is for.
        QVERIFY_OK(world.put(0, "after", "v", "a"));
        const auto got = client.ask(maprdb::TableMethod::Get, R"({"path":"/mapr/c0/t","key":"after"})");
        QVERIFY(got && got->ok());
        QCOMPARE(world.node(0).checkInvariants(), std::string());
    }
    void restartAfterDamagedRequestsFindsAWholeVolume() {
        LinkWorld world;
        RawClient client(world, 0, 3, RawClient::as("ana"));
        Mutator mutator(4);
        for (const RequestKind& kind : requestKinds()) {
            for (int i = 0; i < 20; ++i) (void)client.ask(kind.method, mutator.damaged(kind.body));
        }
        QVERIFY_OK(world.put(0, "k", "v", "a"));
        world.world().host(0).kill();
        QVERIFY_OK(world.world().host(0).start());
        QCOMPARE(world.get(0, "k"), std::string("v"));
    }
    void putThatNamesAFamilyBeyondItsHeaderIsRefused_data() {
        QTest::addColumn<bool>("restricted");
        QTest::newRow("everybody may write") << false;
        QTest::newRow("permissions are looked at") << true;
    }
    void putThatNamesAFamilyBeyondItsHeaderIsRefused() {
        QFETCH(const bool, restricted);
        LinkWorld world;
        if (restricted) {
            QVERIFY_OK(world.edit(0, [](maprdb::TableRecord& table) {
                table.families.front().columns["x"] = {{"writeperm", "u:root"}};
            }));
        }
        RawClient client(world, 0, 3, RawClient::as("ana"));
        Bytes mutations;
        maprdb::MutationBuilder(mutations).put("k", {5, "x", "v", {}});
        const auto answer = client.ask(maprdb::TableMethod::Put, putBody({"a"}, mutations));
        QVERIFY(answer && !answer->ok());
        QVERIFY2(answer->error().code == ErrorCode::InvalidInput, answer->error().full().c_str());
        QVERIFY2(answer->error().what.find("column family 5 of 1") != std::string::npos, answer->error().what.c_str());
    }
    void numbersThatNoIntegerHoldsAreRefused_data() {
        QTest::addColumn<QByteArray>("number");
        for (const char* number : {"1e308", "-1e3", "1.5", "18446744073709551616", "-9223372036854775809"})
            QTest::newRow(number) << QByteArray(number);
    }
    void numbersThatNoIntegerHoldsAreRefused() {
        QFETCH(QByteArray, number);
        LinkWorld world;
        RawClient client(world, 0, 3, RawClient::as("ana"));
        const std::string body = R"({"path":"/mapr/c0/t","limit":)" + number.toStdString() + "}";
        const Error error = errorOf(client.ask(maprdb::TableMethod::Scan, body));
        QVERIFY2(error.what.find(number.toStdString() + " is no whole number") != std::string::npos,
                 error.what.c_str());
    }
    void wholeNumbersPassAndTextsAreNotLookedInto() {
        const Bytes whole = R"({"a":18446744073709551615,"b":-9223372036854775808,"c":"1e308","d":[0,-1,true]})";
        QVERIFY_OK(checkBody(whole));
        const Bytes behindQuote = "{\"a\":\"\\\"\",\"b\":1.0}";
        QVERIFY(!checkBody(behindQuote).ok());
    }
    void deeplyNestedRequestIsRefused() {
        LinkWorld world;
        RawClient client(world, 0, 3, RawClient::as("ana"));
        const Bytes deep = R"({"path":)" + Bytes(2'000'000, '[') + Bytes(2'000'000, ']') + "}";
        for (const Method method :
             {maprdb::TableMethod::Describe, maprdb::TableMethod::AddReplica, Method::SetGateways}) {
            const Error error = errorOf(client.ask(method, deep));
            QVERIFY2(error.what.find("nests deeper") != std::string::npos, error.what.c_str());
        }
    }
    void longNonsenseIsQuotedInPart() {
        LinkWorld world;
        RawClient client(world, 0, 3, RawClient::as("ana"));
        const Error error =
            errorOf(client.ask(maprdb::TableMethod::Describe, R"({"path":)" + Bytes(1'000'000, 'x') + "}"));
        QVERIFY(error.code == ErrorCode::InvalidInput);
        QVERIFY2(error.what.size() < 400, std::to_string(error.what.size()).c_str());
    }
    void framesOutOfPlaceAtEveryDoorAreHarmless() {
        LinkWorld world;
        world.connect();
        const Uuid stranger = Uuid::fromRandom(9, 9);
        for (const int host : {0, 1}) {
            QVERIFY_OK(world.edit(host, [&](maprdb::TableRecord& table) {
                table.upstreams.push_back({table.nextEdgeIdx++, "c9", "/mapr/c9/t", stranger});
            }));
        }
        const auto link = [&](int host) { return linkTo(host, stranger); };
        Mutator mutator(5);
        PayloadHeader header;
        header.origin = Uuid::fromRandom(4, 4);
        header.incarnation = 1;
        header.sequence = 1;
        header.stamp = stampFromMs(1'000);
        const Bytes payload = encodePayload(header, maprdb::encodeBody({"a", "b"}, goodMutations()));
        const Bytes batch = encodeBatch(1, {payload, payload}, Codec::Off);
        const std::vector<std::pair<FrameType, Bytes>> frames{
            {FrameType::Batch, batch},
            {FrameType::Skip, encodeSkip({1, Lane{header.origin, 1, {}}, 1, 4})},
            {FrameType::Ack, encodeAck({3, 2, 0})},
            {FrameType::HelloOk, encodeHelloOk({})},
            {FrameType::Request, "nonsense"},
            {FrameType::Ping, {}},
            {static_cast<FrameType>(99), "x"}};
        for (const auto& [host, door] : {std::pair(1, 1), std::pair(1, 3), std::pair(0, 1)}) {
            RawClient client(world, host, door, door == 1 ? link(host) : RawClient::as("ana"));
            QVERIFY(client.open());
            for (int i = 0; i < 1'000; ++i) {
                const auto& [type, body] = frames[static_cast<std::size_t>(mutator.below(frames.size()))];
                client.say(type, mutator.below(4) == 0 ? body : mutator.damaged(body));
            }
        }
        for (const int host : {0, 1}) {
            QVERIFY(world.world().host(host).up() && !world.node(host).failed());
            QCOMPARE(world.node(host).checkInvariants(), std::string());
        }
        QVERIFY_OK(world.put(0, "after", "v"));
        QVERIFY(world.run(30'000, [&] { return world.get(1, "after") == "v"; }));
    }
    void tableTakesNothingThatLiesOnLanes() {
        LinkWorld world;
        const Uuid stranger = Uuid::fromRandom(9, 9);
        QVERIFY_OK(world.edit(1, [&](maprdb::TableRecord& table) {
            table.upstreams.push_back({table.nextEdgeIdx++, "c9", "/mapr/c9/t", stranger});
        }));
        PayloadHeader header;
        header.origin = stranger;
        header.incarnation = 1;
        header.sequence = 1;
        header.stamp = stampFromMs(1'000);
        const Bytes body = maprdb::encodeBody({"a", "b"}, goodMutations());
        const Lsn head = world.node(1).log().headLsn();
        RawClient client(world, 1, 1, linkTo(1, stranger));
        for (const std::vector<PieceHeader>& pieces :
             {std::vector<PieceHeader>{{"", 1, 2, body.size()}}, std::vector<PieceHeader>{{"x", 1, 1, body.size()}},
              std::vector<PieceHeader>{{"", 1, 1, body.size()}, {"", 2, 1, 0}}}) {
            QVERIFY(client.open());
            const Bytes payload = encodePayload(header, pieces, body);
            QVERIFY(parsePayload(payload, true).ok());
            client.say(FrameType::Batch, encodeBatch(1, {payload}, Codec::Off));
            QVERIFY(!client.isOpen());
            QCOMPARE(world.node(1).log().headLsn(), head);
        }
        QVERIFY(client.open());
        client.say(FrameType::Batch, encodeBatch(1, {encodePayload(header, body)}, Codec::Off));
        QVERIFY(client.isOpen());
        QCOMPARE(world.node(1).log().headLsn(), head + 1);
    }
};
TRIBUTARY_TEST(TestRequests)
#include "tst_requests.moc"
