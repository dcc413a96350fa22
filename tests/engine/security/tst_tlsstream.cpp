// Two ends of TLS in memory: who agrees, who refuses, and what both then say.
#include "engine/security/tlsstream.h"

#include <QObject>
#include <QTest>

#include "certificates.h"
#include "engine/wire/wire.h"
#include "testmain.h"

namespace tributary::engine::test {
namespace {

/// What one cluster's process knows.
struct Site {
    MadeCluster own;
    std::vector<const MadeCluster*> known;
    std::int64_t nowS = kNowS;

    [[nodiscard]] TlsSource source() const {
        TlsSource source;
        source.identity = [this]() -> Result<TlsIdentity> { return TlsIdentity{own.name, own.own}; };
        source.trustOf = [this](const std::string& cluster) -> Result<CertificateTrust> {
            for (const MadeCluster* each : known) {
                if (each->name == cluster) return each->trust();
            }
            return Error{ErrorCode::NotFound, "cluster " + cluster + " has no certificates", {}, {}};
        };
        source.nowS = [this] { return nowS; };
        return source;
    }
};

/// Two sites that know each other.
struct Sites {
    Sites(std::int64_t diallerEndsS = kNowS + kDayS, std::int64_t doorEndsS = kNowS + kDayS)
        : dialler{MadeCluster("boston", diallerEndsS), {}}, door{MadeCluster("newyork", doorEndsS), {}} {
        dialler.known = {&dialler.own, &door.own};
        door.known = {&dialler.own, &door.own};
    }
    Site dialler;
    Site door;
};

struct Talk {
    TlsStream dialler;
    TlsStream door;
    Status ofDialler = {};
    Status ofDoor = {};

    /// Carries what both have to say, `most` bytes at a time, until nobody says anything.
    void run(std::size_t most = 4096) {
        Bytes up;
        Bytes down;
        while (true) {
            up += dialler.takeOutput();
            down += door.takeOutput();
            if (up.empty() && down.empty()) return;
            const Bytes toDoor = up.substr(0, most);
            const Bytes toDialler = down.substr(0, most);
            up.erase(0, most);
            down.erase(0, most);
            if (!toDoor.empty() && ofDoor.ok()) ofDoor = door.feed(toDoor);
            if (!toDialler.empty() && ofDialler.ok()) ofDialler = dialler.feed(toDialler);
        }
    }
};

Talk talkBetween(const Sites& sites) {
    return {TlsStream::dialling(sites.dialler.source(), "newyork").value(),
            TlsStream::accepting(sites.door.source()).value()};
}

/// A connection that has a session of TLS and nothing else.
class SessionOnly final : public Connection {
public:
    explicit SessionOnly(const TlsStream& stream) : stream_(stream) {}
    void send(Bytes) override {}
    void send(std::shared_ptr<const Bytes>) override {}
    [[nodiscard]] std::size_t queuedBytes() const override { return 0; }
    void pauseReading(bool) override {}
    void close() override {}
    [[nodiscard]] const TlsSession* tls() const override { return &stream_.session(); }

private:
    const TlsStream& stream_;
};

const Bytes kKey = "0123456789abcdef0123456789abcdef";

}  // namespace

class TlsStreamTest final : public QObject {
    Q_OBJECT

private slots:
    void bothEndsAgree_data() {
        QTest::addColumn<int>("most");
        for (const int most : {1, 7, 512, 65536}) QTest::addRow("%d bytes at a time", most) << most;
    }
    void bothEndsAgree() {
        QFETCH(const int, most);
        const Sites sites;
        Talk talk = talkBetween(sites);
        talk.run(static_cast<std::size_t>(most));
        QVERIFY_OK(talk.ofDialler);
        QVERIFY_OK(talk.ofDoor);
        QVERIFY(talk.dialler.isOpen() && talk.door.isOpen());
        QCOMPARE(talk.dialler.session().protocol, std::string("TLS 1.3"));
        QCOMPARE(talk.dialler.session().cipher, std::string("TLS_AES_256_GCM_SHA384"));
        QCOMPARE(talk.dialler.session().peerCluster, std::string("newyork"));
        QCOMPARE(talk.door.session().peerCluster, std::string("boston"));
        QCOMPARE(talk.dialler.session().binding, talk.door.session().binding);
        QCOMPARE(talk.door.session().binding.size(), std::size_t{96});
        Bytes text(300'000, 'x');
        text.replace(100, 5, "plain");
        talk.dialler.send(text);
        talk.door.send("back");
        Bytes encrypted = talk.dialler.takeOutput();
        QVERIFY(encrypted.find("plain") == std::string::npos && encrypted.find("xxxxxxxx") == std::string::npos);
        QVERIFY_OK(talk.door.feed(encrypted));
        talk.run();
        QCOMPARE(talk.door.takePlain(), text);
        QCOMPARE(talk.dialler.takePlain(), Bytes("back"));
        // Nobody sees two sessions with one binding.
        Talk other = talkBetween(sites);
        other.run();
        QVERIFY(other.door.session().binding != talk.door.session().binding);
    }

    void refusesAtBothEnds_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("atDialler");
        QTest::addColumn<QString>("atDoor");
        const auto row = [](const char* name, int what, const char* atDialler, const char* atDoor) {
            QTest::newRow(name) << what << QString::fromUtf8(atDialler) << QString::fromUtf8(atDoor);
        };
        row("the dialler's has ended", 0, "refuses the certificate of cluster boston: it has expired", "ended on");
        row("the dialler's was revoked", 1, "refuses the certificate of cluster boston: it was revoked", "was revoked");
        row("the dialler's is a rogue's", 2, "its authority is not known there", "is not signed by the authority");
        row("nobody knows the dialler", 3, "its authority is not known there",
            "authority of cluster boston is not known");
        row("the door's has ended", 4, "ended on", "refuses the certificate of cluster newyork: it has expired");
        row("the door's was revoked", 5, "was revoked", "refuses the certificate of cluster newyork: it was revoked");
        row("the door's is a rogue's", 6, "is not signed by the authority", "its authority is not known there");
        row("the door is another cluster's", 7, "is cluster boston's, not cluster newyork's",
            "its authority is not known there");
    }
    void refusesAtBothEnds() {
        QFETCH(const int, what);
        QFETCH(const QString, atDialler);
        QFETCH(const QString, atDoor);
        Sites sites(what == 0 ? kNowS - 1 : kNowS + kDayS, what == 4 ? kNowS - 1 : kNowS + kDayS);
        const Sites rogues;
        if (what == 1) sites.dialler.own.revoke({{sites.dialler.own.certificate().serial, kNowS}});
        if (what == 2) sites.dialler.own.own = rogues.dialler.own.own;
        if (what == 3) sites.door.known = {&sites.door.own};
        if (what == 5) sites.door.own.revoke({{sites.door.own.certificate().serial, kNowS}});
        if (what == 6) sites.door.own.own = rogues.door.own.own;
        if (what == 7) sites.door.own.own = sites.dialler.own.own;
        Talk talk = talkBetween(sites);
        talk.run();
        QVERIFY(!talk.ofDoor.ok() && !talk.ofDialler.ok());
        QVERIFY(!talk.door.isOpen());
        const QString saidDialler = QString::fromStdString(talk.ofDialler.error().what);
        const QString saidDoor = QString::fromStdString(talk.ofDoor.error().what);
        QVERIFY2(saidDialler.contains(atDialler), qPrintable(saidDialler));
        QVERIFY2(saidDoor.contains(atDoor), qPrintable(saidDoor));
        QCOMPARE(talk.ofDialler.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(talk.ofDoor.error().code, ErrorCode::PermissionDenied);
        QVERIFY(talk.door.takePlain().empty());
    }

    void anEndWithoutCertificateIsNone() {
        const Sites sites;
        TlsSource none = sites.dialler.source();
        none.identity = {};
        QCOMPARE(TlsStream::dialling(none, "newyork").error().code, ErrorCode::NotFound);
        QCOMPARE(TlsStream::accepting(none).error().code, ErrorCode::NotFound);
    }

    void plainTalkIsNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a frame of ours") << QByteArray("\x20\x00\x00\x00\x01\x02\x03\x04\x10TRIB\x02\x00\x03", 16);
        QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    void plainTalkIsNamed() {
        QFETCH(const QByteArray, text);
        const Sites sites;
        TlsStream dialler = TlsStream::dialling(sites.dialler.source(), "newyork").value();
        const Status fed = dialler.feed(text.toStdString());
        QVERIFY(!fed.ok());
        QCOMPARE(fed.error().code, ErrorCode::Unsupported);
        QCOMPARE(fed.error().what, std::string("the other end does not speak TLS 1.3"));
        QVERIFY(fed.error().fix.find("tributary cert init newyork") == 0);
        QVERIFY(!beginsTls(text.toStdString()));
        QVERIFY(beginsTls(TlsStream::dialling(sites.dialler.source(), "newyork").value().takeOutput()));
    }

    /// A bit flipped anywhere in either direction: refused, or the same session that both ends know.
    void damagedHandshakesComeToNothing() {
        const Sites sites;
        Talk whole = talkBetween(sites);
        const std::size_t hello = whole.dialler.takeOutput().size();
        for (std::size_t at = 0; at < hello; at += 3) {
            Talk talk = talkBetween(sites);
            Bytes first = talk.dialler.takeOutput();
            first[at] = static_cast<char>(first[at] ^ 4);
            talk.ofDoor = talk.door.feed(first);
            talk.run();
            QVERIFY2(!talk.door.isOpen(), qPrintable(QString::number(at)));
        }
        for (const std::size_t at : {0U, 40U, 200U, 700U, 900U}) {
            Talk talk = talkBetween(sites);
            QVERIFY_OK(talk.door.feed(talk.dialler.takeOutput()));
            Bytes answer = talk.door.takeOutput();
            QVERIFY(at < answer.size());
            answer[at] = static_cast<char>(answer[at] ^ 4);
            talk.ofDialler = talk.dialler.feed(answer);
            talk.run();
            QVERIFY(!talk.door.isOpen());
        }
    }

    /// Who ends TLS at both sides, with a certificate of the door's own cluster even, passes no proof on.
    void aRelayBetweenTwoEndsIsRefused() {
        Sites sites;
        Site relay{MadeCluster("newyork"), sites.door.known};
        relay.own.own = issueCertificate({"stolen", "newyork", MadeCluster::kUuid, kNowS - kDayS, kNowS + kDayS},
                                         sites.door.own.authority, relay.own.random)
                            .value();
        Site upstream{MadeCluster("boston"), sites.door.known};
        upstream.own.own = sites.dialler.own.own;  // and with the dialler's own certificate behind
        Talk front{TlsStream::dialling(sites.dialler.source(), "newyork").value(),
                   TlsStream::accepting(relay.source()).value()};
        Talk back{TlsStream::dialling(upstream.source(), "newyork").value(),
                  TlsStream::accepting(sites.door.source()).value()};
        front.run();
        back.run();
        QVERIFY(front.dialler.isOpen() && back.door.isOpen());
        const WireDoor place = wireDoorOf(Endpoint{"127.0.0.1", 7660, {}, {}}, "newyork");
        const auto proves = [&](bool bound) {
            RealRandom random;
            Wire dialler = Wire::dialling(place, ConnectionClass::Data, kKey, random);
            Wire door = Wire::accepting(place, kKey, random);
            if (bound) dialler.bind(SessionOnly(front.dialler));
            if (bound) door.bind(SessionOnly(back.door));
            door.feed(dialler.takeOutput());
            (void)door.next();
            dialler.feed(door.takeOutput());
            const auto answered = dialler.next();
            return answered.ok() ? std::string() : answered.error().where;
        };
        QCOMPARE(proves(true), std::string(kErrAuthentication));
        QCOMPARE(proves(false), std::string());  // what the binding is for: without it the relay passes
    }

    void aWireOverTlsCarriesNoMacs() {
        const Sites sites;
        Talk talk = talkBetween(sites);
        talk.run();
        const WireDoor place = wireDoorOf(Endpoint{"127.0.0.1", 7660, {}, {}}, "newyork");
        RealRandom random;
        Wire dialler = Wire::dialling(place, ConnectionClass::Data, kKey, random);
        Wire door = Wire::accepting(place, kKey, random);
        dialler.bind(SessionOnly(talk.dialler));
        door.bind(SessionOnly(talk.door));
        door.feed(dialler.takeOutput());
        QVERIFY_OK(door.next());
        dialler.feed(door.takeOutput());
        QVERIFY_OK(dialler.next());
        door.feed(dialler.takeOutput());
        QVERIFY_OK(door.next());
        QVERIFY(dialler.isOpen() && door.isOpen());
        QCOMPARE(dialler.seal(FrameType::Hello, "abc"), encodeFrame(FrameType::Hello, "abc"));
        door.feed(dialler.seal(FrameType::Hello, "abc"));
        const auto frame = door.next();
        QVERIFY_OK(frame);
        QVERIFY(frame.value().has_value());
    }

    void whatIsRotatedCountsFromTheNextHandshakeOn() {
        Sites sites;
        const std::string before = sites.dialler.own.certificate().serial;
        Talk first = talkBetween(sites);
        first.run();
        QVERIFY(first.door.isOpen());
        sites.dialler.own.own =
            issueCertificate({"boston", "boston", MadeCluster::kUuid, kNowS - kDayS, kNowS + 9 * kDayS},
                             sites.dialler.own.authority, sites.dialler.own.random)
                .value();
        sites.dialler.own.revoke({{before, kNowS}});
        Talk second = talkBetween(sites);
        second.run();
        QVERIFY(second.door.isOpen());
        first.dialler.send("still here");  // what runs goes on
        first.run();
        QCOMPARE(first.door.takePlain(), Bytes("still here"));
    }
};

TRIBUTARY_TEST(TlsStreamTest)

}  // namespace tributary::engine::test

#include "tst_tlsstream.moc"
