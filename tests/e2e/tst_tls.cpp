// Clusters with certificates, on real processes: what passes between them goes over TLS 1.3, and whoever should not
// come in is told why, at both ends.
#include <QRegularExpression>
#include <QTcpSocket>
#include <functional>

#include "terminalworld.h"
#include "testmain.h"
#include "tests/engine/security/certificates.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;
using namespace Qt::StringLiterals;

class TestTls : public QObject {
    Q_OBJECT
private:
    static QString setUp() {
        return u"run multi-master-setup --no-input --yes --set source=%1 --set replica=%2"_s.arg(
            QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static QString diffLine() {
        return u"diff %1 %2"_s.arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static QJsonObject status(const TerminalWorld& world) {
        return QJsonDocument::fromJson(world.verb(u"status --json"_s).out.toUtf8()).object();
    }
    static QJsonObject linkTo(const TerminalWorld& world, const char* to) {
        for (const auto& link : status(world).value(u"links"_s).toArray()) {
            if (link.toObject().value(u"to"_s) == QLatin1String(to)) return link.toObject();
        }
        return {};
    }
    /// Descriptions of alarms about refused handshakes at a cluster.
    static QString alarmsOf(const TerminalWorld& world, const QString& cluster) {
        QString out;
        for (const auto& row : status(world).value(u"clusters"_s).toArray()) {
            if (row.toObject().value(u"name"_s) != cluster) continue;
            for (const auto& alarm : row.toObject().value(u"alarms"_s).toArray()) {
                if (alarm.toObject().value(u"name"_s) == u"NODE_ALARM_CERTIFICATE_REFUSED"_s)
                    out += alarm.toObject().value(u"description"_s).toString() + u'\n';
            }
        }
        return out;
    }
    static bool until(const std::function<bool()>& holds) {
        QElapsedTimer timer;
        timer.start();
        while (!holds()) {
            if (timer.elapsed() > 60'000) return false;
        }
        return true;
    }
    /// What a stranger hears who says this at a door.
    static QByteArray heardAt(quint16 port, const QByteArray& said) {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port);
        if (!socket.waitForConnected(5'000)) return "no connection";
        socket.write(said);
        QByteArray heard;
        while (socket.waitForReadyRead(5'000)) heard += socket.readAll();
        return heard + socket.readAll();
    }
    static QString tlsFile(const TerminalWorld& world, const QString& cluster, const QString& name) {
        return world.dir() + u"/.tributary/clusters/%1/tls/%2"_s.arg(cluster, name);
    }
    static QByteArray textOf(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void write(const QString& path, const QByteArray& text) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    static QString serialInUse(const TerminalWorld& world, const QString& cluster) {
        const Ran list = world.verb(u"cert list %1 --json"_s.arg(cluster));
        for (const auto& row : QJsonDocument::fromJson(list.out.toUtf8()).object().value(u"certificates"_s).toArray()) {
            if (row.toObject().value(u"state"_s) == u"in use"_s) return row.toObject().value(u"serial"_s).toString();
        }
        return {};
    }
    static void reconnect(const TerminalWorld& world) {
        for (const QString& line : {u"stop gw-ny-1"_s, u"stop gw-ny-2"_s, u"start gw-ny-1"_s, u"start gw-ny-2"_s}) {
            QVERIFY_RAN(world.verb(u"fault gateway "_s + line));
        }
    }

private slots:
    void everythingPassesOverTls() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"cert init"_s));
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"load %1 --generate 100000 --seed 5"_s.arg(QLatin1String(TerminalWorld::kSf))));
        QVERIFY_RAN(world.verb(setUp()));
        QVERIFY_RAN(world.until0(diffLine()));
        QCOMPARE(linkTo(world, TerminalWorld::kNy).value(u"channel"_s).toString(),
                 u"TLS 1.3, TLS_AES_256_GCM_SHA384"_s);
        QVERIFY(world.verb(u"status"_s).out.contains(u"TLS 1.3"_s));
        QCOMPARE(alarmsOf(world, u"newyork"_s) + alarmsOf(world, u"sanfrancisco"_s), QString());

        // Plain talk at a TLS door, and TLS without a certificate.
        const QByteArray plain = heardAt(world.gatewayPort(u"newyork"_s), QByteArray("\x07\x00\x00\x00 hello", 10));
        QVERIFY2(plain.contains("ErrTls") && plain.contains("speak TLS 1.3 only"), plain.constData());
        QProcess stranger;
        stranger.setProcessChannelMode(QProcess::MergedChannels);
        stranger.start(u"openssl"_s, {u"s_client"_s, u"-connect"_s,
                                      u"127.0.0.1:%1"_s.arg(world.gatewayPort(u"newyork"_s)), u"-ign_eof"_s});
        QVERIFY(stranger.waitForFinished(20'000));
        QVERIFY(until([&] { return alarmsOf(world, u"newyork"_s).contains(u"no certificate was presented"_s); }));

        // Rotation under load: nothing is lost, and what was revoked is refused with the reason at both ends.
        const QTemporaryDir acks;
        QProcess& writer = world.start(u"workload %1 --rate 200 --seconds 6 --seed 9 --ack-log %2/acks"_s.arg(
            QLatin1String(TerminalWorld::kSf), acks.path()));
        const QString old = serialInUse(world, u"sanfrancisco"_s);
        const QByteArray stolen = textOf(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s));
        for (const QString& cluster : {u"sanfrancisco"_s, u"newyork"_s}) {
            QVERIFY_RAN(world.verb(u"cert rotate "_s + cluster));
        }
        QVERIFY_RAN(world.verb(u"cert revoke sanfrancisco "_s + old));
        reconnect(world);
        QVERIFY(writer.waitForFinished(60'000));
        QVERIFY2(writer.exitCode() == 0, writer.readAll().constData());
        QVERIFY_RAN(world.until0(diffLine()));
        QVERIFY_RAN(world.verb(u"workload --verify %1/acks %2"_s.arg(acks.path(), QLatin1String(TerminalWorld::kNy))));
        QCOMPARE(linkTo(world, TerminalWorld::kNy).value(u"error"_s).toString(), QString());

        const QByteArray good = textOf(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s));
        write(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s), stolen);
        reconnect(world);
        QVERIFY(until([&] { return alarmsOf(world, u"newyork"_s).contains(u"was revoked"_s); }));
        QVERIFY(until([&] {
            return linkTo(world, TerminalWorld::kNy)
                .value(u"error"_s)
                .toString()
                .contains(u"refuses the certificate of cluster sanfrancisco: it was revoked"_s);
        }));
        write(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s), good);
        QVERIFY_RAN(world.verb(u"put %1 after-all profile:a=1"_s.arg(QLatin1String(TerminalWorld::kSf))));
        QVERIFY_RAN(world.until0(diffLine()));
    }

    /// One's own certificates: what has ended, what another authority made.
    void certificatesThatDoNotHoldAreRefused() {
        using namespace tributary::engine;
        using tributary::engine::test::MadeCluster;
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"cert init"_s));
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"load %1 --generate 100 --seed 5"_s.arg(QLatin1String(TerminalWorld::kSf))));
        QVERIFY_RAN(world.verb(setUp()));
        QVERIFY_RAN(world.until0(diffLine()));

        // A rogue authority of the same name.
        MadeCluster rogue("sanfrancisco");
        const QByteArray good = textOf(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s));
        write(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s),
              QByteArray::fromStdString(rogue.own.certificatePem + rogue.own.keyPem));
        reconnect(world);
        QVERIFY(until([&] { return alarmsOf(world, u"newyork"_s).contains(u"is not signed by the authority"_s); }));
        QVERIFY(until([&] {
            return linkTo(world, TerminalWorld::kNy)
                .value(u"error"_s)
                .toString()
                .contains(u"its authority is not known there"_s);
        }));
        write(tlsFile(world, u"sanfrancisco"_s, u"cluster.pem"_s), good);
        QVERIFY_RAN(world.until0(diffLine()));

        // One that has ended keeps a cluster from starting, and doctor says so.
        QVERIFY_RAN(world.verb(u"down"_s));
        MadeCluster ended("newyork", 1'000'000'000, 900'000'000);
        for (const auto& [name, text] : {std::pair{"ny.crt", ended.own.certificatePem},
                                         {"ny.key", ended.own.keyPem},
                                         {"ca.crt", ended.authority.certificatePem}}) {
            write(world.dir() + u'/' + QLatin1String(name), QByteArray::fromStdString(text));
        }
        write(world.dir() + u"/settings.yaml"_s,
              "tributary-settings: 1\ntls:\n  newyork: {certificate: ny.crt, key: ny.key, authority: ca.crt}\n");
        const Ran up = world.verb(u"up"_s);
        QVERIFY(up.code != 0);
        QVERIFY2(up.err.contains(u"of cluster newyork ended on 2001-09-09"_s), qPrintable(up.err));
        QVERIFY(world.verb(u"doctor"_s).out.contains(u"ended on 2001-09-09"_s));
    }

    void encryptionIsMadeOrRefused() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(setUp()));
        const QString ends =
            u" -path %1 -replica %2"_s.arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
        const QString encrypt = u"maprcli table replica edit%1 -networkencryption true"_s.arg(ends);
        const Ran none = world.verb(encrypt);
        QVERIFY(none.code != 0);
        QVERIFY2(none.all().contains(u"networkencryption needs certificates"_s), qPrintable(none.all()));
        // The one has certificates, the other none.
        QVERIFY_RAN(world.verb(u"down"_s));
        QVERIFY_RAN(world.verb(u"cert init sanfrancisco"_s));
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(encrypt));
        reconnect(world);
        QVERIFY(until([&] {
            return linkTo(world, TerminalWorld::kNy)
                .value(u"error"_s)
                .toString()
                .contains(u"the doors of cluster newyork speak no TLS (try: tributary cert init newyork"_s);
        }));
        // And New York, without certificates, finds the doors of San Francisco shut.
        QVERIFY(until([&] {
            return linkTo(world, TerminalWorld::kSf)
                .value(u"error"_s)
                .toString()
                .contains(u"cluster newyork has no certificates"_s);
        }));
        QVERIFY_RAN(world.verb(u"down"_s));
        QVERIFY_RAN(world.verb(u"cert init newyork"_s));
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"put %1 encrypted profile:a=1"_s.arg(QLatin1String(TerminalWorld::kSf))));
        QVERIFY_RAN(world.until0(diffLine()));
        QVERIFY(linkTo(world, TerminalWorld::kNy).value(u"channel"_s).toString().startsWith(u"TLS 1.3"_s));
        const Ran list =
            world.verb(u"maprcli table replica list -path %1 -json"_s.arg(QLatin1String(TerminalWorld::kSf)));
        QVERIFY2(list.out.contains(QRegularExpression(u"\"networkencryption\" ?: ?\"?true"_s)), qPrintable(list.out));
    }
};
TRIBUTARY_TEST(TestTls)
#include "tst_tls.moc"
