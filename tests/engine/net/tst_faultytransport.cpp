// The transport suite behind fault rules, and the rules themselves: cut and heal, delay, bandwidth.
#include <QElapsedTimer>
#include <QTest>
#include <cstring>

#include "qtworld.h"
#include "testmain.h"
#include "transportsuite.h"

namespace tributary::engine::test {

class FaultlessTransportTest final : public TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<TransportWorld> makeWorld() override { return std::make_unique<FaultyQtWorld>(); }
};

class FaultyTransportTest final : public QObject {
    Q_OBJECT

    /// Two ends on one FaultyTransport: the dialled one is tagged "newyork", the accepted one "sanfrancisco".
    struct Net {
        FaultyQtWorld world;
        std::unique_ptr<Listener> listener;
        std::unique_ptr<Connection> client;
        std::unique_ptr<Connection> server;
        Bytes atServer;
        Bytes atClient;
        std::vector<std::string> events;

        bool open() {
            auto listening = world.transport().listen(world.listenAt(), [this](std::unique_ptr<Connection> connection) {
                server = std::move(connection);
                server->tagPeer("sanfrancisco");
                server->onBytes = [this](BytesView bytes) { atServer += bytes; };
                server->onClosed = [this](const Error&) { events.emplace_back("server closed"); };
            });
            if (!listening) return false;
            listener = std::move(listening).value();
            dial();
            return world.pumpUntil([this] { return server != nullptr && !events.empty(); });
        }
        void dial() {
            Endpoint to = listener->endpoint();
            to.peer = "newyork";
            client = world.transport().dial(to);
            client->onConnected = [this] { events.emplace_back("connected"); };
            client->onBytes = [this](BytesView bytes) { atClient += bytes; };
            client->onClosed = [this](const Error& error) { events.push_back("client closed: " + error.text()); };
        }
        void pumpFor(Millis forMs) {
            bool over = false;
            world.timers().after(forMs, [&over] { over = true; });
            QVERIFY(world.pumpUntil([&over] { return over; }));
        }
    };

    static Bytes numbered(std::uint32_t from, std::uint32_t to) {
        Bytes out;
        for (std::uint32_t i = from; i < to; ++i) appendFixed(out, i);
        return out;
    }

private slots:
    void cutHoldsOneWayAndHealDeliversAllInOrder() {
        Net net;
        QVERIFY(net.open());
        net.client->send(numbered(0, 1000));
        QVERIFY(net.world.pumpUntil([&] { return net.atServer.size() == 4000; }));
        net.world.faulty().setRule("newyork", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        for (std::uint32_t i = 1000; i < 50'000; i += 1000) net.client->send(numbered(i, i + 1000));
        net.server->send(Bytes("the way back is open"));
        QVERIFY(net.world.pumpUntil([&] { return net.atClient == "the way back is open"; }));
        QCOMPARE(net.atServer.size(), std::size_t{4000});
        QCOMPARE(net.client->queuedBytes(), std::size_t{49'000 * 4});  // held bytes push back
        net.world.faulty().clear();
        QVERIFY(net.world.pumpUntil([&] { return net.atServer.size() == 200'000; }));
        QVERIFY(net.atServer == numbered(0, 50'000));
    }

    void otherPeersAreNotTouched() {
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("london", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        net.client->send(Bytes("through"));
        QVERIFY(net.world.pumpUntil([&] { return net.atServer == "through"; }));
    }

    void delayIsAddedToEveryByteButLimitsNoThroughput() {
        constexpr Millis kDelayMs = 300;
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = false, .delayMs = kDelayMs, .bytesPerSecond = 0});
        QElapsedTimer clock;
        clock.start();
        const std::size_t total = 32U << 20U;
        for (int i = 0; i < 32; ++i) net.client->send(Bytes(1U << 20U, 'd'));
        QVERIFY(net.world.pumpUntil([&] { return !net.atServer.empty(); }));
        QVERIFY2(clock.elapsed() >= kDelayMs, std::to_string(clock.elapsed()).c_str());
        QVERIFY(net.world.pumpUntil([&] { return net.atServer.size() == total; }));
        // One delay for all, not one per piece: 32 delays would be 9.6 s.
        QVERIFY2(clock.elapsed() < kDelayMs * 8, std::to_string(clock.elapsed()).c_str());
    }

    void shorterDelayKeepsTheOrder() {
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = false, .delayMs = 5'000, .bytesPerSecond = 0});
        net.client->send(numbered(0, 1000));
        net.pumpFor(20);
        QVERIFY(net.atServer.empty());
        net.world.faulty().setRule("newyork", {.cut = false, .delayMs = 10, .bytesPerSecond = 0});
        net.client->send(numbered(1000, 2000));
        QVERIFY(net.world.pumpUntil([&] { return net.atServer.size() == 8000; }));
        QVERIFY(net.atServer == numbered(0, 2000));
    }

    void bandwidthIsKeptWithinAFifth_data() {
        QTest::addColumn<quint64>("bytesPerSecond");
        QTest::newRow("1 MB/s") << quint64{1'000'000};
        QTest::newRow("20 MB/s") << quint64{20'000'000};
    }
    void bandwidthIsKeptWithinAFifth() {
        QFETCH(const quint64, bytesPerSecond);
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = false, .delayMs = 0, .bytesPerSecond = bytesPerSecond});
        QElapsedTimer clock;
        clock.start();
        const std::size_t total = bytesPerSecond;  // a second's worth
        net.client->send(Bytes(total / 2, 'b'));
        net.client->send(Bytes(total - total / 2, 'b'));
        QVERIFY(net.world.pumpUntil([&] { return net.atServer.size() == total; }));
        QVERIFY2(clock.elapsed() > 800 && clock.elapsed() < 1'200, std::to_string(clock.elapsed()).c_str());
    }

    void bandwidthIsSharedByTheConnectionsOfAPeer() {
        Net one;
        QVERIFY(one.open());
        const auto firstClient = std::move(one.client);
        const auto firstServer = std::move(one.server);
        one.dial();
        QVERIFY(one.world.pumpUntil([&] { return one.server != nullptr && one.events.size() == 2; }));
        one.world.faulty().setRule("newyork", {.cut = false, .delayMs = 0, .bytesPerSecond = 1'000'000});
        QElapsedTimer clock;
        clock.start();
        firstClient->send(Bytes(400'000, 'a'));
        one.client->send(Bytes(400'000, 'b'));
        QVERIFY(one.world.pumpUntil([&] { return one.atServer.size() == 800'000; }));
        QVERIFY2(clock.elapsed() > 640, std::to_string(clock.elapsed()).c_str());
    }

    void connectionsOfAPeerTakeTurnsOnItsLine() {
        Net one;
        QVERIFY(one.open());
        const auto bulk = std::move(one.client);
        const auto bulkServer = std::move(one.server);
        std::size_t bulkArrived = 0;
        bulkServer->onBytes = [&](BytesView bytes) { bulkArrived += bytes.size(); };
        one.dial();
        QVERIFY(one.world.pumpUntil([&] { return one.server != nullptr && one.events.size() == 2; }));
        one.world.faulty().setRule("newyork", {.cut = false, .delayMs = 0, .bytesPerSecond = 1'000'000});
        bulk->send(Bytes(3'000'000, 'b'));  // three seconds of the line
        QVERIFY(one.world.pumpUntil([&] { return bulkArrived > 0; }));
        one.client->send(Bytes(300'000, 's'));
        QVERIFY(one.world.pumpUntil([&] { return one.atServer.size() == 300'000; }));
        // As much of the other's as of its own has passed meanwhile, not all of it.
        QVERIFY2(bulkArrived < 900'000, std::to_string(bulkArrived).c_str());
    }

    void whatIsInFlightToAPeerIsBoundedForAllItsConnections() {
        Net one;
        QVERIFY(one.open());
        const auto first = std::move(one.client);
        const auto firstServer = std::move(one.server);
        std::size_t firstArrived = 0;
        firstServer->onBytes = [&](BytesView bytes) { firstArrived += bytes.size(); };
        one.dial();
        QVERIFY(one.world.pumpUntil([&] { return one.server != nullptr && one.events.size() == 2; }));
        one.world.faulty().setRule("newyork", {.cut = false, .delayMs = 1'000, .bytesPerSecond = 0});
        const auto piece = std::make_shared<const Bytes>(8U << 20U, 'p');
        for (int i = 0; i < 8; ++i) {
            first->send(piece);
            one.client->send(piece);
        }
        one.pumpFor(200);
        // 128 MiB were sent: half of them fly, the others wait where their senders see it.
        QVERIFY(first->queuedBytes() + one.client->queuedBytes() >= 64U << 20U);
        const std::size_t all = 64U << 20U;
        QVERIFY(one.world.pumpUntil([&] { return firstArrived == all && one.atServer.size() == all; }));
    }

    void aFaultLiesAboveTheDrawnNetwork_data() {
        QTest::addColumn<qint64>("delayMs");
        QTest::addColumn<quint64>("bytesPerSecond");
        QTest::addColumn<qint64>("delayInForce");
        QTest::addColumn<quint64>("bytesInForce");
        QTest::newRow("nothing above") << qint64{0} << quint64{0} << qint64{35} << quint64{1000};
        QTest::newRow("delays add up") << qint64{100} << quint64{0} << qint64{135} << quint64{1000};
        QTest::newRow("narrower") << qint64{0} << quint64{10} << qint64{35} << quint64{10};
        QTest::newRow("wider changes nothing") << qint64{0} << quint64{9999} << qint64{35} << quint64{1000};
    }
    void aFaultLiesAboveTheDrawnNetwork() {
        QFETCH(qint64, delayMs);
        QFETCH(quint64, bytesPerSecond);
        QFETCH(qint64, delayInForce);
        QFETCH(quint64, bytesInForce);
        const EgressRule drawn{.cut = false, .delayMs = 35, .bytesPerSecond = 1000};
        const EgressRule rule = above({.cut = true, .delayMs = delayMs, .bytesPerSecond = bytesPerSecond}, drawn);
        QVERIFY(rule.cut);
        QCOMPARE(rule.delayMs, delayInForce);
        QCOMPARE(rule.bytesPerSecond, bytesInForce);
        QCOMPARE(above({}, {.cut = false, .delayMs = 0, .bytesPerSecond = 7}).bytesPerSecond, std::uint64_t{7});
        QCOMPARE(above({.cut = false, .delayMs = 0, .bytesPerSecond = 7}, {}).bytesPerSecond, std::uint64_t{7});
    }

    void dialToACutPeerHangsUntilItTimesOut() {
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        net.events.clear();
        net.dial();
        QVERIFY(net.world.pumpUntil([&] { return !net.events.empty(); }));
        QCOMPARE(net.events.size(), std::size_t{1});
        QVERIFY2(net.events[0].find("no answer within 5.0 s") != std::string::npos, net.events[0].c_str());
    }

    void dialGoesThroughWhenTheCutHealsInTime() {
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        net.events.clear();
        net.dial();
        net.client->send(Bytes("held"));
        net.pumpFor(50);
        QVERIFY(net.events.empty());
        net.world.faulty().clear();
        QVERIFY(net.world.pumpUntil([&] { return net.atServer == "held"; }));
        QCOMPARE(net.events, std::vector<std::string>{"connected"});
    }

    void endCrossesACutOnlyAfterTheHeal_data() {
        QTest::addColumn<bool>("byClose");
        QTest::newRow("closed") << true;
        QTest::newRow("destroyed") << false;
    }
    void endCrossesACutOnlyAfterTheHeal() {
        QFETCH(const bool, byClose);
        Net net;
        QVERIFY(net.open());
        net.world.faulty().setRule("newyork", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        net.client->send(Bytes("last words"));
        if (byClose) net.client->close();
        net.client.reset();
        net.pumpFor(100);
        QCOMPARE(net.events, std::vector<std::string>{"connected"});
        net.world.faulty().setRule("newyork", {});
        QVERIFY(net.world.pumpUntil([&] { return net.events.size() == 2; }));
        QCOMPARE(net.events[1], std::string("server closed"));
        QCOMPARE(net.atServer, Bytes(byClose ? "last words" : ""));
    }

    void listTellsTheRulesInForce() {
        FaultyQtWorld world;
        FaultyTransport& faulty = world.faulty();
        faulty.setRule("newyork", {.cut = true, .delayMs = 0, .bytesPerSecond = 0});
        faulty.setRule("london", {.cut = false, .delayMs = 40, .bytesPerSecond = 1000});
        QCOMPARE(faulty.list().size(), std::size_t{2});
        QCOMPARE(faulty.list()[0].peer, std::string("london"));
        QCOMPARE(faulty.list()[0].rule.delayMs, Millis{40});
        faulty.setRule("london", {});
        QCOMPARE(faulty.list().size(), std::size_t{1});
        faulty.clear();
        QVERIFY(faulty.list().empty());
    }
};

TRIBUTARY_TEST(FaultlessTransportTest)
TRIBUTARY_TEST(FaultyTransportTest)

}  // namespace tributary::engine::test

#include "tst_faultytransport.moc"
