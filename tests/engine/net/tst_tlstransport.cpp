// The transport suite over TLS on real sockets, and what only TLS has: who is refused, and what plain talk gets.
#include <set>

#include "engine/net/qtexecutor.h"
#include "engine/security/tlstransport.h"
#include "qtworld.h"
#include "testmain.h"
#include "tests/engine/security/certificates.h"
#include "transportsuite.h"

namespace tributary::engine::test {

/// Two clusters on one machine, or only one that knows itself.
class TlsWorld : public QtWorld {
public:
    TlsWorld() : QtWorld(Kind::Tcp), tls_(faulty(), executor_, timers(), faults_) {
        faults_.countReached(true);
        TlsSource source;
        source.identity = [this]() -> Result<TlsIdentity> { return TlsIdentity{"newyork", own_.own}; };
        source.trustOf = [this](const std::string& cluster) -> Result<CertificateTrust> {
            if (cluster == "newyork") return own_.trust();
            return Error{ErrorCode::NotFound, "no such cluster", {}, {}};
        };
        source.nowS = [this] { return nowS_; };
        tls_.setSource(std::move(source));
        tls_.setOnRefused(
            [this](const Endpoint& at, const Error& why) { refused_.push_back(at.text() + " " + why.what); });
    }
    Transport& transport() override { return tls_; }
    Endpoint listenAt() override { return overTls(QtWorld::listenAt()); }
    Endpoint refusedAt() override { return overTls(QtWorld::refusedAt()); }
    static Endpoint overTls(Endpoint at) {
        at.tls = true;
        at.peer = "newyork";
        return at;
    }
    [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }
    MadeCluster& own() { return own_; }
    FaultPoints& faults() { return faults_; }
    void setNowS(std::int64_t nowS) { nowS_ = nowS; }

private:
    QtExecutor executor_;
    FaultPoints faults_;
    MadeCluster own_{"newyork"};
    std::int64_t nowS_ = kNowS;
    std::vector<std::string> refused_;
    TlsTransport tls_;
};

class TlsTransportTest final : public TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<TransportWorld> makeWorld() override { return std::make_unique<TlsWorld>(); }
    [[nodiscard]] std::size_t echoBytes() const override { return 8U << 20U; }
};

/// Dials and tells how it ended.
struct Attempt {
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Connection> client;
    std::unique_ptr<Connection> server;
    std::string atClient;
    std::string atServer;
    Bytes heard;
};

class TlsDoorTest final : public QObject {
    Q_OBJECT

    static void listenIn(TlsWorld& world, Attempt& out) {
        auto listener = world.transport().listen(world.listenAt(), [&out](std::unique_ptr<Connection> connection) {
            out.server = std::move(connection);
            out.server->onBytes = [&out](BytesView bytes) { out.heard.append(bytes); };
            out.server->onClosed = [&out](const Error& error) { out.atServer = error.what; };
        });
        QVERIFY_OK(listener);
        out.listener = std::move(listener).value();
    }
    static void dialFrom(Transport& transport, const Endpoint& to, Attempt& out) {
        out.client = transport.dial(to);
        out.client->onClosed = [&out](const Error& error) { out.atClient = error.what; };
        out.client->send(Bytes("hello"));
    }

private slots:
    void saysWhatWasAgreed() {
        TlsWorld world;
        Attempt attempt;
        listenIn(world, attempt);
        QVERIFY(attempt.listener->endpoint().tls);
        dialFrom(world.transport(), attempt.listener->endpoint(), attempt);
        QVERIFY(world.pumpUntil([&] { return attempt.heard == "hello"; }));
        QVERIFY(attempt.client->tls() != nullptr && attempt.server->tls() != nullptr);
        QCOMPARE(attempt.server->tls()->binding, attempt.client->tls()->binding);
        QCOMPARE(attempt.server->tls()->protocol, std::string("TLS 1.3"));
        QVERIFY(world.refused().empty());
    }

    void refusesAndTells_data() {
        QTest::addColumn<bool>("expired");
        QTest::newRow("expired") << true;
        QTest::newRow("revoked") << false;
    }
    void refusesAndTells() {
        QFETCH(const bool, expired);
        TlsWorld world;
        Attempt attempt;
        listenIn(world, attempt);
        if (expired) {
            world.setNowS(kNowS + 366 * kDayS);
        } else {
            world.own().revoke({{world.own().certificate().serial, kNowS}});
        }
        dialFrom(world.transport(), attempt.listener->endpoint(), attempt);
        QVERIFY(world.pumpUntil([&] { return !attempt.atClient.empty() && !attempt.atServer.empty(); }));
        const char* why = expired ? "ended on" : "was revoked";
        QVERIFY2(attempt.atClient.find(why) != std::string::npos, attempt.atClient.c_str());
        QVERIFY2(attempt.atServer.find("refuses the certificate of cluster newyork") != std::string::npos,
                 attempt.atServer.c_str());
        QCOMPARE(world.refused().size(), std::size_t{1});
        QVERIFY(world.refused().front().starts_with(attempt.listener->endpoint().text() + " "));  // with its real port
        QVERIFY(world.faults().reach().count("tls-refused") == 1);
        QVERIFY(attempt.heard.empty());
    }

    void plainTalkIsHandedOverAsSuch() {
        TlsWorld world;
        Attempt attempt;
        listenIn(world, attempt);
        Endpoint plain = attempt.listener->endpoint();
        plain.tls = false;
        dialFrom(world.faulty(), plain, attempt);
        QVERIFY(world.pumpUntil([&] { return attempt.heard == "hello"; }));
        QVERIFY(attempt.server->tls() == nullptr);  // the greeter refuses it
        QVERIFY(world.refused().empty());
    }

    void aDoorThatSpeaksNoTlsIsNamed() {
        TlsWorld world;
        Attempt attempt;
        auto listener =
            world.faulty().listen({"127.0.0.1", 0, {}, {}}, [&attempt](std::unique_ptr<Connection> connection) {
                attempt.server = std::move(connection);
                attempt.server->onBytes = [&attempt](BytesView) { attempt.server->send(Bytes("what is this?")); };
            });
        QVERIFY_OK(listener);
        dialFrom(world.transport(), TlsWorld::overTls(listener.value()->endpoint()), attempt);
        QVERIFY(world.pumpUntil([&] { return !attempt.atClient.empty(); }));
        QCOMPARE(attempt.atClient, std::string("the other end does not speak TLS 1.3"));
    }

    void withoutCertificatesNothingIsDialledOrListenedOn() {
        TlsWorld world;
        QtExecutor executor;
        FaultPoints faults;
        TlsTransport none(world.faulty(), executor, world.timers(), faults);
        QCOMPARE(none.listen(world.listenAt(), [](std::unique_ptr<Connection>) {}).error().code, ErrorCode::NotFound);
        Attempt attempt;
        dialFrom(none, world.listenAt(), attempt);
        QVERIFY(world.pumpUntil([&] { return !attempt.atClient.empty(); }));
        QVERIFY(attempt.atClient.find("has no certificate") != std::string::npos);
    }

    /// Idle strangers cost a socket each, and no handshake of theirs holds up another's.
    void silentStrangersHoldUpNobody() {
        TlsWorld world;
        std::vector<std::unique_ptr<Connection>> strangers;
        std::vector<std::unique_ptr<Connection>> accepted;
        Bytes heard;
        auto listener = world.transport().listen(world.listenAt(), [&](std::unique_ptr<Connection> connection) {
            accepted.push_back(std::move(connection));
            accepted.back()->onBytes = [&heard](BytesView bytes) { heard.append(bytes); };
        });
        QVERIFY_OK(listener);
        Endpoint plain = listener.value()->endpoint();
        plain.tls = false;
        for (int i = 0; i < 100; ++i) strangers.push_back(world.faulty().dial(plain));
        for (int i = 0; i < 100; ++i) {
            strangers.push_back(world.faulty().dial(plain));
            strangers.back()->send(Bytes("\x16\x03\x01", 3));  // begins, and goes no further
        }
        QVERIFY(world.pumpUntil([&] { return accepted.size() == 200; }));
        auto client = world.transport().dial(listener.value()->endpoint());
        client->send(Bytes("hello"));
        QVERIFY(world.pumpUntil([&] { return heard == "hello"; }));
    }
};

TRIBUTARY_TEST(TlsTransportTest)
TRIBUTARY_TEST(TlsDoorTest)

}  // namespace tributary::engine::test

#include "tst_tlstransport.moc"
