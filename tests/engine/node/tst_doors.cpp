// Strangers at the doors of a simulated node, and strangers in the place of a door: nothing learned, nothing taken.
#include "engine/wire/wire.h"
#include "linkworld.h"
#include "mutator.h"
#include "rawclient.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr int kStranger = 8;

/// One connection of a program that knows no key.
class Stranger {
public:
    Stranger(LinkWorld& world, std::uint16_t port)
        : world_(world), transport_(world.world().network().transportOf(kStranger)) {
        connection_ = transport_->dial({"127.0.0.1", port, {}, {}});
        connection_->onConnected = [this] { connected_ = true; };
        connection_->onBytes = [this](BytesView bytes) { heard_ += bytes; };
        connection_->onClosed = [this](const Error&) { closed_ = true; };
        (void)world_.run(1'000, [this] { return connected_ || closed_; });
    }
    void say(Bytes bytes) { connection_->send(std::move(bytes)); }
    /// True when the door closed the connection within so long.
    bool isClosedWithin(Millis ms) {
        return closed_ || world_.run(ms, [this] { return closed_; });
    }
    /// The code of the refusal that came, or the frames' types.
    std::string answer() {
        FrameReader reader;
        reader.feed(heard_);
        std::string out;
        while (true) {
            const auto frame = reader.next();
            if (!frame || !frame.value()) return out;
            const auto refusal = decodeRefusal(frame.value()->body);
            if (frame.value()->type == FrameType::Refused && refusal) return refusal.value().code;
            out += std::to_string(static_cast<int>(frame.value()->type));
            if (frame.value()->type == FrameType::Counter) reader.passOverMacs();
        }
    }
    [[nodiscard]] const Bytes& heard() const { return heard_; }

private:
    LinkWorld& world_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Connection> connection_;
    Bytes heard_;
    bool connected_ = false;
    bool closed_ = false;
};

Bytes challenge(std::uint16_t port, ConnectionClass kind = ConnectionClass::Data) {
    sim::SimRandom random(5);
    return Wire::dialling(wireDoorOf({"127.0.0.1", port, {}, {}}, "c1"), kind, "a guess", random).takeOutput();
}

Bytes versionOneHello() {
    Bytes hello;
    appendFixed<std::uint32_t>(hello, 0x42495254);
    appendFixed<std::uint16_t>(hello, 1);
    appendFixed<std::uint8_t>(hello, 1);
    appendBlob(hello, "a secret of the old days");
    return encodeFrame(FrameType::Hello, hello);
}

/// A program in the place of a stopped gateway: keeps what it hears, and says what the test wants.
class InItsPlace {
public:
    using Say = std::function<void(InItsPlace&, Connection& near, BytesView heard)>;
    InItsPlace(LinkWorld& world, std::uint16_t port, Say say)
        : transport_(world.world().network().transportOf(kStranger)), say_(std::move(say)) {
        auto listener = transport_->listen({"127.0.0.1", port, {}, {}}, [this](std::unique_ptr<Connection> connection) {
            Connection* near = connection.get();
            near_.push_back(std::move(connection));
            near->onBytes = [this, near](BytesView bytes) {
                heard_ += bytes;
                say_(*this, *near, bytes);
            };
        });
        if (!listener) qFatal("%s", listener.error().full().c_str());
        listener_ = std::move(listener).value();
    }
    /// Carries bytes to another door and its answers back.
    void relay(Connection& near, std::uint16_t port, BytesView bytes) {
        auto& far = far_[&near];
        if (far == nullptr) {
            far = transport_->dial({"127.0.0.1", port, {}, {}});
            far->onBytes = [this, &near](BytesView answer) {
                answered_ += answer;
                near.send(Bytes(answer));
            };
        }
        far->send(Bytes(bytes));
    }
    [[nodiscard]] const Bytes& heard() const { return heard_; }
    [[nodiscard]] const Bytes& answered() const { return answered_; }
    /// Types of the frames it heard, each once.
    [[nodiscard]] std::set<int> types() const {
        std::set<int> out;
        FrameReader reader;
        reader.setFrameBytesMax(kFrameBytesMax);
        reader.feed(heard_);
        while (true) {
            const auto frame = reader.next();
            if (!frame || !frame.value()) return out;
            out.insert(static_cast<int>(frame.value()->type));
        }
    }

private:
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Listener> listener_;
    std::vector<std::unique_ptr<Connection>> near_;
    std::map<Connection*, std::unique_ptr<Connection>> far_;
    Say say_;
    Bytes heard_;
    Bytes answered_;
};

/// Two gateways at the replica.
std::unique_ptr<LinkWorld> twoGateways() {
    return std::make_unique<LinkWorld>([](NodeConfig& config) {
        const int host = config.cluster == "c1" ? 1 : 0;
        config.gateways.push_back({"second", {"127.0.0.1", LinkWorld::door(host, 2), {}, {}}});
        config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
            const int to = cluster == "c1" ? 1 : 0;
            return std::vector<Endpoint>{{"127.0.0.1", LinkWorld::door(to, 1), {}, cluster},
                                         {"127.0.0.1", LinkWorld::door(to, 2), {}, cluster}};
        };
    });
}

}  // namespace

class TestDoors : public QObject {
    Q_OBJECT
private slots:
    void strangersAreRefusedByName_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* name, const Bytes& bytes, const char* code) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(code);
        };
        row("version 1", versionOneHello(), "ErrVersion");
        row("a request", encodeFrame(FrameType::Request, "x"), "ErrProtocol");
        row("no frames", "GET / HTTP/1.1\r\n\r\n", "ErrProtocol");
        row("too much", Bytes(20'000, '\1'), "ErrProtocol");
        row("a guess", challenge(1) + encodeFrame(FrameType::Proof, Bytes(32, 'x')), "ErrAuthentication");
        row("a greeting at once", challenge(1) + encodeFrame(FrameType::Hello, "x"), "ErrProtocol");
    }
    void strangersAreRefusedByName() {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, code);
        LinkWorld world;
        for (const int door : {1, 3}) {
            Stranger stranger(world, LinkWorld::door(1, door));
            stranger.say(bytes.toStdString());
            QVERIFY(stranger.isClosedWithin(2'000));
            QCOMPARE(QByteArray::fromStdString(stranger.answer()), code);
        }
    }
    void whoLingersIsEnded() {
        LinkWorld world;
        const std::uint16_t port = LinkWorld::door(1, 1);
        Stranger silent(world, port);
        Stranger slow(world, port);
        Stranger half(world, port);
        half.say(challenge(port));
        QVERIFY(!silent.isClosedWithin(4'000));
        slow.say(challenge(port).substr(0, 3));
        QVERIFY(silent.isClosedWithin(2'000) && slow.isClosedWithin(10));
        QVERIFY(half.isClosedWithin(6'000));
        QVERIFY(!half.heard().empty());
    }
    void aFullDoorLetsItsOwnIn() {
        LinkWorld world;
        std::vector<std::unique_ptr<Stranger>> idle;
        for (int i = 0; i < 100; ++i) {
            idle.push_back(std::make_unique<Stranger>(world, LinkWorld::door(1, 3)));
            if (i % 2 == 0) idle.back()->say(challenge(LinkWorld::door(1, 3), ConnectionClass::Control));
        }
        RawClient client(world, 1, 3, RawClient::as("ana"));
        QVERIFY(client.open());
    }

    void inAGatewaysPlaceNothingIsLearnedAndNothingTaken_data() {
        QTest::addColumn<int>("way");
        const char* names[] = {
            "silent", "echoes", "relays to the live gateway", "plays the gateway", "refuses", "a byte now and then"};
        for (int i = 0; i < 6; ++i) QTest::newRow(names[i]) << i;
    }
    void inAGatewaysPlaceNothingIsLearnedAndNothingTaken() {
        QFETCH(const int, way);
        const auto world = twoGateways();
        QVERIFY_OK(world->node(1).gateways().stop("gw-1"));
        InItsPlace rogue(*world, LinkWorld::door(1, 1), [way](InItsPlace& self, Connection& near, BytesView heard) {
            const Bytes noMac(kMacBytes, '\0');
            if (way == 1) near.send(Bytes(heard));
            if (way == 2) self.relay(near, LinkWorld::door(1, 2), heard);
            if (way == 3) {
                near.send(encodeFrame(FrameType::Counter, Bytes(64, 'x')));
                near.send(encodeFrame(FrameType::HelloOk, encodeHelloOk({})) + noMac);
                near.send(encodeFrame(FrameType::Ack, encodeAck({9, 9, 0})) + noMac);
            }
            if (way == 4) {
                near.send(encodeFrame(FrameType::Refused, encodeRefusal({"ErrFenced", "newer", UINT64_MAX})));
            }
            if (way == 5) near.send("\x41");
        });
        world->connect();
        for (int i = 0; i < 20; ++i) QVERIFY_OK(world->put(0, "row" + std::to_string(i), "v"));
        // The live gateway is found, and what the rogue has been told is that somebody wants in.
        QVERIFY(world->run(30'000, [&] { return world->get(1, "row19") == "v"; }));
        QVERIFY(!rogue.heard().empty());
        QCOMPARE(rogue.types(), std::set<int>{static_cast<int>(FrameType::Challenge)});
        for (const char* word : {"c0", "c1", "/mapr", "row", "key of"}) {
            QVERIFY2(rogue.heard().find(word) == Bytes::npos, word);
            QVERIFY2(rogue.answered().find(word) == Bytes::npos, word);
        }
        // Numbers that a stranger made up fence nobody.
        QVERIFY(world->run(10'000, [&] { return world->link().bytesPending == 0; }));
        QCOMPARE(world->link().errorCode, std::string());
    }
    void aRogueAloneIsAnUnreachableGateway() {
        LinkWorld world;
        QVERIFY_OK(world.node(1).gateways().stop("gw-1"));
        auto rogue =
            std::make_unique<InItsPlace>(world, LinkWorld::door(1, 1), [](InItsPlace&, Connection& near, BytesView) {
                near.send(encodeFrame(FrameType::Counter, Bytes(64, 'x')));
            });
        world.connect();
        QVERIFY_OK(world.put(0, "row", "v"));
        QVERIFY(world.run(10'000, [&] { return world.link().errorCode == "ErrAllGatewaysUnreachable"; }));
        QVERIFY2(world.link().errorMessage.find("does not prove to be cluster c1's") != std::string::npos,
                 world.link().errorMessage.c_str());
        QVERIFY(world.link().operationsPending > 0);
        rogue.reset();
        QVERIFY_OK(world.node(1).gateways().start("gw-1"));
        QVERIFY(world.run(30'000, [&] { return world.get(1, "row") == "v"; }));
    }

    // Fuzz of the doors before the proofs; after them it is tst_requests.cpp's.
    void damagedHandshakesLeaveTheDoorsStanding() {
        LinkWorld world;
        world.connect();
        test::Mutator mutator(21);
        const std::vector<Bytes> said{challenge(1), challenge(1) + encodeFrame(FrameType::Proof, Bytes(32, 'x')),
                                      versionOneHello(), encodeFrame(FrameType::Counter, Bytes(64, 'x'))};
        for (int i = 0; i < 300; ++i) {
            const int host = static_cast<int>(mutator.below(2));
            Stranger stranger(world, LinkWorld::door(host, mutator.below(2) == 0 ? 1 : 3));
            stranger.say(mutator.damaged(said[static_cast<std::size_t>(mutator.below(said.size()))]));
            (void)world.run(20);
        }
        for (const int host : {0, 1}) QCOMPARE(world.node(host).checkInvariants(), std::string());
        QVERIFY_OK(world.put(0, "after", "v"));
        QVERIFY(world.run(30'000, [&] { return world.get(1, "after") == "v"; }));
    }
};
TRIBUTARY_TEST(TestDoors)
#include "tst_doors.moc"
