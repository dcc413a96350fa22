// What a source may ask through a gateway when it sets up a replica, and what it may not.
#include "engine/replication/gatewaycalls.h"
#include "setupworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::SetupWorld;

class SetupDoorTest : public QObject {
    Q_OBJECT
    /// c0 asks c1's gateway as its own set-up would.
    static Result<Bytes> through(SetupWorld& world, Method method, const Bytes& body, const Uuid& source,
                                 const std::string& user = "ana") {
        Hello hello;
        hello.user = user;
        hello.fromCluster = "c0";
        hello.fromUuid = source;
        GatewayCalls calls(world.node(0).seams(), world.node(0).config(), "c1", {}, hello);
        std::optional<Result<Bytes>> answer;
        calls.call(static_cast<std::uint16_t>(method), body, [&](Result<Bytes> result) { answer = std::move(result); });
        if (!world.run(60'000, [&] { return answer.has_value(); })) return Error{ErrorCode::Timeout, "none", {}, {}};
        return *answer;
    }

private slots:
    void onlyRequestsOfASetupAreAnswered() {
        SetupWorld world;
        const Uuid source = world.record(0).uuid;
        for (const Method method :
             {Method::NodeStatus, Method::Faults, Method::Shutdown, Method::SetGateways, Method{StreamMethod::Drop},
              Method{StreamMethod::Read}, Method{TableMethod::ReadRange}, Method::Relay}) {
            const auto refused = through(world, method, Json{{"path", SetupWorld::path(1)}}.dump(), source);
            QVERIFY(!refused.ok());
            QVERIFY2(refused.error().where == "ErrWrongDoor" || refused.error().code == ErrorCode::Unsupported,
                     refused.error().full().c_str());
        }
        QVERIFY(world.node(1).catalog().byPath(SetupWorld::path(1)) != nullptr);
    }
    void messagesAreTakenOnlyFromAnUpstream() {
        SetupWorld world;
        (void)world.produce(0, "t", {"a"});
        const Uuid source = world.record(0).uuid;
        Bytes topic;
        appendTopic(topic, {"t", 1, TopicChange::Mode::Create});
        const Bytes body = encodePut(SetupWorld::path(1), false, topic);
        QCOMPARE(through(world, StreamMethod::Put, body, source).error().where, std::string("ErrNoUpstream"));
        world.connect(0, 1);
        QVERIFY_OK(through(world, StreamMethod::Put, body, source));
        // The agreement stands for copies. What a client would produce needs the client's rights.
        const Bytes produced = encodePut(SetupWorld::path(1), false, SetupWorld::messages("t", {"b"}));
        QCOMPARE(through(world, StreamMethod::Put, produced, source, "ben").error().code, ErrorCode::PermissionDenied);
    }
    void aCreationWithAnIdentityIsDoneOnce() {
        SetupWorld world;
        const Uuid uuid = Uuid::fromRandom(5, 6);
        const Bytes body = Json{{"path", SetupWorld::kCopy}, {"uuid", uuid.text()}}.dump();
        QVERIFY_OK(through(world, StreamMethod::Create, body, world.record(0).uuid));
        QVERIFY_OK(through(world, StreamMethod::Create, body, world.record(0).uuid));
        QCOMPARE(world.node(1).catalog().byPath(SetupWorld::kCopy)->uuid, uuid);
        const Bytes other = Json{{"path", SetupWorld::kCopy}, {"uuid", Uuid::fromRandom(7, 8).text()}}.dump();
        QCOMPARE(through(world, StreamMethod::Create, other, world.record(0).uuid).error().code,
                 ErrorCode::AlreadyExists);
        const Bytes taken = Json{{"path", "/mapr/c1/third"}, {"uuid", uuid.text()}}.dump();
        QCOMPARE(through(world, StreamMethod::Create, taken, world.record(0).uuid).error().code, ErrorCode::Conflict);
        // A client has no say in it.
        QVERIFY_OK(world.asked(1, StreamMethod::Create, Json::parse(taken)));
        QVERIFY(world.node(1).catalog().byPath("/mapr/c1/third")->uuid != uuid);
    }
    void aStoppedGatewayEndsTheCalls() {
        SetupWorld world;
        Hello hello;
        hello.user = "ana";
        hello.fromCluster = "c0";
        GatewayCalls calls(world.node(0).seams(), world.node(0).config(), "c1", {}, hello);
        int answers = 0;
        std::vector<std::string> codes;
        const auto ask = [&] {
            calls.call(static_cast<std::uint16_t>(Method(StreamMethod::Create)), Json{{"path", "/mapr/c1/x"}}.dump(),
                       [&](const Result<Bytes>& result) {
                           ++answers;
                           codes.push_back(result ? "" : result.error().where);
                       });
        };
        ask();
        QVERIFY(world.run(10'000, [&] { return answers == 1; }));
        QVERIFY_OK(world.node(1).gateways().stop("gw-1"));
        world.pass(2'000);
        ask();
        QVERIFY(world.run(10'000, [&] { return answers == 2; }));
        QCOMPARE(codes[1], std::string("ErrConnectionLost"));
    }
};
TRIBUTARY_TEST(SetupDoorTest)
#include "tst_setupdoor.moc"
