// The blocking client against a plain POSIX server: outcomes, timeouts, ends.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QTest>
#include <thread>

#include "engine/net/blockingchannel.h"
#include "qtworld.h"
#include "testmain.h"

namespace tributary::engine::test {

class BlockingChannelTest final : public QObject {
    Q_OBJECT

    /// A listening TCP socket of this process; accepts nothing by itself.
    struct Server {
        int fd = -1;
        Endpoint at{.host = "127.0.0.1", .port = 0, .localPath = {}, .peer = {}};
        Server() {
            fd = ::socket(AF_INET, SOCK_STREAM, 0);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            socklen_t size = sizeof(address);
            if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 4) != 0) return;
            ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
            at.port = ntohs(address.sin_port);
        }
        ~Server() { ::close(fd); }
    };

private slots:
    void talksToTheTransport_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("TCP") << static_cast<int>(QtWorld::Kind::Tcp);
        QTest::newRow("TCP over IPv6") << static_cast<int>(QtWorld::Kind::TcpV6);
        QTest::newRow("local socket") << static_cast<int>(QtWorld::Kind::Local);
    }
    void talksToTheTransport() {
        QFETCH(const int, kind);
        QtWorld world(static_cast<QtWorld::Kind>(kind));
        std::unique_ptr<Connection> server;
        const auto listener = world.transport().listen(world.listenAt(), [&](std::unique_ptr<Connection> connection) {
            server = std::move(connection);
            server->onBytes = [&](BytesView bytes) { server->send(Bytes(bytes)); };
        });
        QVERIFY_OK(listener);
        constexpr std::size_t kTotal = 4U << 20U;
        Bytes echoed;
        Status sent = okStatus();
        bool done = false;
        std::thread client([&, at = listener.value()->endpoint()] {
            auto channel = BlockingChannel::connect(at, 5'000);
            if (!channel) {
                sent = channel.error();
            } else {
                std::thread sender([&] { sent = channel->send(Bytes(kTotal, 'e')); });
                while (echoed.size() < kTotal) {
                    const Result<Bytes> some = channel->receiveSome(5'000);
                    if (!some) break;
                    echoed += some.value();
                }
                sender.join();
            }
            done = true;
        });
        QVERIFY(world.pumpUntil([&] { return done; }));
        client.join();
        QVERIFY_OK(sent);
        QCOMPARE(echoed.size(), kTotal);
        QVERIFY(echoed == Bytes(kTotal, 'e'));
    }

    void nobodyThereIsUnavailable_data() {
        QTest::addColumn<bool>("local");
        QTest::newRow("TCP") << false;
        QTest::newRow("local socket") << true;
    }
    void nobodyThereIsUnavailable() {
        QFETCH(const bool, local);
        QtWorld world(local ? QtWorld::Kind::Local : QtWorld::Kind::Tcp);
        const Endpoint nowhere = world.refusedAt();
        const auto channel = BlockingChannel::connect(nowhere, 1'000);
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, ErrorCode::Unavailable);
        QVERIFY(channel.error().text().find(nowhere.text()) != std::string::npos);
        QVERIFY(!channel.error().fix.empty());
    }

    void silenceIsATimeoutAndTheChannelStaysUsable() {
        Server server;
        auto channel = BlockingChannel::connect(server.at, 1'000);
        QVERIFY_OK(channel);
        const int accepted = ::accept(server.fd, nullptr, nullptr);
        QElapsedTimer clock;
        clock.start();
        const auto nothing = channel->receiveSome(60);
        QVERIFY(clock.elapsed() >= 59);
        QVERIFY(!nothing.ok());
        QCOMPARE(nothing.error().code, ErrorCode::Timeout);
        QCOMPARE(::send(accepted, "late", 4, 0), ssize_t{4});
        const auto late = channel->receiveSome(1'000);
        QVERIFY_OK(late);
        QCOMPARE(late.value(), Bytes("late"));
        ::close(accepted);
    }

    void bytesBeforeTheEndAreDeliveredFirst() {
        Server server;
        auto channel = BlockingChannel::connect(server.at, 1'000);
        QVERIFY_OK(channel);
        const int accepted = ::accept(server.fd, nullptr, nullptr);
        QCOMPARE(::send(accepted, "bye", 3, 0), ssize_t{3});
        ::close(accepted);
        const auto bye = channel->receiveSome(1'000);
        QVERIFY_OK(bye);
        QCOMPARE(bye.value(), Bytes("bye"));
        const auto end = channel->receiveSome(1'000);
        QVERIFY(!end.ok());
        QCOMPARE(end.error().code, ErrorCode::Unavailable);
    }

    void peerThatDoesNotReadIsATimeoutOfSend() {
        Server server;
        auto channel = BlockingChannel::connect(server.at, 1'000);
        QVERIFY_OK(channel);
        const Status sent = channel->send(Bytes(64U << 20U, 'x'), 100);
        QVERIFY(!sent.ok());
        QCOMPARE(sent.error().code, ErrorCode::Timeout);
    }

    void sendToAClosedPeerIsUnavailableAndNoSignal() {
        Server server;
        auto channel = BlockingChannel::connect(server.at, 1'000);
        QVERIFY_OK(channel);
        ::close(::accept(server.fd, nullptr, nullptr));
        Status sent = okStatus();
        for (int i = 0; i < 100 && sent.ok(); ++i) sent = channel->send(Bytes(100'000, 'x'), 1'000);
        QVERIFY(!sent.ok());
        QCOMPARE(sent.error().code, ErrorCode::Unavailable);
    }

    void closedChannelIsUnavailable() {
        Server server;
        auto channel = BlockingChannel::connect(server.at, 1'000);
        QVERIFY_OK(channel);
        BlockingChannel moved = std::move(*channel);
        QVERIFY(!channel->isOpen());
        QVERIFY(moved.isOpen());
        moved.close();
        QCOMPARE(moved.send("x").error().code, ErrorCode::Unavailable);
        QCOMPARE(moved.receiveSome(10).error().code, ErrorCode::Unavailable);
    }

    void tooLongSocketPathIsInvalid() {
        const Endpoint at{.host = {}, .port = 0, .localPath = "/tmp/" + std::string(120, 'p'), .peer = {}};
        const auto channel = BlockingChannel::connect(at, 100);
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, ErrorCode::InvalidInput);
    }
};

TRIBUTARY_TEST(BlockingChannelTest)

}  // namespace tributary::engine::test

#include "tst_blockingchannel.moc"
