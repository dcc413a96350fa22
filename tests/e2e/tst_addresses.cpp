// Gateways at addresses of IPv6: drawn, set by a command, kept in the ports file, and used by links.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QFile>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::TerminalWorld;

namespace {

/// A port of [::1] that was just free.
quint16 freePort() {
    const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof(address);
    const bool ok = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    return ok ? ntohs(address.sin6_port) : quint16{0};
}

}  // namespace

class AddressesTest : public QObject {
    Q_OBJECT
private slots:
    void linksFlowToIpv6Loopback() {
        TerminalWorld world(QStringLiteral("multi-master"));
        const quint16 port = freePort();
        QVERIFY(port != 0);
        const QString address = QStringLiteral("[::1]:%1").arg(port);
        QFile drawing(world.dir() + QStringLiteral("/topology.yaml"));
        QVERIFY(drawing.open(QIODevice::ReadWrite));
        QByteArray text = drawing.readAll();
        text.replace("gateways: [gw-ny-1, gw-ny-2]",
                     "gateways: [{name: gw-ny-1, address: \"" + address.toLatin1() + "\"}]");
        QVERIFY(drawing.resize(0) && drawing.seek(0) && drawing.write(text) == text.size());
        drawing.close();
        QVERIFY_RAN(world.verb(QStringLiteral("doctor")));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY(QJsonDocument(world.ports(QStringLiteral("newyork"))).toJson().contains(address.toLatin1()));
        const QString sf = QLatin1String(TerminalWorld::kSf);
        const QString ny = QLatin1String(TerminalWorld::kNy);
        QVERIFY_RAN(world.verb(
            QStringLiteral("maprcli cluster gateway set -dstcluster newyork -gateways %1 -cluster sanfrancisco")
                .arg(address)));
        QVERIFY_RAN(world.verb(QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2").arg(sf, ny)));
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 row01 profile:name=one").arg(sf)));
        QVERIFY_RAN(world.until0(QStringLiteral("get %1 row01").arg(ny)));
    }
};
TRIBUTARY_TEST(AddressesTest)
#include "tst_addresses.moc"
