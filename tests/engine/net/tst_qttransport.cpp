// The transport suite on real sockets, and what only real sockets have: addresses, ports, socket files.
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>
#include <cstring>

#include "engine/net/qttransport.h"
#include "qtworld.h"
#include "testmain.h"
#include "transportsuite.h"

namespace tributary::engine::test {

class TcpTransportTest final : public TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<TransportWorld> makeWorld() override { return std::make_unique<QtWorld>(QtWorld::Kind::Tcp); }
};

class LocalTransportTest final : public TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<TransportWorld> makeWorld() override { return std::make_unique<QtWorld>(QtWorld::Kind::Local); }
};

/// Loopback of IPv6, written with its brackets.
class V6TransportTest final : public TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<TransportWorld> makeWorld() override { return std::make_unique<QtWorld>(QtWorld::Kind::TcpV6); }
};

class QtTransportTest final : public QObject {
    Q_OBJECT

private slots:
    void listensOnLoopbackOnly_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("IPv4 loopback") << QStringLiteral("127.0.0.1") << true;
        QTest::newRow("another of 127/8") << QStringLiteral("127.0.0.2") << true;
        QTest::newRow("localhost") << QStringLiteral("localhost") << true;
        QTest::newRow("IPv6 loopback") << QStringLiteral("::1") << true;
        QTest::newRow("in brackets") << QStringLiteral("[::1]") << true;
        QTest::newRow("any") << QStringLiteral("0.0.0.0") << false;
        QTest::newRow("any IPv6") << QStringLiteral("::") << false;
        QTest::newRow("private") << QStringLiteral("192.168.1.7") << false;
        QTest::newRow("a name") << QStringLiteral("gateway.example.com") << false;
    }
    void listensOnLoopbackOnly() {
        QFETCH(const QString, host);
        QFETCH(const bool, allowed);
        QtTransport transport;
        const Endpoint at{.host = host.toStdString(), .port = 0, .localPath = {}, .peer = {}};
        const auto listener = transport.listen(at, [](std::unique_ptr<Connection>) {});
        QCOMPARE(listener.ok(), allowed);
        if (allowed) return;
        QCOMPARE(listener.error().code, ErrorCode::InvalidInput);
        QVERIFY(listener.error().full().find("TLS") != std::string::npos);
        QVERIFY(!listener.error().fix.empty());
    }

    void aLocalPeerIsWhoTheKernelSays() {
        QtWorld world(QtWorld::Kind::Local);
        std::unique_ptr<Connection> accepted;
        const auto listener = world.faulty().listen(
            world.listenAt(), [&](std::unique_ptr<Connection> connection) { accepted = std::move(connection); });
        QVERIFY_OK(listener);
        const auto dialled = world.faulty().dial((*listener)->endpoint());
        QVERIFY(world.pumpUntil([&] { return accepted != nullptr; }));
        const auto peer = accepted->localPeer();
        QVERIFY(peer.has_value());
        QCOMPARE(peer->user, std::string(::getpwuid(::geteuid())->pw_name));
        QVERIFY(peer->ownsThis);
    }
    void overTcpNobodyIsKnown() {
        QtWorld world(QtWorld::Kind::Tcp);
        std::unique_ptr<Connection> accepted;
        const auto listener = world.transport().listen(
            world.listenAt(), [&](std::unique_ptr<Connection> connection) { accepted = std::move(connection); });
        QVERIFY_OK(listener);
        const auto dialled = world.transport().dial((*listener)->endpoint());
        QVERIFY(world.pumpUntil([&] { return accepted != nullptr; }));
        QVERIFY(!accepted->localPeer().has_value());
    }

    void portInUseIsNamed() {
        QtTransport transport;
        const Endpoint any{.host = "127.0.0.1", .port = 0, .localPath = {}, .peer = {}};
        auto first = transport.listen(any, [](std::unique_ptr<Connection>) {});
        QVERIFY_OK(first);
        const auto second = transport.listen((*first)->endpoint(), [](std::unique_ptr<Connection>) {});
        QVERIFY(!second.ok());
        QVERIFY(second.error().what.find(std::to_string((*first)->endpoint().port)) != std::string::npos);
    }

    void tooLongSocketPathIsInvalid() {
        QtTransport transport;
        const Endpoint at{.host = {}, .port = 0, .localPath = "/tmp/" + std::string(100, 'x'), .peer = {}};
        const auto listener = transport.listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY(!listener.ok());
        QCOMPARE(listener.error().code, ErrorCode::InvalidInput);
        QVERIFY(listener.error().what.find("105") != std::string::npos);
        QVERIFY(listener.error().fix.find("shorter") != std::string::npos);
    }

    void longestSocketPathWorks() {
        QtWorld world(QtWorld::Kind::Local);
        std::string path = world.path("s");
        path += std::string(100 - path.size(), 's');
        const Endpoint at{.host = {}, .port = 0, .localPath = path, .peer = {}};
        const auto listener = world.transport().listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY_OK(listener);
    }

    void staleSocketFileIsReplaced() {
        QtWorld world(QtWorld::Kind::Local);
        const Endpoint at = world.listenAt();
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, at.localPath.c_str(), at.localPath.size() + 1);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        ::close(fd);  // as after kill -9: the file stays, nobody answers
        QVERIFY(QFile::exists(QString::fromStdString(at.localPath)));
        const auto listener = world.transport().listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY_OK(listener);
        const auto client = world.transport().dial(at);
        bool connected = false;
        client->onConnected = [&connected] { connected = true; };
        QVERIFY(world.pumpUntil([&] { return connected; }));
    }

    void ordinaryFileIsNotOverwritten() {
        QtWorld world(QtWorld::Kind::Local);
        const Endpoint at = world.listenAt();
        QFile file(QString::fromStdString(at.localPath));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write("precious") > 0);
        file.close();
        const auto listener = world.transport().listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY(!listener.ok());
        QCOMPARE(listener.error().code, ErrorCode::Conflict);
        QCOMPARE(file.size(), qint64{8});
    }

    void socketFileIsForItsUserOnlyAndGoesWithTheListener() {
        QtWorld world(QtWorld::Kind::Local);
        const Endpoint at = world.listenAt();
        auto listener = world.transport().listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY_OK(listener);
        struct stat found {};
        QCOMPARE(::stat(at.localPath.c_str(), &found), 0);
        QCOMPARE(found.st_mode & 077U, 0U);
        listener->reset();
        QVERIFY(!QFile::exists(QString::fromStdString(at.localPath)));
    }

    void missingFolderIsToldWithItsPath() {
        QtWorld world(QtWorld::Kind::Local);
        const Endpoint at{.host = {}, .port = 0, .localPath = world.path("missing/s"), .peer = {}};
        const auto listener = world.transport().listen(at, [](std::unique_ptr<Connection>) {});
        QVERIFY(!listener.ok());
        QVERIFY(listener.error().where.find("missing/s") != std::string::npos);
    }

    void lingeringBytesOutliveTheConnectionButNotTheTransport() {
        QtWorld world(QtWorld::Kind::Tcp);
        std::unique_ptr<Connection> server;
        const auto listener = world.transport().listen(
            world.listenAt(), [&](std::unique_ptr<Connection> connection) { server = std::move(connection); });
        QVERIFY_OK(listener);
        auto other = std::make_unique<QtTransport>();
        auto client = other->dial(listener.value()->endpoint());
        client->send(Bytes(32U << 20U, 'x'));
        QVERIFY(world.pumpUntil([&] { return server != nullptr; }));
        bool ended = false;
        server->onClosed = [&ended](const Error&) { ended = true; };
        client->close();
        client.reset();
        other.reset();  // cuts what still lingers
        server->onBytes = [](BytesView) {};
        server->pauseReading(false);
        QVERIFY(world.pumpUntil([&] { return ended; }));
    }
};

TRIBUTARY_TEST(TcpTransportTest)
TRIBUTARY_TEST(V6TransportTest)
TRIBUTARY_TEST(LocalTransportTest)
TRIBUTARY_TEST(QtTransportTest)

}  // namespace tributary::engine::test

#include "tst_qttransport.moc"
